/**
 * Clients that are registered by the URL of their keys: the server has the keys from there, and believes them for no
 * longer than the URL says.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html#signature-verification
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { JWK } from 'jose';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { assertionFields, clientAssertion, type Spoilt } from '../client-authentication.ts';
import type { Answer } from '../http.ts';
import type { KeySetPublisher } from '../key-set-publisher.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasStatus, isRefused, isRefusedAs } from './expectations.ts';

const NO_STORE = 'no-store';
/** How long keys may be kept where the suite waits until they may not. */
const SHORT_SECONDS = 1;
const BACK_OFF_MS = 2000;
/** What may no longer be kept is gone for certain. */
const AFTER_MS = 1000;
/** How long they may be kept where it looks whether they are. */
const KEPT_SECONDS = 3;

/** A token request of the backend service registered by URL, with this key or its own. */
function ask(server: SmartServer, key?: JWK, { header, ...spoilt }: Spoilt = {}): Promise<Answer> {
  const signing = key === undefined ? {} : { key };
  const named = key === undefined ? {} : { alg: key.alg, kid: key.kid };
  return server.backend({}, { ...signing, ...spoilt, header: { ...named, ...header } }, 'backendByUrl');
}

const isTaken = (answer: Answer) => hasStatus(answer, 200, 201);

const settled = new WeakSet<SmartServer>();

/** What the suite publishes, with a key that has been there and was taken. */
async function withTakenKey(server: SmartServer, cacheControl: string): Promise<{ readonly set: KeySetPublisher; readonly key: JWK }> {
  const set = await publisher(server);
  const key = set.newKey();
  set.publish({ keys: [key], cacheControl });
  let answer = await ask(server, key);
  if (answer.status >= 400 && !settled.has(server)) {
    // The server may yet keep what a run before this one has published.
    await pause(KEPT_SECONDS * 1000 + AFTER_MS);
    answer = await ask(server, key);
  }
  settled.add(server);
  isTaken(answer);
  return { set, key };
}

async function publisher(server: SmartServer): Promise<KeySetPublisher> {
  applies(server.config.clients.backendByUrl !== undefined, 'no backend service registered by URL is configured');
  return server.keySet();
}

export const KEYS_BY_URL = checkGroup('Keys by URL', SPEC.asymmetric, [
  shall('keys-by-url-backend', [296], 'a backend service whose keys are registered by URL gets a token', async (server) =>
    isTaken(await ask(server)),
  ),
  shall('keys-by-url-jku', [338], 'an assertion whose jku is the registered URL is taken', async (server) =>
    isTaken(await ask(server, undefined, { header: { jku: server.keySetUrl('backendByUrl') } })),
  ),
  shall(
    'token-key-by-url',
    [296],
    'an app whose keys are registered by URL redeems a code',
    async (server) => hasStatus((await server.session({ client: 'asymmetricByUrl' })).answer, 200),
    SPEC.token,
  ),
  shall('assertion-registered-jku', [338], 'an app’s assertion whose jku is the registered URL is taken', async (server) => {
    const { clientId, privateKey } = server.app('asymmetricByUrl');
    const authorization = await server.code({ client: 'asymmetricByUrl' });
    const audience = await server.endpoint('token_endpoint');
    const header = { jku: server.keySetUrl('asymmetricByUrl') };
    const assertion = await clientAssertion({ clientId, privateKey: privateKey!, audience }, { header });
    hasStatus(await server.redeem(authorization, assertionFields(assertion)), 200);
  }),
  shall('keys-by-url-fetched', [339], 'the server has the keys by GET, as JSON, and shows nobody’s credentials there', async (server) => {
    const { set } = await withTakenKey(server, NO_STORE);
    const [first] = set.requests();
    insist(first !== undefined, 'the server took a key that it cannot know of');
    insist(first.method === 'GET', `the server asked by ${first.method}`);
    insist(/application\/(\*|json)|\*\/\*/.test(first.accept), `the server asked with Accept: ${first.accept}`);
    insist(first.authorization === undefined, 'the server sent an Authorization header');
  }),
  shall('keys-by-url-unpublished', [338], 'an assertion is refused that is signed with a key which is not there', async (server) => {
    const { set } = await withTakenKey(server, NO_STORE);
    isRefusedAs(await ask(server, set.newKey()), 'invalid_client');
  }),
  shall(
    'keys-by-url-wrong-key',
    [335, 338],
    'an assertion is refused that names a key which is there, and is signed with another',
    async (server) => {
      const { set, key } = await withTakenKey(server, NO_STORE);
      isRefusedAs(await ask(server, set.newKey(key.kid)), 'invalid_client');
    },
  ),
  shall('keys-by-url-same-name', [338], 'an assertion is refused whose key shares its name with another', async (server) => {
    const { set, key } = await withTakenKey(server, NO_STORE);
    set.publish({ keys: [key, set.newKey(key.kid)], cacheControl: NO_STORE });
    isRefusedAs(await ask(server, key), 'invalid_client');
  }),
  shall(
    'keys-by-url-other-jku',
    [338],
    'an assertion whose jku is another URL is refused, and nothing is fetched from there',
    async (server) => {
      const { set, key } = await withTakenKey(server, NO_STORE);
      isRefusedAs(await ask(server, key, { header: { jku: set.otherUrl } }), 'invalid_client');
      insist(!set.requests().some(({ path }) => set.otherUrl.endsWith(path)), 'the server fetched what the assertion named');
    },
  ),
  shall(
    'keys-by-url-withdrawn-at-once',
    [341],
    'keys that are not to be stored are not: a withdrawn one is refused at once',
    async (server) => {
      const { set, key } = await withTakenKey(server, NO_STORE);
      const next = set.newKey();
      set.publish({ keys: [next], cacheControl: NO_STORE });
      isRefused(await ask(server, key));
      isTaken(await ask(server, next));
    },
  ),
  shall('keys-by-url-withdrawn', [341], 'a withdrawn key is refused when it may no longer be kept', async (server) =>
    isRefusedAs(await ask(server, (await exchanged(server)).before), 'invalid_client'),
  ),
  shall('keys-by-url-rotated', [341], 'a new key is taken when the old ones may no longer be kept', async (server) =>
    isTaken(await ask(server, (await exchanged(server)).after)),
  ),
  shall(
    'keys-by-url-unreachable',
    [340],
    'where the keys cannot be had the client is refused, and the server does not fail',
    async (server) => {
      const { set, key } = await withTakenKey(server, NO_STORE);
      set.publish({ keys: [], cacheControl: NO_STORE, status: 503 });
      isRefusedAs(await ask(server, key), 'invalid_client');
      // Where nobody answered, a server may well let a moment pass before it asks again.
      set.publish({ keys: [], cacheControl: NO_STORE });
      await pause(BACK_OFF_MS);
    },
  ),
  should('keys-by-url-kept', [342], 'keys that may be kept are not fetched for every request', async (server) => {
    const { set, key } = await withTakenKey(server, `max-age=${KEPT_SECONDS}`);
    const before = set.requests().length;
    for (const again of [key, key]) isTaken(await ask(server, again));
    insist(set.requests().length === before, `the keys were fetched ${set.requests().length} times for three requests`);
  }),
]);

/** A key that was taken, and the one that was published in its place, when the former may no longer be kept. */
async function exchanged(server: SmartServer): Promise<{ readonly before: JWK; readonly after: JWK }> {
  const { set, key } = await withTakenKey(server, `max-age=${SHORT_SECONDS}`);
  const after = set.newKey();
  set.publish({ keys: [after], cacheControl: NO_STORE });
  await pause(SHORT_SECONDS * 1000 + AFTER_MS);
  return { before: key, after };
}

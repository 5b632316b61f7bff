/**
 * App state: what an app keeps at the server for a subject or for itself, by a code that it was given for that. A
 * capability that SMART calls experimental; it binds servers that announce it.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-state.html
 */
import { randomUUID } from 'node:crypto';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { type Answer, type Fields, objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { entriesOf, hasStatus } from './expectations.ts';

const CAPABILITY = 'smart-app-state';
const REQUIRED = [371];
/** Less than the 256 kB that any server keeps. */
const LARGE_CHARACTERS = 200 * 1024;
const FOREIGN = { system: 'https://somebody-else.example', code: 'secrets' };

interface Basic {
  readonly resourceType: 'Basic';
  readonly id?: string;
  readonly subject?: { readonly reference: string };
  readonly code: { readonly coding: readonly [{ readonly system: string; readonly code: string }] };
  readonly extension: readonly { readonly url: string; readonly valueString: string }[];
}

/** What a check works with: where state is kept, by whom, and for whom. */
interface Place {
  /** A state that is not kept yet; of the subject, or of the app itself. */
  readonly state: (of: 'subject' | 'app', text?: string) => Basic;
  readonly subject: string;
  readonly code: string;
  readonly ask: (path: string, more?: { method?: string; body?: object; match?: string | undefined; token?: boolean }) => Promise<Answer>;
}

interface Kept {
  readonly body: Basic & { readonly id: string };
  readonly etag: string;
}

async function place(server: SmartServer): Promise<Place> {
  const url = await endpointOf(server);
  const { appState, mayWrite } = server.config;
  applies(appState !== undefined, 'no state code is configured');
  applies(mayWrite, 'the suite may not write');
  const { accessToken, body } = await server.session({ scope: appState.scope });
  applies(typeof body.patient === 'string', 'there is no patient in context');
  const subject = `${server.base}/Patient/${body.patient}`;
  const { system, code } = appState.code;
  return {
    subject,
    code: `${system}|${code}`,
    state: (of, text = `made by the conformance suite, ${randomUUID()}`) => ({
      resourceType: 'Basic',
      ...(of === 'subject' ? { subject: { reference: subject } } : {}),
      code: { coding: [{ system, code }] },
      extension: [{ url: `${system}/suite`, valueString: text }],
    }),
    ask(path, { method = 'GET', body: sent, match, token = true } = {}) {
      const headers: Fields = {
        Accept: 'application/fhir+json',
        ...(sent === undefined ? {} : { 'Content-Type': 'application/fhir+json' }),
        ...(token ? { Authorization: `Bearer ${accessToken}` } : {}),
        ...(match === undefined ? {} : { 'If-Match': match }),
      };
      return server.ask(`${url}/${path}`, { method, headers, ...(sent === undefined ? {} : { body: JSON.stringify(sent) }) });
    },
  };
}

/** Where state is kept: at the FHIR base, or at an endpoint that is told for it. */
async function endpointOf(server: SmartServer): Promise<string> {
  const { capabilities, associated_endpoints: others } = await server.configuration();
  const has = (list: unknown) => Array.isArray(list) && list.includes(CAPABILITY);
  if (has(capabilities)) return server.base;
  const found = (Array.isArray(others) ? others : []).find((each: { capabilities?: unknown }) => has(each?.capabilities)) as
    | { readonly url?: unknown }
    | undefined;
  applies(found !== undefined, `${CAPABILITY} is not announced`);
  insist(
    typeof found.url === 'string' && /^https?:\/\//.test(found.url),
    `the url of the associated endpoint is ${JSON.stringify(found.url)}`,
  );
  return found.url.replace(/\/$/, '');
}

/** Does something with a state that is kept, and removes it. */
async function withState(
  server: SmartServer,
  of: 'subject' | 'app',
  work: (at: Place, kept: Kept, answer: Answer) => Promise<void>,
): Promise<void> {
  const at = await place(server);
  const answer = await at.ask('Basic', { method: 'POST', body: at.state(of) });
  hasStatus(answer, 201);
  const kept = keptOf(answer);
  try {
    await work(at, kept, answer);
  } finally {
    // Whether states are found is for a check of its own to say.
    const left = await search(at, of)
      .then(found)
      .catch(() => []);
    const current = left.find(({ id }) => id === kept.body.id);
    if (current !== undefined) await at.ask(`Basic/${kept.body.id}`, { method: 'DELETE', match: `W/"${current.meta?.versionId}"` });
  }
}

function keptOf(answer: Answer): Kept {
  const body = objectOf(answer) as unknown as Kept['body'];
  insist(body.resourceType === 'Basic' && typeof body.id === 'string', 'the answer is no Basic with an id');
  const etag = answer.headers.get('ETag');
  insist(etag !== null, 'the answer has no ETag');
  return { body, etag };
}

const search = (at: Place, of: 'subject' | 'app') =>
  at.ask(`Basic?${new URLSearchParams({ code: at.code, ...(of === 'app' ? { 'subject:missing': 'true' } : { subject: at.subject }) })}`);

function found(answer: Answer): readonly { readonly id?: string; readonly meta?: { readonly versionId?: string } }[] {
  hasStatus(answer, 200);
  return entriesOf(answer).flatMap(({ resource }) => (resource?.resourceType === 'Basic' ? [resource] : []));
}

const put = (at: Place, { body, etag }: Kept, change: Partial<Basic>, match: string | undefined = etag) =>
  at.ask(`Basic/${body.id}`, { method: 'PUT', body: { ...body, ...change }, match });

const isSame = (one: Basic, other: Basic) =>
  one.subject?.reference === other.subject?.reference &&
  JSON.stringify(one.code.coding) === JSON.stringify(other.code?.coding) &&
  JSON.stringify(one.extension) === JSON.stringify(other.extension);

export const APP_STATE = checkGroup('App state', SPEC.appState, [
  shall('app-state-created', REQUIRED, 'every state gets an id of its own, and a version that the ETag tells', async (server) =>
    withState(server, 'subject', async (at, { body, etag }) => {
      const again = await at.ask('Basic', { method: 'POST', body: at.state('subject', 'a second one') });
      if (again.status === 201) await at.ask(`Basic/${keptOf(again).body.id}`, { method: 'DELETE', match: keptOf(again).etag });
      insist(again.status !== 201 || keptOf(again).body.id !== body.id, 'two states have one id');
      const { versionId } = (body as { meta?: { versionId?: string } }).meta ?? {};
      insist(typeof versionId === 'string' && etag.includes(`"${versionId}"`), `versionId is ${versionId} and ETag ${etag}`);
    }),
  ),
  shall('app-state-as-sent', REQUIRED, 'the answer holds subject, code and extensions as they were sent', async (server) => {
    const at = await place(server);
    const sent = at.state('subject');
    const answer = await at.ask('Basic', { method: 'POST', body: sent });
    hasStatus(answer, 201);
    const kept = keptOf(answer);
    await at.ask(`Basic/${kept.body.id}`, { method: 'DELETE', match: kept.etag });
    insist(isSame(sent, kept.body), 'it was changed');
  }),
  should('app-state-large', REQUIRED, 'a state of 200 kB is kept', async (server) => {
    const at = await place(server);
    const sent = at.state('subject', 'x'.repeat(LARGE_CHARACTERS));
    const answer = await at.ask('Basic', { method: 'POST', body: sent });
    hasStatus(answer, 201);
    const kept = keptOf(answer);
    await at.ask(`Basic/${kept.body.id}`, { method: 'DELETE', match: kept.etag });
    insist(isSame(sent, kept.body), 'it was changed');
  }),
  shall('app-state-found', REQUIRED, 'state is found by its code and subject', async (server) =>
    withState(server, 'subject', async (at, { body }) => {
      const ids = found(await search(at, 'subject')).map(({ id }) => id);
      insist(ids.includes(body.id), `it is not among ${ids.length} that are found`);
    }),
  ),
  shall('app-state-found-apart', REQUIRED, 'state of a subject is not found as that of the app, nor for another subject', async (server) =>
    withState(server, 'subject', async (at, { body }) => {
      const other = await at.ask(`Basic?${new URLSearchParams({ code: at.code, subject: `${at.subject}-other` })}`);
      const ids = [...found(await search(at, 'app')), ...(other.status === 200 ? found(other) : [])].map(({ id }) => id);
      insist(!ids.includes(body.id), 'it is found');
    }),
  ),
  shall('app-state-global', REQUIRED, 'state without a subject is found by subject:missing=true', async (server) =>
    withState(server, 'app', async (at, { body }) => {
      const ids = found(await search(at, 'app')).map(({ id }) => id);
      insist(ids.includes(body.id), `it is not among ${ids.length} that are found`);
    }),
  ),
  shall('app-state-updated', REQUIRED, 'state is changed with If-Match, and has another version', async (server) =>
    withState(server, 'subject', async (at, kept) => {
      const { extension } = at.state('subject', 'changed');
      const answer = await put(at, kept, { extension });
      hasStatus(answer, 200);
      insist(isSame({ ...kept.body, extension }, keptOf(answer).body), 'it is kept otherwise');
      insist(keptOf(answer).etag !== kept.etag, 'the version is the same');
    }),
  ),
  shall('app-state-update-unmatched', REQUIRED, 'a change without If-Match is refused', async (server) =>
    withState(server, 'subject', async (at, kept) => {
      const { id } = kept.body;
      hasStatus(await at.ask(`Basic/${id}`, { method: 'PUT', body: kept.body }), 400, 412, 428);
    }),
  ),
  shall('app-state-update-stale', REQUIRED, 'a change to an older version is answered with 412', async (server) =>
    withState(server, 'subject', async (at, kept) => {
      hasStatus(await put(at, kept, at.state('subject', 'changed')), 200);
      hasStatus(await put(at, kept, at.state('subject', 'changed again')), 412);
    }),
  ),
  shall('app-state-subject-stays', REQUIRED, 'a change of the subject is answered with 412', async (server) =>
    withState(server, 'subject', async (at, kept) => {
      hasStatus(await put(at, kept, { subject: { reference: `${at.subject}-other` } }), 412);
    }),
  ),
  shall('app-state-code-stays', REQUIRED, 'a change of the code is answered with 412', async (server) =>
    withState(server, 'subject', async (at, kept) => {
      hasStatus(await put(at, kept, { code: { coding: [{ ...kept.body.code.coding[0], code: 'another' }] } }), 412);
    }),
  ),
  shall(
    'app-state-delete-unmatched',
    REQUIRED,
    'a removal without If-Match is refused, and of an older version answered with 412',
    async (server) =>
      withState(server, 'subject', async (at, kept) => {
        hasStatus(await put(at, kept, at.state('subject', 'changed')), 200);
        hasStatus(await at.ask(`Basic/${kept.body.id}`, { method: 'DELETE' }), 400, 412, 428);
        hasStatus(await at.ask(`Basic/${kept.body.id}`, { method: 'DELETE', match: kept.etag }), 412);
      }),
  ),
  shall('app-state-deleted', REQUIRED, 'what was removed is not found, and cannot be changed any more', async (server) =>
    withState(server, 'subject', async (at, kept) => {
      hasStatus(await at.ask(`Basic/${kept.body.id}`, { method: 'DELETE', match: kept.etag }), 200, 204);
      const ids = found(await search(at, 'subject')).map(({ id }) => id);
      insist(!ids.includes(kept.body.id), 'it is found');
      hasStatus(await put(at, kept, {}), 412);
    }),
  ),
  shall('app-state-token', REQUIRED, 'without a token state is neither kept nor found', async (server) => {
    const at = await place(server);
    hasStatus(await at.ask('Basic', { method: 'POST', body: at.state('subject'), token: false }), 401, 403);
    hasStatus(await at.ask(`Basic?code=${encodeURIComponent(at.code)}`, { token: false }), 401, 403);
  }),
  shall('app-state-foreign-code', REQUIRED, 'an app keeps no state by a code that it was not given', async (server) => {
    const at = await place(server);
    const answer = await at.ask('Basic', { method: 'POST', body: { ...at.state('subject'), code: { coding: [FOREIGN] } } });
    insist(answer.status >= 400 && answer.status < 500, `status ${answer.status}`);
  }),
]);

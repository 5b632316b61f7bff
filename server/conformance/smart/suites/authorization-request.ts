/**
 * Authorization requests: those that come to a code, and those that must not.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#obtain-authorization-code
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import type { Fields } from '../http.ts';
import type { AuthorizationRequest, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { capabilitiesOf } from './discovery.ts';
import { gaveNoCode, wasNotRedirected } from './expectations.ts';

const ODD_STATE = 'as sent/+=?&%20 æøå "quoted"';
const LONGEST_TRY = 'x'.repeat(43);
const ERRORS = new Set([
  ...['invalid_request', 'unauthorized_client', 'access_denied', 'unsupported_response_type', 'invalid_scope', 'server_error'],
  ...[
    'temporarily_unavailable',
    'login_required',
    'interaction_required',
    'consent_required',
    'account_selection_required',
    'invalid_target',
  ],
]);

/** Requests that are refused, whether the answer is a page or a redirect with an error. */
const REFUSED: readonly (readonly [id: string, requirements: readonly number[], what: string, parameters: Fields, spec: string])[] = [
  ['pkce-plain', [15], 'with the challenge method plain', { code_challenge_method: 'plain', code_challenge: LONGEST_TRY }, SPEC.pkce],
  ['pkce-no-method', [15], 'with a challenge and no method, which means plain', { code_challenge_method: undefined }, SPEC.pkce],
  ['pkce-none', [31], 'without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, SPEC.pkce],
  ['pkce-empty', [31], 'with an empty challenge', { code_challenge: '' }, SPEC.pkce],
  ['pkce-unknown-method', [31], 'with an unknown challenge method', { code_challenge_method: 'S1' }, SPEC.pkce],
  ['aud-other', [42, 96], 'for another FHIR server', { aud: 'https://inferno.healthit.gov/invalid_aud' }, SPEC.code],
  ['aud-missing', [42], 'that names no FHIR server', { aud: undefined }, SPEC.code],
  ['aud-empty', [42], 'with an empty aud', { aud: '' }, SPEC.code],
  ['response-type-token', [], 'for a token in the redirect', { response_type: 'token' }, SPEC.bestPractice],
  ['response-type-missing', [], 'without response_type', { response_type: undefined }, SPEC.code],
  ['response-type-unknown', [], 'with an unknown response_type', { response_type: 'nothing' }, SPEC.oauth],
  ['client-missing', [], 'without client_id', { client_id: undefined }, SPEC.oauth],
  ['scope-unknown-only', [], 'for nothing but scopes that do not exist', { scope: 'nonsense/Thing.everything' }, SPEC.oauth],
];

/** Requests whose redirect URI cannot be trusted: the browser is sent nowhere. */
const NOT_REDIRECTED: readonly (readonly [id: string, what: string, change: (redirectUri: string) => Fields])[] = [
  ['redirect-unregistered', 'to an address that is not registered', () => ({ redirect_uri: 'https://attacker.example/callback' })],
  ['redirect-longer-path', 'to the registered address with more path', (uri) => ({ redirect_uri: `${uri.replace(/\/$/, '')}/more` })],
  [
    'redirect-more-query',
    'to the registered address with more query',
    (uri) => ({ redirect_uri: `${uri}${uri.includes('?') ? '&' : '?'}x=1` }),
  ],
  ['redirect-other-port', 'to another port of the registered address', (uri) => ({ redirect_uri: otherPort(uri) })],
  [
    'redirect-user-info',
    'to an address that begins like the registered one',
    (uri) => ({ redirect_uri: `${new URL(uri).origin}@attacker.example/` }),
  ],
  ['redirect-fragment', 'to the registered address with a fragment', (uri) => ({ redirect_uri: `${uri}#x` })],
  ['client-unknown', 'of an unknown client', () => ({ client_id: 'client-that-nobody-registered' })],
];

async function refused(server: SmartServer, parameters: Fields): Promise<void> {
  gaveNoCode(await server.authorize({ parameters }));
}

const codeOf = async (server: SmartServer, request: AuthorizationRequest) => (await server.code(request)).returned.get('code') ?? '';

export const AUTHORIZATION = checkGroup('Authorization request', SPEC.code, [
  shall(
    'ehr-launch-iss',
    [],
    'an EHR launch names exactly this FHIR base as iss',
    async (server) => {
      server.flow('ehr');
      const { iss } = await server.launch(server.app());
      applies(iss !== undefined, 'the launch provider tells no iss');
      insist(iss === server.base, `iss is ${iss}`);
    },
    SPEC.ehrLaunch,
  ),
  shall(
    'ehr-launch-code',
    [48, 53, 56, 57, 352],
    'an EHR launch by GET comes to a code',
    async (server) => void (await server.code({ flow: 'ehr' })),
    SPEC.ehrLaunch,
  ),
  shall(
    'ehr-launch-post',
    [49, 354],
    'an EHR launch by POST comes to a code',
    async (server) => {
      await posts(server, 'ehr');
    },
    SPEC.ehrLaunch,
  ),
  shall(
    'standalone-launch-code',
    [48, 53, 56, 57, 353],
    'a standalone launch by GET comes to a code',
    async (server) => void (await server.code({ flow: 'standalone' })),
    SPEC.standaloneLaunch,
  ),
  shall(
    'standalone-launch-post',
    [49, 354],
    'a standalone launch by POST comes to a code',
    async (server) => {
      await posts(server, 'standalone');
    },
    SPEC.standaloneLaunch,
  ),
  shall('authorization-state', [59], 'state comes back exactly as it was sent', async (server) => {
    const { returned } = await server.code({ parameters: { state: ODD_STATE } });
    insist(returned.get('state') === ODD_STATE, `state is ${JSON.stringify(returned.get('state'))}`);
  }),
  shall('authorization-state-apart', [59], 'two requests at a time get each their own state', async (server) => {
    const answers = await Promise.all(['one', 'two'].map((state) => server.code({ parameters: { state } })));
    const states = answers.map(({ returned }) => returned.get('state'));
    insist(states.join() === 'one,two', `states are ${states.join()}`);
  }),
  shall('authorization-redirect-uri', [56, 57], 'the code comes to the registered redirect URI, in the query', async (server) => {
    const { redirect } = await server.code({});
    insist(redirect?.searchParams.has('code') && redirect.hash === '', 'the code is not in the query, or there is a fragment');
  }),
  shall(
    'authorization-no-token',
    [],
    'no token comes in the redirect',
    async (server) => {
      const { returned } = await server.code({});
      const tokens = ['access_token', 'id_token', 'refresh_token'].filter((name) => returned.has(name));
      insist(tokens.length === 0, `the redirect holds ${tokens.join(', ')}`);
    },
    SPEC.bestPractice,
  ),
  shall('authorization-code-fresh', [57], 'every launch has a code of its own that cannot be guessed', async (server) => {
    const codes = [await codeOf(server, {}), await codeOf(server, {})];
    insist(codes[0] !== codes[1], 'two launches got the same code');
    insist(
      codes.every((code) => code.length >= 22),
      `the code has ${codes[0]?.length} characters`,
    );
  }),
  shall(
    'authorization-issuer',
    [],
    'the redirect names the issuer where that is announced',
    async (server) => {
      const openid = JSON.parse((await server.openid()).text) as Record<string, unknown>;
      applies(openid.authorization_response_iss_parameter_supported === true, 'iss in the redirect is not announced');
      const { returned } = await server.code({});
      insist(returned.get('iss') === openid.issuer, `iss is ${returned.get('iss')}`);
    },
    SPEC.issuerInAnswer,
  ),
  ...REFUSED.map(([id, requirements, what, parameters, spec]) =>
    shall(`authorization-${id}`, requirements, `a request ${what} comes to no code`, async (server) => refused(server, parameters), spec),
  ),
  shall('authorization-aud-similar', [42, 96], 'a request for a FHIR server whose URL begins the same comes to no code', async (server) =>
    refused(server, { aud: `${server.base}-other` }),
  ),
  ...NOT_REDIRECTED.map(([id, what, change]) =>
    shall(
      `authorization-${id}`,
      [18],
      `a request ${what} is redirected nowhere`,
      async (server) => wasNotRedirected(await server.authorize({ parameters: change(server.app().redirectUri) })),
      SPEC.bestPractice,
    ),
  ),
  shall(
    'authorization-parameter-twice',
    [],
    'a request that says client_id twice comes to no code',
    async (server) => gaveNoCode(await server.authorize({ twice: { client_id: 'another' } })),
    SPEC.oauth,
  ),
  shall(
    'authorization-redirect-twice',
    [],
    'a request that says redirect_uri twice comes to no code at either',
    async (server) => gaveNoCode(await server.authorize({ twice: { redirect_uri: 'https://attacker.example/' } })),
    SPEC.oauth,
  ),
  shall(
    'authorization-error-state',
    [54, 59],
    'an error that comes by redirect has the state',
    async (server) => {
      const { redirect, returned } = await server.authorize({ parameters: { response_type: 'nothing', state: ODD_STATE } });
      applies(redirect !== undefined, 'the server shows such errors on a page of its own');
      insist(returned.get('state') === ODD_STATE, `state is ${JSON.stringify(returned.get('state'))}`);
    },
    SPEC.oauth,
  ),
  shall(
    'authorization-error-code',
    [54],
    'an error that comes by redirect has a registered code',
    async (server) => {
      const { redirect, returned } = await server.authorize({ parameters: { response_type: 'nothing' } });
      applies(redirect !== undefined, 'the server shows such errors on a page of its own');
      insist(ERRORS.has(returned.get('error') ?? ''), `error is ${returned.get('error')}`);
    },
    SPEC.oauth,
  ),
  shall('authorization-denied', [54], 'a user who says no sends the app access_denied and the state', async (server) => {
    server.flow('standalone');
    applies(server.launchConfig('standalone').refuse !== undefined, 'no way to say no is configured');
    const { returned } = await server.authorize({ flow: 'standalone', refuse: true, parameters: { state: 'kept' } });
    gaveNoCode({ returned, redirect: undefined } as Parameters<typeof gaveNoCode>[0]);
    insist(returned.get('error') === 'access_denied' && returned.get('state') === 'kept', `the app was told ${toldNames(returned)}`);
  }),
  shall(
    'authorization-launch-invented',
    [],
    'an invented launch comes to no code',
    async (server) => {
      server.flow('ehr');
      gaveNoCode(await server.authorize({ flow: 'ehr', parameters: { launch: 'made-up-by-the-suite' } }));
    },
    SPEC.ehrLaunch,
  ),
  shall(
    'authorization-launch-replayed',
    [],
    'a launch that was used comes to no second code',
    async (server) => {
      server.flow('ehr');
      const { sent } = await server.code({ flow: 'ehr' });
      gaveNoCode(await server.authorize({ flow: 'ehr', parameters: { launch: sent.launch } }));
    },
    SPEC.ehrLaunch,
  ),
  shall(
    'authorization-launch-other-client',
    [],
    'a launch made for one app comes to no code for another',
    async (server) => {
      server.flow('ehr');
      const other = server.app('other');
      const { launch } = await server.launch(server.app('public'));
      gaveNoCode(await server.authorize({ flow: 'ehr', client: 'other', parameters: { launch, client_id: other.clientId } }));
    },
    SPEC.ehrLaunch,
  ),
  shall(
    'authorization-no-system-scope',
    [],
    'a user cannot give an app a system/ scope',
    async (server) => {
      const flow = server.flow();
      const { scopes } = await server.freshSession({ scope: `${server.launchConfig(flow).scope} system/*.rs` });
      insist(!scopes.some((scope) => scope.startsWith('system/')), `granted: ${scopes.join(' ')}`);
    },
    SPEC.scopes,
  ),
  shall(
    'authorization-no-invented-scope',
    [],
    'a scope that does not exist is not granted beside others',
    async (server) => {
      const flow = server.flow();
      const { scopes } = await server.freshSession({ scope: `${server.launchConfig(flow).scope} patient/Nonsense.everything` });
      insist(!scopes.includes('patient/Nonsense.everything'), `granted: ${scopes.join(' ')}`);
    },
    SPEC.scopes,
  ),
  should(
    'sign-in-not-framed',
    [],
    'the sign-in pages cannot be framed by others',
    async (server) => {
      const pages = await signInPages(server);
      const open = pages.filter(
        ({ headers }) => !/frame-ancestors/.test(headers.get('Content-Security-Policy') ?? '') && !headers.has('X-Frame-Options'),
      );
      insist(open.length === 0, `${open.length} of ${pages.length} pages forbid no framing`);
    },
    SPEC.bestPractice,
  ),
  should(
    'sign-in-not-stored',
    [],
    'the sign-in pages are not stored',
    async (server) => {
      const pages = await signInPages(server);
      const stored = pages.filter(({ headers }) => !/no-store/.test(headers.get('Cache-Control') ?? ''));
      insist(stored.length === 0, `${stored.length} of ${pages.length} pages lack no-store`);
    },
    SPEC.bestPractice,
  ),
  should(
    'sign-in-prompt-none',
    [],
    'prompt=none shows no page to a user who is not signed in',
    async (server) => {
      server.flow('standalone');
      const { returned, pages } = await server.authorize({ flow: 'standalone', parameters: { prompt: 'none' } });
      insist(pages.length === 0 && returned.has('error'), `${pages.length} pages were shown, and the app was told ${toldNames(returned)}`);
    },
    SPEC.openid,
  ),
]);

async function signInPages(server: SmartServer) {
  server.flow('standalone');
  const { pages } = await server.code({ flow: 'standalone' });
  applies(pages.length > 0, 'no page was shown');
  return pages;
}

async function posts(server: SmartServer, flow: 'ehr' | 'standalone'): Promise<void> {
  server.flow(flow);
  applies((await capabilitiesOf(server)).includes('authorize-post'), 'authorize-post is not announced');
  await server.code({ flow, method: 'POST' });
}

function otherPort(uri: string): string {
  const url = new URL(uri);
  url.port = url.port === '4711' ? '4712' : '4711';
  return url.href;
}

/** What the app was told, by name: a code is nobody's business. */
function toldNames(returned: URLSearchParams): string {
  return [...returned].map(([name, value]) => (name === 'error' ? `error=${value}` : name)).join(', ') || 'nothing';
}

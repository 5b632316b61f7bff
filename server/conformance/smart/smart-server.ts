/**
 * The server under test as the checks see it: its documents, and apps that are launched there, get tokens and use them.
 * What many checks look at is asked for once.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import { applies, CheckFailed, insist } from './check.ts';
import { type AppClient, type AppKind, assertionFields, authentication, clientAssertion, type Spoilt } from './client-authentication.ts';
import { type Answer, type Ask, type Fields, formOf, objectOf, present, refusalText, requester } from './http.ts';
import { type KeySetPublisher, publishKeys } from './key-set-publisher.ts';
import { type Launched, launchFrom } from './launch-provider.ts';
import { askPerson, type Decision, pressThrough } from './sign-in-driver.ts';
import type { LaunchConfig, SuiteConfig } from './suite-config.ts';

export type Flow = 'ehr' | 'standalone';
export type Document = Readonly<Record<string, unknown>>;

type BackendKind = 'backend' | 'backendByUrl';

/** Every client that has a key has it here. */
type Clients = SuiteConfig['clients'] & {
  readonly asymmetricByUrl?: { readonly privateKey: JWK };
  readonly backendByUrl?: { readonly privateKey: JWK };
};

/** An authorization request; what is left out is as a well-behaved app has it. */
export interface AuthorizationRequest {
  readonly flow?: Flow;
  readonly client?: AppKind;
  readonly scope?: string;
  readonly patient?: 'first' | 'second';
  readonly method?: 'GET' | 'POST';
  /** Parameters that are otherwise; one that is undefined is left out. */
  readonly parameters?: Fields;
  /** Sent besides, though they are there already. */
  readonly twice?: Fields;
  /** The user says no. */
  readonly refuse?: boolean;
  /** Scopes that the user clears. */
  readonly leaveOut?: readonly string[];
  /** Parts of scopes that the user gives in place of the whole. */
  readonly choose?: readonly string[];
}

export interface Authorization {
  readonly client: AppClient;
  readonly flow: Flow;
  readonly sent: Fields;
  readonly verifier: string;
  /** The redirect to the app. */
  readonly redirect: URL | undefined;
  /** Parameters of the redirect, of query and fragment. */
  readonly returned: URLSearchParams;
  readonly last: Answer;
  readonly pages: readonly Answer[];
}

/** A launched app with its tokens. */
export interface Session {
  readonly authorization: Authorization;
  readonly client: AppClient;
  /** The token response. */
  readonly answer: Answer;
  readonly body: Document;
  readonly scopes: readonly string[];
  readonly accessToken: string;
}

export interface SmartServer {
  readonly config: SuiteConfig;
  /** The FHIR base, without a slash at the end. */
  readonly base: string;
  readonly ask: Ask;
  /** The smart-configuration. @throws CheckFailed when there is none. */
  configuration(): Promise<Document>;
  /** A URL of the smart-configuration. @throws CheckFailed when it is not there. */
  endpoint(name: string): Promise<string>;
  /** The OpenID configuration of the issuer. @throws NotApplicable when the server does not offer sign-on. */
  openid(): Promise<Answer>;
  /** An app of the configuration. @throws NotApplicable when there is none of the kind. */
  app(kind?: AppKind): AppClient;
  /** The launch to be used, the first configured when none is named. @throws NotApplicable when it is not configured. */
  flow(name?: Flow): Flow;
  launchConfig(flow: Flow): LaunchConfig;
  /** A launch of an app by the EHR. @throws NotApplicable when there is none to be had. */
  launch(client: AppClient, patient?: 'first' | 'second'): Promise<Launched>;
  authorize(request?: AuthorizationRequest): Promise<Authorization>;
  /** An authorization that must have come to a code. @throws CheckFailed when it has not. */
  code(request?: AuthorizationRequest): Promise<Authorization>;
  /** A form to the token endpoint as a client. */
  token(client: AppClient, fields: Fields, headers?: Fields): Promise<Answer>;
  redeem(authorization: Authorization, fields?: Fields): Promise<Answer>;
  refresh(session: Session, fields?: Fields): Promise<Answer>;
  /** A launched app that many checks share: it must be left as it is. */
  session(request?: AuthorizationRequest): Promise<Session>;
  /** A launched app of this check's own. */
  freshSession(request?: AuthorizationRequest): Promise<Session>;
  /** A token request of a backend service; its assertion can be spoilt. @throws NotApplicable when none is configured. */
  backend(fields?: Fields, spoilt?: Spoilt, kind?: BackendKind): Promise<Answer>;
  /** What the suite publishes at the URL of the key set. @throws NotApplicable when it is not configured. */
  keySet(): Promise<KeySetPublisher>;
  /** The URL that a client's keys are registered by. */
  keySetUrl(kind: 'asymmetricByUrl' | 'backendByUrl'): string | undefined;
  /** Gives back what the suite listens with. */
  close(): Promise<void>;
  /** An access token of the backend service for a scope within its own. */
  backendToken(scope?: string): Promise<string>;
  /** A request below the FHIR base. */
  fhir(token: string | undefined, path: string, more?: { method?: string; body?: object; headers?: Fields }): Promise<Answer>;
}

/** Where a person has to sign in, that is done for launches that many checks share; for others only when they are named. */
const ALONE = 'a person would have to sign in for this check alone: name it with --only to have it tried';

export interface PersonOptions {
  /** Where a person is told what to do. */
  readonly say: (line: string) => void;
  /** Whether a person is there for every launch, and not only for those that many checks share. */
  readonly forEveryLaunch: boolean;
}

/** The server of a configuration; to be closed. @throws Error when the key set of the configuration cannot be published. */
export async function smartServer(given: SuiteConfig, { say, forEveryLaunch }: PersonOptions): Promise<SmartServer> {
  const keySet = given.keySet === undefined ? undefined : await publishKeys(given.keySet);
  const config = { ...given, clients: clientsOf(given, keySet) };
  const ask = requester(config.waitAtMostSeconds);
  const base = config.fhirBaseUrl;
  const kept = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, get: () => Promise<T>): Promise<T> => {
    if (!kept.has(key)) kept.set(key, get());
    return kept.get(key) as Promise<T>;
  };

  const configuration = () => once('configuration', async () => objectOf(await ask(`${base}/.well-known/smart-configuration`)));

  async function endpoint(name: string): Promise<string> {
    const url = (await configuration())[name];
    insist(typeof url === 'string', `smart-configuration has no ${name}`);
    return new URL(url, `${base}/`).href;
  }

  function app(kind?: AppKind): AppClient {
    const order = ['public', 'symmetric', 'asymmetric'] as const;
    const chosen = kind ?? order.find((each) => config.clients[each] !== undefined);
    const registered = chosen === undefined ? undefined : config.clients[chosen];
    applies(chosen !== undefined && registered !== undefined, `no client of the kind ${kind ?? 'app'} is configured`);
    return { redirectUri: config.redirectUri, kind: chosen, ...registered };
  }

  function flow(name?: Flow): Flow {
    const has = { ehr: config.ehrLaunch !== undefined, standalone: config.standaloneLaunch !== undefined };
    const chosen = name ?? (has.ehr ? 'ehr' : 'standalone');
    applies(has[chosen], `no ${chosen === 'ehr' ? 'EHR' : 'standalone'} launch is configured`);
    return chosen;
  }

  const launchConfig = (of: Flow): LaunchConfig => (of === 'ehr' ? config.ehrLaunch! : config.standaloneLaunch!);

  function decisionOf(request: AuthorizationRequest, of: LaunchConfig): Decision {
    const name = config.patients?.[request.patient ?? 'first']?.name ?? '';
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const press = (of.press ?? []).map((pattern) => pattern.replaceAll('{patient}', escaped));
    const refusing = request.refuse === true && of.refuse !== undefined ? [of.refuse] : [];
    const { leaveOut = [], choose = [] } = request;
    return { press: [...refusing, ...press], leaveOut, choose };
  }

  function launch(client: AppClient, patient: 'first' | 'second' = 'first'): Promise<Launched> {
    return launchFrom({ config, ask, say, client, patient });
  }

  function needsPerson(used: Flow): boolean {
    return launchConfig(used).manual === true || (used === 'ehr' && config.ehrLaunch?.provider.kind === 'manual');
  }

  async function authorize(request: AuthorizationRequest = {}, isShared = false): Promise<Authorization> {
    const client = app(request.client);
    const used = flow(request.flow);
    applies(isShared || forEveryLaunch || !needsPerson(used), ALONE);
    const settings = launchConfig(used);
    const verifier = randomBytes(48).toString('base64url');
    const isLaunched = used === 'ehr' && !('launch' in (request.parameters ?? {}));
    const launched = isLaunched ? await launch(client, request.patient) : undefined;
    const sent: Fields = {
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: client.redirectUri,
      scope: request.scope ?? settings.scope,
      state: randomUUID(),
      aud: base,
      launch: launched?.launch,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...request.parameters,
    };
    const url = new URL(await endpoint('authorization_endpoint'));
    const query = formOf(sent);
    for (const [name, value] of Object.entries(present(request.twice ?? {}))) query.append(name, value);
    const start = request.method === 'POST' ? { url: url.href, question: { form: query } } : { url: withQuery(url, query) };
    const targets = [client.redirectUri, sent.redirect_uri ?? client.redirectUri];
    const decision = decisionOf(request, settings);
    const arrived =
      settings.manual === true ? await byPerson(start.url, query, client.redirectUri) : await pressThrough(ask, start, targets, decision);
    const { redirect } = arrived;
    const returned = new URLSearchParams([...(redirect?.searchParams ?? []), ...new URLSearchParams(redirect?.hash.slice(1))]);
    return { client, flow: used, sent, verifier, returned, ...arrived };
  }

  /** Where a form would be sent by POST, a person has only a URL to open. */
  async function byPerson(url: string, query: URLSearchParams, target: string) {
    const opened = url.includes('?') ? url : withQuery(new URL(url), query);
    const redirect = await askPerson(say, 'Open this URL in a browser and sign in:', opened, target);
    const last: Answer = { url: opened, status: 302, headers: new Headers(), text: '', location: redirect };
    return { redirect, last, pages: [] };
  }

  async function code(request: AuthorizationRequest = {}, isShared = false): Promise<Authorization> {
    const authorization = await authorize(request, isShared);
    const { returned, redirect, last } = authorization;
    if (returned.has('code')) return authorization;
    const error = [returned.get('error'), returned.get('error_description')].filter(Boolean).join(': ');
    const reason = redirect === undefined ? `it ended with status ${last.status} at ${withoutQuery(last.url)}${refusalText(last)}` : error;
    throw new CheckFailed(`there was no code: ${reason}`);
  }

  async function token(client: AppClient, fields: Fields, headers: Fields = {}): Promise<Answer> {
    const url = await endpoint('token_endpoint');
    const shown = await authentication(client, url);
    return ask(url, { form: { ...shown.fields, ...fields }, headers: { ...shown.headers, ...headers } });
  }

  function redeem({ client, returned, verifier, sent }: Authorization, fields: Fields = {}): Promise<Answer> {
    const grant = { grant_type: 'authorization_code', code: returned.get('code') ?? undefined };
    return token(client, { ...grant, redirect_uri: sent.redirect_uri, code_verifier: verifier, ...fields });
  }

  async function freshSession(request: AuthorizationRequest = {}, isShared = false): Promise<Session> {
    const authorization = await code(request, isShared);
    const answer = await redeem(authorization);
    insist(answer.status === 200, `the token endpoint answered ${answer.status}${refusalText(answer)}`);
    const body = objectOf(answer);
    insist(typeof body.access_token === 'string' && body.access_token !== '', 'the token response has no access_token');
    const scopes = typeof body.scope === 'string' ? body.scope.split(' ').filter(Boolean) : [];
    return { authorization, client: authorization.client, answer, body, scopes, accessToken: body.access_token };
  }

  async function backend(fields: Fields = {}, spoilt: Spoilt = {}, kind: BackendKind = 'backend'): Promise<Answer> {
    const client = config.clients[kind];
    applies(client !== undefined, `no backend service${kind === 'backend' ? '' : ' registered by URL'} is configured`);
    const url = await endpoint('token_endpoint');
    const shown = assertionFields(await clientAssertion({ ...client, audience: url }, spoilt));
    return ask(url, { form: { grant_type: 'client_credentials', scope: client.scope, ...shown, ...fields } });
  }

  return {
    config,
    base,
    ask,
    configuration,
    endpoint,
    app,
    flow,
    launchConfig,
    launch: (client, patient) => {
      applies(forEveryLaunch || !needsPerson('ehr'), ALONE);
      return launch(client, patient);
    },
    authorize: (request) => authorize(request),
    code: (request) => code(request),
    token,
    redeem,
    freshSession: (request) => freshSession(request),
    backend,
    async keySet() {
      applies(keySet !== undefined, 'no key set that the suite publishes is configured');
      return keySet;
    },
    keySetUrl: (kind) => config.clients[kind]?.jwksUri ?? keySet?.url,
    close: async () => keySet?.close(),
    openid: async () => {
      const { issuer, capabilities } = await configuration();
      applies(Array.isArray(capabilities) && capabilities.includes('sso-openid-connect'), 'the server does not offer sso-openid-connect');
      insist(typeof issuer === 'string', 'smart-configuration has no issuer');
      return once('openid', () => ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    },
    async refresh({ client, body }, fields = {}) {
      applies(typeof body.refresh_token === 'string', 'no refresh token was given');
      return token(client, { grant_type: 'refresh_token', refresh_token: body.refresh_token, ...fields });
    },
    session: (request = {}) => once(`session ${JSON.stringify(request)}`, () => freshSession(request, true)),
    backendToken: (scope) =>
      once(`backend ${scope}`, async () => {
        const answer = await backend(scope === undefined ? {} : { scope });
        insist(answer.status === 200 || answer.status === 201, `the backend service got no token (${answer.status})${refusalText(answer)}`);
        return String(objectOf(answer).access_token);
      }),
    fhir: (accessToken, path, { method, body, headers } = {}) =>
      ask(`${base}/${path}`, {
        ...(method === undefined ? {} : { method }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: {
          Accept: 'application/fhir+json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/fhir+json' }),
          ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
          ...headers,
        },
      }),
  };
}

/**
 * The clients, those that are registered by the URL of the key set with the key that is always there. Where only such a
 * client is configured, what is said of clients with keys is tried with it.
 */
function clientsOf({ clients }: SuiteConfig, keySet: KeySetPublisher | undefined): Clients {
  const withKey = <T extends { readonly privateKey?: JWK }>(client: T | undefined) => {
    const privateKey = client?.privateKey ?? keySet?.standing;
    return client === undefined || privateKey === undefined ? undefined : { ...client, privateKey };
  };
  const { asymmetricByUrl, backendByUrl, ...others } = clients;
  const byUrl = { asymmetricByUrl: withKey(asymmetricByUrl), backendByUrl: withKey(backendByUrl) };
  const all = { asymmetric: byUrl.asymmetricByUrl, backend: byUrl.backendByUrl, ...byUrl, ...others };
  return Object.fromEntries(Object.entries(all).filter(([, client]) => client !== undefined)) as Clients;
}

/** Parameters that the endpoint's URL has already are kept. */
function withQuery(url: URL, query: URLSearchParams): string {
  return `${url.href}${url.search === '' ? '?' : '&'}${query}`;
}

function withoutQuery(url: string): string {
  return url.split('?')[0]!;
}

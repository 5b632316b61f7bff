/**
 * A fake EHR (SMART authorization server and FHIR base), a fake shared service and the built app on ports of their own, each with
 * switches for what can go wrong. Only what the app asks for is answered.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Patient, Resource } from '@medplum/fhirtypes';
import { ehrPatient, patient, wholePlan } from './sample-plan.ts';

export interface FakeOptions {
  /** Folder of the built app. */
  readonly dist: string;
}

/** What the tests turn and read. */
export interface FakeState {
  ehrPatient: Patient;
  /** Patient of the shared token; undefined: nobody there has the number. */
  sharedPatientId: string | undefined;
  /** Launches for another person than the one above. */
  readonly others: Map<string, { readonly ehrPatient: Patient; readonly sharedPatientId: string }>;
  shared: Resource[];
  needPatientBanner: boolean;
  /** Seconds that a shared token lives. */
  sharedLifetimeSeconds: number;
  /** Changes claims of the id_token before it is sent. */
  idToken: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Refuses the authorization with an OAuth error. */
  authorizeError: string | undefined;
  /** Refuses the token exchange with an OAuth error. */
  exchangeError: string | undefined;
  /** Status of every answer of the shared FHIR base. */
  fhirStatus: number | undefined;
  /** The user's own resource at the shared service. */
  fhirUser: string;
  /** Answers for the pages of the access log: status and what it holds. */
  accessLog: { readonly status: number; readonly pages: readonly (readonly Resource[])[] };
  /** Breaks off every connection to the shared FHIR base. */
  fhirBroken: boolean;
  pageSize: number;
  readonly log: { readonly method: string; readonly url: string; readonly authorization: string | undefined }[];
  /** How often each code was sent to the token endpoint. */
  readonly redeemed: Map<string, number>;
  exchanges: number;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What a handler answers; `hangUp` breaks off the connection. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly type?: string;
  readonly location?: string;
  readonly hangUp?: boolean;
}

type Handler = (request: IncomingMessage, url: URL) => Promise<Answer> | Answer;

const json = (body: unknown, status = 200): Answer => ({ status, body });

function send(response: ServerResponse, { status, body = '', type = 'application/json', location }: Answer): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'authorization, content-type, accept',
    'access-control-expose-headers': 'x-request-id',
    'x-request-id': 'request-1',
    ...(location === undefined ? {} : { location }),
  });
  response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

/** A server for a handler; CORS preflights are answered for it. */
const serverFor = (handler: Handler): Server =>
  createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
      const answered = request.method === 'OPTIONS' ? { status: 200 } : await handler(request, url);
      if (answered.hangUp) request.socket.destroy();
      else send(response, answered);
    };
    answer().catch((error: unknown) => send(response, json({ error: String(error) }, 500)));
  });

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Unsigned: the app leaves the signature to the shared service. */
const jwt = (claims: Record<string, unknown>): string =>
  [{ alg: 'RS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.signature');

const outcome = (code: string, text: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, details: { text } }],
});

interface Grant {
  readonly launch: string;
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

export class FakeServices {
  readonly state: FakeState;
  readonly #dist: string;
  readonly #servers: Server[] = [];
  readonly #grants = new Map<string, Grant>();
  appOrigin = '';
  ehrOrigin = '';
  sharedOrigin = '';

  private constructor(options: FakeOptions) {
    this.#dist = options.dist;
    this.state = {
      ehrPatient,
      sharedPatientId: patient.id,
      others: new Map(),
      shared: wholePlan,
      needPatientBanner: false,
      sharedLifetimeSeconds: 900,
      idToken: (claims) => claims,
      authorizeError: undefined,
      exchangeError: undefined,
      fhirStatus: undefined,
      fhirUser: 'Practitioner/nurse',
      accessLog: { status: 200, pages: [[]] },
      fhirBroken: false,
      pageSize: 500,
      log: [],
      redeemed: new Map(),
      exchanges: 0,
    };
  }

  static async start(options: FakeOptions): Promise<FakeServices> {
    const fakes = new FakeServices(options);
    const serve = (handler: Handler): Promise<string> => {
      const server = serverFor(handler);
      fakes.#servers.push(server);
      return listen(server);
    };
    fakes.appOrigin = await serve((_request, url) => fakes.#app(url));
    fakes.ehrOrigin = await serve((request, url) => fakes.#ehr(request, url));
    fakes.sharedOrigin = await serve((request, url) => fakes.#shared(request, url));
    return fakes;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get iss(): string {
    return `${this.ehrOrigin}/fhir`;
  }

  /** The address that the EHR opens. */
  launchUrl(launch = 'launch-1', iss = this.iss): string {
    return `${this.appOrigin}/app/launch.html?iss=${encodeURIComponent(iss)}&launch=${launch}`;
  }

  async #app({ pathname }: URL): Promise<Answer> {
    if (pathname === '/app/config.json') {
      return json({
        fhirBaseUrl: `${this.sharedOrigin}/fhir`,
        tokenEndpoint: `${this.sharedOrigin}/token`,
        clientId: 'shared-client',
        issuers: [{ iss: this.iss, clientId: 'ehr-client', name: 'Fjordheim sykehus' }],
      });
    }
    const file = pathname === '/app/' ? 'index.html' : pathname.replace('/app/', '');
    const content = await readFile(join(this.#dist, file)).catch(() => undefined);
    if (content === undefined) return { status: 404, type: 'text/plain' };
    return { status: 200, body: content, type: TYPES[extname(file)] ?? 'application/octet-stream' };
  }

  async #ehr(request: IncomingMessage, url: URL): Promise<Answer> {
    if (url.pathname === '/page') {
      const frames = url.searchParams
        .getAll('frame')
        .map((source) => `<iframe src="${source}" width="700" height="800" title="app"></iframe>`);
      return { status: 200, body: `<!doctype html><title>EHR</title>${frames.join('')}`, type: 'text/html' };
    }
    if (url.pathname === '/fhir/.well-known/smart-configuration') {
      return json({
        issuer: this.ehrOrigin,
        authorization_endpoint: `${this.ehrOrigin}/authorize`,
        token_endpoint: `${this.ehrOrigin}/token`,
        code_challenge_methods_supported: ['S256'],
      });
    }
    if (url.pathname === '/authorize') return this.#authorize(url);
    if (url.pathname === '/token') return this.#ehrToken(await formOf(request));
    const known = [this.state.ehrPatient, ...[...this.state.others.values()].map((other) => other.ehrPatient)];
    const asked = known.find((person) => url.pathname === `/fhir/Patient/${person.id}`);
    if (asked !== undefined) return json(asked);
    return json(outcome('not-found', 'no such thing'), 404);
  }

  #authorize(url: URL): Answer {
    const given = url.searchParams;
    const back = new URL(given.get('redirect_uri') ?? '');
    back.searchParams.set('state', given.get('state') ?? '');
    if (this.state.authorizeError !== undefined) back.searchParams.set('error', this.state.authorizeError);
    else {
      const code = randomUUID();
      this.#grants.set(code, {
        launch: given.get('launch') ?? '',
        challenge: given.get('code_challenge') ?? '',
        nonce: given.get('nonce') ?? '',
        redirectUri: back.origin + back.pathname,
      });
      back.searchParams.set('code', code);
      back.searchParams.set('iss', this.ehrOrigin);
    }
    return { status: 302, location: back.href };
  }

  #ehrToken(form: URLSearchParams): Answer {
    const code = form.get('code') ?? '';
    this.state.redeemed.set(code, (this.state.redeemed.get(code) ?? 0) + 1);
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const valid =
      grant?.challenge === challenge && grant.redirectUri === form.get('redirect_uri') && form.get('client_id') === 'ehr-client';
    if (grant === undefined || !valid) return json({ error: 'invalid_grant' }, 400);
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const claims = { iss: this.ehrOrigin, aud: 'ehr-client', sub: 'nurse', exp, nonce: grant.nonce, fhirUser: 'Practitioner/nurse' };
    return json({
      access_token: `ehr-${grant.launch}-${randomUUID()}`,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'launch',
      patient: (this.state.others.get(grant.launch)?.ehrPatient ?? this.state.ehrPatient).id,
      need_patient_banner: this.state.needPatientBanner,
      id_token: jwt(this.state.idToken(claims)),
    });
  }

  async #shared(request: IncomingMessage, url: URL): Promise<Answer> {
    this.state.log.push({ method: request.method ?? '', url: url.href, authorization: request.headers.authorization });
    if (url.pathname === '/token') return this.#exchange(await formOf(request));
    if (this.state.fhirBroken) return { status: 0, hangUp: true };
    if (!request.headers.authorization?.startsWith('Bearer shared-')) return json(outcome('login', 'no token'), 401);
    if (this.state.fhirStatus !== undefined) return json(outcome('forbidden', 'closed'), this.state.fhirStatus);
    const [, , type = '', , operation] = url.pathname.split('/');
    if (operation === '$access-log') return this.#accessLog(url);
    const parameters = request.method === 'POST' ? await formOf(request) : url.searchParams;
    return this.#search(type, parameters);
  }

  #exchange(form: URLSearchParams): Answer {
    this.state.exchanges += 1;
    const wanted: Record<string, string> = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      client_id: 'shared-client',
    };
    const wrong = Object.entries(wanted).find(([name, value]) => form.get(name) !== value);
    if (wrong || !form.get('actor_token')?.startsWith('ehr-')) return json({ error: 'invalid_request' }, 400);
    if (this.state.exchangeError !== undefined) return json({ error: this.state.exchangeError }, 400);
    const other = [...this.state.others].find(([launch]) => form.get('actor_token')?.startsWith(`ehr-${launch}-`))?.[1];
    const sharedPatientId = other?.sharedPatientId ?? this.state.sharedPatientId;
    return json({
      access_token: `shared-${randomUUID()}`,
      token_type: 'Bearer',
      expires_in: this.state.sharedLifetimeSeconds,
      ...(sharedPatientId === undefined ? {} : { patient: sharedPatientId }),
      fhirUser: this.state.fhirUser,
    });
  }

  #accessLog(url: URL): Answer {
    const { status, pages } = this.state.accessLog;
    if (status !== 200) return json(outcome('forbidden', 'closed'), status);
    const page = Number(url.searchParams.get('_page') ?? 0);
    const next = `${this.sharedOrigin}/fhir/Patient/${patient.id}/$access-log?_page=${page + 1}`;
    return json({
      resourceType: 'Bundle',
      type: 'searchset',
      link: page + 1 < pages.length ? [{ relation: 'next', url: next }] : [],
      entry: pages[page]?.map((resource) => ({ resource, search: { mode: 'match' } })),
    });
  }

  #search(type: string, parameters: URLSearchParams): Answer {
    const ids = parameters.get('_id')?.split(',');
    const identifier = parameters.get('identifier')?.split('|')[1];
    const about = parameters.get('patient');
    const matches = this.state.shared.filter((resource) => {
      if (resource.resourceType !== type) return false;
      if (ids !== undefined) return ids.includes(resource.id ?? '');
      if (about !== null) return JSON.stringify(resource).includes(`"Patient/${about}"`);
      return identifier === undefined || (resource as Patient).identifier?.some((one) => one.value === identifier);
    });
    const offset = Number(parameters.get('_offset') ?? 0);
    const page = matches.slice(offset, offset + this.state.pageSize);
    const next = new URLSearchParams(parameters);
    next.set('_offset', String(offset + page.length));
    const more = offset + page.length < matches.length;
    return json({
      resourceType: 'Bundle',
      type: 'searchset',
      link: more ? [{ relation: 'next', url: `${this.sharedOrigin}/fhir/${type}?${next}` }] : [],
      entry: page.map((resource) => ({ resource, search: { mode: 'match' } })),
    });
  }
}

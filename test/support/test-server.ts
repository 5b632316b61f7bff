/**
 * A FHIR base over real HTTP on a free port, for tests: fixed clock, sequence ids, and tokens that say who one is.
 */

import { buildApp } from '../../server/app.ts';
import { createScopeAccess } from '../../server/auth/access.ts';
import type { Access } from '../../server/auth/access-decision.ts';
import type { Authenticator, Principal } from '../../server/auth/principal.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { unauthorized } from '../../server/fhir/errors.ts';
import { parseJson, stringifyJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { listen } from '../../server/http/listen.ts';
import { createLog } from '../../server/http/log.ts';
import type { FhirServices, Limits } from '../../server/interactions/context.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';

export interface TestServerOptions {
  readonly store: ResourceStore;
  /** Anything of the services that a test wants otherwise. */
  readonly services?: Partial<FhirServices>;
  readonly corsOrigins?: readonly string[];
  readonly smartConfiguration?: () => object;
  /** Whose tokens are taken, for the FHIR base of this URL; left out: those of `bearer`. */
  readonly authenticator?: (fhirBaseUrl: string) => Authenticator;
  /** Where log lines go; left out: nowhere. */
  readonly logLine?: (line: string) => void;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON with exact decimals; an empty object when there is none. */
  readonly body: Resource & { issue?: readonly { severity: string; code: string; diagnostics?: string; expression?: readonly string[] }[] };
}

export interface TestServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** The FHIR base: `<origin>/fhir`. */
  readonly url: string;
  readonly services: FhirServices;
  /** Sends a request below the base; a body that is no text is sent as FHIR JSON, as the principal that sees everything. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  close(): Promise<void>;
}

const definitions = loadDefinitions();
const searchRegistry = createSearchRegistry(definitions);
const validator = createValidator({ terminology: createTerminology() });

export const LIMITS: Limits = {
  bodyBytes: 10 * 1024 * 1024,
  bundleEntries: 5000,
  pageSizeDefault: 50,
  pageSizeMax: 1000,
  includedMax: 5000,
};

/** An Authorization header for a principal: everything, unless some of it is said otherwise. */
export function bearer(principal: Partial<Principal> = {}): string {
  const everything = { level: 'system', type: '*', create: true, read: true, update: true, delete: true, search: true } as const;
  const whole: Principal = { clientId: 'test-client', subject: 'test', scope: 'system/*.cruds', scopes: [everything], ...principal };
  return `Bearer ${Buffer.from(JSON.stringify(whole)).toString('base64url')}`;
}

/** Takes the tokens of `bearer`. */
const testAuthenticator: Authenticator = {
  async authenticate(authorization) {
    const token = /^Bearer ([\w-]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthorized('This request needs an access token');
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Principal;
  },
};

/** A clock that stands at 2026-03-02 08:00 UTC and goes on by one second each time it is asked. */
function steppingClock(startMs = Date.UTC(2026, 2, 2, 8)): () => number {
  let now = startMs - 1000;
  return () => {
    now += 1000;
    return now;
  };
}

export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const handlers: { handle?: Parameters<typeof listen>[0] } = {};
  const listening = await listen((request, response) => handlers.handle?.(request, response), { host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${listening.port}`;
  const url = `${origin}/fhir`;
  let ids = 0;
  const access: Access = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
  const services: FhirServices = {
    store: options.store,
    definitions,
    searchRegistry,
    index: createIndexer(definitions, searchRegistry, { baseUrl: url }),
    validator,
    writeValidation: 'base',
    access,
    baseUrl: url,
    nowMs: steppingClock(),
    newId: () => `id-${++ids}`,
    limits: LIMITS,
    pageTokenKey: new Uint8Array(32).fill(7),
    ...options.services,
  };
  handlers.handle = buildApp({
    fhirBases: [
      {
        path: '/fhir',
        endpoint: {
          services,
          authenticator: options.authenticator?.(url) ?? testAuthenticator,
          corsOrigins: options.corsOrigins ?? [],
          ...(options.smartConfiguration === undefined ? {} : { smartConfiguration: options.smartConfiguration }),
          log: createLog(options.logLine === undefined ? 'silent' : 'info', options.logLine ?? (() => undefined)),
        },
      },
    ],
    routers: [],
    health: { ready: () => options.store.ping() },
    log: createLog(options.logLine === undefined ? 'silent' : 'info', options.logLine ?? (() => undefined)),
    https: false,
  });
  return { origin, url, services, request: (...args) => requestAt(url, ...args), close: () => listening.stop(2000) };
}

/** Sends a request below a base, as `TestServer.request` does. */
export async function requestAt(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<TestAnswer> {
  const text = body === undefined || typeof body === 'string' ? body : stringifyJson(body);
  const response = await fetch(path.startsWith('http') ? path : `${base}${path === '' ? '' : `/${path}`}`, {
    method,
    headers: {
      Authorization: bearer(),
      ...(text === undefined ? {} : { 'Content-Type': 'application/fhir+json' }),
      ...headers,
    },
    redirect: 'manual',
    ...(text === undefined ? {} : { body: text }),
  });
  const answered = await response.text();
  const isJson = answered !== '' && /[/+]json/.test(response.headers.get('Content-Type') ?? '');
  const parsed = (isJson ? parseJson(answered) : {}) as TestAnswer['body'];
  return { status: response.status, headers: response.headers, text: answered, body: parsed };
}

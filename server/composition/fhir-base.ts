/**
 * One FHIR base out of its parts: a database, an authorization server and the core.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AuditLog } from '../audit/audit-log.ts';
import { createScopeAccess } from '../auth/access.ts';
import type { Access } from '../auth/access-decision.ts';
import type { EmergencyAccess } from '../auth/access-rule/emergency-access.ts';
import { createAuthenticator } from '../auth/access-token.ts';
import type { AuthorizationServer } from '../auth/authorization-server.ts';
import type { AllowedOrigins } from '../http/cors.ts';
import type { FhirEndpointOptions } from '../http/fhir-endpoint.ts';
import type { Log } from '../http/log.ts';
import type { FhirServices, WriteValidation } from '../interactions/context.ts';
import { leadsOn } from '../interactions/reach.ts';
import type { SearchEnvironment } from '../search/environment.ts';
import { createIndexer } from '../search/index-resource.ts';
import { parseSearch } from '../search/parse.ts';
import type { Clause } from '../search/query.ts';
import type { Database } from '../store/database.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Core } from './core.ts';

export interface FhirBaseOptions {
  readonly core: Core;
  readonly database: Database;
  readonly authorization: AuthorizationServer;
  readonly bodyLimitBytes: number;
  readonly writeValidation: WriteValidation;
  readonly corsOrigins: AllowedOrigins;
  readonly log: Log;
  /** Makes of access by scope what is to be in force here; left out: the scopes alone decide. */
  readonly accessRule?: (scopes: Access) => Access;
  /** Emergency access; left out: there is none here. */
  readonly emergency?: EmergencyAccess;
  /** The name of a client as people know it. */
  readonly clientName?: FhirServices['clientName'];
  /** True where every change leaves a Provenance beside it. */
  readonly leavesProvenance?: boolean;
  /** Opens the log in which every access is told; left out: there is none. */
  readonly accessLog?: (index: FhirServices['index']) => AuditLog;
}

const BUNDLE_ENTRIES_MAX = 5000;
const PAGE_SIZE_DEFAULT = 50;
const PAGE_SIZE_MAX = 1000;
const INCLUDED_MAX = 5000;

/** The options of the endpoint that serves this base. */
export async function fhirBase(options: FhirBaseOptions): Promise<FhirEndpointOptions> {
  const { core, database, authorization } = options;
  const baseUrl = authorization.fhirBaseUrl;
  const limits = {
    bodyBytes: options.bodyLimitBytes,
    bundleEntries: BUNDLE_ENTRIES_MAX,
    pageSizeDefault: PAGE_SIZE_DEFAULT,
    pageSizeMax: PAGE_SIZE_MAX,
    includedMax: INCLUDED_MAX,
  };
  const environment = { ...core, baseUrl, nowMs: Date.now, limits };
  const scopes = createScopeAccess({ readQuery: (type, query) => clauseOfScope(type, query, environment) });
  const index = createIndexer(core.definitions, core.searchRegistry, { baseUrl });
  const services: FhirServices = {
    ...environment,
    store: database.resources,
    state: database.state,
    index,
    ...(options.clientName === undefined ? {} : { clientName: options.clientName }),
    ...(options.accessLog === undefined ? {} : { audit: options.accessLog(index) }),
    ...(options.emergency === undefined ? {} : { emergency: options.emergency }),
    leavesProvenance: options.leavesProvenance === true,
    writeValidation: options.writeValidation,
    access: options.accessRule?.(scopes) ?? scopes,
    newId: randomUUID,
    pageTokenKey: await pageTokenKey(database.state),
    oauth: authorization.endpoints,
  };
  return {
    services,
    authenticator: createAuthenticator({ server: authorization, state: database.state }),
    corsOrigins: options.corsOrigins,
    log: options.log,
    smartConfiguration: () => authorization.smartConfiguration,
  };
}

/**
 * What a granular scope's query says of a resource itself. One that leads on to other resources is none: an app chooses the
 * query, and would learn by it what those others say, which its user may not see.
 * @throws Error when it leads on, says nothing of a resource (result parameters), or what none can be held against (words).
 */
function clauseOfScope(type: string, query: string, environment: SearchEnvironment): Clause {
  const { query: parsed, words } = parseSearch({ types: [type], parameters: [...new URLSearchParams(query)] }, environment);
  if (words.length > 0 || parsed.where.op === 'all' || leadsOn(parsed.where)) throw new Error('This query narrows no scope');
  return parsed.where;
}

/** All processes over one database seal page links with the same key, made by the first of them. */
async function pageTokenKey(state: StateStore): Promise<Uint8Array> {
  await state.insertIfAbsent('page-token-key', 'current', { key: randomBytes(32).toString('base64') });
  const entry = await state.get('page-token-key', 'current');
  if (entry === undefined) throw new Error('The key of page links could not be kept');
  return Buffer.from(String(entry.value.key), 'base64');
}

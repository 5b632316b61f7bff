/**
 * What a handler of a FHIR interaction or operation is given and what it gives back. Handlers are
 * `(ctx, request) => Promise<FhirResponse>`: clock, ids, principal and ports come in `ctx`; there are no globals.
 */

import type { TerminologyService } from '../../terminology/terminology-service.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Access } from '../auth/access-decision.ts';
import type { EmergencyAccess } from '../auth/access-rule/emergency-access.ts';
import type { Principal } from '../auth/principal.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Language } from '../fhir/language.ts';
import type { Resource } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { Clause } from '../search/query.ts';
import type { SearchRegistry } from '../search/registry.ts';
import type { JsonText } from '../search/searchset.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Validator } from '../validation/validator.ts';
import type { AccessTrail } from './access-trail.ts';
import type { Interaction } from './resolve.ts';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request to the FHIR API, from HTTP or from a Bundle entry. */
export interface FhirRequest {
  readonly method: HttpMethod;
  /** Decoded path segments below the base: `['CarePlan', '1', '_history']`. */
  readonly path: readonly string[];
  /** Query parameters in order, decoded; those of a form body of `_search` are joined to these. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names. In a Bundle entry: if-match, if-none-match, if-none-exist, if-modified-since and the request's prefer. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as JSON (exact decimals kept), undefined when there is none. */
  readonly body?: unknown;
  /** The body as it was sent, where a position in the text matters. */
  readonly bodyText?: string;
  /** True when `bodyText` is the text that `stringifyJson` makes of the body. */
  readonly isCompact?: boolean;
  /** The body as it arrives, in place of the others, where it is NDJSON of any length. */
  readonly bodyChunks?: AsyncIterable<Uint8Array>;
}

export interface FhirResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A resource to be written, or JSON text that is ready to send. */
  readonly body?: Resource | JsonText;
  /** To the millisecond what the Last-Modified header says in seconds; a Bundle entry tells it. */
  readonly lastModifiedMs?: number;
}

/** What is made once for one FHIR base; several bases live side by side in one process. */
export interface FhirServices {
  readonly store: ResourceStore;
  /** Where jobs in the background are kept; left out: there are none. */
  readonly state?: StateStore;
  readonly definitions: Definitions;
  readonly searchRegistry: SearchRegistry;
  /** What a resource can be found by; pure and synchronous. */
  readonly index: (resource: Resource) => readonly IndexEntry[];
  /** Answers what searches (`:in`, `:below` …) and operations ask of codes; without it those are refused. */
  readonly terminology?: TerminologyService;
  readonly validator: Validator;
  readonly writeValidation: WriteValidation;
  readonly access: Access;
  /** Emergency access; left out: there is none. */
  readonly emergency?: EmergencyAccess;
  /** Where every access is told; left out: nowhere. */
  readonly audit?: AuditLog;
  /** True where every change leaves a Provenance beside it. */
  readonly leavesProvenance?: boolean;
  /** The name of a client as people know it; left out, or undefined: its id. */
  readonly clientName?: (clientId: string) => string | undefined;
  /** Absolute base URL of the API without a slash at the end: `http://localhost:8080/fhir`. */
  readonly baseUrl: string;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly limits: Limits;
  /** Seals a page's position and query so that a link carries no personal data. */
  readonly pageTokenKey: Uint8Array;
  /** The endpoints of the authorization server, for the capability statement; left out where there is none. */
  readonly oauth?: OAuthEndpoints;
}

/** Everything a handler may use: the services, and who asks. */
export interface FhirContext extends FhirServices {
  readonly principal: Principal;
  readonly requestId: string;
  /** The language of texts for people; English when left out. */
  readonly language?: Language;
  /** Writes a fault of ours to the log, under the request id. */
  readonly reportFault: (error: unknown) => void;
  /** What this request shows, for the access log. */
  readonly trail?: Pick<AccessTrail, 'saw' | 'asksAbout' | 'forEntry' | 'declares'>;
}

/** How a resource is checked when written: not at all, against R4 itself, or against the profiles it claims as well. */
export type WriteValidation = 'off' | 'base' | 'profile';

interface OAuthEndpoints {
  readonly authorize?: string;
  readonly token: string;
}

export interface Limits {
  readonly bodyBytes: number;
  readonly bundleEntries: number;
  readonly pageSizeDefault: number;
  readonly pageSizeMax: number;
  readonly includedMax: number;
  /** In the resources of one page of a search; a single one may be larger. Left out: 64 MiB. */
  readonly pageBytesMax?: number;
}

/** A request whose interaction is known and has been allowed. */
export interface AllowedRequest<Which extends Interaction = Interaction> extends FhirRequest {
  readonly interaction: Which;
  /** Only resources for which this holds exist for the caller; `{ op: 'all' }` when nothing is hidden. */
  readonly within: Clause;
}

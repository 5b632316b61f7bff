/**
 * What reading a search needs to know of its server. A FhirContext fits.
 *
 * Spec: https://hl7.org/fhir/R4/search.html
 */
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { TimeZone } from '../fhir/time-zone.ts';
import type { SearchRegistry } from './registry.ts';

export interface SearchEnvironment {
  readonly definitions: Definitions;
  readonly searchRegistry: SearchRegistry;
  /** Absolute base URL of the API without a slash at the end. */
  readonly baseUrl: string;
  readonly nowMs: () => number;
  readonly limits: { readonly pageSizeDefault: number; readonly pageSizeMax: number };
  /** The zone in which a date is a day; must be the one the index entries were made in. By default the server's. */
  readonly zone?: TimeZone;
  /** Answers `:in`, `:not-in`, `:above` and `:below`; without it these are refused. */
  readonly terminology?: Pick<TerminologyService, 'expand' | 'lookup'>;
}

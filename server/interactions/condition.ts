/**
 * The searches inside other interactions: conditions of a write, If-None-Exist, and conditional references.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#ccreate · #cond-update · #cdelete
 */
import { badRequest, FhirError, unknownTypeNamed } from '../fhir/errors.ts';
import { parseSearch } from '../search/parse.ts';
import type { SearchQuery } from '../search/query.ts';
import type { FhirRequest, FhirServices } from './context.ts';

/** True for a conditional reference, `Type?query`. */
export const isSearch = (link: string): boolean => /^[A-Z][A-Za-z]+\?/.test(link);

/** Parameters that shape the answer of a search: a condition has none, and who gives one means something else. */
const SHAPING: ReadonlySet<string> = new Set(['_count', '_sort', '_total', '_score', '_page']);

/** Enough to see that there is more than one. */
const TWO = 2;

/**
 * The search of a condition, for at most `limit` matches.
 * @throws FhirError 400 `invalid` when it says nothing, or shapes an answer instead of choosing resources; else as parseSearch.
 */
export function conditionQuery(
  services: FhirServices,
  type: string,
  parameters: FhirRequest['query'],
  expression: string,
  limit: number = TWO,
): SearchQuery {
  const shaping = parameters.find(([name]) => SHAPING.has(name))?.[0];
  if (shaping !== undefined) throw badRequest(`A condition chooses by what resources hold: ${shaping} is no part of it`, shaping);
  if (parameters.some(([, value]) => value.includes('\0'))) throw badRequest('A condition contains the character NUL', expression);
  const { query, includes } = parseSearch({ parameters, types: [type] }, services);
  if (query.where.op === 'all') throw badRequest(`Without an id, a condition says which ${type} is meant`, expression);
  if (includes.length > 0) throw badRequest('A condition includes nothing', expression);
  return { types: query.types, where: query.where, sort: [], limit, total: 'none' };
}

/**
 * The search of an If-None-Exist header; undefined without one.
 * @throws FhirError 400 pointing at the header.
 */
export function ifNoneExistQuery(services: FhirServices, type: string, header: string | undefined): SearchQuery | undefined {
  if (header === undefined) return undefined;
  return pointingAt('If-None-Exist', () => conditionQuery(services, type, ifNoneExistParameters(type, header), 'If-None-Exist'));
}

/** What an If-None-Exist header asks. */
export function ifNoneExistParameters(type: string, header: string): FhirRequest['query'] {
  return [...new URLSearchParams(header.replace(/^\?/, '').replace(new RegExp(`^${type}\\?`), ''))];
}

/**
 * The search of a conditional reference, `Type?query`.
 * @throws FhirError 400 pointing at the type of the reference, 400 `value` for an unknown type.
 */
export function referenceQuery(services: FhirServices, link: string): SearchQuery {
  const question = link.indexOf('?');
  const type = link.slice(0, question);
  if (!services.definitions.isResourceType(type)) throw unknownTypeNamed(type, services.definitions.resourceTypes, type);
  return pointingAt(type, () => conditionQuery(services, type, [...new URLSearchParams(link.slice(question + 1))], type));
}

function pointingAt<T>(expression: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, expression: [expression] }));
    throw new FhirError(error.status, issues, error.headers);
  }
}

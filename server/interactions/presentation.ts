/**
 * A resource as the client wants to see it: whole, or the part that `_summary` or `_elements` names.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#parameters
 */
import { badValue } from '../fhir/errors.ts';
import { type Narrow, narrowing, unknownElement } from '../search/narrow.ts';
import type { FhirRequest, FhirResponse, FhirServices } from './context.ts';
import { generalParameter } from './parameters.ts';

const SUMMARIES = ['true', 'text', 'data', 'false'] as const;

/** The body for one resource, from its stored text. */
export function presentOne(services: FhirServices, json: string, query: FhirRequest['query']): { readonly text: string } {
  if (query.length === 0) return { text: json };
  return { text: presentation(services, query)?.(json) ?? json };
}

/** The answer to a write, its body as the query wants it. @throws FhirError as presentation. */
export function presentAnswer(services: FhirServices, response: FhirResponse, query: FhirRequest['query']): FhirResponse {
  const { body } = response;
  const narrow = query.length === 0 ? undefined : presentation(services, query);
  return narrow === undefined || body === undefined || !('text' in body) || typeof body.text !== 'string'
    ? response
    : { ...response, body: { text: narrow(body.text) } };
}

/**
 * How the query wants resources shown; undefined when whole.
 * @throws FhirError 400 `value` for a summary or a list of elements that cannot be read.
 */
export function presentation(services: FhirServices, query: FhirRequest['query']): Narrow | undefined {
  const asked = generalParameter(query, '_summary') ?? 'false';
  const summary = SUMMARIES.find((each) => each === asked);
  if (summary === undefined) throw badValue(`_summary is one of ${SUMMARIES.join(', ')} here`, '_summary');
  const elements = generalParameter(query, '_elements')
    ?.split(',')
    .map((path) => path.replace(/^[A-Z][A-Za-z]*\./, ''));
  const unknown = elements === undefined ? undefined : unknownElement(services.definitions, [], elements);
  if (unknown !== undefined) throw badValue(`_elements: ${unknown.name.slice(0, 64)} ${unknown.why}`, '_elements');
  return narrowing(services.definitions, summary, elements);
}

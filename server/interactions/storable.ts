/**
 * What may not be kept as it is, valid or not: a part of a resource in place of the whole, and a reference that is still a
 * search. Either would lose what the client believes to have written.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#summary · https://hl7.org/fhir/R4/http.html#trules
 */
import { follow } from '../bundle/sent-links.ts';
import { badRequest, businessRule } from '../fhir/errors.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import { isSearch } from './condition.ts';

const SUBSETTED = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue|SUBSETTED';

/**
 * Refuses a resource that says of itself that it is a part of one, as `_summary` and `_elements` give it.
 * @throws FhirError 422 `business-rule`.
 */
export function refusePart({ meta, resourceType }: Resource): void {
  const tags: unknown = meta?.tag;
  if (!Array.isArray(tags)) return;
  const isPart = tags.some((tag) => isObject(tag) && `${tag.system}|${tag.code}` === SUBSETTED);
  if (isPart)
    throw businessRule('What is tagged SUBSETTED is a part of a resource, and would replace the whole', `${resourceType}.meta.tag`);
}

/** In the text of a resource, what a conditional reference looks like; its first letters may be escaped. */
const LOOKS_LIKE_SEARCH = /"reference"\s*:\s*"(?:[A-Z][A-Za-z]*\?|[A-Za-z]*\\u)/;

/** To look for one sign takes a hundredth of the pattern's time. */
function looksLikeSearch(text: string): boolean {
  return (text.includes('?') || text.includes('\\u')) && LOOKS_LIKE_SEARCH.test(text);
}

/**
 * Refuses conditional references (`Patient?identifier=…`), which only a transaction resolves; `text` is what the resource
 * was read from, where that is at hand.
 * @throws FhirError 400 `invalid` at the reference.
 */
export function refuseSearches(resource: Resource, text?: string): void {
  if (text !== undefined && !looksLikeSearch(text)) return;
  follow(resource, resource.resourceType, ({ link, at }) => {
    if (isSearch(link)) throw badRequest('A conditional reference is resolved in a transaction only', at);
  });
}

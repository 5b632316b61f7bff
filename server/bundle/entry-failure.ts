/**
 * Says of an error which entry of the Bundle it came from: expressions start with `Bundle.entry[n]`.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction-response
 */
import { FhirError } from '../fhir/errors.ts';
import type { Issue } from '../fhir/outcome.ts';

/** Headers of a request as they are named inside a Bundle entry. */
const REQUEST_ELEMENTS: Readonly<Record<string, string>> = {
  'If-Match': 'ifMatch',
  'If-None-Match': 'ifNoneMatch',
  'If-None-Exist': 'ifNoneExist',
  'If-Modified-Since': 'ifModifiedSince',
};

/** The same error, its issues pointing into entry `place`: elements into the resource, headers and parameters into the request. */
export function inEntry(place: number, error: unknown): unknown {
  if (!(error instanceof FhirError)) return error;
  return new FhirError(
    error.status,
    error.issues.map((issue) => issueInEntry(place, issue)),
    error.headers,
  );
}

function issueInEntry(place: number, issue: Issue): Issue {
  const at = `Bundle.entry[${place}]`;
  const expression = (issue.expression ?? []).map((path) => {
    if (path.startsWith('Bundle.entry[')) return path;
    const header = REQUEST_ELEMENTS[path];
    if (header !== undefined) return `${at}.request.${header}`;
    if (/^(patch\b|resourceType$)/.test(path)) return `${at}.resource`;
    const element = /^[A-Z][A-Za-z]*(?=[.[]|$)/.exec(path);
    return element === null ? `${at}.request.url` : `${at}.resource${path.slice(element[0].length)}`;
  });
  return { ...issue, expression: expression.length === 0 ? [at] : expression };
}

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

/** What is wrong with the content of the entries of a Bundle, gathered so that all of it is told at once. */
export class EntryFaults {
  readonly #faults: { readonly place: number; readonly error: FhirError }[] = [];

  /** True when as many entries are at fault as are told of. */
  get areEnough(): boolean {
    return this.#faults.length >= FAULTY_ENTRIES_TOLD;
  }

  /** Keeps the fault of entry `place`. @returns false for what is no fault of the content: whoever is refused is told that alone. */
  add(place: number, error: unknown): boolean {
    if (!(error instanceof FhirError) || !CONTENT_STATUSES.has(error.status)) return false;
    this.#faults.push({ place, error });
    return true;
  }

  /** @throws FhirError with the status of the first fault and the issues of all, in the order of the Bundle; none without faults. */
  tell(): void {
    const [first] = this.#faults;
    if (first === undefined) return;
    const inOrder = this.#faults.toSorted((a, b) => a.place - b.place);
    const issues = inOrder.flatMap(({ place, error }) => error.issues.map((issue) => issueInEntry(place, issue)));
    throw new FhirError(first.error.status, issues, first.error.headers);
  }
}

/** More would help nobody, and each takes time to find. */
const FAULTY_ENTRIES_TOLD = 20;
const CONTENT_STATUSES: ReadonlySet<number> = new Set([400, 422]);

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

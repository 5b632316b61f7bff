/**
 * Reads `request.url` of a Bundle entry, and relative or absolute links to entries.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction
 */
import { badValue } from '../fhir/errors.ts';

export interface EntryTarget {
  /** Decoded path segments below the base. */
  readonly path: readonly string[];
  readonly query: readonly (readonly [string, string])[];
}

/** `Type/id`, as most entries have it. */
const PLAIN = /^([A-Za-z]+)\/([A-Za-z0-9\-.]+)$/;

/**
 * Path and query of an entry's URL; an absolute one must be below our own base.
 * @throws FhirError 400 `value` with expression `url` otherwise.
 */
export function readEntryUrl(url: string, baseUrl: string): EntryTarget {
  const plain = PLAIN.exec(url);
  if (plain !== null) return { path: [plain[1]!, plain[2]!], query: [] };
  const relative = url === baseUrl ? '' : url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length + 1) : url.replace(/^\//, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(relative)) throw badValue('request.url is not a URL of this server', 'url');
  const question = relative.indexOf('?');
  const pathText = question < 0 ? relative : relative.slice(0, question);
  const query = question < 0 ? [] : [...new URLSearchParams(relative.slice(question + 1))];
  if (/%00|\0/.test(relative)) throw badValue('request.url contains the character NUL', 'url');
  if (garbledParameter(relative, query) !== undefined) throw badValue('A parameter of request.url is not UTF-8: Å is %C3%85', 'url');
  return { path: decodePath(pathText, 'url'), query };
}

/** What URLSearchParams puts where escapes are no UTF-8; searched for as it is, it would find nothing, without a word. */
const REPLACEMENT = '\ufffd';

/** The name of the first parameter in whose name or value escapes are no UTF-8; `text` is what `query` was decoded from. */
export function garbledParameter(text: string, query: EntryTarget['query']): string | undefined {
  if (!text.includes('%') || /%EF%BF%BD|\ufffd/i.test(text)) return undefined;
  return query.find(([name, value]) => name.includes(REPLACEMENT) || value.includes(REPLACEMENT))?.[0];
}

/**
 * The decoded segments of a path; a slash at its end is ignored.
 * @throws FhirError 400 `value` naming `expression` when an escape is broken or a segment is empty.
 */
export function decodePath(pathText: string, expression: string): readonly string[] {
  const trimmed = pathText.replace(/^\/|\/$/g, '');
  if (trimmed === '') return [];
  return trimmed.split('/').map((segment) => {
    const decoded = decodeSegment(segment);
    if (decoded === undefined || decoded === '') throw badValue('The path of the URL cannot be read', expression);
    return decoded;
  });
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

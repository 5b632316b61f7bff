/**
 * How many resources are read at a time: as many as come to a file. Attachments make some a thousand times as large as
 * others, and a thousand of those are more than a process can hold.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#bulk-data-output-file-request
 */

/** Resources in one file, and in one page. */
export const PER_FILE = 1000;
/** Characters in one file; a resource that is larger has one of its own. */
export const FILE_CHARACTERS = 16 * 1024 * 1024;
/** The first page: nothing is known of the size of what is in it. */
export const FIRST_PAGE = 20;
/** What is read next may be larger than what was. */
const GROWS_AT_MOST = 10;

/** The size of the page after one of `limit` with these texts. */
export function nextPage(limit: number, texts: readonly (string | null)[]): number {
  const characters = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  const fitting = Math.floor((FILE_CHARACTERS * texts.length) / Math.max(characters, 1));
  return Math.max(1, Math.min(PER_FILE, GROWS_AT_MOST * limit, fitting));
}

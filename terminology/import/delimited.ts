/**
 * Reads delimited text row by row: the tab-separated files of SNOMED CT and of the Norwegian code lists, and CSV with
 * quotes.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc4180 · https://docs.snomed.org/snomed-ct-specifications/release-file-specification
 */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** The rows of a tab-separated file without quotes, its header line left out. Reads as it goes: such files are large. */
export async function* tabRows(file: string): AsyncGenerator<readonly string[]> {
  let isHeader = true;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!isHeader && line !== '') yield line.split('\t');
    isHeader = false;
  }
}

/** The rows of a file by the names of its header, quotes understood. */
export function* namedRows(file: string): Generator<ReadonlyMap<string, string>> {
  let header: readonly string[] | undefined;
  for (const row of delimitedRows(textOf(file), ',')) {
    if (header === undefined) header = row;
    else yield new Map(header.map((name, index) => [name, row[index] ?? '']));
  }
}

/** The text of a file, in UTF-8 or, as older Norwegian releases are, in ISO 8859-1. */
export function textOf(file: string): string {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The rows of a text; a field in quotes may hold the delimiter, line ends and doubled quotes. Blank lines are left out. */
export function* delimitedRows(text: string, delimiter: string): Generator<readonly string[]> {
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    let field: string;
    if (text[at] === '"') {
      [field, at] = quoted(text, at);
    } else {
      const end = endOfField(text, at, delimiter);
      field = text.slice(at, end);
      at = end;
    }
    row.push(field);
    if (text[at] === delimiter) {
      at++;
      if (at < text.length && text[at] !== '\r' && text[at] !== '\n') continue;
      row.push('');
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    if (row.length > 1 || row[0] !== '') yield row;
    row = [];
  }
}

function endOfField(text: string, start: number, delimiter: string): number {
  let at = start;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

/** The field that begins with the quote at `start`, and the place after its last quote. */
function quoted(text: string, start: number): [string, number] {
  let at = start + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return [text.slice(start + 1).replaceAll('""', '"'), text.length];
    if (text[end + 1] !== '"') return [text.slice(start + 1, end).replaceAll('""', '"'), end + 1];
    at = end + 2;
  }
}

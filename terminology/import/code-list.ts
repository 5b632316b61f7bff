/**
 * Reads the Norwegian releases of ICD-10 and ICPC-2: text with a code and its name on each line, with tabs or semicolons
 * between, with or without a header.
 *
 * Spec: https://www.helsedirektoratet.no/digitalisering-og-e-helse/helsefaglige-kodeverk
 */
import { basename } from 'node:path';
import { delimitedRows, textOf } from './delimited.ts';
import { named, releaseFiles } from './find-files.ts';
import { type Release, type ReleaseConcept, ReleaseError } from './release.ts';

const SYSTEMS = {
  icd10: {
    url: 'urn:oid:2.16.578.1.12.4.1.1.7110',
    name: 'ICD-10 (norsk utgave)',
    // A00, A000, A00.0, and with a fifth sign of Norwegian use; B18-group headings such as A00-A09; chapters by Roman numeral.
    code: /^(?:[A-Z]\d\d(?:\.?[0-9A-Z]{1,3})?|[A-Z]\d\d-[A-Z]\d\d|[IVX]{1,5})$/,
    parentOf: (code: string) => (/^[A-Z]\d\d\.?[0-9A-Z]+$/.test(code) ? shorter(code) : []),
  },
  icpc2: {
    url: 'urn:oid:2.16.578.1.12.4.1.1.7170',
    name: 'ICPC-2 (norsk utgave)',
    // A01, a chapter A, and process codes such as -30.
    code: /^(?:[A-Z]\d\d(?:\.\d{1,4})?|[A-Z]|[-*]\d\d)$/,
    parentOf: (code: string) => (/^[A-Z]\d\d/.test(code) ? [...shorter(code), code.slice(0, 1)] : []),
  },
} as const;

const CODE_NAMES = /^(?:kode|kodeverdi|code|icd-?10|icpc-?2?)$/i;
const TEXT_NAMES =
  /^(?:tekst|kodetekst|navn|kodenavn|betegnelse|term|tittel|beskrivelse|text|name|foretrukket term|tekst (?:u)?forkortet)$/i;

/**
 * The release in a text file, or in the text files of a folder.
 * @throws ReleaseError when no line begins with a code of the system.
 */
export function readCodeList(system: keyof typeof SYSTEMS, path: string): Release {
  const { url, name, code: pattern, parentOf } = SYSTEMS[system];
  const files = releaseFiles(path);
  const texts = files.length === 1 ? files : named(files, /\.(?:txt|csv|tsv)$/i);
  const found = new Map<string, ReleaseConcept>();
  for (const file of texts) {
    for (const [code, display] of codesOf(textOf(file), pattern)) {
      if ((found.get(code)?.display?.length ?? 0) < display.length) found.set(code, { code, display });
    }
  }
  if (found.size === 0) throw new ReleaseError(`${path}: no line here begins with a code of ${name}`);
  const concepts = [...found.values()].map((concept) => ({ ...concept, parents: nearest(parentOf(concept.code), found) }));
  const version = /((?:19|20)\d\d)(?!\d)/.exec(basename(texts[0] ?? ''))?.[1];
  return { url, name, language: 'nb', concepts, ...(version === undefined ? {} : { version }) };
}

function* codesOf(text: string, pattern: RegExp): Generator<readonly [string, string]> {
  const delimiter =
    ['\t', ';', ','].find((candidate) => text.split('\n', 20).filter((line) => line.includes(candidate)).length > 0) ?? '\t';
  let [codeAt, textAt] = [0, 1];
  for (const row of delimitedRows(text, delimiter)) {
    const fields = row.map((field) => field.trim());
    const named = fields.findIndex((field) => CODE_NAMES.test(field));
    if (named >= 0 && fields.some((field) => TEXT_NAMES.test(field))) {
      [codeAt, textAt] = [named, fields.findIndex((field) => TEXT_NAMES.test(field))];
      continue;
    }
    const [code = '', display = ''] = [fields[codeAt], fields[textAt]];
    if (pattern.test(code) && display !== '') yield [code, display];
  }
}

/** The codes a code may be under, the longest first: `A000`, `A00`. */
function shorter(code: string): readonly string[] {
  const found: string[] = [];
  for (let length = code.length - 1; length >= 3; length--) if (code[length - 1] !== '.') found.push(code.slice(0, length));
  return found;
}

function nearest(candidates: readonly string[], known: ReadonlyMap<string, unknown>): readonly string[] {
  const parent = candidates.find((code) => known.has(code));
  return parent === undefined ? [] : [parent];
}

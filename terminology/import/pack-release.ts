/**
 * Puts a release into columns: concepts in the order of their codes, relations by number, texts one after the other.
 */
import { FLAG, type ReleaseFile } from '../service/release-file.ts';
import type { Release, ReleaseConcept } from './release.ts';

/** The release as the file the service reads. Of concepts with the same code the last counts. */
export function packRelease(release: Release): ReleaseFile {
  const concepts = inOrder(release.concepts);
  const numberOf = new Map(concepts.map(({ code }, number) => [code, number]));
  const parents = concepts.map(({ code, parents: named = [] }) => related(named, code, numberOf));
  const designations = concepts.map((concept) => concept.designations ?? []);
  const properties = concepts.map((concept) => concept.properties ?? []);
  const [languages, languageNumberOf] = numbering(designations.flatMap((rows) => rows.map(({ language }) => language)));
  const [names, nameNumberOf] = numbering(properties.flatMap((rows) => rows.map(({ name }) => name)));
  const [values, valueNumberOf] = numbering(properties.flatMap((rows) => rows.map(({ value }) => value)));
  const allDesignations = designations.flat();
  const allProperties = properties.flat();
  const codes = textColumn(concepts.map(({ code }) => code));
  const displays = textColumn(concepts.map(({ display = '' }) => display));
  const definitions = textColumn(concepts.map(({ definition = '' }) => definition));
  const designationTexts = textColumn(allDesignations.map(({ value }) => value));
  const valueTexts = textColumn(values);
  const search = textColumn(concepts.map(searchable));
  const children = turnedAround(parents);
  return {
    head: {
      url: release.url,
      name: release.name,
      ...(release.version === undefined ? {} : { version: release.version }),
      ...(release.language === undefined ? {} : { language: release.language }),
      concepts: concepts.length,
      languages,
      properties: names,
    },
    numbers: {
      codeStarts: codes.starts,
      displayStarts: displays.starts,
      definitionStarts: definitions.starts,
      flags: Uint8Array.from(concepts, flagsOf),
      parentStarts: starts(parents),
      parents: Uint32Array.from(parents.flat()),
      childStarts: starts(children),
      children: Uint32Array.from(children.flat()),
      designationOf: starts(designations),
      designationLanguages: Uint8Array.from(allDesignations, ({ language }) => languageNumberOf.get(language)!),
      designationStarts: designationTexts.starts,
      propertyOf: starts(properties),
      propertyNames: Uint16Array.from(allProperties, ({ name }) => nameNumberOf.get(name)!),
      propertyValues: Uint32Array.from(allProperties, ({ value }) => valueNumberOf.get(value)!),
      valueStarts: valueTexts.starts,
      searchStarts: search.starts,
    },
    texts: {
      codes: codes.text,
      displays: displays.text,
      definitions: definitions.text,
      designations: designationTexts.text,
      values: valueTexts.text,
      search: search.text,
    },
  };
}

/** In the order of the bytes of their codes, which is how a code is looked up. */
function inOrder(concepts: Iterable<ReleaseConcept>): readonly ReleaseConcept[] {
  const byCode = new Map<string, ReleaseConcept>();
  for (const concept of concepts) byCode.set(concept.code, concept);
  return [...byCode.values()].sort((a, b) => Buffer.compare(Buffer.from(a.code), Buffer.from(b.code)));
}

/** What a concept is found by. */
function searchable({ code, display = '', designations = [] }: ReleaseConcept): string {
  return [...new Set([code, display, ...designations.map(({ value }) => value)].map((term) => term.toLowerCase()))].join('\n');
}

function flagsOf(concept: ReleaseConcept): number {
  return (concept.inactive === true ? FLAG.inactive : 0) | (concept.abstract === true ? FLAG.abstract : 0);
}

function related(codes: readonly string[], own: string, numberOf: ReadonlyMap<string, number>): readonly number[] {
  return [...new Set(codes)]
    .filter((code) => code !== own)
    .map((code) => numberOf.get(code))
    .filter((number) => number !== undefined);
}

function turnedAround(parents: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const children: number[][] = parents.map(() => []);
  for (const [child, above] of parents.entries()) for (const parent of above) children[parent]!.push(child);
  return children;
}

/** Where the rows of each concept begin, and after them where the last end. */
function starts(rows: readonly (readonly unknown[])[]): Uint32Array<ArrayBuffer> {
  const result = new Uint32Array(rows.length + 1);
  for (const [index, row] of rows.entries()) result[index + 1] = result[index]! + row.length;
  return result;
}

function textColumn(rows: readonly string[]): { readonly starts: Uint32Array<ArrayBuffer>; readonly text: Buffer<ArrayBuffer> } {
  const result = new Uint32Array(rows.length + 1);
  for (const [index, row] of rows.entries()) result[index + 1] = result[index]! + Buffer.byteLength(row);
  const text = Buffer.alloc(result[rows.length]!);
  for (const [index, row] of rows.entries()) text.write(row, result[index]!);
  return { starts: result, text };
}

/** The different texts, and the number of each. */
function numbering(texts: readonly string[]): readonly [readonly string[], ReadonlyMap<string, number>] {
  const different = [...new Set(texts)];
  return [different, new Map(different.map((text, number) => [text, number]))];
}

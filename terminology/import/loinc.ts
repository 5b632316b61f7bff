/**
 * Reads a LOINC release: the table of terms, and the parts, answers and hierarchy that stand beside it.
 *
 * Spec: https://loinc.org/kb/users-guide/loinc-database-structure/ · https://hl7.org/fhir/R4/loinc.html
 */
import { namedRows } from './delimited.ts';
import { named, releaseFiles } from './find-files.ts';
import { type Release, type ReleaseConcept, ReleaseError } from './release.ts';

const PROPERTIES = [
  'COMPONENT',
  'PROPERTY',
  'TIME_ASPCT',
  'SYSTEM',
  'SCALE_TYP',
  'METHOD_TYP',
  'CLASS',
  'CLASSTYPE',
  'ORDER_OBS',
  'STATUS',
] as const;

/**
 * The release in a folder.
 * @throws ReleaseError when Loinc.csv is missing or is not the table of terms.
 */
export function readLoinc(path: string): Release {
  const files = releaseFiles(path);
  const [table] = named(files, /^Loinc\.csv$/i);
  if (table === undefined) throw new ReleaseError(`${path}: there is no Loinc.csv here`);
  const parents = hierarchy(files);
  const concepts = [...terms(table, parents), ...parts(files, parents), ...answers(files)];
  if (concepts.length === 0) throw new ReleaseError(`${table}: there is no column LOINC_NUM`);
  const version = /loinc[_-]?v?(\d+\.\d+)/i.exec(table)?.[1];
  return { url: 'http://loinc.org', name: 'LOINC', language: 'en', concepts, ...(version === undefined ? {} : { version }) };
}

function* terms(file: string, parents: ReadonlyMap<string, readonly string[]>): Generator<ReleaseConcept> {
  for (const row of namedRows(file)) {
    const code = row.get('LOINC_NUM');
    if (code === undefined || code === '') continue;
    const short = row.get('SHORTNAME') ?? '';
    yield {
      code,
      ...text('display', row.get('LONG_COMMON_NAME')),
      ...text('definition', row.get('DefinitionDescription')),
      inactive: row.get('STATUS') === 'DEPRECATED',
      parents: parents.get(code) ?? [],
      designations: short === '' ? [] : [{ language: 'en', value: short }],
      properties: PROPERTIES.map((name) => ({ name, value: row.get(name) ?? '' })).filter(({ value }) => value !== ''),
    };
  }
}

function* parts(files: readonly string[], parents: ReadonlyMap<string, readonly string[]>): Generator<ReleaseConcept> {
  for (const file of named(files, /^Part\.csv$/i)) {
    for (const row of namedRows(file)) {
      const code = row.get('PartNumber') ?? '';
      if (code === '') continue;
      yield {
        code,
        ...text('display', row.get('PartDisplayName') || row.get('PartName')),
        inactive: row.get('Status') === 'DEPRECATED',
        parents: parents.get(code) ?? [],
      };
    }
  }
}

/** The codes that answers are given with (`LA…`), under the lists they are in (`LL…`). */
function* answers(files: readonly string[]): Generator<ReleaseConcept> {
  const lists = new Map<string, ReleaseConcept>();
  const found = new Map<string, { concept: ReleaseConcept; parents: string[] }>();
  for (const file of named(files, /^AnswerList\.csv$/i)) {
    for (const row of namedRows(file)) {
      const list = row.get('AnswerListId') ?? '';
      const code = row.get('AnswerStringId') ?? '';
      if (list !== '') lists.set(list, { code: list, ...text('display', row.get('AnswerListName')), abstract: true });
      if (code === '') continue;
      const parents = found.get(code)?.parents ?? [];
      parents.push(list);
      found.set(code, { concept: { code, ...text('display', row.get('DisplayText')) }, parents });
    }
  }
  yield* lists.values();
  for (const { concept, parents } of found.values()) yield { ...concept, parents };
}

/** The codes above each code: by component and system in newer releases, in several axes in older ones. */
function hierarchy(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const file of named(files, /^(?:ComponentHierarchyBySystem|MultiAxialHierarchy)\.csv$/i)) {
    for (const row of namedRows(file)) {
      const [code, parent] = [row.get('CODE') ?? '', row.get('IMMEDIATE_PARENT') ?? ''];
      if (code === '' || parent === '') continue;
      const known = parents.get(code);
      if (known === undefined) parents.set(code, [parent]);
      else known.push(parent);
    }
  }
  return parents;
}

function text<const Name extends 'display' | 'definition'>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return (value === undefined || value === '' ? {} : { [name]: value }) as { [key in Name]?: string };
}

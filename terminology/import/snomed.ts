/**
 * Reads a SNOMED CT release: the snapshot files of Release Format 2, of an edition or of the packages it is made of.
 *
 * Spec: https://docs.snomed.org/snomed-ct-specifications/release-file-specification · https://hl7.org/fhir/R4/snomedct.html
 */
import { basename } from 'node:path';
import { tabRows } from './delimited.ts';
import { named, releaseFiles } from './find-files.ts';
import { type Release, type ReleaseConcept, ReleaseError } from './release.ts';

const URL = 'http://snomed.info/sct';
const IS_A = '116680003';
const FULLY_SPECIFIED_NAME = '900000000000003001';
const PREFERRED = '900000000000548007';
const US_ENGLISH = '900000000000509007';
const DEFINED = '900000000000073002';
const INTERNATIONAL_MODULE = '900000000000207008';
const NORWEGIAN_MODULE = '51000202101';
const ACTIVE = '1';

const FILES = {
  concepts: /^x?sct2_Concept_(?:\w*)Snapshot_.*\.txt$/i,
  descriptions: /^x?sct2_Description_(?:\w*)Snapshot[-_].*\.txt$/i,
  definitions: /^x?sct2_TextDefinition_(?:\w*)Snapshot[-_].*\.txt$/i,
  relationships: /^x?sct2_Relationship_(?:\w*)Snapshot_.*\.txt$/i,
  languages: /^x?der2_cRefset_Language(?:\w*)Snapshot[-_].*\.txt$/i,
  referenceSets: /^x?der2_Refset_Simple(?:\w*)Snapshot_.*\.txt$/i,
} as const;

/** How good a description is as the one shown: the lower the better. */
const RANK = { preferred: 0, acceptable: 1, fullySpecified: 2 } as const;

interface Description {
  readonly language: string;
  readonly value: string;
  readonly rank: number;
  readonly isDisplay: boolean;
}

interface Draft {
  readonly inactive: boolean;
  readonly effectiveTime: string;
  readonly properties: { name: string; value: string }[];
  readonly parents: string[];
  readonly descriptions: Description[];
  definition?: string;
}

/**
 * The release in a folder.
 * @throws ReleaseError when a file of the snapshot is missing or is not in this format.
 */
export async function readSnomed(path: string): Promise<Release> {
  const files = releaseFiles(path);
  const conceptFiles = named(files, FILES.concepts);
  for (const kind of ['concepts', 'descriptions', 'relationships'] as const) {
    if (named(files, FILES[kind]).length === 0) throw new ReleaseError(`${path}: there is no RF2 snapshot of ${kind} here`);
  }
  const drafts = await readConcepts(conceptFiles);
  if (drafts.size === 0) throw new ReleaseError(`${path}: the concept file has no concepts in RF2`);
  await readDescriptions(files, drafts);
  await readRelationships(named(files, FILES.relationships), drafts);
  for (const file of named(files, FILES.referenceSets)) {
    for await (const [, , active, , refset, code = ''] of tabRows(file)) {
      if (active === ACTIVE && refset !== undefined) drafts.get(code)?.properties.push({ name: 'refset', value: refset });
    }
  }
  return { url: URL, name: 'SNOMED CT', version: versionOf(conceptFiles), language: 'en', concepts: concepts(drafts) };
}

async function readConcepts(files: readonly string[]): Promise<Map<string, Draft>> {
  const drafts = new Map<string, Draft>();
  for (const file of files) {
    for await (const [id, effectiveTime = '', active, module, status] of tabRows(file)) {
      if (id === undefined || module === undefined || !/^\d{6,18}$/.test(id)) continue;
      // An edition may be given as several packages; a concept that stands in two is as the later says.
      if ((drafts.get(id)?.effectiveTime ?? '') > effectiveTime) continue;
      const properties = [
        { name: 'moduleId', value: module },
        { name: 'sufficientlyDefined', value: String(status === DEFINED) },
      ];
      drafts.set(id, { inactive: active !== ACTIVE, effectiveTime, properties, parents: [], descriptions: [] });
    }
  }
  return drafts;
}

async function readDescriptions(files: readonly string[], drafts: ReadonlyMap<string, Draft>): Promise<void> {
  const preferred = new Set<string>();
  const preferredInEnglish = new Set<string>();
  for (const file of named(files, FILES.languages)) {
    for await (const [, , active, , refset, description, acceptability] of tabRows(file)) {
      if (active !== ACTIVE || acceptability !== PREFERRED || description === undefined) continue;
      preferred.add(description);
      if (refset === US_ENGLISH) preferredInEnglish.add(description);
    }
  }
  for (const file of named(files, FILES.descriptions)) {
    for await (const [id = '', , active, , code = '', language = '', type, value = ''] of tabRows(file)) {
      if (active !== ACTIVE) continue;
      const isFullySpecified = type === FULLY_SPECIFIED_NAME;
      const rank = isFullySpecified ? RANK.fullySpecified : preferred.has(id) ? RANK.preferred : RANK.acceptable;
      drafts.get(code)?.descriptions.push({ language, value, rank, isDisplay: !isFullySpecified && preferredInEnglish.has(id) });
    }
  }
  for (const file of named(files, FILES.definitions)) {
    for await (const [, , active, , code = '', language, , value] of tabRows(file)) {
      const draft = drafts.get(code);
      if (active === ACTIVE && language === 'en' && value !== undefined && draft !== undefined) draft.definition ??= value;
    }
  }
}

/** Hierarchy, and the attributes of each concept as properties named by their codes. Role groups are not kept. */
async function readRelationships(files: readonly string[], drafts: ReadonlyMap<string, Draft>): Promise<void> {
  for (const file of files) {
    for await (const [, , active, , source = '', destination, , type] of tabRows(file)) {
      const draft = drafts.get(source);
      if (active !== ACTIVE || draft === undefined || destination === undefined || type === undefined) continue;
      if (type === IS_A) draft.parents.push(destination);
      else draft.properties.push({ name: type, value: destination });
    }
  }
}

function* concepts(drafts: ReadonlyMap<string, Draft>): Generator<ReleaseConcept> {
  for (const [code, { inactive, descriptions, parents, properties, definition }] of drafts) {
    const designations = descriptions.sort((a, b) => a.rank - b.rank);
    const display = (
      designations.find(({ isDisplay }) => isDisplay) ??
      designations.find(({ language }) => language.startsWith('en')) ??
      designations[0]
    )?.value;
    yield {
      code,
      inactive,
      parents,
      designations,
      properties,
      ...(display === undefined ? {} : { display }),
      ...(definition === undefined ? {} : { definition }),
    };
  }
}

/** `http://snomed.info/sct/<edition>/version/<date>`, from the names of the files: an edition made of packages is as late as its last. */
function versionOf(files: readonly string[]): string {
  const parts = files.map((file) => /_([A-Z]{2,3})?\d*_(\d{8})\.txt$/i.exec(basename(file)));
  const date =
    parts
      .map((part) => part?.[2] ?? '')
      .sort()
      .at(-1) ?? '';
  const edition = parts.some((part) => part?.[1] === 'NO') ? NORWEGIAN_MODULE : INTERNATIONAL_MODULE;
  return date === '' ? `${URL}/${edition}` : `${URL}/${edition}/version/${date}`;
}

/**
 * Reads the generated definition files into `Definitions`. Types are built when first asked for.
 *
 * Spec: https://hl7.org/fhir/R4/structuredefinition.html
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../fhir/resource.ts';
import { type CompactElement, type CompactTypes, FLAG, SEPARATOR } from './compact.ts';
import type { Definitions, ElementInfo, SearchParameterInfo, TypeInfo } from './definitions.ts';
import { searchParameterInfo } from './search-parameter.ts';

const CORE_FOLDER = join(import.meta.dirname, 'generated');
const PROFILES_FOLDER = join(import.meta.dirname, '..', '..', 'profiles', 'generated');

/**
 * The definitions of R4 and the SearchParameter resources found as files in `profilesFolder`
 * (by default the project's own; a folder that does not exist has none).
 * @throws when a file is missing or broken: the installation is not whole.
 */
export function loadDefinitions(profilesFolder: string = PROFILES_FOLDER): Definitions {
  const rows = readJson(join(CORE_FOLDER, 'types.json')) as CompactTypes;
  const core = readJson(join(CORE_FOLDER, 'search-parameters.json')) as readonly SearchParameterInfo[];
  const resourceTypes = Object.keys(rows)
    .filter((name) => rows[name]?.kind === 'resource' && rows[name].abstract !== true)
    .sort();
  const concrete = new Set(resourceTypes);
  const types = new Map<string, TypeInfo>();
  return {
    resourceTypes,
    isResourceType: (name) => concrete.has(name),
    type(name) {
      const known = types.get(name);
      if (known !== undefined) return known;
      if (!Object.hasOwn(rows, name)) return undefined;
      const made = typeInfo(name, rows);
      types.set(name, made);
      return made;
    },
    searchParameters: [...core, ...ownSearchParameters(profilesFolder)],
  };
}

/** The text of each of the project's own resources, definitions and examples, in the order of their files. @throws as `loadDefinitions`. */
export function readOwnResources(): readonly string[] {
  const files = readdirSync(PROFILES_FOLDER).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => readFileSync(join(PROFILES_FOLDER, file), 'utf8'));
}

function ownSearchParameters(folder: string): readonly SearchParameterInfo[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.startsWith('SearchParameter-') && file.endsWith('.json'));
  return files.sort().map((file) => searchParameterInfo(readJson(join(folder, file)) as Resource));
}

function typeInfo(name: string, rows: CompactTypes): TypeInfo {
  const row = rows[name] as CompactTypes[string];
  const elements = row.elements.map((element) => elementInfo(name, element));
  const properties = new Map<string, { element: ElementInfo; type: string }>();
  for (const element of elements) {
    if (!element.choice) properties.set(element.name, { element, type: element.types[0] ?? element.childrenIn ?? '' });
    else for (const type of element.types) properties.set(choiceName(element.name, type), { element, type });
  }
  return {
    name,
    kind: row.kind,
    abstract: row.abstract === true,
    ...(row.base === undefined ? {} : { base: row.base }),
    elements,
    property: (jsonName) => properties.get(jsonName),
  };
}

/** The JSON name of a choice element for one of its types: `value` and `dateTime` give `valueDateTime`. */
export function choiceName(name: string, type: string): string {
  return name + type.charAt(0).toUpperCase() + type.slice(1);
}

function elementInfo(parent: string, row: CompactElement): ElementInfo {
  const [name, min, max, types, flags, childrenIn, targets, binding] = row;
  const choice = (flags & FLAG.choice) !== 0;
  return {
    name,
    path: `${parent}.${name}${choice ? '[x]' : ''}`,
    min,
    max: max === -1 ? Number.POSITIVE_INFINITY : max,
    types: types === '' ? [] : types.split(SEPARATOR),
    choice,
    ...(childrenIn ? { childrenIn } : {}),
    ...(targets ? { targets: targets.split(SEPARATOR) } : {}),
    ...(binding ? { binding: bindingInfo(binding) } : {}),
    summary: (flags & FLAG.summary) !== 0,
    modifier: (flags & FLAG.modifier) !== 0,
  };
}

function bindingInfo([strength, valueSet, system]: NonNullable<CompactElement[7]>): NonNullable<ElementInfo['binding']> {
  return {
    strength: strength as NonNullable<ElementInfo['binding']>['strength'],
    ...(valueSet === undefined ? {} : { valueSet }),
    ...(system === undefined ? {} : { system }),
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

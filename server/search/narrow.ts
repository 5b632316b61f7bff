/**
 * Parts of a resource: `_summary` and `_elements`. What is left out is told by the SUBSETTED tag.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#summary · https://hl7.org/fhir/R4/search.html#elements
 */
import type { Definitions, TypeInfo } from '../definitions/definitions.ts';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import { didYouMean } from '../fhir/nearest.ts';
import { type Coding, isObject, type Resource } from '../fhir/resource.ts';
import type { Summary } from './result-parameters.ts';

const SUBSETTED: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};
const ALWAYS = new Set(['resourceType', 'id', 'meta']);

/** Turns a resource's JSON text into that of the part asked for. */
export type Narrow = (json: string) => string;

/**
 * The first name that is no element at the top of resources of these types (none: of any type), and what to say of it;
 * undefined when all are.
 */
export function unknownElement(
  definitions: Definitions,
  types: readonly string[],
  names: readonly string[],
): { readonly name: string; readonly why: string } | undefined {
  const searched = types.length > 0 ? types : definitions.resourceTypes;
  // What is not known ends the look, so each name counts once.
  const name = [...new Set(names)].find((each) => !searched.some((type) => hasElement(definitions.type(type), each)));
  if (name === undefined) return undefined;
  const known = new Set(searched.flatMap((type) => definitions.type(type)?.elements.map((element) => element.name) ?? []));
  const whose = types.length > 0 ? types.join(' or ') : 'any resource';
  return { name, why: `is not the name of an element at the top of ${whose}${didYouMean(name, known)}` };
}

function hasElement(type: TypeInfo | undefined, name: string): boolean {
  const plain = name.replace(/\[x\]$/, '');
  return type?.property(name) !== undefined || type?.elements.some((element) => element.name === plain) === true;
}

/** How to narrow resources for these parameters; undefined when they are sent whole. `elements` counts before `summary`. */
export function narrowing(definitions: Definitions, summary: Summary, elements?: readonly string[]): Narrow | undefined {
  const keep = keeper(definitions, summary, elements);
  if (keep === undefined) return undefined;
  return (json) => stringifyJson(narrowed(parseJson(json) as Resource, definitions, keep));
}

type Keep = (type: TypeInfo, jsonName: string, value: unknown) => unknown;

function keeper(definitions: Definitions, summary: Summary, elements?: readonly string[]): Keep | undefined {
  if (elements !== undefined) {
    const names = new Set(elements.map((name) => name.replace(/\[x\]$/, '')));
    // A choice may be named as the element, or as it stands in JSON.
    const isAsked = (type: TypeInfo, jsonName: string) => names.has(elementName(type, jsonName)) || names.has(plainName(jsonName));
    return (type, jsonName, value) => (isAsked(type, jsonName) || isMandatory(type, jsonName) ? value : undefined);
  }
  switch (summary) {
    case 'true':
      return (type, jsonName, value) => summaryOf(definitions, type, jsonName, value);
    case 'text':
      return (type, jsonName, value) => (jsonName === 'text' || isMandatory(type, jsonName) ? value : undefined);
    case 'data':
      return (_type, jsonName, value) => (jsonName === 'text' ? undefined : value);
    default:
      return undefined;
  }
}

function narrowed(resource: Resource, definitions: Definitions, keep: Keep): Resource {
  const type = definitions.type(resource.resourceType);
  if (type === undefined) return resource;
  const part: Resource = { resourceType: resource.resourceType };
  for (const [name, value] of Object.entries(resource)) {
    const kept = ALWAYS.has(name) ? value : keep(type, name, value);
    if (kept !== undefined) part[name] = kept;
  }
  const tags = (resource.meta?.tag ?? []).filter((tag) => tag.code !== SUBSETTED.code);
  // Rebuilt so that id and meta stand first, as in every resource of this server.
  const { resourceType, id, meta, ...rest } = part;
  return { resourceType, ...(id === undefined ? {} : { id }), meta: { ...meta, tag: [...tags, SUBSETTED] }, ...rest };
}

/** What the summary of an element is: the whole, or of a backbone element the parts marked as summary. */
function summaryOf(definitions: Definitions, type: TypeInfo, jsonName: string, value: unknown): unknown {
  const element = type.property(plainName(jsonName))?.element;
  if (element === undefined || !(element.summary || isMandatory(type, jsonName))) return undefined;
  const inner = element.childrenIn === undefined ? undefined : definitions.type(element.childrenIn);
  if (inner === undefined) return value;
  const part = (item: unknown): unknown => (isObject(item) ? summaryOfNode(definitions, inner, item) : item);
  return Array.isArray(value) ? value.map(part) : part(value);
}

function summaryOfNode(definitions: Definitions, type: TypeInfo, node: Record<string, unknown>): unknown {
  const kept = Object.entries(node).flatMap(([name, value]) => {
    const part = summaryOf(definitions, type, name, value);
    return part === undefined ? [] : [[name, part] as const];
  });
  // An element without content is not valid JSON of FHIR: rather the whole than nothing.
  return kept.length === 0 ? node : Object.fromEntries(kept);
}

function isMandatory(type: TypeInfo, jsonName: string): boolean {
  const element = type.property(plainName(jsonName))?.element;
  return element !== undefined && (element.min > 0 || element.modifier);
}

function elementName(type: TypeInfo, jsonName: string): string {
  return type.property(plainName(jsonName))?.element.name ?? plainName(jsonName);
}

function plainName(jsonName: string): string {
  return jsonName.startsWith('_') ? jsonName.slice(1) : jsonName;
}

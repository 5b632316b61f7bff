/**
 * StructureDefinitions of R4 types into rows: one a type, and one an inner element that has children of its own.
 *
 * Spec: https://hl7.org/fhir/R4/structuredefinition.html · https://hl7.org/fhir/R4/elementdefinition.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { type CompactElement, type CompactType, FLAG, SEPARATOR } from '../compact.ts';

interface ElementDefinition {
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly type?: readonly { code: string; targetProfile?: readonly string[] }[];
  readonly contentReference?: string;
  readonly binding?: { strength: string; valueSet?: string };
  readonly isSummary?: boolean;
  readonly isModifier?: boolean;
}

interface StructureDefinition extends Resource {
  readonly kind: 'resource' | 'complex-type' | 'primitive-type' | 'logical';
  readonly abstract: boolean;
  readonly type: string;
  readonly derivation?: string;
  readonly baseDefinition?: string;
  readonly snapshot: { element: readonly ElementDefinition[] };
}

/** The text of types.json: every type of R4 by name, inner elements by path. `valueSets` give the one code system of a required binding. */
export function compactTypes(resources: readonly Resource[], valueSets: readonly Resource[]): string {
  const systems = singleSystems(valueSets);
  const rows: string[] = [];
  for (const resource of resources) {
    if (resource.resourceType !== 'StructureDefinition') continue;
    const definition = resource as StructureDefinition;
    if (definition.kind === 'logical' || definition.derivation === 'constraint') continue;
    for (const [name, type] of typesOf(definition, systems)) rows.push(`${JSON.stringify(name)}:${JSON.stringify(type)}`);
  }
  return `{\n${rows.join(',\n')}\n}\n`;
}

function typesOf(definition: StructureDefinition, systems: ReadonlyMap<string, string>): [string, CompactType][] {
  const elements = definition.snapshot.element;
  const parents = new Set(elements.slice(1).map((element) => parentOf(element.path)));
  return [...parents].map((path) => {
    const children = elements.filter((element, at) => at > 0 && parentOf(element.path) === path);
    const rows = children.map((element) => compactElement(element, definition.kind === 'resource', parents, systems));
    if (path !== definition.type) {
      const base = elements.find((element) => element.path === path)?.type?.[0]?.code;
      return [path, { kind: 'backbone', ...(base === undefined ? {} : { base }), elements: rows }];
    }
    const base = definition.baseDefinition?.slice(definition.baseDefinition.lastIndexOf('/') + 1);
    const kind = definition.kind as CompactType['kind'];
    return [path, { kind, ...(definition.abstract ? { abstract: true } : {}), ...(base === undefined ? {} : { base }), elements: rows }];
  });
}

function compactElement(
  element: ElementDefinition,
  inResource: boolean,
  parents: ReadonlySet<string>,
  systems: ReadonlyMap<string, string>,
): CompactElement {
  const last = element.path.slice(element.path.lastIndexOf('.') + 1);
  const choice = last.endsWith('[x]');
  const types = [...new Set((element.type ?? []).map((type) => typeCode(type, element.path, inResource)))];
  const childrenIn = parents.has(element.path) ? element.path : element.contentReference?.slice(1);
  const targets = (element.type ?? []).flatMap((type) => type.targetProfile ?? []).map((url) => url.slice(url.lastIndexOf('/') + 1));
  const flags = (choice ? FLAG.choice : 0) + (element.isSummary ? FLAG.summary : 0) + (element.isModifier ? FLAG.modifier : 0);
  const named = targets.includes('Resource') ? [] : [...new Set(targets)];
  return trimmed<CompactElement>([
    choice ? last.slice(0, -3) : last,
    element.min,
    element.max === '*' ? -1 : Number(element.max),
    types.join(SEPARATOR),
    flags,
    childrenIn ?? '',
    named.join(SEPARATOR),
    binding(element, systems),
  ]);
}

/** Elements whose type is a FHIRPath system type: an id is a `string` (of a resource: `id`), a primitive's value stays as it is. */
function typeCode(type: { readonly code: string }, path: string, inResource: boolean): string {
  if (!type.code.startsWith('http://hl7.org/fhirpath/') || path.endsWith('.value')) return type.code;
  return inResource && /^\w+\.id$/.test(path) ? 'id' : 'string';
}

function binding(element: ElementDefinition, systems: ReadonlyMap<string, string>): CompactElement[7] {
  if (element.binding === undefined) return undefined;
  const valueSet = element.binding.valueSet?.split('|')[0];
  const system = element.binding.strength === 'required' && valueSet !== undefined ? systems.get(valueSet) : undefined;
  return trimmed<NonNullable<CompactElement[7]>>([element.binding.strength, valueSet, system]);
}

/** Value sets drawn from exactly one code system. */
function singleSystems(valueSets: readonly Resource[]): ReadonlyMap<string, string> {
  const systems = new Map<string, string>();
  for (const valueSet of valueSets) {
    if (valueSet.resourceType !== 'ValueSet') continue;
    const compose = valueSet.compose as { include: readonly { system?: string; valueSet?: unknown }[] } | undefined;
    const [only, ...others] = new Set(compose?.include.map((include) => include.system) ?? []);
    if (only !== undefined && others.length === 0) systems.set(String(valueSet.url), only);
  }
  return systems;
}

function trimmed<Row extends readonly unknown[]>(row: readonly unknown[]): Row {
  let end = row.length;
  while (end > 0 && (row[end - 1] === undefined || row[end - 1] === '')) end -= 1;
  return row.slice(0, end) as unknown as Row;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'));
}

/**
 * The rules of the project's profiles, read from their differentials: what each element constraint and invariant
 * demands beyond the base. What cannot be broken by itself is no rule of its own: an element that decides which slice
 * it is in, and a minimum that the minima of the slices already give.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html · slices https://hl7.org/fhir/R4/profiling.html#slicing
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../../server/fhir/resource.ts';

export const PROFILES_FOLDER = join(import.meta.dirname, '..', '..', 'profiles');
const GENERATED = join(PROFILES_FOLDER, 'generated');

interface ElementType {
  readonly code: string;
  readonly profile?: readonly string[];
  readonly targetProfile?: readonly string[];
}

interface Element {
  readonly id: string;
  readonly path: string;
  readonly sliceName?: string;
  readonly slicing?: { readonly discriminator?: readonly { readonly path: string }[] };
  readonly min?: number;
  readonly max?: string;
  readonly type?: readonly ElementType[];
  readonly binding?: { readonly strength: string; readonly valueSet: string };
  readonly constraint?: readonly { readonly key: string; readonly severity: string; readonly expression: string }[];
  readonly [value: string]: unknown;
}

export interface Structure {
  readonly id: string;
  readonly url: string;
  readonly type: string;
  readonly derivation: string;
  readonly differential: { readonly element: readonly Element[] };
  readonly snapshot: { readonly element: readonly Element[] };
}

export interface Rule {
  /** `CarePlan.title/min`: the element id and what is demanded of it; the key for an invariant. */
  readonly rule: string;
  readonly profile: string;
  readonly element: Element;
  readonly kind: 'min' | 'max' | 'value' | 'range' | 'type' | 'target' | 'binding' | 'invariant';
}

/** Every generated resource, sorted by file name. */
export function allGenerated(): Resource[] {
  const files = readdirSync(GENERATED).sort();
  return files.map((file) => JSON.parse(readFileSync(join(GENERATED, file), 'utf8')) as Resource);
}

/** The project's profiles and extensions. */
export function structures(): Structure[] {
  return allGenerated().filter(({ resourceType }) => resourceType === 'StructureDefinition') as unknown as Structure[];
}

/** The rules of one profile or extension, in the order of its differential. */
export function rulesOf(structure: Structure): Rule[] {
  const elements = structure.differential.element;
  return elements.flatMap((element) => {
    const told = demands(element, elements);
    return told.map(([name, kind]) => ({ rule: `${element.id}/${name}`, profile: structure.id, element, kind }));
  });
}

/** The file that holds the invalid example of a rule. */
export function invalidFile(rule: Rule): string {
  return join(PROFILES_FOLDER, 'input', 'invalid', rule.profile, `${rule.rule.replace(/[^A-Za-z0-9.-]+/g, '_')}.json`);
}

function demands(element: Element, all: readonly Element[]): [string, Rule['kind']][] {
  const found: [string, Rule['kind']][] = (element.constraint ?? []).map(({ key }) => [key, 'invariant']);
  const place = placeInSlice(element, all);
  const isFree = place !== 'decides';
  if ((element.min ?? 0) > 0 && isFree && slicesMinimum(element, all) < (element.min ?? 0)) found.push(['min', 'min']);
  if (element.max !== undefined && element.max !== '*' && isFree) found.push(['max', 'max']);
  const holdsValue = Object.keys(element).some((key) => /^(fixed|pattern)[A-Z]/.test(key));
  if (holdsValue && place === 'other') found.push(['value', 'value']);
  for (const key of Object.keys(element)) if (/^(min|max)Value/.test(key)) found.push([key.slice(0, 8), 'range']);
  if (element.binding !== undefined && element.binding.strength !== 'preferred' && place === 'other') found.push(['binding', 'binding']);
  if (element.type?.some(({ code, targetProfile }) => code === 'Reference' && targetProfile !== undefined) === true)
    found.push(['target', 'target']);
  if (element.path.endsWith('[x]') && element.type !== undefined) found.push(['type', 'type']);
  return found;
}

/**
 * `decides` for an element on the discriminator path of the slice that it is part of, `is-slice` for a slice that its
 * own value decides (`$this`): there a different value makes it no member of the slice, and breaks nothing.
 */
function placeInSlice(element: Element, all: readonly Element[]): 'decides' | 'is-slice' | 'other' {
  if (element.path === 'Extension.url') return 'decides';
  for (const sliced of all) {
    const [, slice, rest] = element.id.match(`^${RegExp.escape(sliced.id)}:([^.]+)(?:\\.(.+))?$`) ?? [];
    for (const { path } of slice === undefined ? [] : (sliced.slicing?.discriminator ?? [])) {
      if (path === '$this' && rest === undefined) return 'is-slice';
      if (rest !== undefined && (path === rest || path.startsWith(`${rest}.`))) return 'decides';
    }
  }
  return 'other';
}

function slicesMinimum(element: Element, all: readonly Element[]): number {
  const slices = all.filter((other) => other.sliceName !== undefined && other.id === `${element.id}:${other.sliceName}`);
  return slices.reduce((sum, slice) => sum + (slice.min ?? 0), 0);
}

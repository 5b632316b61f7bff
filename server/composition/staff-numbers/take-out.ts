/**
 * Takes national identity numbers of staff out of a resource that was stored before they were refused: an identifier
 * goes whole, words stay without the number. A reference that may name a patient as well says so from now on, when the
 * number is a patient's or relative's here.
 */
import type { Definitions } from '../../definitions/definitions.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { type NumberPlace, staffNumberPlaces } from '../../interactions/business-rules/staff-number-places.ts';
import { withoutNationalNumbers } from '../../search/personal-number.ts';

export interface Identifier {
  readonly system?: string;
  readonly value?: string;
}

interface TakenOut {
  /** True when something was. */
  readonly changed: boolean;
  /** The identifiers of the resource itself that went. */
  readonly numbers: readonly Identifier[];
}

/** As what a number belongs to somebody in care; undefined when it does not. */
export type InCare = (number: Identifier) => 'Patient' | 'RelatedPerson' | undefined;

type Holder = Record<string | number, unknown>;

/** Changes the resource. */
export function takeOutStaffNumbers(resource: Resource, definitions: Pick<Definitions, 'type'>, inCare: InCare): TakenOut {
  const places = staffNumberPlaces(resource, definitions);
  const numbers: Identifier[] = [];
  // From the last on, so that the places before stay where they are.
  for (const place of places.toReversed()) {
    const taken = takeOut(resource, place, inCare);
    if (taken !== undefined && place.path.length === 2 && place.path[0] === 'identifier') numbers.unshift(taken);
  }
  return { changed: places.length > 0, numbers };
}

/** The identifiers of references that may name somebody in care: whose they are is to be found out. */
export function numbersInReferences(resource: Resource, definitions: Pick<Definitions, 'type'>): readonly Identifier[] {
  return staffNumberPlaces(resource, definitions)
    .filter(({ kind }) => kind === 'reference')
    .map(({ path }) => at(resource, path) as Identifier);
}

function takeOut(resource: Resource, { path, kind }: NumberPlace, inCare: InCare): Identifier | undefined {
  const holder = at(resource, path.slice(0, -1)) as Holder;
  const last = path.at(-1)!;
  const value = holder[last];
  if (kind === 'words') {
    const text = withoutNationalNumbers(String(value));
    holder[last] = last === 'div' && !text.startsWith('<') ? `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>` : text;
    return undefined;
  }
  const said =
    kind === 'reference' && holder.type === undefined && holder.reference === undefined ? inCare(value as Identifier) : undefined;
  if (said !== undefined) holder.type = said;
  else remove(resource, path);
  return value as Identifier;
}

/** Removes what is there, and what is empty without it. */
function remove(resource: Resource, path: readonly (string | number)[]): void {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const holder = at(resource, path.slice(0, depth - 1)) as Holder;
    const last = path[depth - 1]!;
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
    if (Object.keys(holder).length > 0) return;
  }
}

function at(resource: Resource, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, step) => (isObject(value) || Array.isArray(value) ? (value as Holder)[step] : undefined), resource);
}

/**
 * Compartments of R4: which search parameters put a resource of a type into the compartment of a patient,
 * practitioner, related person, device or encounter.
 *
 * Spec: https://hl7.org/fhir/R4/compartmentdefinition.html
 */
import table from './generated/compartments.json' with { type: 'json' };

const COMPARTMENTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = table;

/** HL7's mark for "the resource is the owner of the compartment itself". */
const SELF = '{def}';

/** True for the five types that own a compartment. */
export function hasCompartment(type: string): boolean {
  return Object.hasOwn(COMPARTMENTS, type);
}

/** How resources of `type` come into a compartment of `owner`: `self` when the owner itself belongs, and the codes of reference parameters. */
export interface CompartmentMembership {
  readonly self: boolean;
  readonly params: readonly string[];
}

/**
 * Membership of `type` in compartments of `owner` (`Patient`, `Practitioner`, …); undefined when resources of that type
 * are never in one. The owner's own resource always belongs (R4 marks it with `{def}`, and leaves it out for Patient).
 */
export function compartmentMembership(owner: string, type: string): CompartmentMembership | undefined {
  const params = COMPARTMENTS[owner]?.[type];
  const self = owner === type && hasCompartment(owner);
  if (params === undefined && !self) return undefined;
  return { self, params: (params ?? []).filter((param) => param !== SELF) };
}

/** All types that may be in a compartment of `owner`, sorted. */
export function compartmentTypes(owner: string): readonly string[] {
  const types = Object.keys(COMPARTMENTS[owner] ?? {});
  return (types.includes(owner) || !hasCompartment(owner) ? types : [...types, owner]).sort();
}

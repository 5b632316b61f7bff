/**
 * The layout of the generated definition files: rows instead of objects, because a start reads them all.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html
 */

/** Element flags, added together. */
export const FLAG = { choice: 1, summary: 2, modifier: 4 } as const;

/** name, min, max (-1 for `*`), types, flags, then what only some have: childrenIn, targets, binding. Empty tails are cut off. */
export type CompactElement = readonly [
  name: string,
  min: number,
  max: number,
  types: string,
  flags: number,
  childrenIn?: string,
  targets?: string,
  binding?: readonly [strength: string, valueSet?: string, system?: string],
];

export interface CompactType {
  readonly kind: 'resource' | 'complex-type' | 'primitive-type' | 'backbone';
  readonly abstract?: true;
  readonly base?: string;
  readonly elements: readonly CompactElement[];
}

export type CompactTypes = Readonly<Record<string, CompactType>>;

export const SEPARATOR = ' ';

/**
 * Compiles the slicing of an element: by its discriminators, which slice a value belongs to.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html#slicing · https://hl7.org/fhir/R4/profiling.html#discriminator
 */
import { compileDiscriminator } from './discriminator.ts';
import type { Compiler, NodePlan } from './profile-plan.ts';
import type { Run } from './run.ts';
import type { Element } from './structure.ts';
import type { Property } from './type-plan.ts';

/** One value of a sliced element. */
export interface Item {
  readonly value: unknown;
  /** For primitives: the object with id and extensions. */
  readonly partner: unknown;
  readonly label: string;
  readonly index: number;
  readonly type: string;
}

/** True when a value is in a slice. The run stands at the value. */
export type SliceTest = (run: Run, item: Item) => boolean;

export interface SlicePlan {
  readonly name: string;
  /** False when the slice says nothing where any of the discriminators look: no value can be told to be in it. */
  readonly decidable: boolean;
  readonly element: Element;
  readonly matches: SliceTest;
  readonly min: number;
  readonly max: number;
  readonly node: NodePlan;
  readonly slicing: SlicingPlan | undefined;
}

export interface SlicingPlan {
  readonly element: Element;
  readonly rules: 'open' | 'closed' | 'openAtEnd';
  readonly ordered: boolean;
  readonly slices: readonly SlicePlan[];
  /** True when values are in one slice or none, wherever they stand: no order, no default, no slices of slices, none that cannot be told. */
  readonly isPlain: boolean;
  readonly from: string;
}

/** The slicing of an element and, below each slice, its re-slicing; undefined when it says nothing. */
export function compileSlicing(
  compiler: Compiler,
  element: Element,
  slices: readonly Element[],
  base: Element,
  properties: readonly Property[],
): SlicingPlan | undefined {
  const slicing = element.slicing ?? impliedSlicing(element);
  if (slicing === undefined) return undefined;
  const prefix = element.sliceName === undefined ? '' : `${element.sliceName}/`;
  const own = slices.filter((slice) => slice.sliceName?.startsWith(prefix) && !slice.sliceName.slice(prefix.length).includes('/'));
  if (own.length === 0 && slicing.rules !== 'closed') return undefined;
  const plans = own.map((slice) => ({
    name: slice.sliceName!,
    element: slice,
    ...matcher(compiler, slice, slicing.discriminator, properties),
    min: slice.min,
    max: slice.max,
    node: compiler.node(slice, base, properties, element),
    slicing: slice.slicing === undefined ? undefined : compileSlicing(compiler, slice, slices, base, properties),
  }));
  const isPlainSlice = ({ name, decidable, slicing: inner }: SlicePlan) => decidable && inner === undefined && !name.endsWith('@default');
  return {
    element,
    rules: slicing.rules,
    ordered: slicing.ordered,
    slices: plans,
    isPlain: !slicing.ordered && slicing.rules !== 'openAtEnd' && plans.every(isPlainSlice),
    from: compiler.from,
  };
}

function impliedSlicing(element: Element): Element['slicing'] {
  if (/\.(?:modifierE|e)xtension$/.test(element.path))
    return { discriminator: [{ type: 'value', path: 'url' }], rules: 'open', ordered: false };
  if (element.path.endsWith('[x]')) return { discriminator: [{ type: 'type', path: '$this' }], rules: 'open', ordered: false };
  return undefined;
}

function matcher(
  compiler: Compiler,
  slice: Element,
  discriminators: NonNullable<Element['slicing']>['discriminator'],
  properties: readonly Property[],
): Pick<SlicePlan, 'matches' | 'decidable'> {
  if (discriminators.length === 0 || slice.sliceName === '@default') return { matches: () => false, decidable: true };
  const tests = discriminators.map((one) => compileDiscriminator(compiler, slice, one, properties)).filter((test) => test !== undefined);
  return { matches: (run, item) => tests.length > 0 && tests.every((test) => test(run, item)), decidable: tests.length > 0 };
}

/**
 * `:below` and `:above` on references to resources that are part of one another: organisations, locations, tasks.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#recursive
 */
import { unsupportedParameter } from '../fhir/errors.ts';
import { anyOf } from './chain.ts';
import type { SearchEnvironment } from './environment.ts';
import type { Clause } from './query.ts';
import { referenceTargets } from './reference-targets.ts';
import { shown } from './values.ts';

/** Levels that are followed from the resource named. Upwards each costs a database more, and no hospital has more. */
const LEVELS = { below: 8, above: 4 } as const;
const PART_OF = ['partof', 'part-of'];

/**
 * References of `param` to the resource named, or to one below (a part of) or above it (of which it is a part).
 * @throws FhirError 400 `not-supported` when resources of that type are not parts of one another.
 */
export function hierarchyClause(
  env: SearchEnvironment,
  name: string,
  param: string,
  direction: 'above' | 'below',
  { type, id }: { readonly type: string; readonly id: string },
): Clause {
  const partOf = PART_OF.find((code) => {
    const parameter = env.searchRegistry.get(type, code);
    return parameter?.type === 'reference' && referenceTargets(env.definitions, parameter, type).includes(type);
  });
  if (partOf === undefined) throw unsupportedParameter(`Search parameter ${shown(name)}: ${type} resources have no hierarchy`, shown(name));
  const itself: Clause = { op: 'match', param, test: { kind: 'reference', type, id } };
  const others = direction === 'below' ? isBelow(partOf, type, id, LEVELS.below) : isAbove(partOf, type, id, LEVELS.above);
  return anyOf([itself, { op: 'chain', param, types: [type], where: others }]);
}

/** Of a resource: it is a part of the one named, directly or through others. */
function isBelow(partOf: string, type: string, id: string, levels: number): Clause {
  const direct: Clause = { op: 'match', param: partOf, test: { kind: 'reference', type, id } };
  if (levels === 1) return direct;
  return anyOf([direct, { op: 'chain', param: partOf, types: [type], where: isBelow(partOf, type, id, levels - 1) }]);
}

/** Of a resource: the one named is a part of it, directly or through others. */
function isAbove(partOf: string, type: string, id: string, levels: number): Clause {
  const named: Clause = { op: 'id', ids: [id] };
  const parts: Clause = levels === 1 ? named : anyOf([named, isAbove(partOf, type, id, levels - 1)]);
  return { op: 'referencedBy', type, param: partOf, where: parts };
}

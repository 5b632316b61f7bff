/**
 * The order of a search as the resources themselves have it.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#sort
 */
import type { Below } from '../../support/random.ts';
import { amountOf, codesOf, folded, spanOf, textsOf } from './match.ts';
import type { SearchMaker } from './random-search.ts';
import { chance, pick } from './values.ts';
import type { World } from './world.ts';

export interface SortBy {
  readonly code: string;
  readonly descending: boolean;
}

export const sortText = (sort: readonly SortBy[]): string =>
  sort.map(({ code, descending }) => `${descending ? '-' : ''}${code}`).join(',');

export function randomSort(random: Below, maker: SearchMaker, type: string): SortBy[] {
  const code = (): string => {
    if (chance(random, 25)) return pick(random, ['_id', '_lastUpdated']);
    return maker.codeOf(type, ['string', 'token', 'date', 'number', 'uri', 'reference', 'quantity']) ?? '_id';
  };
  const keys = Array.from({ length: 1 + random(chance(random, 30) ? 3 : 1) }, () => ({ code: code(), descending: chance(random, 50) }));
  return keys.filter((key, at) => keys.findIndex((other) => other.code === key.code) === at);
}

/** What a resource is sorted by: the smallest of several values, or the largest where the order descends; undefined without any. */
function keyOf(world: World, name: string, { code, descending }: SortBy): string | number | undefined | 'unknown' {
  const resource = world.resources.get(name);
  if (resource === undefined) return undefined;
  if (code === '_id') return resource.id;
  if (code === '_lastUpdated') return world.updatedMs.get(name);
  const elements = world.elements(resource, code);
  const outermost = <Value extends string | number>(values: readonly Value[]): Value | undefined => {
    const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return descending ? sorted.at(-1) : sorted[0];
  };
  switch (world.parameter(resource.resourceType, code)?.type) {
    case 'string':
      return outermost(elements.flatMap(textsOf).map(folded));
    case 'token':
      return outermost(elements.flatMap(codesOf));
    case 'date':
      return outermost(elements.flatMap((element) => spanOf(element)?.[descending ? 'high' : 'low'] ?? []));
    case 'number':
      return outermost(
        elements.flatMap((element) => {
          const bound = amountOf(element)?.[descending ? 'high' : 'low'];
          if (bound === undefined) return [];
          if (bound === 'open') return descending ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
          return Number(bound.digits) * 10 ** bound.power;
        }),
      );
    default:
      // In which order references, addresses and quantities of different units come is the server's to say.
      return 'unknown';
  }
}

/** Two neighbours that stand the wrong way round; undefined when there are none. */
export function misplaced(world: World, names: readonly string[], sort: readonly SortBy[]): string | undefined {
  for (let at = 1; at < names.length; at += 1) {
    const [before, after] = [names[at - 1] as string, names[at] as string];
    for (const key of sort) {
      const [a, b] = [keyOf(world, before, key), keyOf(world, after, key)];
      if (a === 'unknown' || b === 'unknown') break;
      if (a === b) continue;
      if (b === undefined) break;
      const isRight = a !== undefined && (key.descending ? isAfter(a, b) : isAfter(b, a));
      if (isRight) break;
      return `${before} (${a}) before ${after} (${b})`;
    }
  }
  return undefined;
}

/** Texts by their code points, as databases compare them. */
function isAfter(a: string | number, b: string | number): boolean {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;
  return a > b;
}

/**
 * The order of a search as the resources themselves have it.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#sort
 */
import type { Below } from '../../support/random.ts';
import { amountOf, codesOf, spanOf, textsOf } from './match.ts';
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

/** A text that is compared by the rules of Norwegian, its punctuation as gaps. */
interface Text {
  readonly words: string;
}

type Key = string | number | Text;

const NORWEGIAN = new Intl.Collator('nb', { sensitivity: 'accent' });

const wordsOf = (text: string): Text => ({
  words: text
    .replace(/['`´‘’ʼ]/g, '')
    .split(/[\s\p{P}]+/u)
    .filter((word) => word !== '')
    .join(' '),
});

function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'object' && typeof b === 'object') return NORWEGIAN.compare(a.words, b.words);
  // By their code points, as databases compare them.
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a resource is sorted by: the smallest of several values, or the largest where the order descends; undefined without any. */
function keyOf(world: World, name: string, { code, descending }: SortBy): Key | undefined | 'unknown' {
  const resource = world.named(name);
  if (resource === undefined) return undefined;
  if (code === '_id') return resource.id;
  if (code === '_lastUpdated') return world.updatedMs.get(name);
  const elements = world.elements(resource, code);
  const outermost = (values: readonly Key[]): Key | undefined => {
    const sorted = values.toSorted(compareKeys);
    return descending ? sorted.at(-1) : sorted[0];
  };
  switch (world.parameter(resource.resourceType, code)?.type) {
    case 'string':
      return outermost(elements.flatMap(textsOf).map(wordsOf));
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
      if (b === undefined) {
        if (a === undefined) continue;
        break;
      }
      const order = a === undefined ? 1 : compareKeys(a, b) * (key.descending ? -1 : 1);
      if (order === 0) continue;
      if (order < 0) break;
      return `${before} (${JSON.stringify(a)}) before ${after} (${JSON.stringify(b)})`;
    }
  }
  return undefined;
}

/**
 * People for the benchmark: a story of the demo, cut to a transaction of twenty and written again under other ids and
 * identity numbers, so that what is measured is shaped as real plans are.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../../server/fhir/resource.ts';

const STORY = join(import.meta.dirname, '../../server/demo/stories/01-ingrid-solberg.json');
const STEM = 'ingrid-solberg';
/** A second identifier of every person, which may stand in a URL. */
export const BENCH_SYSTEM = 'https://bench.example/person';
/** How many of each type make up the twenty. */
const SHARES: Readonly<Record<string, number>> = {
  Patient: 1,
  RelatedPerson: 2,
  CareTeam: 1,
  Goal: 4,
  CarePlan: 1,
  Task: 8,
  Observation: 3,
};

interface Entry {
  readonly fullUrl: string;
  readonly resource: Resource;
  readonly request: { readonly method: string; readonly url: string };
}

const story = JSON.parse(readFileSync(STORY, 'utf8')) as { readonly entry: readonly Entry[] };
const number = /"value":"(\d{11})"/.exec(JSON.stringify(story))?.[1] ?? '';
const chosen = chooseEntries();

/** JSON text of the transaction that writes person `n` and the plan: twenty PUT entries. */
export function personBundle(n: number): string {
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: chosen });
  return written(text, n);
}

/** JSON text of the plan of person `n`, as it is in the transaction. */
export function personPlan(n: number): string {
  const plan = chosen.find(({ resource }) => resource.resourceType === 'CarePlan')?.resource;
  return written(JSON.stringify(plan), n);
}

/** The text under the ids and numbers of person `n`. */
function written(text: string, n: number): string {
  const unique = `urn:uuid:${n.toString(16).padStart(8, '0')}`;
  return text
    .replaceAll(STEM, personId(n))
    .replaceAll(number, personNumber(n))
    .replaceAll(/urn:uuid:[0-9a-f]{8}/g, unique);
}

export function personId(n: number): string {
  return `bench-${n}`;
}

/** The n-th fødselsnummer of the synthetic series (month + 80) whose check digits are right today. */
function personNumber(n: number): string {
  while (numbers.length <= n) {
    const next = withCheckDigits(candidate++);
    if (next !== undefined) numbers.push(next);
  }
  return numbers[n] ?? '';
}

const numbers: string[] = [];
let candidate = 0;

/** Day, month and individual number counted up; undefined where mod 11 gives a two-digit check. */
function withCheckDigits(count: number): string | undefined {
  const individual = count % 1000;
  const day = 1 + (Math.floor(count / 1000) % 28);
  const month = 81 + (Math.floor(count / 28_000) % 12);
  const year = Math.floor(count / 336_000) % 100;
  const stem = [day, month, year].map((part) => String(part).padStart(2, '0')).join('') + String(individual).padStart(3, '0');
  const first = checkDigit(stem, [3, 7, 6, 1, 8, 9, 4, 5, 2]);
  const second = first === undefined ? undefined : checkDigit(stem + first, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
  return second === undefined ? undefined : `${stem}${first}${second}`;
}

function checkDigit(digits: string, weights: readonly number[]): number | undefined {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : digit;
}

/** What is left points only at what is left or at the shared directory. */
function chooseEntries(): readonly Entry[] {
  const counts = new Map<string, number>();
  const kept = story.entry.filter(({ resource: { resourceType } }) => {
    const count = counts.get(resourceType) ?? 0;
    counts.set(resourceType, count + 1);
    return count < (SHARES[resourceType] ?? 0);
  });
  const names = new Set(kept.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  return kept.map((entry) => ({ ...entry, resource: withIdentifier(without(entry.resource, names) as Resource) }));
}

function withIdentifier(resource: Resource): Resource {
  if (resource.resourceType !== 'Patient') return resource;
  return { ...resource, identifier: [...(resource.identifier as readonly object[]), { system: BENCH_SYSTEM, value: STEM }] };
}

function without(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    const left = value.map((item) => without(item, names)).filter((item) => item !== undefined);
    return left.length === 0 ? undefined : left;
  }
  if (typeof value !== 'object' || value === null) return value;
  const reference = (value as { reference?: unknown }).reference;
  if (typeof reference === 'string' && reference.includes(STEM) && !names.has(reference)) return undefined;
  const left = Object.entries(value).flatMap(([key, item]) => {
    const kept = without(item, names);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

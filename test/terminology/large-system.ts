/** A code system as large as is wanted, of which no code is there before it is asked for; like a loaded release, it is no resource. */
import type { CodeSelection, CodeSystem, Concept } from '../../terminology/service/code-system.ts';

export const LARGE = 'http://large.example/cs';

const concept = (code: string): Concept => ({
  code,
  display: `No. ${code}`,
  designations: [],
  abstract: false,
  inactive: false,
  parents: [],
  properties: [],
});

/** Codes `0`, `1`, … below `size`. */
export function largeSystem(size: number, version: string): CodeSystem {
  const has = (code: string) => /^\d+$/.test(code) && Number(code) < size;
  const from = (start: number, end: number) =>
    Array.from({ length: Math.max(0, Math.min(end, size) - start) }, (_, at) => String(start + at));
  const all: CodeSelection = {
    size,
    has,
    slice: (start, end = size) => from(start, end),
    [Symbol.iterator]: () => from(0, size).values(),
  };
  return {
    url: LARGE,
    name: 'Large',
    version,
    complete: true,
    isTaxonomy: true,
    propertyNames: [],
    find: (code) => (has(code) ? concept(code) : undefined),
    childrenOf: () => [],
    isBelow: () => false,
    filter: (_property, _operator, value) => (value === 'all' ? all : undefined),
    all: () => from(0, size).map(concept),
    codes: () => all,
  };
}

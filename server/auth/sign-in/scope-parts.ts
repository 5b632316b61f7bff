/**
 * Parts of a scope by category: what a user may give an app that asks for all of a type, in place of all of it.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
 */
import { parseResourceScope } from '../scopes.ts';

export type Category = 'survey' | 'vital-signs' | 'laboratory' | 'social-history' | 'problem-list-item' | 'encounter-diagnosis';

interface Categories {
  readonly system: string;
  readonly codes: readonly Category[];
}

const CATEGORIES: Readonly<Record<string, Categories>> = {
  Observation: {
    system: 'http://terminology.hl7.org/CodeSystem/observation-category',
    codes: ['survey', 'vital-signs', 'laboratory', 'social-history'],
  },
  Condition: {
    system: 'http://terminology.hl7.org/CodeSystem/condition-category',
    codes: ['problem-list-item', 'encounter-diagnosis'],
  },
};

export interface ScopePart {
  /** The scope for this part alone. */
  readonly word: string;
  readonly category: Category;
}

/** The parts of a scope for a whole type; none for types without categories, and for scopes of the first version. */
export function scopeParts(word: string): readonly ScopePart[] {
  const scope = parseResourceScope(word);
  const known = scope === undefined ? undefined : CATEGORIES[scope.type];
  if (known === undefined || scope?.query !== undefined || /\.(read|write|\*)$/.test(word)) return [];
  return known.codes.map((category) => ({ word: `${word}?category=${known.system}|${category}`, category }));
}

/** The category that the query of a granular scope names, when it names one of these and nothing else. */
export function categoryOf(type: string, query: string): Category | undefined {
  const known = CATEGORIES[type];
  return known?.codes.find((category) => query === `category=${known.system}|${category}`);
}

/** What a user has given of the scopes they could choose among: a scope that is left whole, or parts of it. */
export function chosenScopes(optional: readonly string[], left: ReadonlySet<string>): readonly string[] {
  return optional.flatMap((word) => {
    if (left.has(word)) return [word];
    return scopeParts(word).flatMap((part) => (left.has(part.word) ? [part.word] : []));
  });
}

/**
 * Translation of codes by ConceptMaps.
 *
 * Spec: https://hl7.org/fhir/R4/conceptmap-operation-translate.html
 */

import type { CodedValue, TranslateMatch } from '../terminology-service.ts';
import { textOf } from './text-of.ts';

type Json = Readonly<Record<string, unknown>>;

const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];

/** The concepts a code maps to in the maps given; `target` narrows to a target system or target value set. */
export function translate(maps: readonly Json[], coded: CodedValue, target?: string): readonly TranslateMatch[] {
  const found: TranslateMatch[] = [];
  for (const map of maps) {
    for (const group of objects(map.group)) {
      if (coded.system !== undefined && group.source !== coded.system) continue;
      const targets = [group.target, map.targetUri, map.targetCanonical];
      if (target !== undefined && !targets.includes(target)) continue;
      for (const element of objects(group.element)) {
        if (element.code === coded.code) found.push(...matchesOf(map, group, element));
      }
    }
  }
  return found;
}

function matchesOf(map: Json, group: Json, element: Json): TranslateMatch[] {
  return objects(element.target).map((one) => ({
    equivalence: textOf(one.equivalence ?? 'equivalent'),
    source: textOf(map.url),
    concept: {
      code: textOf(one.code),
      ...(typeof group.target === 'string' ? { system: group.target } : {}),
      ...(typeof one.display === 'string' ? { display: one.display } : {}),
    },
  }));
}

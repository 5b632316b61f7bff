/**
 * Translation of codes by ConceptMaps.
 *
 * Spec: https://hl7.org/fhir/R4/conceptmap-operation-translate.html · https://hl7.org/fhir/R4/conceptmap.html
 */

import type { CodedValue, TranslateMatch } from '../terminology-service.ts';
import { type Json, objects, text, textOf } from './json-values.ts';

/** Says no more of a mapping than that there is one: what is not mapped code by code has no equivalence of its own. */
const RELATED = 'relatedto';

/** Where concept maps are found. */
interface Maps {
  /** Those that are asked. */
  readonly asked: readonly Json[];
  /** The one of a canonical URL: for codes that a map leaves to another. */
  find(canonical: string): Json | undefined;
}

/** The concepts a code maps to in the maps; `target` narrows to a target system or target value set. */
export function translate(maps: Maps, coded: CodedValue, target?: string): readonly TranslateMatch[] {
  return maps.asked.flatMap((map) => matchesIn(map, maps, coded, target, new Set()));
}

function matchesIn(map: Json, maps: Maps, coded: CodedValue, target: string | undefined, seen: Set<Json>): readonly TranslateMatch[] {
  if (seen.has(map)) return [];
  seen.add(map);
  const isTarget = (group: Json) => target === undefined || [group.target, map.targetUri, map.targetCanonical].includes(target);
  return objects(map.group)
    .filter((group) => (coded.system === undefined || group.source === coded.system) && isTarget(group))
    .flatMap((group) => {
      const elements = objects(group.element).filter(({ code }) => code === coded.code);
      if (elements.length > 0) return elements.flatMap((element) => mapped(map, group, element));
      return unmapped(map, group, maps, coded, target, seen);
    });
}

/** A target that depends on the value of other elements does not hold for the code alone. */
function mapped(map: Json, group: Json, element: Json): TranslateMatch[] {
  return objects(element.target)
    .filter(({ dependsOn }) => objects(dependsOn).length === 0)
    .map((one) => ({
      equivalence: textOf(one.equivalence ?? 'equivalent'),
      source: textOf(map.url),
      products: objects(one.product).map(productOf),
      ...conceptOf(group, one),
    }));
}

function conceptOf(group: Json, { code, display }: Json): { concept: CodedValue } | Record<string, never> {
  if (typeof code !== 'string') return {};
  const [system, version] = [text(group.target), text(group.targetVersion)];
  return {
    concept: {
      code,
      ...(system === undefined ? {} : { system }),
      ...(version === undefined ? {} : { version }),
      ...(typeof display === 'string' ? { display } : {}),
    },
  };
}

function productOf({ property, system, value, display }: Json): TranslateMatch['products'][number] {
  return {
    element: textOf(property),
    concept: {
      code: textOf(value),
      ...(typeof system === 'string' ? { system } : {}),
      ...(typeof display === 'string' ? { display } : {}),
    },
  };
}

/** What a group says of codes of its source system that it does not list. */
function unmapped(
  map: Json,
  group: Json,
  maps: Maps,
  coded: CodedValue,
  target: string | undefined,
  seen: Set<Json>,
): readonly TranslateMatch[] {
  // Without its system, it is not known whether the code is one of these.
  const [rule] = coded.system === undefined ? [] : objects([group.unmapped]);
  const to = (one: Json) => [{ equivalence: RELATED, source: textOf(map.url), products: [], ...conceptOf(group, one) }];
  switch (rule?.mode) {
    case 'provided':
      return to({ code: coded.code, display: coded.display });
    case 'fixed':
      return to(rule);
    case 'other-map': {
      const other = maps.find(textOf(rule.url));
      return other === undefined ? [] : matchesIn(other, maps, coded, target, seen);
    }
    default:
      return [];
  }
}

/**
 * A concept map read from target to source.
 *
 * Spec: https://hl7.org/fhir/R4/conceptmap-operation-translate.html (reverse) · https://hl7.org/fhir/R4/valueset-concept-map-equivalence.html
 */
import { objectsIn } from '../../fhir/resource.ts';

type Json = Readonly<Record<string, unknown>>;

/** What an equivalence says of the source, when it is seen from the target; those that read alike both ways are left out. */
const SEEN_FROM_TARGET: Readonly<Record<string, string>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

/** The map with source and target exchanged, under the same URL. Targets without a code lead nowhere. */
export function reverseMap(map: Json): Json {
  const { sourceUri, sourceCanonical, targetUri, targetCanonical, ...rest } = map;
  return {
    ...rest,
    ...named('sourceUri', targetUri),
    ...named('sourceCanonical', targetCanonical),
    ...named('targetUri', sourceUri),
    ...named('targetCanonical', sourceCanonical),
    group: objectsIn(map.group).map(reverseGroup),
  };
}

function reverseGroup({ source, target, element }: Json): Json {
  const found = new Map<unknown, Json[]>();
  for (const { code, display, target: targets } of objectsIn(element)) {
    for (const { code: reached, equivalence = 'equivalent' } of objectsIn(targets)) {
      if (typeof reached !== 'string') continue;
      const from = { code, ...named('display', display), equivalence: SEEN_FROM_TARGET[String(equivalence)] ?? equivalence };
      found.set(reached, [...(found.get(reached) ?? []), from]);
    }
  }
  const elements = [...found].map(([code, targets]) => ({ code, target: targets }));
  return { ...named('source', target), ...named('target', source), element: elements };
}

function named(name: string, value: unknown): Json {
  return value === undefined ? {} : { [name]: value };
}

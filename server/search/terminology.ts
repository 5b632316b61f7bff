/**
 * Codes that a value set or a hierarchy stands for in a search, settled before a store sees the query.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#modifiers (in, not-in, above, below)
 */
import { badValue, type FhirError, tooCostly, unsupportedParameter } from '../fhir/errors.ts';
import type { SearchEnvironment } from './environment.ts';
import { shown } from './values.ts';

export interface CodeOfSystem {
  readonly system: string | null;
  readonly code: string;
}

/** More codes than this make a query that no store answers well. */
const CODES_MAX = 10_000;

/**
 * All codes of a value set.
 * @throws FhirError 400 `not-supported` when this server cannot expand it, 403 `too-costly` when it has too many codes.
 */
export function codesInValueSet(env: SearchEnvironment, name: string, valueSet: string): readonly CodeOfSystem[] {
  if (env.terminology === undefined) throw withoutTerminology(name);
  const expansion = env.terminology.expand({ valueSet });
  if ('problem' in expansion) {
    if (expansion.problem === 'too-costly') throw tooCostly(`Search parameter ${shown(name)}: ${expansion.message}`);
    throw unsupportedParameter(`Search parameter ${shown(name)}: ${expansion.message}`, shown(name));
  }
  if (expansion.total > CODES_MAX)
    throw tooCostly(`Search parameter ${shown(name)}: the value set has ${expansion.total} codes, more than ${CODES_MAX}`);
  return expansion.contains.map(({ system, code }) => ({ system, code }));
}

/**
 * A code with all that it subsumes (`below`), or with all that subsume it (`above`).
 * @throws FhirError 400 `value` when the code system or the code is not known here, 403 `too-costly` when there are too many.
 */
export function codesAround(
  env: SearchEnvironment,
  name: string,
  direction: 'above' | 'below',
  system: string,
  code: string,
): readonly CodeOfSystem[] {
  if (env.terminology === undefined) throw withoutTerminology(name);
  const found = new Set([code]);
  for (const each of found) {
    const concept = env.terminology.lookup({ system, code: each });
    if (concept === undefined && each === code)
      throw badValue(`Search parameter ${shown(name)}: the code is not known to this server`, shown(name));
    for (const next of (direction === 'above' ? concept?.parents : concept?.children) ?? []) found.add(next);
    if (found.size > CODES_MAX) throw tooCostly(`Search parameter ${shown(name)}: more than ${CODES_MAX} codes`);
  }
  return [...found].map((each) => ({ system, code: each }));
}

function withoutTerminology(name: string): FhirError {
  return unsupportedParameter(`Search parameter ${shown(name)}: this server has no terminology to answer it`, shown(name));
}

/**
 * Regular expressions in value set filters of clients: only tame ones are tried, since a wild one can take for ever.
 *
 * Spec: https://hl7.org/fhir/R4/valueset-filter-operator.html
 */
import { unprocessable } from '../../fhir/errors.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';

const LENGTH_MAX = 200;
/** Repetitions without an end; each of them multiplies the work by the length of the text. */
const OPEN_REPETITIONS_MAX = 2;

/**
 * Passes when every filter by regular expression in a value set can be tried.
 * @throws FhirError 422 `not-supported` pointing at the filter that cannot.
 */
export function refuseWildPatterns({ resourceType, compose }: Resource): void {
  if (resourceType !== 'ValueSet' || !isObject(compose)) return;
  for (const part of ['include', 'exclude']) {
    for (const [place, each] of objectsIn(compose[part]).entries()) {
      for (const [at, { op, value }] of objectsIn(each.filter).entries()) {
        if (op === 'regex' && !isTame(value)) {
          const expression = [`ValueSet.compose.${part}[${place}].filter[${at}].value`];
          const diagnostics = 'This regular expression is not one, or could take too long';
          throw unprocessable([{ severity: 'error', code: 'not-supported', diagnostics, expression }]);
        }
      }
    }
  }
}

function isTame(pattern: unknown): boolean {
  if (typeof pattern !== 'string' || pattern.length > LENGTH_MAX) return false;
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  const repeatsGroup = /\)(?:[*+]|\{\d+,?\d*\})/.test(bare);
  const open = bare.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0;
  try {
    return !repeatsGroup && open <= OPEN_REPETITIONS_MAX && new RegExp(pattern) !== undefined;
  } catch {
    return false;
  }
}

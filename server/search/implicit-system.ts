/**
 * The code system of elements that hold a code or a boolean alone: `gender=http://hl7.org/fhir/administrative-gender|male` names it,
 * the resource does not.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#token
 */
import type { Definitions, SearchParameterInfo } from '../definitions/definitions.ts';
import { compileExpression } from './compile-expression.ts';
import { parseExpression, UnsupportedExpression } from './expression.ts';

/** The system of true and false. */
const SPECIAL_VALUES = 'http://hl7.org/fhir/special-values';

const known = new WeakMap<Definitions, Map<string, string | undefined>>();

/** The one code system of a token parameter whose elements on `type` are all codes bound to it, or booleans; else undefined. */
export function implicitSystem(definitions: Definitions, parameter: SearchParameterInfo, type: string): string | undefined {
  const byParameter = known.get(definitions) ?? new Map<string, string | undefined>();
  known.set(definitions, byParameter);
  const key = `${type} ${parameter.url}`;
  if (!byParameter.has(key)) byParameter.set(key, find(definitions, parameter, type));
  return byParameter.get(key);
}

function find(definitions: Definitions, { expression }: SearchParameterInfo, type: string): string | undefined {
  if (expression === undefined) return undefined;
  const systems = new Set<string | undefined>();
  try {
    compileExpression(definitions, parseExpression(expression), type, (found, element) => {
      systems.add(found === 'boolean' ? SPECIAL_VALUES : found === 'code' ? element?.binding?.system : undefined);
      return undefined;
    });
  } catch (error) {
    if (error instanceof UnsupportedExpression) return undefined;
    throw error;
  }
  const [only, ...others] = systems;
  return others.length === 0 ? only : undefined;
}

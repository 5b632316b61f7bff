/**
 * The FHIR types of the elements that a search parameter looks at: they decide what its values may look like.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#table
 */
import type { Definitions, SearchParameterInfo } from '../definitions/definitions.ts';
import { compileExpression } from './compile-expression.ts';
import { parseExpression, UnsupportedExpression } from './expression.ts';

const known = new WeakMap<Definitions, Map<string, ReadonlySet<string>>>();

/** Types of the elements of `parameter` on `type`; empty where that cannot be told from its expression. */
export function leafTypes(definitions: Definitions, parameter: SearchParameterInfo, type: string): ReadonlySet<string> {
  const byParameter = known.get(definitions) ?? new Map<string, ReadonlySet<string>>();
  known.set(definitions, byParameter);
  const key = `${type} ${parameter.url}`;
  const found = byParameter.get(key) ?? find(definitions, parameter, type);
  byParameter.set(key, found);
  return found;
}

/** True when all elements of the parameter are of this type. */
export function holdsOnly(leaves: ReadonlySet<string>, type: string): boolean {
  return leaves.size === 1 && leaves.has(type);
}

function find(definitions: Definitions, { expression }: SearchParameterInfo, type: string): ReadonlySet<string> {
  const types = new Set<string>();
  if (expression === undefined) return types;
  try {
    compileExpression(definitions, parseExpression(expression), type, (found) => {
      types.add(found);
      return undefined;
    });
  } catch (error) {
    if (!(error instanceof UnsupportedExpression)) throw error;
    types.clear();
  }
  return types;
}

/**
 * The resource types that a reference parameter can lead to from one type: narrower than its definition says, which
 * often covers many types at once. `patient` of an Observation leads to Patient only, whatever the definition lists.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.target
 */
import type { Definitions, SearchParameterInfo } from '../definitions/definitions.ts';
import { compileExpression } from './compile-expression.ts';
import { type Expression, parseExpression, UnsupportedExpression } from './expression.ts';

const known = new WeakMap<Definitions, Map<string, readonly string[]>>();

/** Types that `parameter` may lead to from `type`; every resource type when nothing limits it. */
export function referenceTargets(definitions: Definitions, parameter: SearchParameterInfo, type: string): readonly string[] {
  const byParameter = known.get(definitions) ?? new Map<string, readonly string[]>();
  known.set(definitions, byParameter);
  const key = `${type} ${parameter.url}`;
  const found = byParameter.get(key) ?? find(definitions, parameter, type);
  byParameter.set(key, found);
  return found;
}

function find(definitions: Definitions, { expression, targets }: SearchParameterInfo, type: string): readonly string[] {
  const open = targets.length === 0 || targets.includes('Resource');
  const defined = open ? definitions.resourceTypes : targets;
  const reached = expression === undefined ? undefined : reachedTypes(definitions, expression, type);
  if (reached === undefined) return defined;
  const narrowed = defined.filter((target) => reached.has(target));
  return narrowed.length === 0 ? defined : narrowed;
}

/** The types that the elements of an expression may point at; undefined when any. */
function reachedTypes(definitions: Definitions, text: string, type: string): ReadonlySet<string> | undefined {
  try {
    const expression = parseExpression(text);
    const branches = expression.op === 'union' ? expression.branches : [expression];
    const reached = branches.map((branch) => branchTypes(definitions, branch, type));
    return reached.some((types) => types === undefined) ? undefined : new Set(reached.flatMap((types) => types ?? []));
  } catch (error) {
    if (error instanceof UnsupportedExpression) return undefined;
    throw error;
  }
}

function branchTypes(definitions: Definitions, branch: Expression, type: string): readonly string[] | undefined {
  const only = resolvedType(branch);
  const found: (readonly string[] | undefined)[] = [];
  compileExpression(definitions, branch, type, (_type, element) => {
    found.push(only === undefined ? element?.targets : [only]);
    return undefined;
  });
  return found.some((targets) => targets === undefined) ? undefined : found.flatMap((targets) => targets ?? []);
}

/** `Patient` for `….where(resolve() is Patient)`. */
function resolvedType(branch: Expression): string | undefined {
  const last = branch.op === 'path' ? branch.steps.at(-1) : undefined;
  return last?.kind === 'where' && last.criteria.op === 'is' ? last.criteria.type : undefined;
}

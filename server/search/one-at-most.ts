/**
 * Whether a resource can have more than one value for a search parameter: what is asked of the only one can be asked at
 * once.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html#ElementDefinition.max
 */
import type { Definitions, SearchParameterInfo } from '../definitions/definitions.ts';
import { type Expression, parseExpression, type Step, UnsupportedExpression } from './expression.ts';

const known = new WeakMap<Definitions, Map<string, boolean>>();

/** True when resources of `type` have one element at most that the parameter looks at; false where its expression does not tell. */
export function holdsOneAtMost(definitions: Definitions, parameter: SearchParameterInfo, type: string): boolean {
  const byParameter = known.get(definitions) ?? new Map<string, boolean>();
  known.set(definitions, byParameter);
  const key = `${type} ${parameter.url}`;
  const found = byParameter.get(key) ?? isOneAtMost(definitions, parameter, type);
  byParameter.set(key, found);
  return found;
}

function isOneAtMost(definitions: Definitions, { expression }: SearchParameterInfo, type: string): boolean {
  if (expression === undefined) return false;
  try {
    const elements = elementsOf(definitions, parseExpression(expression), type);
    return elements !== undefined && new Set(elements).size === 1;
  } catch (error) {
    if (error instanceof UnsupportedExpression) return false;
    throw error;
  }
}

/** The elements of `type` that an expression looks at, each of which a resource has once at most; undefined where that is not plain. */
function elementsOf(definitions: Definitions, expression: Expression, type: string): readonly string[] | undefined {
  switch (expression.op) {
    case 'union': {
      const branches = expression.branches.map((branch) => elementsOf(definitions, branch, type));
      return branches.every((branch) => branch !== undefined) ? branches.flat() : undefined;
    }
    case 'path': {
      const { head, steps } = expression;
      // `(Observation.value as Quantity)` is one of what a choice may be.
      if (head !== undefined) return steps.every(({ kind }) => kind === 'ofType') ? elementsOf(definitions, head, type) : undefined;
      return elementOf(definitions, steps, type);
    }
    default:
      return undefined;
  }
}

/** `Type.element`, `Type.element.element` and what is `ofType` of it; no elements where the type is another. */
function elementOf(definitions: Definitions, [first, ...steps]: readonly Step[], type: string): readonly string[] | undefined {
  if (first?.kind !== 'name') return undefined;
  if (first.name !== type) return definitions.isResourceType(first.name) ? [] : undefined;
  let within = definitions.type(type);
  const path: string[] = [];
  for (const step of steps) {
    if (step.kind === 'ofType') continue;
    const element = step.kind === 'name' ? within?.elements.find(({ name }) => name === step.name) : undefined;
    if (element === undefined || element.max > 1) return undefined;
    path.push(element.name);
    const [only, ...others] = element.types;
    // Elements of a choice have no names in common.
    within = others.length === 0 ? definitions.type(element.childrenIn ?? only ?? '') : undefined;
  }
  return path.length === 0 ? undefined : [path.join('.')];
}

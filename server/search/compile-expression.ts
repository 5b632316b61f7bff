/**
 * Turns a search parameter's expression into a function that walks a resource. Types are followed while compiling, so
 * that the function knows what it finds (a Period, a CodeableConcept) without looking.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpath.html
 */

import type { Definitions, ElementInfo } from '../definitions/definitions.ts';
import { choiceName } from '../definitions/load.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import { containedById } from './contained-by-id.ts';
import { type Expression, type Step, UnsupportedExpression } from './expression.ts';

/** Does something with a node that was found; `root` is the resource walked, `out` takes the results. */
export type Visit<Out> = (node: unknown, root: Resource, out: Out[]) => void;

/** Makes the visit for nodes of a FHIR type, held by an element where a path leads to one; undefined when they give nothing. */
export interface VisitFor<Out> {
  (type: string, element?: ElementInfo): Visit<Out> | undefined;
  /** True where a primitive that has extensions but no value is a node as well: somebody died, it is not known when. */
  readonly takesValueless?: true;
}

type Test = (node: unknown, root: Resource) => boolean | undefined;

/**
 * A visit for nodes of `type` that applies the visit made by `leaf` to all that `expression` leads to;
 * undefined when it can lead nowhere from that type.
 * @throws UnsupportedExpression for what FHIRPath allows and this does not compile.
 */
export function compileExpression<Out>(
  definitions: Definitions,
  expression: Expression,
  type: string,
  leaf: VisitFor<Out>,
): Visit<Out> | undefined {
  switch (expression.op) {
    case 'union':
      return inTurn(expression.branches.map((branch) => compileExpression(definitions, branch, type, leaf)));
    case 'path':
      if (isTest(expression)) return compileAnswer(definitions, expression, type, leaf);
      return compilePath(definitions, expression, type, leaf);
    case 'literal': {
      const visit = leaf(typeof expression.value);
      return visit && ((_node, root, out) => visit(expression.value, root, out));
    }
    default:
      return compileAnswer(definitions, expression, type, leaf);
  }
}

function compilePath<Out>(
  definitions: Definitions,
  path: Expression & { op: 'path' },
  type: string,
  leaf: VisitFor<Out>,
): Visit<Out> | undefined {
  const { head, steps } = path;
  if (head !== undefined) {
    return compileExpression(definitions, head, type, (from, element) => compileSteps(definitions, steps, 0, from, leaf, element));
  }
  const first = steps[0];
  if (first?.kind !== 'name' || !STARTS_WITH_CAPITAL.test(first.name)) return compileSteps(definitions, steps, 0, type, leaf);
  // `Group.name` leads nowhere from a Patient.
  return isKindOf(definitions, type, first.name) ? compileSteps(definitions, steps.slice(1), 0, type, leaf) : undefined;
}

function compileAnswer<Out>(definitions: Definitions, expression: Expression, type: string, leaf: VisitFor<Out>): Visit<Out> | undefined {
  const test = compileTest(definitions, expression, type);
  const visit = leaf('boolean');
  return (
    visit &&
    ((node, root, out) => {
      const answer = test(node, root);
      if (answer !== undefined) visit(answer, root, out);
    })
  );
}

const STARTS_WITH_CAPITAL = /^[A-Z]/;

function isTest({ steps }: { readonly steps: readonly Step[] }): boolean {
  const kind = steps.at(-1)?.kind;
  return kind === 'exists' || kind === 'empty' || kind === 'not';
}

function compileSteps<Out>(
  definitions: Definitions,
  steps: readonly Step[],
  at: number,
  type: string,
  leaf: VisitFor<Out>,
  element?: ElementInfo,
): Visit<Out> | undefined {
  const step = steps[at];
  if (step === undefined) return leaf(type, element);
  const next: VisitFor<Out> = (found) => compileSteps(definitions, steps, at + 1, found, leaf, element);
  switch (step.kind) {
    case 'name':
      return compileName(definitions, steps, at, type, leaf);
    case 'ofType':
      return isKindOf(definitions, type, step.type) ? next(type) : undefined;
    case 'where': {
      const test = compileTest(definitions, step.criteria, type);
      const then = next(type);
      return then && ((node, root, out) => (test(node, root) === true ? then(node, root, out) : undefined));
    }
    case 'extension':
      return compileExtension(step.url, next);
    case 'root': {
      const then = compileSteps(definitions, steps, at + 1, 'Resource', leaf);
      return then && ((_node, root, out) => then(root, root, out));
    }
    default:
      throw new UnsupportedExpression(step.kind);
  }
}

function compileName<Out>(
  definitions: Definitions,
  steps: readonly Step[],
  at: number,
  type: string,
  leaf: VisitFor<Out>,
): Visit<Out> | undefined {
  const step = steps[at] as Step & { kind: 'name' };
  if (type === 'Resource') return compileForEachType(definitions, (found) => compileSteps(definitions, steps, at, found, leaf));
  const element = definitions.type(type)?.elements.find((candidate) => candidate.name === step.name);
  if (element === undefined) return undefined;
  const after = steps[at + 1];
  if (after?.kind === 'index' && element.max > 1 && at > 0) throw new UnsupportedExpression('an index within a repeating path');
  const index = after?.kind === 'index' ? after.index : undefined;
  const from = index === undefined ? at + 1 : at + 2;
  const visits = typesOf(element).map(([jsonName, found]) => {
    const onPrimitive = definitions.type(found)?.kind === 'primitive-type' && isExtensionStep(steps[from]);
    const visit = compileSteps(definitions, steps, from, onPrimitive ? 'Element' : found, leaf, element);
    const read = visit && readProperty(onPrimitive ? `_${jsonName}` : jsonName, index, visit);
    const isLast = from === steps.length && leaf.takesValueless === true;
    // A boolean without a value says neither yes nor no.
    if (read === undefined || !isLast || found === 'boolean' || definitions.type(found)?.kind !== 'primitive-type') return read;
    return inTurn([read, readValueless(jsonName, visit as Visit<Out>)]);
  });
  return inTurn(visits);
}

function isExtensionStep(step: Step | undefined): boolean {
  return step?.kind === 'extension' || (step?.kind === 'name' && step.name === 'extension');
}

/** The JSON names of an element with the type that each holds. */
function typesOf(element: ElementInfo): readonly (readonly [jsonName: string, type: string])[] {
  if (element.choice) return element.types.map((type) => [choiceName(element.name, type), type] as const);
  return [[element.name, element.childrenIn ?? element.types[0] ?? 'Element']];
}

function readProperty<Out>(name: string, index: number | undefined, visit: Visit<Out>): Visit<Out> {
  return (node, root, out) => {
    if (typeof node !== 'object' || node === null) return;
    const value = (node as Record<string, unknown>)[name];
    if (value === undefined || value === null) return;
    if (!Array.isArray(value)) {
      if (index === undefined || index === 0) visit(value, root, out);
    } else if (index !== undefined) {
      if (value[index] !== undefined) visit(value[index], root, out);
    } else {
      for (const item of value) if (item !== null) visit(item, root, out);
    }
  };
}

/** Visits what stands for a primitive without a value: its extensions. */
function readValueless<Out>(name: string, visit: Visit<Out>): Visit<Out> {
  const read = readProperty(`_${name}`, undefined, visit);
  return (node, root, out) => {
    if (isObject(node) && node[name] === undefined) read(node, root, out);
  };
}

/** For nodes that are resources of any type: the visit for the type that a node turns out to have. */
function compileForEachType<Out>(definitions: Definitions, visitFor: VisitFor<Out>): Visit<Out> {
  const visits = new Map<string, Visit<Out> | undefined>();
  return (node, root, out) => {
    if (!isObject(node) || typeof node.resourceType !== 'string' || !definitions.isResourceType(node.resourceType)) return;
    const type = node.resourceType;
    if (!visits.has(type)) visits.set(type, visitFor(type));
    visits.get(type)?.(node, root, out);
  };
}

function compileExtension<Out>(url: string, next: VisitFor<Out>): Visit<Out> | undefined {
  const then = next('Extension');
  return (
    then &&
    readProperty('extension', undefined, (node, root, out) => {
      if (isObject(node) && node.url === url) then(node, root, out);
    })
  );
}

function compileTest(definitions: Definitions, expression: Expression, type: string): Test {
  if (expression.op === 'is') return compileTypeTest(expression.operand, expression.type);
  if (expression.op === 'binary') return compileBinary(definitions, expression, type);
  const [last, before] = splitLast(expression);
  if (last === 'exists' || last === 'empty' || last === 'not') {
    if (last === 'not') {
      const test = compileTest(definitions, before, type);
      return (node, root) => {
        const answer = test(node, root);
        return answer === undefined ? undefined : !answer;
      };
    }
    const values = compileValues(definitions, before, type);
    return (node, root) => values(node, root).length > 0 === (last === 'exists');
  }
  const values = compileValues(definitions, expression, type);
  return (node, root) => {
    const [only] = values(node, root);
    return typeof only === 'boolean' ? only : only === undefined ? undefined : true;
  };
}

function splitLast(expression: Expression): readonly [kind: string | undefined, before: Expression] {
  if (expression.op !== 'path' || expression.steps.length === 0) return [undefined, expression];
  return [expression.steps.at(-1)?.kind, { ...expression, steps: expression.steps.slice(0, -1) }];
}

function compileBinary(definitions: Definitions, expression: Expression & { op: 'binary' }, type: string): Test {
  const { operator, left, right } = expression;
  if (operator === 'and' || operator === 'or') {
    const [a, b] = [compileTest(definitions, left, type), compileTest(definitions, right, type)];
    const decides = operator === 'or';
    return (node, root) => {
      const answers = [a(node, root), b(node, root)];
      if (answers.includes(decides)) return decides;
      return answers.includes(undefined) ? undefined : !decides;
    };
  }
  const [a, b] = [compileValues(definitions, left, type), compileValues(definitions, right, type)];
  return (node, root) => {
    const [these, those] = [a(node, root), b(node, root)];
    if (these.length === 0 || those.length === 0) return undefined;
    return (these.length === 1 && those.length === 1 && these[0] === those[0]) === (operator === '=');
  };
}

function compileValues(
  definitions: Definitions,
  expression: Expression,
  type: string,
): (node: unknown, root: Resource) => readonly unknown[] {
  const push: Visit<unknown> = (node, _root, out) => {
    out.push(node);
  };
  const visit = compileExpression(
    definitions,
    expression,
    type,
    Object.assign(() => push, { takesValueless: true } as const),
  );
  return (node, root) => {
    const found: unknown[] = [];
    visit?.(node, root, found);
    return found;
  };
}

/** `resolve() is Patient` is answered from the reference alone: nothing is fetched while indexing. */
function compileTypeTest(operand: Expression, type: string): Test {
  const only = operand.op === 'path' && operand.head === undefined && operand.steps.length === 1 ? operand.steps[0] : undefined;
  if (only?.kind !== 'resolve') throw new UnsupportedExpression('is');
  return (node, root) => referencedType(node, root) === type;
}

function referencedType(node: unknown, root: Resource): string | undefined {
  const text = typeof node === 'string' ? node : isObject(node) && typeof node.reference === 'string' ? node.reference : undefined;
  const said = isObject(node) && typeof node.type === 'string' ? node.type : undefined;
  if (text === undefined) return said;
  const reference = parseReference(text);
  if (reference.kind === 'local' || reference.kind === 'absolute') return reference.type;
  if (reference.kind !== 'contained') return said;
  return containedById(root.contained).get(reference.id)?.resourceType ?? said;
}

/** True when `type` is `ancestor` or derived from it. */
function isKindOf(definitions: Definitions, type: string, ancestor: string): boolean {
  if (type === ancestor) return true;
  const base = definitions.type(type)?.base;
  return base !== undefined && isKindOf(definitions, base, ancestor);
}

function inTurn<Out>(visits: readonly (Visit<Out> | undefined)[]): Visit<Out> | undefined {
  const some = visits.filter((visit) => visit !== undefined);
  if (some.length < 2) return some[0];
  return (node, root, out) => {
    for (const visit of some) visit(node, root, out);
  };
}

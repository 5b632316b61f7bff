/**
 * What a search parameter's expression finds in a resource, by HL7's own FHIRPath engine: nothing of our index is asked.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter.html · http://hl7.org/fhirpath/N1/
 */
import { createRequire } from 'node:module';
import type { SearchParameterInfo } from '../../../server/definitions/definitions.ts';
import type { Held, Json } from './population.ts';

export interface Element {
  /** `Period`, `CodeableConcept`, `dateTime` … */
  readonly type: string;
  readonly value: unknown;
}

type Run = (resource: unknown, variables: object) => unknown[];

interface Engine {
  compile(expression: string, model: unknown, options: object): Run;
  types(value: unknown): string[];
}

const load = createRequire(import.meta.url);
const engine = load('fhirpath') as Engine;
const model: unknown = load('fhirpath/fhir-context/r4');

const compiled = new Map<string, Run>();
/** The resource that is being looked at: a contained one is resolved within it. */
let root: Json = {};

/** Whether a reference leads to a resource of a type, by what it says itself: nothing is followed. */
function leadsTo(inputs: readonly unknown[], type: string): boolean {
  return inputs.some((input) => {
    const node = (input as { data?: unknown }).data ?? input;
    return (typeof node === 'string' ? typeIn(node) : typeOfReference(node as Json)) === type;
  });
}

function typeOfReference({ reference, type }: Json): string | undefined {
  const said = typeof type === 'string' ? type : undefined;
  return typeof reference === 'string' ? (typeIn(reference) ?? said) : said;
}

function typeIn(reference: string): string | undefined {
  if (reference.startsWith('#')) {
    const contained = (root.contained ?? []) as readonly Json[];
    return contained.find(({ id }) => `#${String(id)}` === reference)?.resourceType as string | undefined;
  }
  return /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]+(?:\/_history\/\d+)?$/.exec(reference)?.[1];
}

/** The branches of a union: taken together by the engine, they would be compared with each other, which it refuses for some quantities. */
function branchesOf(expression: string): string[] {
  const branches = [''];
  let depth = 0;
  for (const sign of expression) {
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (sign === '|' && depth === 0) branches.push('');
    else branches[branches.length - 1] += sign;
  }
  return branches;
}

const evaluate = (resource: Held, expression: string): Element[] =>
  branchesOf(expression).flatMap((branch) => evaluateBranch(resource, branch));

function evaluateBranch(resource: Held, expression: string): Element[] {
  let run = compiled.get(expression);
  if (run === undefined) {
    const written = expression.replaceAll(/resolve\(\) is (\w+)/g, "leadsTo('$1')");
    const table = { leadsTo: { fn: leadsTo, arity: { 1: ['String'] }, internalStructures: true } };
    run = engine.compile(written, model, { resolveInternalTypes: false, userInvocationTable: table });
    compiled.set(expression, run);
  }
  root = resource;
  const found = run(resource, { resource }).map((node) => ({ type: typeOf(node), value: dataOf(node) }));
  // A primitive that has extensions only is no value.
  return found.filter(({ value }) => value !== undefined && value !== null);
}

function dataOf(node: unknown): unknown {
  return typeof node === 'object' && node !== null && 'data' in node ? node.data : node;
}

function typeOf(found: unknown): string {
  const [name = ''] = engine.types(found);
  return name === 'System.Boolean' ? 'boolean' : name === 'System.String' ? 'string' : name.replace(/^(?:FHIR|System)\./, '');
}

const known = new WeakMap<Held, Map<string, unknown>>();

function remembered<Value>(resource: Held, key: string, make: () => Value): Value {
  const ofResource = known.get(resource) ?? new Map<string, unknown>();
  known.set(resource, ofResource);
  if (!ofResource.has(key)) ofResource.set(key, make());
  return ofResource.get(key) as Value;
}

/** The elements of a resource that `parameter` looks at. */
export function elementsOf(resource: Held, { url, expression }: SearchParameterInfo): readonly Element[] {
  return remembered(resource, url, () => (expression === undefined ? [] : evaluate(resource, expression)));
}

/** Of a composite: for each element it looks at, the elements of each component within that one. */
export function componentsOf(
  resource: Held,
  { url, expression, components }: SearchParameterInfo,
): readonly (readonly (readonly Element[])[])[] {
  return remembered(resource, `${url}$`, () => {
    if (expression === undefined) return [];
    const places = branchesOf(expression).flatMap((branch) =>
      evaluateBranch(resource, branch).map((_, place) => `(${branch}).skip(${place}).first()`),
    );
    return places.map((place) => components.map((component) => evaluate(resource, `${place}.select(${component.expression})`)));
  });
}

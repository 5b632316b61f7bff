/**
 * The values that a search parameter finds in a resource, each with its FHIR type, by fhirpath.js.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#type · http://hl7.org/fhirpath/N1/
 */
import { createRequire } from 'node:module';
import { type Json, type Parameter, r4, type Stored } from './definitions.ts';
import { localReference } from './reference.ts';

export interface Found {
  /** The FHIR type without its namespace: `CodeableConcept`, `dateTime`, `String`. */
  readonly type: string;
  readonly value: unknown;
}

interface Node {
  readonly data?: unknown;
  readonly path?: string | null;
}

interface FhirPath {
  compile(expression: string | { base: string; expression: string }, model: unknown, options: object): Run;
  types(nodes: readonly unknown[]): readonly string[];
}

type Run = (focus: unknown, variables: object) => readonly Node[];

const fhirpath = createRequire(import.meta.url)('fhirpath') as FhirPath;
const compiled = new Map<string, Run>();

/**
 * `resolve() is Patient` is asked of the reference itself (a model has no server to resolve at), and a cast of a
 * collection means those of the type.
 */
const ONLY = /\.where\(\s*resolve\(\) is (\w+)\s*\)/;

function evaluate(focus: unknown, expression: string, resource: Stored, base?: string): readonly Node[] {
  const text = expression
    .replace(ONLY, '')
    .replace(/\.as\((\w+)\)/g, '.ofType($1)')
    .replace(/\s+as\s+(\w+)/g, '.ofType($1)');
  const key = `${base ?? ''} ${text}`;
  const run =
    compiled.get(key) ?? fhirpath.compile(base === undefined ? text : { base, expression: text }, r4, { resolveInternalTypes: false });
  compiled.set(key, run);
  return run(focus, { resource });
}

const remembered = new WeakMap<object, Map<string, readonly Found[]>>();

/** What a parameter finds in a resource. */
export function valuesOf(resource: Stored, parameter: Parameter): readonly Found[] {
  const known = remembered.get(resource) ?? new Map<string, readonly Found[]>();
  remembered.set(resource, known);
  const key = `${parameter.code} ${parameter.expressions.join()}`;
  const found =
    known.get(key) ??
    parameter.expressions.flatMap((expression) => {
      const only = ONLY.exec(expression)?.[1];
      const values = evaluate(resource, expression, resource).map(read).filter(hasValue);
      return only === undefined ? values : values.filter((each) => isTo(each.value as Json, only, resource));
    });
  known.set(key, found);
  return found;
}

/** What the components of a composite find within each of its elements. */
export function partsOf(resource: Stored, composite: Parameter): readonly (readonly (readonly Found[])[])[] {
  return composite.expressions.flatMap((expression) =>
    evaluate(resource, expression, resource).map((node) =>
      composite.components.map(({ expression: part }) =>
        part.split('|').flatMap((each) =>
          evaluate(node.data, each.trim(), resource, node.path ?? resource.resourceType)
            .map(read)
            .filter(hasValue),
        ),
      ),
    ),
  );
}

/** An element with extensions only has none. */
const hasValue = ({ value }: Found): boolean => value !== null && value !== undefined;

function read(node: Node): Found {
  const type = (fhirpath.types([node])[0] ?? '').replace(/^\w+\./, '');
  const data = node !== null && typeof node === 'object' && 'data' in node ? node.data : node;
  const isNumber = type === 'decimal' || /integer|positiveInt|unsignedInt/i.test(type);
  return { type, value: isNumber && data !== null && data !== undefined ? Number(String(data)) : data };
}

/** Whether a reference leads to a resource of `type`, as far as it says so itself. */
function isTo(reference: Json, type: string, within: Stored): boolean {
  const text = reference.reference;
  if (typeof text !== 'string') return reference.type === type;
  if (text.startsWith('#')) return contained(within, text)?.resourceType === type;
  const local = localReference(text);
  if (local !== undefined) return local.type === type;
  const elsewhere = /\/([A-Z]\w+)\/[A-Za-z0-9.-]{1,64}(\/_history\/[^/]+)?$/.exec(text)?.[1];
  return (elsewhere ?? reference.type) === type;
}

/** What a resource contains under `#id`. */
export function contained(within: Stored, reference: string): Stored | undefined {
  const all = (within.contained ?? []) as readonly Stored[];
  return all.find((each) => `#${each.id}` === reference);
}

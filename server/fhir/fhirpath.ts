/**
 * FHIRPath over R4 by fhirpath.js: expressions compiled once, decimals as plain numbers.
 *
 * Spec: https://hl7.org/fhirpath/ · https://hl7.org/fhir/R4/fhirpath.html
 */
import { createRequire } from 'node:module';
import type fhirpath from 'fhirpath';
import type r4 from 'fhirpath/fhir-context/r4';
import { withinMs } from './deadline.ts';
import { ExactDecimal } from './json.ts';
import type { Resource } from './resource.ts';

interface FhirPathContext {
  /** %resource: the resource that holds the value. */
  readonly resource: Resource;
  /** %rootResource: the outermost one. */
  readonly rootResource: Resource;
  /** What resolve() gives for a reference; undefined when it cannot be found. */
  readonly resolve?: (reference: string) => Resource | undefined;
  /** What memberOf() gives for a code and a value set; undefined when it cannot be told: then it holds. */
  readonly memberOf?: (value: unknown, valueSet: string) => boolean | undefined;
  /** What conformsTo() gives for a value and a profile; undefined when the profile is not known: then it holds. */
  readonly conformsTo?: (value: unknown, profile: string) => boolean | undefined;
}

/**
 * A compiled expression: the values it yields for a focus. Throws when the evaluation fails, DeadlinePassed when one with
 * a pattern is not done within half a second.
 */
export type FhirPathExpression = (focus: unknown, context: FhirPathContext) => readonly unknown[];

/** Functions that take a pattern: fhirpath.js tries it for as long as it lasts. */
const TAKES_PATTERN = /matches/i;
const LIMIT_MS = 500;

let current: FhirPathContext | undefined;

interface FhirPathLibrary {
  readonly fhirpath: typeof fhirpath;
  readonly r4: typeof r4;
}

let library: FhirPathLibrary | undefined;

/** fhirpath.js and its model of R4. Loaded when first needed: most servers run without, and it takes a tenth of a second and 15 MB. */
export function fhirPathLibrary(): FhirPathLibrary {
  if (library === undefined) {
    const load = createRequire(import.meta.url);
    library = { fhirpath: load('fhirpath') as typeof fhirpath, r4: load('fhirpath/fhir-context/r4') as typeof r4 };
    silenceUnits((library.fhirpath as unknown as { readonly ucumUtils: UnitReader }).ucumUtils);
  }
  return library;
}

interface UnitReader {
  readonly uStrParser_: { parseString(unit: string, ...more: unknown[]): unknown[] };
}

/** What is compared as an amount is content, and its library writes a unit that it cannot read to the console: nothing of content is to stand there. */
function silenceUnits({ uStrParser_: parser }: UnitReader): void {
  const read = parser.parseString.bind(parser);
  parser.parseString = (unit, ...more) => {
    try {
      return read(unit, ...more);
    } catch (error) {
      return [null, '', [`Not a unit: ${error instanceof Error ? error.message : ''}`]];
    }
  };
}

function referenceOf(node: unknown): string | undefined {
  if (typeof node === 'string') return node;
  const reference = (node as { reference?: unknown } | undefined)?.reference;
  return typeof reference === 'string' ? reference : undefined;
}

/** What fhirpath.js wraps values in; a resolved resource must be wrapped too, or its type is lost. */
interface ResourceNode {
  readonly constructor: {
    makeResNode(engine: unknown, data: unknown, parent: null, path: string, partner: null, type: string): unknown;
  };
}

function resolveNodes(this: unknown, nodes: readonly unknown[]): unknown[] {
  return nodes.flatMap((node) => {
    const reference = referenceOf(fhirPathLibrary().fhirpath.util.valData(node));
    const found = reference === undefined ? undefined : current?.resolve?.(reference);
    if (found === undefined) return [];
    const type = found.resourceType;
    return [(node as ResourceNode).constructor.makeResNode(this, plain(found), null, type, null, type)];
  });
}

/** What a question about each node comes to, where the context can answer it. */
const asked = (question: 'memberOf' | 'conformsTo') => (nodes: readonly unknown[], url: string) =>
  nodes.map((node) => current?.[question]?.(fhirPathLibrary().fhirpath.util.valData(node), url) ?? true);

/**
 * Compiles an expression for values of an element path (`Patient.contact`) or type.
 * @throws Error when the expression cannot be parsed.
 */
export function compileFhirPath(expression: string, path: string): FhirPathExpression {
  const { fhirpath, r4 } = fhirPathLibrary();
  const options = {
    traceFn: () => undefined,
    userInvocationTable: {
      resolve: { fn: resolveNodes, arity: { 0: [] }, internalStructures: true },
      memberOf: { fn: asked('memberOf'), arity: { 1: ['String' as const] }, internalStructures: true },
      conformsTo: { fn: asked('conformsTo'), arity: { 1: ['String' as const] }, internalStructures: true },
      htmlChecks: { fn: () => [true], arity: { 0: [] } },
    },
  };
  const compiled = fhirpath.compile({ base: path, expression }, r4, options as never) as (focus: unknown, variables: object) => unknown[];
  return (focus, context) => {
    const before = current;
    current = context;
    try {
      const root = plain(context.rootResource);
      const resource = context.resource === context.rootResource ? root : plain(context.resource);
      const input = plain(focus);
      const evaluate = () => compiled(input, { resource, rootResource: root, ucum: 'http://unitsofmeasure.org' });
      return TAKES_PATTERN.test(expression) ? withinMs(LIMIT_MS, evaluate) : evaluate();
    } finally {
      current = before;
    }
  };
}

/** The same value with exact decimals as numbers; the value itself when it holds none. */
function plain(value: unknown): unknown {
  return holdsExact(value) ? copyPlain(value) : value;
}

function holdsExact(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof ExactDecimal) return true;
  for (const key in value) if (holdsExact((value as Record<string, unknown>)[key])) return true;
  return false;
}

function copyPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ExactDecimal) return value.valueOf();
  if (Array.isArray(value)) return value.map(copyPlain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyPlain(item)]));
}

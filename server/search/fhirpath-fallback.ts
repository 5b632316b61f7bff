/**
 * Search parameters written in FHIRPath that compile-expression.ts does not know, run by fhirpath.js. None of HL7's
 * needs it; it is there for parameters of profiles that somebody adds, and costs about a millisecond a resource.
 *
 * Spec: http://hl7.org/fhirpath/N1/
 */
import { createRequire } from 'node:module';
import type { Visit, VisitFor } from './compile-expression.ts';

interface FhirpathEngine {
  compile(expression: string, model: unknown, options: { resolveInternalTypes: false }): (node: unknown, variables: object) => unknown[];
  resolveInternalTypes(value: unknown): unknown;
  types(value: unknown): string[];
}

/**
 * A visit that evaluates `expression` and applies the visit that `leaf` makes for the type of each result.
 * What fails on a resource gives nothing for it.
 * @throws Error when the expression is not FHIRPath: the search parameter is wrong.
 */
export function compileWithFhirpath<Out>(expression: string, leaf: VisitFor<Out>): Visit<Out> {
  const load = createRequire(import.meta.url);
  const engine = load('fhirpath') as FhirpathEngine;
  const evaluate = engine.compile(expression, load('fhirpath/fhir-context/r4'), { resolveInternalTypes: false });
  const visits = new Map<string, Visit<Out> | undefined>();
  const visitFor = (type: string): Visit<Out> | undefined => {
    if (!visits.has(type)) visits.set(type, leaf(type));
    return visits.get(type);
  };
  return (node, root, out) => {
    for (const found of results(() => evaluate(node, { resource: root }))) {
      const type = (engine.types(found)[0] ?? '').replace(/^(?:FHIR|System)\./, '');
      const [value] = [engine.resolveInternalTypes(found)].flat();
      visitFor(SYSTEM_TYPES[type] ?? type)?.(value, root, out);
    }
  };
}

const SYSTEM_TYPES: Readonly<Record<string, string>> = {
  String: 'string',
  Boolean: 'boolean',
  Integer: 'integer',
  Decimal: 'decimal',
  DateTime: 'dateTime',
  Date: 'date',
};

function results(evaluate: () => unknown[]): readonly unknown[] {
  try {
    return evaluate();
  } catch {
    return [];
  }
}

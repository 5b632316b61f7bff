/**
 * Rules of each element that a StructureDefinition defines: what may be said depends on the element's types.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html#rules
 */
import { compileFhirPath } from '../fhir/fhirpath.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import type { Run } from './run.ts';

type Json = Record<string, unknown>;
const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const BOUND = new Set([
  'code',
  'Coding',
  'CodeableConcept',
  'Quantity',
  'string',
  'uri',
  'url',
  'canonical',
  'Age',
  'Duration',
  'Distance',
  'Count',
  'Money',
  'SimpleQuantity',
  'id',
  'markdown',
  'Expression',
  'CodeableReference',
  'MoneyQuantity',
]);
const LONG = new Set([
  'string',
  'code',
  'uri',
  'url',
  'canonical',
  'id',
  'oid',
  'uuid',
  'markdown',
  'base64Binary',
  'Annotation',
  'CodeableReference',
]);
const RANGED = new Set([
  'integer',
  'positiveInt',
  'unsignedInt',
  'decimal',
  'date',
  'dateTime',
  'instant',
  'time',
  'Quantity',
  'Age',
  'Duration',
  'Distance',
  'Count',
  'Money',
  'SimpleQuantity',
  'integer64',
]);
const TARGETED = new Set(['Reference', 'canonical', 'CodeableReference']);
const MAX_EXPRESSION = 5000;

/** Checks every element of the differential and the snapshot of a StructureDefinition; the run stands at it. */
export function checkElements(run: Run, definition: Resource): void {
  for (const part of ['differential', 'snapshot']) {
    const list = definition[part];
    if (!isObject(list)) continue;
    run.enter(part, -1);
    for (const [index, element] of objects(list.element).entries()) {
      run.enter('element', index);
      checkElement(run, element, definition);
      run.leave();
    }
    run.leave();
  }
}

function checkElement(run: Run, element: Json, definition: Resource): void {
  const path = String(element.path);
  const type = String(definition.type).split('/').pop()!;
  if (definition.kind !== 'logical' && path !== type && !path.startsWith(`${type}.`)) {
    run.report('element-path', { path: path.slice(0, 120), type });
  }
  const types = objects(element.type);
  const codes = types.map((one) => String(one.code)).filter((code) => !code.includes('/'));
  if (codes.length > 0) {
    const says = (name: string): boolean =>
      Object.keys(element).some((key) => key === name || (key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length))));
    const fits = (allowed: ReadonlySet<string>): boolean => codes.some((code) => allowed.has(code));
    // In a snapshot, a choice that was narrowed to a type without codes still has the binding of the choice.
    const ofChoice = isObject(element.base) && String(element.base.path).endsWith('[x]');
    if (element.binding !== undefined && !ofChoice && !fits(BOUND))
      run.report('element-characteristic', { what: 'A binding', types: codes.join(', ') });
    if (element.maxLength !== undefined && !fits(LONG))
      run.report('element-characteristic', { what: 'maxLength', types: codes.join(', ') });
    if (says('minValue') && !fits(RANGED)) run.report('element-characteristic', { what: 'minValue', types: codes.join(', ') });
    if (says('maxValue') && !fits(RANGED)) run.report('element-characteristic', { what: 'maxValue', types: codes.join(', ') });
  }
  for (const one of types) {
    if (one.targetProfile !== undefined && !TARGETED.has(String(one.code))) {
      run.report('element-characteristic', { what: 'targetProfile', types: String(one.code) });
    }
  }
}

/** The expressions of the constraints that a profile adds can be read; the run stands at the definition. */
export function checkConstraints(run: Run, differential: readonly Json[]): void {
  for (const [index, element] of differential.entries()) {
    for (const [position, constraint] of objects(element.constraint).entries()) {
      const { expression } = constraint;
      if (typeof expression !== 'string' || expression.length > MAX_EXPRESSION) continue;
      try {
        compileFhirPath(expression, String(element.path));
      } catch (error) {
        const why = error instanceof Error ? error.message.slice(0, 160) : '';
        run.report(
          'constraint-expression',
          { key: String(constraint.key), why },
          'error',
          `.differential.element[${index}].constraint[${position}]`,
        );
      }
    }
  }
}

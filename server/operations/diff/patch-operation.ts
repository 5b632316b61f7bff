/**
 * A change as an `operation` of a FHIRPath Patch, with the value before in a part of its own.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html
 */
import type { Definitions } from '../../definitions/definitions.ts';
import { isObject } from '../../fhir/resource.ts';
import type { Change, TypedValue } from './changes.ts';

type Part = Readonly<Record<string, unknown>>;

/** The parameter of a change. */
export function operationOf(definitions: Definitions, change: Change): Part {
  const part: Part[] = [
    { name: 'type', valueCode: change.kind },
    { name: 'path', valueString: change.path },
  ];
  if (change.kind === 'add') part.push({ name: 'name', valueString: change.name });
  if (change.kind === 'insert') part.push({ name: 'index', valueInteger: change.index });
  if (change.kind !== 'delete') part.push(valuePart(definitions, 'value', change.value));
  if (change.kind === 'delete' || change.kind === 'replace') part.push(valuePart(definitions, 'previousValue', change.previous));
  return { name: 'operation', part };
}

/** `value[x]` where the type has one; else the elements as parts of their own. */
function valuePart(definitions: Definitions, name: string, { type, value, beside }: TypedValue): Part {
  if (type === 'Resource') return { name, resource: value };
  const key = `value${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  if (definitions.type('Parameters.parameter')?.property(key) !== undefined) {
    return { name, ...(value === undefined ? {} : { [key]: value }), ...(beside === undefined ? {} : { [`_${key}`]: beside }) };
  }
  return { name, part: isObject(value) ? partsOf(definitions, type, value) : [] };
}

function partsOf(definitions: Definitions, typeName: string, object: Readonly<Record<string, unknown>>): readonly Part[] {
  const type = definitions.type(typeName);
  const keys = new Set(Object.keys(object).map((key) => key.replace(/^_/, '')));
  return [...keys].flatMap((key) => {
    const property = type?.property(key);
    const inner = property?.element.childrenIn ?? property?.type ?? 'string';
    const [value, beside] = [object[key], object[`_${key}`]];
    const part = (one: unknown, besideOne: unknown) =>
      valuePart(definitions, key, { type: inner, value: one ?? undefined, ...(besideOne == null ? {} : { beside: besideOne }) });
    const [values, besides] = [value, beside].map((each): readonly unknown[] => (Array.isArray(each) ? each : []));
    const length = Math.max(values?.length ?? 0, besides?.length ?? 0);
    return length === 0 ? [part(value, beside)] : Array.from({ length }, (_, place) => part(values?.[place], besides?.[place]));
  });
}

/**
 * FHIRPath Patch: operations as a Parameters resource, places named by FHIRPath.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html
 */
import type { Definitions } from '../definitions/definitions.ts';
import { badValue, malformed } from '../fhir/errors.ts';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import { PatchBudget } from './patch-budget.ts';
import { PatchTarget, type PatchValue, type Place } from './patch-target.ts';

const PARTS = {
  add: ['path', 'name', 'value'],
  insert: ['path', 'index', 'value'],
  delete: ['path'],
  replace: ['path', 'value'],
  move: ['path', 'source', 'destination'],
} as const;

/** Parts that any operation may have: what `$diff` tells beside the change itself. */
const TOLD_BESIDE: readonly string[] = ['type', 'previousValue'];

interface Operation {
  readonly type: keyof typeof PARTS;
  readonly path: string;
  readonly name: string;
  readonly value: PatchValue;
  readonly index: number;
  readonly source: number;
  readonly destination: number;
  readonly at: string;
}

/**
 * The function that applies the patch to a copy of a resource.
 * @throws FhirError 400 `structure` or `value` when an operation cannot be read; the function throws 422 `processing`
 * when one does not fit the resource. Expressions point into the Parameters.
 */
export function readFhirPathPatch(
  definitions: Definitions,
  type: string,
  parameters: Resource,
  budget: PatchBudget = new PatchBudget(),
): (current: Resource) => Resource {
  const given = parameters.parameter ?? [];
  if (!Array.isArray(given)) throw malformed('The operations of a FHIRPath Patch are a list', 'Parameters.parameter');
  const operations = given.map((operation, place) => readOperation(operation, `Parameters.parameter[${place}]`));
  return (current) => {
    const target = new PatchTarget(definitions, type, parseJson(stringifyJson(current)) as Resource, budget);
    for (const operation of operations) apply(target, operation);
    return target.done();
  };
}

function apply(target: PatchTarget, { type, path, name, value, index, source, destination, at }: Operation): void {
  switch (type) {
    case 'add': {
      const parent = target.one(path, at);
      target.add(parent, name, value, at);
      return;
    }
    case 'insert': {
      const { items, itemOf, keep } = target.list(path, at);
      if (index > items.length) throw target.doesNotFit(`The list has ${items.length} elements`, at);
      items.splice(index, 0, itemOf(value));
      keep();
      return;
    }
    case 'delete': {
      const found: readonly Place[] = target.all(path, at);
      if (found.length > 1) throw target.doesNotFit('The path names more than one element', at);
      if (found[0] !== undefined) target.remove(found[0], at);
      return;
    }
    case 'replace':
      target.replace(target.one(path, at), value, at);
      return;
    case 'move': {
      const { items, keep } = target.list(path, at);
      if (source >= items.length || destination >= items.length) throw target.doesNotFit(`The list has ${items.length} elements`, at);
      items.splice(destination, 0, ...items.splice(source, 1));
      keep();
    }
  }
}

function readOperation(parameter: unknown, at: string): Operation {
  if (!isObject(parameter) || parameter.name !== 'operation' || !Array.isArray(parameter.part)) {
    throw malformed('A parameter of a FHIRPath Patch is named operation and has parts', at);
  }
  const parts = new Map<string, { part: Record<string, unknown>; at: string }>();
  for (const [place, part] of parameter.part.entries()) {
    const atPart = `${at}.part[${place}]`;
    if (!isObject(part) || typeof part.name !== 'string') throw malformed('A part has a name', atPart);
    if (parts.has(part.name)) throw malformed(`An operation has one part ${part.name.slice(0, 64)}`, atPart);
    parts.set(part.name, { part, at: atPart });
  }
  const kind = textPart(parts.get('type')) ?? '';
  if (!Object.hasOwn(PARTS, kind)) throw badValue(`type is one of ${Object.keys(PARTS).join(', ')}`, parts.get('type')?.at ?? at);
  const type = kind as keyof typeof PARTS;
  const needed: readonly string[] = PARTS[type];
  for (const name of needed) if (!parts.has(name)) throw malformed(`${type} takes the part ${name}`, at);
  const odd = [...parts].find(([name]) => !TOLD_BESIDE.includes(name) && !needed.includes(name));
  if (odd !== undefined) throw malformed(`${type} takes no part ${odd[0].slice(0, 64)}`, odd[1].at);
  const number = (name: string) => (needed.includes(name) ? integerPart(parts.get(name)!) : 0);
  return {
    type,
    at,
    path: needTextPart(parts.get('path')!),
    name: needed.includes('name') ? needTextPart(parts.get('name')!) : '',
    value: needed.includes('value') ? valuePart(parts.get('value')!.part, parts.get('value')!.at) : { parts: [] },
    index: number('index'),
    source: number('source'),
    destination: number('destination'),
  };
}

function textPart(found: { part: Record<string, unknown> } | undefined): string | undefined {
  const value = found?.part.valueCode ?? found?.part.valueString;
  return typeof value === 'string' ? value : undefined;
}

function needTextPart(found: { part: Record<string, unknown>; at: string }): string {
  const text = textPart(found);
  if (text === undefined) throw malformed(`${String(found.part.name)} is a string`, found.at);
  return text;
}

function integerPart({ part, at }: { part: Record<string, unknown>; at: string }): number {
  const value = part.valueInteger;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw badValue(`${String(part.name)} is an integer that is not negative`, at);
}

/** `value[x]` with what it has beside it, a resource, or an element that is given by its parts. */
function valuePart(part: Record<string, unknown>, at: string): PatchValue {
  const types = new Set(Object.keys(part).flatMap((key) => /^_?value([A-Z].*)$/.exec(key)?.[1] ?? []));
  const [type] = types;
  const ways = types.size + (part.resource === undefined ? 0 : 1) + (part.part === undefined ? 0 : 1);
  if (ways > 1) throw malformed('A part has one value', at);
  if (type !== undefined) {
    const [value, beside] = [part[`value${type}`] ?? null, part[`_value${type}`] ?? null];
    if (value === null && beside === null) throw malformed('The part value is empty', at);
    return { value, beside, type };
  }
  if (isResource(part.resource)) return { value: part.resource, beside: null, type: '' };
  if (!Array.isArray(part.part) || part.part.length === 0) throw malformed('The part value has a value or parts', at);
  return {
    parts: part.part.map((inner: unknown, place) => {
      const atInner = `${at}.part[${place}]`;
      if (!isObject(inner) || typeof inner.name !== 'string' || inner.name === '__proto__') throw malformed('A part has a name', atInner);
      return { name: inner.name, value: valuePart(inner, atInner) };
    }),
  };
}

/**
 * JSON Patch on a resource as JSON. Values are compared as JSON; decimals keep their precision.
 *
 * Spec: https://datatracker.ietf.org/doc/html/rfc6902 · https://hl7.org/fhir/R4/http.html#patch
 */
import { badValue, FhirError, malformed } from '../fhir/errors.ts';
import { numberOf } from '../fhir/json.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import { PatchBudget } from './patch-budget.ts';

type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: readonly string[]; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: readonly string[] }
  | { readonly op: 'move' | 'copy'; readonly path: readonly string[]; readonly from: readonly string[] };

type Container = Record<string, unknown> | unknown[];

/**
 * The function that applies a JSON Patch document to a copy of a resource.
 * @throws FhirError 400 `structure` or `value` when the document cannot be read; the function throws 422 `processing`
 * when an operation does not fit the resource, or a `test` fails, and 422 `too-costly` for copies without an end.
 * Expressions say which operation.
 */
export function readJsonPatch(document: unknown, budget: PatchBudget = new PatchBudget()): (current: Resource) => unknown {
  if (!Array.isArray(document)) throw malformed('A JSON Patch is an array of operations', 'patch');
  const operations = document.map(readOperation);
  return (current) => {
    const root: Record<string, unknown> = { '': structuredCopy(current) };
    operations.forEach((operation, place) => {
      apply(root, operation, `patch[${place}]`, budget);
    });
    return root[''];
  };
}

function readOperation(operation: unknown, place: number): Operation {
  const at = `patch[${place}]`;
  if (!isObject(operation)) throw malformed('An operation is an object', at);
  const path = readPointer(operation.path, `${at}.path`);
  switch (operation.op) {
    case 'add':
    case 'replace':
    case 'test':
      if (!('value' in operation)) throw malformed(`${operation.op} takes a value`, `${at}.value`);
      return { op: operation.op, path, value: operation.value };
    case 'remove':
      return { op: 'remove', path };
    case 'move':
    case 'copy': {
      const from = readPointer(operation.from, `${at}.from`);
      if (operation.op === 'move' && path.length > from.length && from.every((segment, index) => path[index] === segment)) {
        throw badValue('A value is not moved into itself', `${at}.path`);
      }
      return { op: operation.op, path, from };
    }
    default:
      throw badValue('op is one of add, remove, replace, move, copy, test', `${at}.op`);
  }
}

function readPointer(pointer: unknown, at: string): readonly string[] {
  if (typeof pointer !== 'string') throw malformed('A JSON Pointer is a text', at);
  if (pointer !== '' && !pointer.startsWith('/')) throw badValue('A JSON Pointer starts with /', at);
  const segments = pointer.split('/').map((segment) => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
  if (/~(?![01])/.test(pointer)) throw badValue('In a JSON Pointer ~ is written ~0, and / within a name ~1', at);
  if (segments.includes('__proto__')) throw badValue('A JSON Pointer names elements of the resource', at);
  return segments;
}

function apply(root: Record<string, unknown>, operation: Operation, at: string, budget: PatchBudget): void {
  const count = () => budget.countValue(at);
  switch (operation.op) {
    case 'add':
      add(root, operation.path, structuredCopy(operation.value), at);
      return;
    case 'replace':
      get(root, operation.path, at);
      set(root, operation.path, structuredCopy(operation.value), at);
      return;
    case 'remove':
      remove(root, operation.path, at);
      return;
    case 'copy':
      add(root, operation.path, structuredCopy(get(root, operation.from, at), count), at);
      return;
    case 'move': {
      const value = get(root, operation.from, at);
      remove(root, operation.from, at);
      add(root, operation.path, value, at);
      return;
    }
    case 'test':
      if (!sameJson(get(root, operation.path, at), operation.value, count)) {
        throw doesNotFit('The test of the patch fails', at);
      }
  }
}

function get(root: Container, path: readonly string[], at: string): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (Array.isArray(value)) return value[existing(value, segment, at)];
    if (isObject(value) && Object.hasOwn(value, segment)) return value[segment];
    throw doesNotFit(`There is nothing at /${path.slice(1).join('/')}`, at);
  }, root);
}

function parent(root: Container, path: readonly string[], at: string): Container {
  const value = get(root, path.slice(0, -1), at);
  if (isObject(value) || Array.isArray(value)) return value;
  throw doesNotFit(`/${path.slice(1, -1).join('/')} has no parts`, at);
}

function add(root: Record<string, unknown>, path: readonly string[], value: unknown, at: string): void {
  const [container, last] = [path.length === 1 ? root : parent(root, path, at), path.at(-1) ?? ''];
  if (!Array.isArray(container)) container[last] = value;
  else container.splice(last === '-' ? container.length : within(container.length, last, at), 0, value);
}

function set(root: Record<string, unknown>, path: readonly string[], value: unknown, at: string): void {
  const [container, last] = [path.length === 1 ? root : parent(root, path, at), path.at(-1) ?? ''];
  if (Array.isArray(container)) container[existing(container, last, at)] = value;
  else container[last] = value;
}

function remove(root: Record<string, unknown>, path: readonly string[], at: string): void {
  get(root, path, at);
  if (path.length === 1) throw doesNotFit('The resource itself is not removed by a patch', at);
  const [container, last] = [parent(root, path, at), path.at(-1) ?? ''];
  if (Array.isArray(container)) container.splice(existing(container, last, at), 1);
  else delete container[last];
}

function existing(array: readonly unknown[], segment: string, at: string): number {
  return within(array.length - 1, segment, at);
}

function within(highest: number, segment: string, at: string): number {
  const index = /^(0|[1-9]\d{0,6})$/.test(segment) ? Number(segment) : Number.NaN;
  if (index <= highest) return index;
  throw doesNotFit(`The array has no place ${segment.slice(0, 16)}`, at);
}

function doesNotFit(why: string, at: string): FhirError {
  return new FhirError(422, [{ severity: 'error', code: 'processing', diagnostics: why, expression: [at] }]);
}

const UNCOUNTED = (): void => undefined;

/** Copies arrays and objects; leaves, incl. exact decimals, are shared. `count` is told of each value. */
function structuredCopy(value: unknown, count: () => void = UNCOUNTED): unknown {
  count();
  if (Array.isArray(value)) return value.map((item) => structuredCopy(item, count));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, structuredCopy(child, count)]));
}

/** Equal as JSON: members in any order, numbers by their value. */
function sameJson(a: unknown, b: unknown, count: () => void): boolean {
  count();
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, place) => sameJson(item, b[place], count));
  const number = numberOf(a);
  if (number !== undefined || !isPlain(a)) return (number ?? a) === (numberOf(b) ?? b);
  const names = Object.keys(a);
  if (!isPlain(b) || names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name], count));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

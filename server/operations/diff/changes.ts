/**
 * The changes that lead from one version of a resource to another, in an order in which they can be carried out one
 * after the other: each path holds once those before it are done.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html
 */
import type { Definitions, TypeInfo } from '../../definitions/definitions.ts';
import { stringifyJson } from '../../fhir/json.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { pairUp } from './pair-up.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** A value with what is needed to say it: its type, and what stands beside a primitive (`_birthDate`). */
export interface TypedValue {
  /** A FHIR type (`HumanName`, `date`), the name of an inner element (`Patient.contact`), or `Resource`. */
  readonly type: string;
  readonly value: unknown;
  readonly beside?: unknown;
}

export type Change =
  | { readonly kind: 'add'; readonly path: string; readonly name: string; readonly value: TypedValue }
  | { readonly kind: 'insert'; readonly path: string; readonly index: number; readonly value: TypedValue }
  | { readonly kind: 'delete'; readonly path: string; readonly previous: TypedValue }
  | { readonly kind: 'replace'; readonly path: string; readonly value: TypedValue; readonly previous: TypedValue };

/** An element of an object, the two halves of a primitive put together. */
interface Member {
  /** As FHIRPath says it: choices without their type. */
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
  readonly beside: unknown;
}

/** The changes from `before` to `after`, two versions of one resource. */
export function changesBetween(definitions: Definitions, before: Resource, after: Resource): readonly Change[] {
  return new Comparison(definitions).objects(before.resourceType, before.resourceType, before, after);
}

class Comparison {
  readonly #definitions: Definitions;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  objects(path: string, typeName: string, before: JsonObject, after: JsonObject): Change[] {
    const type = this.#definitions.type(typeName);
    const [old, now] = [membersOf(type, before), membersOf(type, after)];
    const order = new Map([...(type?.elements ?? [])].map(({ name }, place) => [name, place]));
    const names = [...new Set([...old.keys(), ...now.keys()])].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    return names.flatMap((name) => this.#members(path, name, old.get(name), now.get(name)));
  }

  #members(parent: string, name: string, before: Member | undefined, after: Member | undefined): Change[] {
    const path = `${parent}.${name}`;
    if (before === undefined) return after === undefined ? [] : this.#added(parent, after);
    if (after === undefined) return this.#deleted(path, before);
    if (Array.isArray(before.value ?? before.beside) && Array.isArray(after.value ?? after.beside)) {
      return this.#lists(path, itemsOf(before), itemsOf(after));
    }
    return this.#values(path, typed(before), typed(after));
  }

  #added(parent: string, member: Member): Change[] {
    const values = Array.isArray(member.value ?? member.beside) ? itemsOf(member) : [typed(member)];
    return values.map((value): Change => ({ kind: 'add', path: parent, name: member.name, value }));
  }

  #deleted(path: string, member: Member): Change[] {
    if (!Array.isArray(member.value ?? member.beside)) return [{ kind: 'delete', path, previous: typed(member) }];
    return itemsOf(member)
      .map((previous, place): Change => ({ kind: 'delete', path: `${path}[${place}]`, previous }))
      .toReversed();
  }

  #values(path: string, before: TypedValue, after: TypedValue): Change[] {
    if (sameValue(before, after)) return [];
    const canGoInto = before.type === after.type && isObject(before.value) && isObject(after.value) && isPlain(before.value);
    const within = canGoInto && this.#definitions.type(before.type) !== undefined && before.type !== 'Resource';
    if (within) return this.objects(path, before.type, before.value as JsonObject, after.value as JsonObject);
    return [{ kind: 'replace', path, value: after, previous: before }];
  }

  /** Deletions from the end, insertions from the start, and then what has changed within: every index holds when its turn comes. */
  #lists(path: string, before: readonly TypedValue[], after: readonly TypedValue[]): Change[] {
    const leaves = new Map<TypedValue, ReadonlySet<string>>();
    const alike = (old: number, now: number) => isAlike(before[old]!, after[now]!, leaves);
    const pairs = pairUp(before.map(textOf), after.map(textOf), alike);
    const keptBefore = new Set(pairs.map(([old]) => old));
    const keptAfter = new Set(pairs.map(([, now]) => now));
    const deletions = before.flatMap((previous, place): Change[] =>
      keptBefore.has(place) ? [] : [{ kind: 'delete', path: `${path}[${place}]`, previous }],
    );
    const insertions = after.flatMap((value, index): Change[] => (keptAfter.has(index) ? [] : [{ kind: 'insert', path, index, value }]));
    const within = pairs.flatMap(([old, now]) => this.#values(`${path}[${now}]`, before[old]!, after[now]!));
    return [...deletions.toReversed(), ...insertions, ...within];
  }
}

function membersOf(type: TypeInfo | undefined, object: JsonObject): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const key of new Set(Object.keys(object).map((each) => each.replace(/^_/, '')))) {
    if (key === 'resourceType') continue;
    const property = type?.property(key);
    const name = property?.element.name ?? key;
    const member = { name, type: property?.element.childrenIn ?? property?.type ?? '', value: object[key], beside: object[`_${key}`] };
    members.set(name, member);
  }
  return members;
}

function itemsOf({ type, value, beside }: Member): readonly TypedValue[] {
  const [values, extras] = [value, beside].map((each): readonly unknown[] => (Array.isArray(each) ? each : []));
  const length = Math.max(values?.length ?? 0, extras?.length ?? 0);
  return Array.from({ length }, (_, place) =>
    typed({ name: '', type, value: values?.[place] ?? undefined, beside: extras?.[place] ?? undefined }),
  );
}

function typed({ type, value, beside }: Member): TypedValue {
  return { type, value, ...(beside === undefined ? {} : { beside }) };
}

function sameValue(a: TypedValue, b: TypedValue): boolean {
  return a.type === b.type && textOf(a) === textOf(b);
}

/** One text for one value: the order of the elements of an object does not count. */
function textOf({ value, beside }: TypedValue): string {
  return stringifyJson([ordered(value), ordered(beside)]);
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}

function isPlain(value: unknown): value is JsonObject {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

/** True when one value can be seen as the other, changed: at least half of what it says stayed. `known` keeps what was worked out. */
function isAlike(a: TypedValue, b: TypedValue, known: Map<TypedValue, ReadonlySet<string>>): boolean {
  if (!isPlain(a.value) || !isPlain(b.value)) return false;
  if (a.value.id !== undefined && a.value.id === b.value.id) return true;
  const [old, now] = [a, b].map((each) => {
    const leaves = known.get(each) ?? leavesOf(each.value);
    known.set(each, leaves);
    return leaves;
  }) as [ReadonlySet<string>, ReadonlySet<string>];
  const shared = [...old].filter((leaf) => now.has(leaf)).length;
  return shared * 2 >= Math.max(old.size, now.size);
}

function leavesOf(value: unknown, path = ''): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((each) => [...leavesOf(each, path)]));
  if (!isPlain(value)) return new Set([`${path}=${stringifyJson(value)}`]);
  return new Set(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, `${path}.${key}`)]));
}

/**
 * The resource a FHIRPath Patch works on: finds the places an expression names, and changes the JSON there. What a
 * primitive value has beside it, its id and extensions, goes where the value goes.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html
 */
import type { Definitions, ElementInfo, TypeInfo } from '../definitions/definitions.ts';
import { badValue, FhirError } from '../fhir/errors.ts';
import { fhirPathLibrary } from '../fhir/fhirpath.ts';
import { stringifyJson } from '../fhir/json.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import type { PatchBudget } from './patch-budget.ts';
import { itemsOf, keepItems, type ListItem } from './patch-list.ts';

type JsonObject = Record<string, unknown>;

/** What an operation brings: a value, what it has beside it, and the type its `value[x]` named; or an element by its parts. */
export type PatchValue =
  | { readonly value: unknown; readonly beside: unknown; readonly type: string }
  | { readonly parts: readonly { readonly name: string; readonly value: PatchValue }[] };

/** An element by the steps to it from the resource: element names (choices without their type) and places in lists. */
export type Place = readonly { readonly name: string; readonly index: number | null }[];

interface PathNode {
  readonly parentResNode?: PathNode | null;
  readonly propName?: string | null;
  readonly index?: number | null;
}

export class PatchTarget {
  readonly #resource: Resource;
  readonly #definitions: Definitions;
  readonly #type: string;
  readonly #budget: PatchBudget;

  /** @param resource - is changed. */
  constructor(definitions: Definitions, type: string, resource: Resource, budget: PatchBudget) {
    this.#budget = budget;
    this.#definitions = definitions;
    this.#type = type;
    this.#resource = resource;
  }

  /** The resource as it is now, without what changes have left empty: a later one may have filled it again. */
  done(): Resource {
    withoutEmpty(this.#resource);
    return this.#resource;
  }

  /**
   * The places an expression names.
   * @throws FhirError 400 `value` when it cannot be evaluated, 422 `processing` when it gives something that is no element,
   * 422 `too-costly` when that takes too long.
   */
  all(path: string, at: string): readonly Place[] {
    const nodes = this.#evaluate(path, at);
    return nodes.map((node) => {
      const place: { name: string; index: number | null }[] = [];
      if (typeof node !== 'object' || node === null) throw this.doesNotFit('The path gives a value that is no element', at);
      for (let each = node as PathNode; each.parentResNode; each = each.parentResNode) {
        if (typeof each.propName !== 'string') throw this.doesNotFit('The path gives a value that is no element', at);
        place.unshift({ name: each.propName, index: each.index ?? null });
      }
      return place;
    });
  }

  /** The only place of an expression. @throws FhirError 422 `processing` when there is none or more than one. */
  one(path: string, at: string): Place {
    const [place, another] = this.all(path, at);
    if (place === undefined || another !== undefined) {
      throw this.doesNotFit(place === undefined ? 'The path names no element' : 'The path names more than one element', at);
    }
    return place;
  }

  /** The list a path such as `Patient.name` names, which may be empty: its elements, to be changed and kept. */
  list(path: string, at: string): { readonly items: ListItem[]; itemOf(value: PatchValue): ListItem; keep(): void } {
    const [, before, name] = /^(?:(.+)\.)?([A-Za-z]+)$/.exec(path.trim()) ?? [];
    if (name === undefined) throw badValue('The path is to name a list', at);
    const { object, type } = this.#objectAt(before === undefined ? [] : this.one(before, at), at);
    const element = this.#element(type, name, at);
    const items = element.max > 1 ? itemsOf(object, name) : undefined;
    if (items === undefined) throw this.doesNotFit(`${element.path} is no list`, at);
    return { items, itemOf: (value) => this.#itemOf(element, name, type, value, at), keep: () => keepItems(object, name, items) };
  }

  /** Adds an element below a place: at the end of a list, or where there is none yet. */
  add(parent: Place, name: string, value: PatchValue, at: string): void {
    const { object, type } = this.#objectAt(parent, at);
    this.#put(object, type, name, value, at);
  }

  replace(place: Place, value: PatchValue, at: string): void {
    const last = place.at(-1);
    if (last === undefined) throw this.doesNotFit('The resource itself is not replaced by a patch', at);
    const { object, type } = this.#objectAt(place.slice(0, -1), at);
    const key = keyOf(object, type, last.name) ?? last.name;
    const element = this.#element(type, key, at);
    const items = last.index === null || element.max <= 1 ? undefined : itemsOf(object, key);
    if (items !== undefined && last.index !== null) {
      items[last.index] = this.#itemOf(element, key, type, value, at);
      keepItems(object, key, items);
      return;
    }
    delete object[key];
    delete object[`_${key}`];
    this.#put(object, type, element.choice ? element.name : key, value, at);
  }

  remove(place: Place, at: string): void {
    const last = place.at(-1);
    if (last === undefined) throw this.doesNotFit('The resource itself is not deleted by a patch', at);
    const { object, type } = this.#objectAt(place.slice(0, -1), at);
    const key = keyOf(object, type, last.name) ?? last.name;
    const items = last.index === null || isSingle(object[key]) ? undefined : itemsOf(object, key);
    if (items === undefined || last.index === null) {
      delete object[key];
      delete object[`_${key}`];
      return;
    }
    items.splice(last.index, 1);
    keepItems(object, key, items);
  }

  doesNotFit(why: string, at: string): FhirError {
    return new FhirError(422, [{ severity: 'error', code: 'processing', diagnostics: why, expression: [at] }]);
  }

  #put(container: JsonObject, type: TypeInfo, givenName: string, value: PatchValue, at: string): void {
    const name = givenName.replace(/\[x\]$/, '');
    const element = this.#element(type, name, at);
    const key = element.choice && element.name === name && 'type' in value ? `${name}${value.type}` : name;
    if (type.property(key) === undefined) throw this.doesNotFit(`${element.path} has no value of this type`, at);
    const item = this.#itemOf(element, key, type, value, at);
    if (element.max > 1) {
      const items = itemsOf(container, key);
      if (items === undefined) throw this.doesNotFit(`${element.path} is no list`, at);
      keepItems(container, key, [...items, item]);
      return;
    }
    if (keyOf(container, type, element.name) !== undefined) throw this.doesNotFit(`${element.path} is there already`, at);
    if (item.value !== null) container[key] = item.value;
    if (item.beside !== null) container[`_${key}`] = item.beside;
  }

  /** The value as an element of the type that `key` names there; one given by its parts is put together by its definition. */
  #itemOf(element: ElementInfo, key: string, type: TypeInfo, value: PatchValue, at: string): ListItem {
    if ('value' in value) return { value: value.value, beside: value.beside };
    const own = this.#definitions.type(element.childrenIn ?? type.property(key)?.type ?? '');
    if (own === undefined || own.kind === 'primitive-type') throw this.doesNotFit(`${element.path} has no parts`, at);
    const object: JsonObject = {};
    for (const part of value.parts) this.#put(object, own, part.name, part.value, at);
    return { value: object, beside: null };
  }

  #evaluate(path: string, at: string): readonly unknown[] {
    // A copy with plain numbers: only the places are taken from the answer.
    const plain: unknown = JSON.parse(stringifyJson(this.#resource));
    const { fhirpath, r4 } = fhirPathLibrary();
    const evaluate = () =>
      fhirpath.evaluate(plain, quoted(path), {}, r4, { resolveInternalTypes: false, async: false }) as readonly unknown[];
    try {
      return this.#budget.withinTime(at, evaluate);
    } catch (error) {
      if (error instanceof FhirError) throw error;
      throw badValue('The path cannot be evaluated', at);
    }
  }

  /** The object at a place, and its type; that beside a primitive value is made when there is none. */
  #objectAt(place: Place, at: string): { readonly object: JsonObject; readonly type: TypeInfo } {
    let object: JsonObject = this.#resource;
    let type = this.#definitions.type(this.#type);
    for (const { name, index } of place) {
      const key: string | undefined = type === undefined ? undefined : keyOf(object, type, name);
      const property = key === undefined ? undefined : type?.property(key);
      if (key === undefined || property === undefined) throw this.doesNotFit('The path names an element that has no parts', at);
      const held = heldAt(object, key, index);
      if (held === undefined) throw this.doesNotFit('The path names an element that has no parts', at);
      object = held.object;
      const own = typeof object.resourceType === 'string' ? object.resourceType : undefined;
      type = this.#definitions.type(held.isBeside ? 'Element' : (own ?? property.element.childrenIn ?? property.type));
    }
    if (type === undefined) throw this.doesNotFit('The path names an element of unknown type', at);
    return { object, type };
  }

  #element(type: TypeInfo, name: string, at: string): ElementInfo {
    const element = type.property(name)?.element ?? type.elements.find((each) => each.name === name);
    if (element === undefined) throw this.doesNotFit(`${type.name} has no element ${name.slice(0, 64)}`, at);
    return element;
  }
}

/** The path with `div`, an element of narratives and a word of FHIRPath, written as what it is behind a point: an element. */
function quoted(path: string): string {
  return path.replace(/'(?:\\.|[^'\\])*'|`[^`]*`|\.div\b/g, (found) => (found === '.div' ? '.`div`' : found));
}

/** The JSON name under which an object has an element: with the type in it for a choice; undefined when it has none. */
function keyOf(container: JsonObject, type: TypeInfo, name: string): string | undefined {
  if (name in container || `_${name}` in container) return name;
  const names = Object.keys(container).map((key) => (key.startsWith('_') ? key.slice(1) : key));
  return names.find((key) => type.property(key)?.element.name === name);
}

/** True for a value that stands alone; what is not there may be a list with nothing but what is beside its values. */
const isSingle = (value: unknown): boolean => value !== undefined && !Array.isArray(value);

/** The object under a name, or that beside the primitive value there. */
function heldAt(container: JsonObject, key: string, index: number | null): { object: JsonObject; isBeside: boolean } | undefined {
  const items = index === null || isSingle(container[key]) ? undefined : itemsOf(container, key);
  const item = items === undefined ? { value: container[key], beside: container[`_${key}`] } : items[index ?? 0];
  if (isObject(item?.value)) return { object: item.value, isBeside: false };
  if (Array.isArray(item?.value)) return undefined;
  const object = isObject(item?.beside) ? item.beside : {};
  if (items === undefined) container[`_${key}`] = object;
  else {
    items[index ?? 0] = { value: item?.value ?? null, beside: object };
    keepItems(container, key, items);
  }
  return { object, isBeside: true };
}

/** Takes away objects without content, and what is empty without them. */
function withoutEmpty(object: JsonObject): void {
  for (const key of Object.keys(object)) {
    const items = key.startsWith('_') && key.slice(1) in object ? undefined : itemsOf(object, key.replace(/^_/, ''));
    if (isSingle(object[key])) {
      if (isEmpty(object[key])) delete object[key];
    } else if (items !== undefined) {
      const full = items.map(({ value, beside }) => ({ value: isEmpty(value) ? null : value, beside: isEmpty(beside) ? null : beside }));
      keepItems(
        object,
        key.replace(/^_/, ''),
        full.filter(({ value, beside }) => value !== null || beside !== null),
      );
    }
  }
}

function isEmpty(value: unknown): boolean {
  if (!isObject(value)) return false;
  withoutEmpty(value);
  return Object.keys(value).length === 0;
}

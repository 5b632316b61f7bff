/**
 * The resource a FHIRPath Patch works on: finds the places an expression names, and changes the JSON there.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html
 */
import type { Definitions, ElementInfo, TypeInfo } from '../definitions/definitions.ts';
import { DeadlinePassed, withinMs } from '../fhir/deadline.ts';
import { badValue, FhirError } from '../fhir/errors.ts';
import { fhirPathLibrary } from '../fhir/fhirpath.ts';
import { stringifyJson } from '../fhir/json.ts';
import type { IssueCode } from '../fhir/outcome.ts';
import { isObject, type Resource } from '../fhir/resource.ts';

/** How long one path of a patch may take. */
const PATH_LIMIT_MS = 500;

type JsonObject = Record<string, unknown>;

/** An element by the steps to it from the resource: element names (choices without their type) and places in lists. */
export type Place = readonly { readonly name: string; readonly index: number | null }[];

interface PathNode {
  readonly parentResNode?: PathNode | null;
  readonly propName?: string | null;
  readonly index?: number | null;
}

export class PatchTarget {
  readonly resource: Resource;
  readonly #definitions: Definitions;
  readonly #type: string;

  /** @param resource - is changed. */
  constructor(definitions: Definitions, type: string, resource: Resource) {
    this.#definitions = definitions;
    this.#type = type;
    this.resource = resource;
  }

  /**
   * The places an expression names.
   * @throws FhirError 400 `value` when it cannot be evaluated, 422 `processing` when it gives something that is no element,
   * 422 `too-costly` when that takes more than half a second.
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

  /** The list a path such as `Patient.name` names, made when it is not there; `shaped` gives a value the shape of its elements. */
  list(path: string, at: string): { readonly list: unknown[]; shaped(value: unknown): unknown } {
    const split = /^(.+)\.([A-Za-z]+)$/.exec(path.trim());
    if (split?.[1] === undefined || split[2] === undefined) throw badValue('The path is to name a list', at);
    const { container, type } = this.#objectAt(this.one(split[1], at), at);
    const element = this.#element(type, split[2], at);
    if (element.max <= 1) throw this.doesNotFit(`${element.path} is no list`, at);
    const list = container[split[2]] ?? [];
    if (!Array.isArray(list)) throw this.doesNotFit(`${element.path} is no list`, at);
    container[split[2]] = list;
    return { list, shaped: (value) => this.#shaped(element, value) };
  }

  /** Adds an element below a place: at the end of a list, or where there is none yet. */
  add(parent: Place, name: string, value: unknown, valueType: string, at: string): void {
    const { container, type } = this.#objectAt(parent, at);
    const element = this.#element(type, name, at);
    const key = element.choice && element.name === name ? `${name}${valueType}` : name;
    if (element.max > 1) {
      const list = container[key] ?? [];
      if (!Array.isArray(list)) throw this.doesNotFit(`${element.path} is no list`, at);
      container[key] = [...list, this.#shaped(element, value)];
      return;
    }
    if (jsonName(container, type, element.name) !== undefined) throw this.doesNotFit(`${element.path} is there already`, at);
    container[key] = this.#shaped(element, value);
  }

  replace(place: Place, value: unknown, valueType: string, at: string): void {
    const last = place.at(-1);
    if (last === undefined) throw this.doesNotFit('The resource itself is not replaced by a patch', at);
    const { container, type } = this.#objectAt(place.slice(0, -1), at);
    const key = jsonName(container, type, last.name) ?? last.name;
    const current = container[key];
    const element = this.#element(type, last.name, at);
    if (last.index !== null && Array.isArray(current)) {
      current[last.index] = this.#shaped(element, value);
      return;
    }
    delete container[key];
    delete container[`_${key}`];
    container[element.choice && valueType !== '' ? `${element.name}${valueType}` : key] = this.#shaped(element, value);
  }

  remove(place: Place, at: string): void {
    const last = place.at(-1);
    if (last === undefined) throw this.doesNotFit('The resource itself is not deleted by a patch', at);
    const { container, type } = this.#objectAt(place.slice(0, -1), at);
    const key = jsonName(container, type, last.name) ?? last.name;
    for (const name of [key, `_${key}`]) {
      const current = container[name];
      if (last.index === null || !Array.isArray(current)) delete container[name];
      else if (current.length <= 1) delete container[name];
      else current.splice(last.index, 1);
    }
  }

  doesNotFit(why: string, at: string, code: IssueCode = 'processing'): FhirError {
    return new FhirError(422, [{ severity: 'error', code, diagnostics: why, expression: [at] }]);
  }

  /** A value that was given by its parts, with lists where the definition has lists: one part alone does not tell. */
  #shaped(element: ElementInfo, value: unknown): unknown {
    const type = element.childrenIn === undefined ? undefined : this.#definitions.type(element.childrenIn);
    if (type === undefined || !isObject(value)) return value;
    const members = Object.entries(value).map(([name, inner]): [string, unknown] => {
      const part = type.property(name)?.element;
      if (part === undefined) return [name, inner];
      const parts: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
      const shaped = parts.map((each) => this.#shaped(part, each));
      return [name, part.max > 1 || Array.isArray(inner) ? shaped : shaped[0]];
    });
    return Object.fromEntries(members);
  }

  #evaluate(path: string, at: string): readonly unknown[] {
    // A copy with plain numbers: only the places are taken from the answer.
    const plain: unknown = JSON.parse(stringifyJson(this.resource));
    const { fhirpath, r4 } = fhirPathLibrary();
    try {
      return withinMs(
        PATH_LIMIT_MS,
        () => fhirpath.evaluate(plain, path, {}, r4, { resolveInternalTypes: false, async: false }) as readonly unknown[],
      );
    } catch (error) {
      if (error instanceof DeadlinePassed) throw this.doesNotFit('The path takes too long to evaluate', at, 'too-costly');
      throw badValue('The path cannot be evaluated', at);
    }
  }

  #objectAt(place: Place, at: string): { container: JsonObject; type: TypeInfo } {
    let container: JsonObject = this.resource;
    let type = this.#definitions.type(this.#type);
    for (const { name, index } of place) {
      const key: string | undefined = type === undefined ? undefined : jsonName(container, type, name);
      const property = key === undefined ? undefined : type?.property(key);
      const value: unknown = key === undefined ? undefined : container[key];
      const next: unknown = index !== null && Array.isArray(value) ? value[index] : value;
      if (!isObject(next) || property === undefined) throw this.doesNotFit('The path names an element that has no parts', at);
      container = next;
      const own = typeof next.resourceType === 'string' ? next.resourceType : undefined;
      type = this.#definitions.type(own ?? property.element.childrenIn ?? property.type);
    }
    if (type === undefined) throw this.doesNotFit('The path names an element of unknown type', at);
    return { container, type };
  }

  #element(type: TypeInfo, name: string, at: string): ElementInfo {
    const element = type.property(name)?.element ?? type.elements.find((each) => each.name === name);
    if (element === undefined) throw this.doesNotFit(`${type.name} has no element ${name.slice(0, 64)}`, at);
    return element;
  }
}

/** The JSON name under which an object has an element: with the type in it for a choice; undefined when it has none. */
function jsonName(container: JsonObject, type: TypeInfo, name: string): string | undefined {
  if (name in container) return name;
  return Object.keys(container).find((key) => type.property(key)?.element.name === name);
}

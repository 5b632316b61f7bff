/**
 * The third opinion: which of some resources a search finds, decided by looking at each of them in turn.
 *
 * Spec: https://hl7.org/fhir/R4/search.html
 */
import type { Definitions, SearchParameterInfo } from '../../../server/definitions/definitions.ts';
import { compartmentMembership } from '../../../server/fhir/compartment.ts';
import { containedIn, containerOf } from './contained.ts';
import { componentsOf, type Element, elementsOf } from './elements.ts';
import {
  amountMeets,
  amountOf,
  canonicalIsBelow,
  folded,
  isComponent,
  isUsable,
  logicalIdentifier,
  ofTypeMeets,
  placesOf,
  referenceMeets,
  spanMeets,
  spanOf,
  textMeets,
  tokenIsAmong,
  tokenMeets,
  tokenTextMeets,
  uriMeets,
} from './match.ts';
import type { Held } from './population.ts';
import type { Condition, Filter, Search, Value } from './query.ts';
import { codesAbove, codesBelow, PETS, ZOO } from './zoo.ts';

export class World {
  readonly #definitions: Definitions;
  readonly #parameters = new Map<string, ReadonlyMap<string, SearchParameterInfo>>();
  /** Current resources by `Type/id`. */
  readonly resources = new Map<string, Held>();
  readonly updatedMs = new Map<string, number>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** The world of who may see resources of these types only: for them, the others are not there. */
  seenBy(types: readonly string[]): World {
    const part = new World(this.#definitions);
    for (const [name, resource] of this.resources) if (types.includes(resource.resourceType)) part.resources.set(name, resource);
    for (const [name, ms] of this.updatedMs) part.updatedMs.set(name, ms);
    return part;
  }

  /** The parameters of a type by their code; where two have the same, the project's own counts. */
  parametersOf(type: string): ReadonlyMap<string, SearchParameterInfo> {
    const known = this.#parameters.get(type);
    if (known !== undefined) return known;
    const isFor = (base: string) => this.#definitions.searchParameters.filter((parameter) => parameter.base.includes(base));
    const found = [...isFor('Resource'), ...isFor('DomainResource'), ...isFor(type)].filter(({ expression }) => expression !== undefined);
    const made = new Map(found.map((parameter) => [parameter.code, parameter]));
    this.#parameters.set(type, made);
    return made;
  }

  parameter(type: string, code: string): SearchParameterInfo | undefined {
    return this.parametersOf(type).get(code);
  }

  component(url: string): SearchParameterInfo {
    return this.#definitions.searchParameters.find((parameter) => parameter.url === url) as SearchParameterInfo;
  }

  elements(resource: Held, code: string): readonly Element[] {
    const parameter = this.parameter(resource.resourceType, code);
    return parameter === undefined ? [] : elementsOf(resource, parameter);
  }

  /** The resources that a search finds, as `Type/id`, and those within them as `Type/id#id`. */
  find(search: Search): string[] {
    const { types, conditions, owner, contained } = search;
    if (contained !== undefined) return this.#findContained(search, contained);
    const found: string[] = [];
    for (const [name, resource] of this.resources) {
      if (types.length > 0 && !types.includes(resource.resourceType)) continue;
      if (owner !== undefined && !this.#belongs(resource, owner)) continue;
      if (conditions.every((condition) => this.holds(resource, condition))) found.push(name);
    }
    return found;
  }

  #findContained({ types, conditions }: Search, { which, as }: NonNullable<Search['contained']>): string[] {
    const found = new Set(which === 'both' ? this.find({ types, conditions }) : []);
    // Asked for itself, it has the id by which it is known there.
    const holds = (inner: Held, condition: Condition): boolean =>
      condition.is === 'ids' ? condition.ids.includes(inner.id) !== (condition.not === true) : this.holds(inner, condition);
    for (const [name, resource] of this.resources) {
      for (const inner of containedIn(resource).values()) {
        if (types.length > 0 && !types.includes(inner.resourceType)) continue;
        if (conditions.every((condition) => holds(inner, condition))) found.add(as === 'container' ? name : `${name}#${inner.id}`);
      }
    }
    return [...found];
  }

  /** A resource by its name, or one that it contains. */
  named(name: string): Held | undefined {
    const [container = '', id] = name.split('#');
    const resource = this.resources.get(container);
    return id === undefined || resource === undefined ? resource : containedIn(resource).get(id);
  }

  holds(resource: Held, condition: Condition): boolean {
    switch (condition.is) {
      // What is contained has neither an id of the server nor a time of change.
      case 'ids':
        if (containerOf(resource) !== undefined) return condition.not === true;
        return condition.ids.includes(resource.id) !== (condition.not === true);
      case 'updated': {
        if (containerOf(resource) !== undefined) return false;
        const ms = this.updatedMs.get(`${resource.resourceType}/${resource.id}`) as number;
        return spanMeets({ low: ms, high: ms }, condition.prefix, condition.text);
      }
      case 'missing':
        return this.#hasValue(resource, condition.code) !== condition.missing;
      case 'chain':
        return this.#targets(resource, condition.code, condition.type).some((target) => this.#holdsThere(target, condition.rest));
      case 'has':
        return [...this.resources.values()].some(
          (source) =>
            source.resourceType === condition.type &&
            this.#targets(source, condition.code, undefined).includes(resource) &&
            this.holds(source, condition.rest),
        );
      case 'filter':
        return this.#filtered(resource, condition.filter);
      case 'list': {
        const list = this.resources.get(`List/${condition.id}`);
        return list !== undefined && this.#targets(list, 'item', undefined).includes(resource);
      }
      case 'content':
        return textsWithin(resource).some((text) => ` ${folded(text)}`.includes(` ${folded(condition.word)}`));
      default:
        return this.#meets(resource, condition);
    }
  }

  /** Whether a resource is in the compartment of another. */
  #belongs(resource: Held, owner: { readonly type: string; readonly id: string }): boolean {
    const membership = compartmentMembership(owner.type, resource.resourceType);
    if (membership?.self === true && resource.id === owner.id) return true;
    const places = (membership?.params ?? []).flatMap((code) => this.elements(resource, code).flatMap(placesOf));
    return places.some((place) => !('url' in place) && place.type === owner.type && place.id === owner.id);
  }

  /** Whether the type of a target knows the parameter that the rest of a chain begins with. */
  #holdsThere(target: Held, rest: Condition): boolean {
    const known =
      rest.is === 'value' || rest.is === 'missing' || rest.is === 'chain' ? this.parameter(target.resourceType, rest.code) : true;
    return known !== undefined && this.holds(target, rest);
  }

  /** Current resources of this server that a resource points at, and those that it or its container contains. */
  #targets(resource: Held, code: string, type: string | undefined): Held[] {
    const places = this.elements(resource, code).flatMap(placesOf);
    const found = places.flatMap((place) =>
      'url' in place ? this.#within(resource, place.url) : (this.resources.get(`${place.type}/${place.id}`) ?? []),
    );
    found.push(...this.definitionsNamed(resource, code));
    return type === undefined ? found : found.filter((each) => each.resourceType === type);
  }

  /** What a resource names by canonical URL: in one version, or in any. Beside a version of it, the bare URL says no more. */
  definitionsNamed(resource: Held, code: string): Held[] {
    const parameter = this.parameter(resource.resourceType, code);
    if (parameter?.type !== 'reference') return [];
    const { targets } = parameter;
    const texts = elementsOf(resource, parameter).flatMap(({ type, value }) =>
      ['canonical', 'uri', 'url'].includes(type) ? String(value) : [],
    );
    const named = texts.filter((text) => !texts.some((other) => other.startsWith(`${text}|`))).map((text) => text.split('|'));
    const isMeant = ({ resourceType, url, version }: Held) =>
      (targets.length === 0 || targets.includes('Resource') || targets.includes(resourceType)) &&
      this.parameter(resourceType, 'url')?.type === 'uri' &&
      named.some(([ownUrl, ownVersion]) => ownUrl === url && (ownVersion === undefined || ownVersion === version));
    return [...this.resources.values()].filter(isMeant);
  }

  #within(resource: Held, url: string): Held | [] {
    if (!url.startsWith('#')) return [];
    const container = containerOf(resource);
    if (url === '#') return (container && this.resources.get(`${container.resourceType}/${container.id}`)) ?? [];
    return containedIn(container ?? resource).get(url.slice(1)) ?? [];
  }

  #hasValue(resource: Held, code: string): boolean {
    const parameter = this.parameter(resource.resourceType, code);
    if (parameter === undefined) return false;
    if (parameter.type !== 'composite') return elementsOf(resource, parameter).some((element) => isUsable(element, parameter.type));
    const types = parameter.components.map(({ definition }) => this.component(definition).type);
    return componentsOf(resource, parameter).some((parts) =>
      parts.every((part, at) => part.some((each) => isComponent(each, types[at] ?? 'token'))),
    );
  }

  #meets(resource: Held, { code, modifier, values }: Extract<Condition, { is: 'value' }>): boolean {
    const parameter = this.parameter(resource.resourceType, code);
    if (parameter === undefined) return false;
    const any = values.some((value) => this.#valueMeets(resource, parameter, modifier, value));
    return any !== (modifier === 'not' || modifier === 'not-in');
  }

  #valueMeets(resource: Held, parameter: SearchParameterInfo, modifier: string | undefined, value: Value): boolean {
    if (value.is === 'composite') {
      const known = parameter.components.map(({ definition }) => this.component(definition));
      return componentsOf(resource, parameter).some((parts) =>
        parts.every((part, at) =>
          this.#elementsMeet(part, known[at] as SearchParameterInfo, undefined, value.parts[at] as Value, resource),
        ),
      );
    }
    return this.#elementsMeet(elementsOf(resource, parameter), parameter, modifier, value, resource);
  }

  #elementsMeet(
    elements: readonly Element[],
    { code, type, targets }: SearchParameterInfo,
    modifier: string | undefined,
    value: Value,
    resource: Held,
  ): boolean {
    switch (value.is) {
      case 'date':
        return elements.some((element) => {
          const span = spanOf(element);
          return span !== undefined && spanMeets(span, value.prefix, value.text);
        });
      case 'number':
      case 'quantity':
        return elements.some((element) => {
          const amount = amountOf(element);
          return amount !== undefined && amountMeets(amount, value);
        });
      case 'token': {
        const { system, code: sought = '' } = value;
        if (modifier === 'above') return elements.some((each) => tokenIsAmong(each, codesAbove(String(system), sought)));
        if (modifier === 'below') return elements.some((each) => tokenIsAmong(each, codesBelow(String(system), sought)));
        const searched = modifier === 'identifier' ? elements.flatMap(logicalIdentifier) : elements;
        return searched.some((element) => tokenMeets(element, value, code));
      }
      case 'of-type':
        return elements.some((element) => ofTypeMeets(element, value));
      case 'reference':
        return this.#referenceMeets(elements, targets, modifier, value, resource);
      case 'text':
        if (modifier === 'in' || modifier === 'not-in')
          return elements.some((each) => tokenIsAmong(each, value.text === PETS ? ZOO.pets : []));
        if (type === 'token') return elements.some((element) => tokenTextMeets(element, value.text));
        if (type === 'uri') return elements.some((element) => uriMeets(element, modifier, value.text));
        if (type === 'reference' && modifier === 'below') return elements.some((element) => canonicalIsBelow(element, value.text));
        if (type === 'reference') return elements.some((element) => referenceMeets(element, value, targets));
        return textMeets(elements, code, modifier, value.text);
      default:
        throw new TypeError(`${value.is} is no value of one element.`);
    }
  }

  #referenceMeets(
    elements: readonly Element[],
    targets: readonly string[],
    modifier: string | undefined,
    value: Extract<Value, { is: 'reference' }>,
    resource: Held,
  ): boolean {
    if (modifier === undefined) return elements.some((element) => referenceMeets(element, value, targets));
    if (modifier !== 'below' && modifier !== 'above') {
      return elements.some((element) => referenceMeets(element, { ...value, type: modifier }, targets));
    }
    const type = value.type ?? resource.resourceType;
    const named = `${type}/${value.id}`;
    const places = elements
      .flatMap(placesOf)
      .flatMap((place) => ('url' in place || place.type !== type ? [] : [`${place.type}/${place.id}`]));
    const isAbove = (place: string) => this.resources.has(place) && this.#wholes(named).has(place);
    return places.some((place) => place === named || (modifier === 'below' ? this.#wholes(place).has(named) : isAbove(place)));
  }

  /** What a resource is part of, directly or through others. */
  #wholes(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    const follow = (from: string): void => {
      const resource = this.resources.get(from);
      if (resource === undefined) return;
      for (const place of ['partof', 'part-of'].flatMap((code) => this.elements(resource, code).flatMap(placesOf))) {
        const next = 'url' in place || place.type !== resource.resourceType ? undefined : `${place.type}/${place.id}`;
        if (next === undefined || found.has(next)) continue;
        found.add(next);
        follow(next);
      }
    };
    follow(name);
    return found;
  }

  #filtered(resource: Held, filter: Filter): boolean {
    switch (filter.is) {
      case 'and':
        return this.#filtered(resource, filter.left) && this.#filtered(resource, filter.right);
      case 'or':
        return this.#filtered(resource, filter.left) || this.#filtered(resource, filter.right);
      case 'not':
        return !this.#filtered(resource, filter.filter);
      default: {
        const [code = '', ...rest] = filter.path;
        if (rest.length > 0) {
          const [link = '', type] = code.split(':');
          const targets = this.#targets(resource, link, type).filter(
            (each) => this.parameter(each.resourceType, rest[0]?.split(':')[0] ?? '') !== undefined,
          );
          return targets.some((target) => this.#filtered(target, { ...filter, path: rest }));
        }
        return this.#tested(resource, code, filter.operator, filter.value);
      }
    }
  }

  #tested(resource: Held, code: string, operator: string, value: Value): boolean {
    if (operator === 'pr') return this.#hasValue(resource, code) === (value.is === 'text' && value.text === 'true');
    const asked = (modifier?: string, sought: Value = value): boolean =>
      this.#meets(resource, { is: 'value', code, values: [sought], ...(modifier === undefined ? {} : { modifier }) });
    if (value.is === 'date' || value.is === 'number') return asked(undefined, { ...value, prefix: operator as typeof value.prefix });
    const type = this.parameter(resource.resourceType, code)?.type;
    if (operator === 'ne') return this.#hasValue(resource, code) && !asked(type === 'string' ? 'whole' : undefined);
    if (type === 'string') return asked({ eq: 'whole', co: 'contains', ew: 'ends' }[operator]);
    if (type === 'uri') return asked({ sb: 'below', ss: 'above' }[operator]);
    return asked();
  }
}

function textsWithin(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsWithin);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => (name === 'resourceType' ? [] : textsWithin(each)));
}

/** Random searches whose values are taken, whole or spoilt, from the resources they are asked of, so that most find something. */
import type { SearchParameterInfo } from '../../../server/definitions/definitions.ts';
import { compartmentMembership } from '../../../server/fhir/compartment.ts';
import type { Below } from '../../support/random.ts';
import { containedIn, containerOf } from './contained.ts';
import { componentsOf, type Element } from './elements.ts';
import { amountOf, folded, placesOf, textsOf } from './match.ts';
import type { Held, Json } from './population.ts';
import type { Condition, Filter, Prefix, Search, Value } from './query.ts';
import { CODES, chance, DATES, DECIMALS, pick, STRINGS, SYSTEMS, TIMES, UCUM, URIS } from './values.ts';
import type { World } from './world.ts';
import { PETS, ZOO } from './zoo.ts';

const PREFIXES: readonly Prefix[] = ['', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
const FILTER_PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
/** Types whose resources are parts of one another. */
const WHOLES = ['Organization', 'Location', 'Task', 'CarePlan'];
const SEARCHED_EVERYWHERE = ['_tag', '_profile', '_security', '_source'];
const TIME_TYPES = ['date', 'dateTime', 'instant'];
const DEPTH_MAX = 3;

export class SearchMaker {
  readonly #world: World;
  readonly #types: readonly string[];
  readonly #random: Below;
  readonly #byType = new Map<string, Held[]>();
  /** Codes of the parameters that some resource of a type has a value for. */
  readonly #used = new Map<string, readonly string[]>();

  constructor(world: World, types: readonly string[], random: Below) {
    this.#world = world;
    this.#types = types;
    this.#random = random;
  }

  search(): Search {
    const random = this.#random;
    if (chance(random, 6)) return { types: [], conditions: [this.#everywhere(), ...(chance(random, 40) ? [this.#everywhere()] : [])] };
    if (chance(random, 10)) return this.#ofSeveralTypes();
    const type = pick(random, this.#types);
    const count = chance(random, 10) ? 0 : 1 + random(chance(random, 30) ? 3 : 1);
    const conditions = Array.from({ length: count }, () => this.condition(type, 0));
    if (chance(random, 3)) conditions.push({ is: 'content', word: pick(random, ['anne', 'solberg lid', 'dog', 'å', 'draft']) });
    if (chance(random, 2)) conditions.push({ is: 'list', id: this.#id() });
    return { types: [type], conditions, ...(chance(random, 8) ? this.#owner(type) : {}) };
  }

  #owner(type: string): Pick<Search, 'owner'> {
    const owners = ['Patient', 'Practitioner', 'Encounter'].filter((owner) => compartmentMembership(owner, type) !== undefined);
    return owners.length === 0 ? {} : { owner: { type: pick(this.#random, owners), id: this.#id() } };
  }

  condition(type: string, depth: number): Condition {
    const random = this.#random;
    const choice = random(100);
    if (choice < 6) return { is: 'missing', code: this.#code(type), missing: chance(random, 50) };
    if (choice < 9) return { is: 'ids', ids: [this.#id(), this.#id()], ...(chance(random, 30) ? { not: true } : {}) };
    if (choice < 11)
      return {
        is: 'updated',
        prefix: pick(random, PREFIXES),
        text: pick(random, ['2024-07-01', '2024-07-01T09:01:30Z', '2024-07', '2024-07-01T11:01']),
      };
    if (depth < DEPTH_MAX && choice < 28) return this.#chain(type, depth) ?? this.#value(type);
    if (depth < DEPTH_MAX && choice < 40) return this.#has(type, depth) ?? this.#value(type);
    if (depth === 0 && choice < 48) return { is: 'filter', filter: this.#filter(type, 0) };
    return this.#value(type);
  }

  #id(): string {
    if (chance(this.#random, 10)) return 'nobody';
    return pick(this.#random, [...this.#world.resources.values()]).id;
  }

  /** A parameter to sort or to include by. */
  codeOf(type: string, wanted: readonly SearchParameterInfo['type'][]): string | undefined {
    const codes = this.#usedOf(type).filter((code) => wanted.includes(this.#parameter(type, code).type));
    return codes.length === 0 ? undefined : pick(this.#random, codes);
  }

  #everywhere(): Condition {
    const random = this.#random;
    if (chance(random, 20)) return { is: 'ids', ids: [this.#id()] };
    const type = pick(random, this.#types);
    return this.#valueOf(type, pick(random, SEARCHED_EVERYWHERE));
  }

  #ofSeveralTypes(): Search {
    const random = this.#random;
    const types = [...new Set([pick(random, this.#types), pick(random, this.#types)])];
    const [first = '', ...others] = types;
    const shared = this.#usedOf(first).filter((code) =>
      others.every((type) => this.#world.parameter(type, code)?.type === this.#parameter(first, code).type),
    );
    const codes = shared.filter((code) => this.#parameter(first, code).type !== 'composite');
    const code = codes.length === 0 ? '_tag' : pick(random, codes);
    const condition: Condition = chance(random, 20) ? { is: 'missing', code, missing: chance(random, 50) } : this.#valueOf(first, code);
    return { types, conditions: [condition] };
  }

  #parameter(type: string, code: string): SearchParameterInfo {
    return this.#world.parameter(type, code) as SearchParameterInfo;
  }

  /** Those there are, and those that are contained: their values are to be found by chains. */
  #resources(type: string): Held[] {
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    const all = [...this.#world.resources.values()].flatMap((resource) => [resource, ...containedIn(resource).values()]);
    const found = all.filter(({ resourceType }) => resourceType === type);
    this.#byType.set(type, found);
    return found;
  }

  #usedOf(type: string): readonly string[] {
    const known = this.#used.get(type);
    if (known !== undefined) return known;
    const codes = [...this.#world.parametersOf(type).values()]
      .filter(({ type: kind }) => kind !== 'special')
      .filter(({ code }) => code !== '_id' && code !== '_lastUpdated')
      .map(({ code }) => code);
    const used = codes.filter((code) => this.#resources(type).some((resource) => this.#world.elements(resource, code).length > 0));
    const found = used.length === 0 ? codes : used;
    this.#used.set(type, found);
    return found;
  }

  /** Composites more often than one in all codes: what they join can go wrong in more ways. */
  #code(type: string): string {
    const composite = chance(this.#random, 12) ? this.codeOf(type, ['composite']) : undefined;
    return composite ?? pick(this.#random, this.#usedOf(type));
  }

  #value(type: string): Condition {
    return this.#valueOf(type, this.#code(type));
  }

  #elementOf(type: string, code: string): Element | undefined {
    const all = this.#resources(type).flatMap((resource) => this.#world.elements(resource, code));
    return all.length === 0 ? undefined : pick(this.#random, all);
  }

  #valueOf(type: string, code: string): Condition {
    const random = this.#random;
    const parameter = this.#parameter(type, code);
    if (parameter.type === 'composite') return { is: 'value', code, values: [this.#composite(type, parameter)] };
    const element = this.#elementOf(type, code);
    const modifier = this.#modifier(parameter, element);
    const values = Array.from({ length: chance(random, 25) ? 2 : 1 }, () =>
      this.#plain(type, parameter, modifier, chance(random, 70) ? element : this.#elementOf(type, code)),
    );
    return { is: 'value', code, values, ...(modifier === undefined ? {} : { modifier }) };
  }

  #modifier({ type, targets }: SearchParameterInfo, element: Element | undefined): string | undefined {
    const random = this.#random;
    if (chance(random, 55)) return undefined;
    switch (type) {
      case 'string':
        return pick(random, ['exact', 'contains']);
      case 'uri':
        return pick(random, ['above', 'below']);
      case 'token': {
        const isSimple = element === undefined || !['Coding', 'CodeableConcept', 'Identifier'].includes(element.type);
        if (isSimple) return 'not';
        return pick(random, [
          'not',
          'not',
          'text',
          'in',
          'not-in',
          'above',
          'below',
          ...(element.type === 'Identifier' ? ['of-type'] : []),
        ]);
      }
      case 'reference': {
        const kinds = targets.filter((target) => this.#types.includes(target));
        const wholes = kinds.filter((kind) => WHOLES.includes(kind));
        const isLink = element?.type === 'Reference';
        return pick(random, [
          ...(isLink ? ['identifier'] : []),
          ...(kinds.length > 0 ? [pick(random, kinds)] : []),
          ...(isLink && wholes.length > 0 ? ['above', 'below'] : []),
          ...(element?.type === 'canonical' ? ['below'] : []),
          undefined,
        ]);
      }
      default:
        return undefined;
    }
  }

  #plain(type: string, parameter: SearchParameterInfo, modifier: string | undefined, element: Element | undefined): Value {
    const random = this.#random;
    switch (parameter.type) {
      case 'string':
        return { is: 'text', text: this.#text(element, modifier) };
      case 'token':
        return this.#token(element, modifier);
      case 'date':
        return { is: 'date', prefix: pick(random, PREFIXES), text: this.#time(element) };
      case 'number':
        return { is: 'number', prefix: pick(random, PREFIXES), text: this.#number(element) };
      case 'quantity':
        return this.#quantity(element);
      case 'uri':
        return { is: 'text', text: this.#address(element, modifier) };
      default:
        return this.#reference(type, parameter, modifier, element);
    }
  }

  #text(element: Element | undefined, modifier: string | undefined): string {
    const random = this.#random;
    const own = element === undefined ? [] : textsOf(element);
    const letters = [...pick(random, own.length > 0 && chance(random, 75) ? own : STRINGS)];
    const cut = modifier === 'exact' ? 0 : random(letters.length);
    const start = modifier === 'contains' ? random(cut + 1) : 0;
    const least = letters.length > 1_000 && modifier === 'contains' ? letters.length - 1 - random(200) : 0;
    const text = letters.slice(Math.max(start, least), Math.max(letters.length - (cut - start), least + 1)).join('');
    const changed = chance(random, 25) ? text.toUpperCase() : text;
    return folded(changed) === '' || changed.trim() === '' ? 'Ann' : changed;
  }

  #token(element: Element | undefined, modifier: string | undefined): Value {
    const random = this.#random;
    if (modifier === 'in' || modifier === 'not-in') return { is: 'text', text: PETS };
    if (modifier === 'above' || modifier === 'below') return { is: 'token', system: 'http://zoo.example', code: pick(random, ZOO.animals) };
    const coding = codingOf(element, random);
    if (modifier === 'text')
      return { is: 'text', text: this.#text({ type: 'string', value: coding.text ?? pick(random, STRINGS) }, undefined) };
    if (modifier === 'of-type') {
      const type = codingOf(
        { type: 'CodeableConcept', value: ((element?.value as Json | undefined)?.type as Json | undefined) ?? {} },
        random,
      );
      return { is: 'of-type', system: type.system ?? '', code: type.code ?? 'a', value: coding.code ?? 'b' };
    }
    const code = coding.code ?? pick(random, CODES);
    if (element?.type === 'ContactPoint' || element?.type === 'boolean') return { is: 'token', code };
    if (element?.type === 'code' && chance(random, 30)) return { is: 'token', system: 'http://hl7.org/fhir/administrative-gender', code };
    switch (random(5)) {
      case 0:
        return { is: 'token', system: null, code };
      case 1:
        return { is: 'token', system: pick(random, SYSTEMS), code };
      case 2:
        return { is: 'token', system: coding.system ?? pick(random, SYSTEMS), ...(chance(random, 30) ? {} : { code }) };
      default:
        return { is: 'token', code };
    }
  }

  #time(element: Element | undefined): string {
    const random = this.#random;
    const { start, end } = (element?.type === 'Period' ? element.value : {}) as { start?: string; end?: string };
    const time = element !== undefined && TIME_TYPES.includes(element.type) ? String(element.value) : undefined;
    const own = [time, start, end].filter((text) => text !== undefined);
    if (own.length > 0 && chance(random, 50)) return pick(random, own);
    return pick(random, [...DATES, ...TIMES, '2024-01-01T00:30', '2024-06-01T12:00:00', '2024-02', '2025']);
  }

  #number(element: Element | undefined): string {
    const value: unknown = typeof element?.value === 'object' ? (element.value as Json | null)?.value : element?.value;
    return value !== undefined && chance(this.#random, 40) ? String(value) : pick(this.#random, DECIMALS);
  }

  #quantity(element: Element | undefined): Value {
    const random = this.#random;
    const base = { is: 'quantity', prefix: pick(random, PREFIXES), text: this.#number(element) } as const;
    const amount = element && amountOf(element);
    const code = (amount?.code ?? amount?.unit) as string | undefined;
    switch (random(4)) {
      case 0:
        return base;
      case 1:
        return { ...base, code: code ?? 'mg' };
      case 2:
        return { ...base, system: (amount?.system as string | undefined) ?? UCUM, code: (amount?.code as string | undefined) ?? 'mg' };
      default:
        return { ...base, system: UCUM, code: pick(random, ['ug', 'mg', 'g', 'kg', 'mm[Hg]', 'kPa', 'cm']) };
    }
  }

  #address(element: Element | undefined, modifier: string | undefined): string {
    const random = this.#random;
    const own = String(element?.value ?? '').split('|')[0] ?? '';
    const text = own !== '' && chance(random, 70) ? own : pick(random, URIS);
    if (modifier === undefined) return text;
    const web = text.startsWith('http') ? text : 'http://acme.org/fhir';
    return modifier === 'below' && chance(random, 50) ? web.slice(0, web.lastIndexOf('/') + random(2)) : web;
  }

  #reference(type: string, { code, targets }: SearchParameterInfo, modifier: string | undefined, element: Element | undefined): Value {
    const random = this.#random;
    if (modifier === 'identifier') {
      const identifier = (element?.value as Json | undefined)?.identifier;
      return this.#token({ type: 'Identifier', value: identifier ?? {} }, undefined);
    }
    const kinds = targets.filter((target) => this.#types.includes(target));
    const id = this.#id();
    if (modifier === 'below' && element?.type === 'canonical') {
      return { is: 'text', text: `${String(element.value).split('|')[0]}${pick(random, ['', '|1', '|1.0', '|2', '|1.0.2'])}` };
    }
    if (modifier === 'above' || modifier === 'below') {
      const wholes = kinds.filter((kind) => WHOLES.includes(kind));
      return { is: 'reference', type: pick(random, wholes), id };
    }
    if (modifier !== undefined) return { is: 'reference', id };
    const places = element === undefined ? [] : placesOf(element);
    const place = places.length > 0 && chance(random, 75) ? pick(random, places) : undefined;
    if (place !== undefined && 'url' in place) return { is: 'text', text: /^[a-z]+:/.test(place.url) ? place.url : (URIS[0] as string) };
    const found = place ?? { type: kinds.length > 0 ? pick(random, kinds) : 'Patient', id };
    // Whether a parameter for one type only (patient) leads to another is asked by its own element.
    const isOpen = this.#world.parameter(type, code)?.targets.length !== 1;
    return chance(random, 40) && isOpen ? { is: 'reference', id: found.id } : { is: 'reference', ...found };
  }

  /** Parts of one element; or of several of one resource, which do not meet. */
  #composite(type: string, parameter: SearchParameterInfo): Value {
    const random = this.#random;
    const isWhole = (parts: readonly (readonly Element[])[]) => parts.every((part) => part.length > 0);
    const ofResources = this.#resources(type).map((resource) => componentsOf(resource, parameter).filter(isWhole));
    const several = ofResources.filter((places) => places.length > 1);
    const those = several.length > 0 && chance(random, 50) ? several : ofResources.filter((places) => places.length > 0);
    const places = those.length > 0 ? pick(random, those) : [[]];
    const one = pick(random, places);
    const mixed = chance(random, 50);
    const parts = parameter.components.map(({ definition }, at): Value => {
      const elements = (mixed ? pick(random, places) : one)[at] ?? [];
      return this.#plain(type, this.#world.component(definition), undefined, elements.length === 0 ? undefined : pick(random, elements));
    });
    return { is: 'composite', parts };
  }

  /** Parameters with a reference to something contained, and its type. */
  #linksWithin(type: string): readonly { readonly code: string; readonly target: string }[] {
    return this.#resources(type).flatMap((resource) => {
      const siblings = containedIn(containerOf(resource) ?? resource);
      const codes = siblings.size === 0 ? [] : this.#usedOf(type).filter((code) => this.#parameter(type, code).type === 'reference');
      return codes.flatMap((code) => {
        const places = this.#world.elements(resource, code).flatMap(placesOf);
        const targets = places.flatMap((place) => ('url' in place ? (siblings.get(place.url.slice(1))?.resourceType ?? []) : []));
        return targets.map((target) => ({ code, target }));
      });
    });
  }

  /** A parameter with a reference, and a type that it leads to. */
  #linkOf(type: string): { readonly code: string; readonly target: string } | undefined {
    const random = this.#random;
    const within = chance(random, 30) ? this.#linksWithin(type) : [];
    if (within.length > 0) return pick(random, within);
    const code = this.codeOf(type, ['reference']);
    const element = code === undefined ? undefined : this.#elementOf(type, code);
    if (code === undefined || element?.type !== 'Reference') return undefined;
    const place = placesOf(element)[0];
    const allowed = this.#parameter(type, code).targets.filter((target) => this.#types.includes(target));
    if (place !== undefined && !('url' in place) && this.#types.includes(place.type)) return { code, target: place.type };
    return allowed.length === 0 ? undefined : { code, target: pick(random, allowed) };
  }

  #chain(type: string, depth: number): Condition | undefined {
    const random = this.#random;
    const link = this.#linkOf(type);
    if (link === undefined) return undefined;
    const { code, target } = link;
    const rest = this.condition(target, depth + 1);
    const first = rest.is === 'value' || rest.is === 'missing' || rest.is === 'chain' ? rest.code : undefined;
    const kinds = new Set(
      this.#parameter(type, code).targets.map((each) => (first === undefined ? 'other' : this.#world.parameter(each, first)?.type)),
    );
    kinds.delete(undefined);
    const typed = rest.is !== 'value' || rest.modifier !== undefined || kinds.size !== 1 || chance(random, 60);
    return { is: 'chain', code, ...(typed ? { type: target } : {}), rest };
  }

  #has(type: string, depth: number): Condition | undefined {
    const random = this.#random;
    const source = pick(random, this.#types);
    const codes = this.#usedOf(source).filter((code) => {
      const parameter = this.#parameter(source, code);
      return parameter.type === 'reference' && parameter.targets.includes(type) && this.#elementOf(source, code)?.type === 'Reference';
    });
    return codes.length === 0 ? undefined : { is: 'has', type: source, code: pick(random, codes), rest: this.condition(source, depth + 1) };
  }

  #filter(type: string, depth: number): Filter {
    const random = this.#random;
    const choice = random(10);
    if (depth < 2 && choice < 3)
      return { is: choice === 0 ? 'or' : 'and', left: this.#filter(type, depth + 1), right: this.#filter(type, depth + 1) };
    if (depth < 2 && choice === 3) return { is: 'not', filter: this.#filter(type, depth + 1) };
    return this.#filterTest(type, []);
  }

  #filterTest(type: string, path: readonly string[]): Filter {
    const random = this.#random;
    const link = chance(random, 20) && path.length < 2 ? this.#linkOf(type) : undefined;
    if (link !== undefined) return this.#filterTest(link.target, [...path, `${link.code}:${link.target}`]);
    const code = this.codeOf(type, ['string', 'token', 'date', 'number', 'uri', 'reference']) ?? '_tag';
    const parameter = this.#parameter(type, code);
    const element = this.#elementOf(type, code);
    const own = [...path, code];
    if (chance(random, 12)) return { is: 'test', path: own, operator: 'pr', value: { is: 'text', text: pick(random, ['true', 'false']) } };
    const operators = {
      string: ['eq', 'ne', 'sw', 'co', 'ew'],
      token: ['eq', 'ne'],
      uri: ['eq', 'ne', 'sb', 'ss'],
      reference: ['eq'],
    }[parameter.type as string] ?? [...FILTER_PREFIXES];
    const operator = pick(random, operators);
    const value = this.#plain(
      type,
      parameter,
      { co: 'contains', eq: 'exact', sb: 'below', ss: 'above' }[
        parameter.type === 'token' || parameter.type === 'reference' ? '' : operator
      ],
      element,
    );
    return { is: 'test', path: own, operator, value };
  }
}

function codingOf(element: Element | undefined, random: Below): { system?: string; code?: string; text?: string } {
  if (element === undefined) return {};
  const value = element.value as Json;
  switch (element.type) {
    case 'Coding':
      return { ...value, ...(value.display === undefined ? {} : { text: String(value.display) }) };
    case 'CodeableConcept': {
      const codings = (value.coding ?? []) as Json[];
      const text = value.text === undefined ? {} : { text: String(value.text) };
      return codings.length === 0 ? text : { ...text, ...codingOf({ type: 'Coding', value: pick(random, codings) }, random) };
    }
    case 'Identifier':
      return {
        ...(value.system === undefined ? {} : { system: String(value.system) }),
        ...(value.value === undefined ? {} : { code: String(value.value) }),
      };
    case 'ContactPoint':
      return { code: String(value.value) };
    default:
      return typeof element.value === 'object' ? {} : { code: String(element.value) };
  }
}

/** Random resources of any type, made from the definitions of their elements, and a history of writes that leads to them. */
import type { Definitions, ElementInfo } from '../../../server/definitions/definitions.ts';
import { choiceName } from '../../../server/definitions/load.ts';
import type { Below } from '../../support/random.ts';
import {
  BASE_URL,
  CODES,
  chance,
  DATES,
  DECIMALS,
  decimal,
  ELSEWHERE,
  NAMESAKES,
  PLAIN_CODES,
  pick,
  STRINGS,
  SYSTEMS,
  some,
  TIMES,
  UNITS,
  URIS,
} from './values.ts';

export interface Json {
  [name: string]: unknown;
}

export interface Held extends Json {
  readonly resourceType: string;
  readonly id: string;
}

/** What resources there may be: their types and ids. */
export interface Places {
  readonly types: readonly string[];
  readonly ids: readonly string[];
}

/** A write: `undefined` deletes. */
export interface Write {
  readonly type: string;
  readonly id: string;
  readonly resource: Held | undefined;
}

/** Ids, the first few of an odd form. */
export const idsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => ['1', '2', 'a-9', 'B.10'][n] ?? `id-${n}`);

const STATES = ['draft', 'requested', 'completed', 'accepted', 'requested'] as const;
const LEFT_OUT = new Set([
  'id',
  'meta',
  'text',
  'contained',
  'extension',
  'modifierExtension',
  'implicitRules',
  'language',
  'resourceType',
]);
/** Those that now and then have extensions only. */
const PRIMITIVES = new Set(['date', 'dateTime', 'string', 'code', 'uri', 'canonical', 'integer']);
const DEPTH_MAX = 3;
/** Contained resources of one that have content. */
const CONTENTS_MAX = 4;
const USUAL_CHOICES = ['Quantity', 'CodeableConcept', 'dateTime'];
const QUANTITIES = ['Quantity', 'Age', 'Duration', 'Count', 'Distance', 'SimpleQuantity', 'MoneyQuantity'];

/** Makes resources whose references go to resources of the `types`, most of which are there. */
class ResourceMaker {
  readonly #definitions: Definitions;
  readonly #random: Below;
  readonly #types: readonly string[];
  readonly #ids: readonly string[];
  #contained: Json[] = [];

  constructor(definitions: Definitions, { types, ids }: Places, random: Below) {
    this.#definitions = definitions;
    this.#random = random;
    this.#types = types;
    this.#ids = ids;
  }

  resource(type: string, id: string): Held {
    this.#contained = [];
    const content = this.#object(type, 0);
    const meta = this.#meta();
    const contained = this.#contained.length === 0 ? {} : { contained: this.#contained };
    // A Task goes from state to state by rules: here each keeps its own.
    const status = type === 'Task' ? { status: STATES[this.#ids.indexOf(id) % STATES.length] } : {};
    return { resourceType: type, id, ...(meta === undefined ? {} : { meta }), ...contained, ...content, ...status };
  }

  #meta(): Json | undefined {
    const random = this.#random;
    if (!chance(random, 40)) return undefined;
    return {
      ...(chance(random, 60) ? { tag: some(random, 1, 2, () => this.#coding()) } : {}),
      ...(chance(random, 40) ? { profile: [pick(random, URIS)] } : {}),
      ...(chance(random, 30) ? { security: [this.#coding()] } : {}),
      ...(chance(random, 30) ? { source: pick(random, URIS) } : {}),
    };
  }

  #object(type: string, depth: number): Json {
    const made: Json = {};
    for (const element of this.#definitions.type(type)?.elements ?? []) {
      if (LEFT_OUT.has(element.name) || depth > DEPTH_MAX) continue;
      if (element.min === 0 && !chance(this.#random, element.choice ? 70 : 45)) continue;
      const found = this.#element(element, depth);
      if (found !== undefined) made[found.name] = found.value;
    }
    return made;
  }

  #element(element: ElementInfo, depth: number): { readonly name: string; readonly value: unknown } | undefined {
    const type = element.childrenIn ?? this.#typeOf(element);
    if (type === undefined) return undefined;
    const name = element.choice ? choiceName(element.name, type) : element.name;
    const one = (): unknown => (element.childrenIn === undefined ? this.#value(type, element, depth) : this.#object(type, depth + 1));
    if (PRIMITIVES.has(type) && chance(this.#random, 4)) {
      const absent = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };
      return { name: `_${name}`, value: element.max <= 1 ? absent : [absent] };
    }
    if (element.max <= 1) {
      const value = one();
      return isNothing(value) ? undefined : { name, value };
    }
    const values = some(this.#random, 1, 3, one).filter((value) => !isNothing(value));
    return values.length === 0 ? undefined : { name, value: values };
  }

  /** Of a choice, more often what composites are made of. */
  #typeOf({ types }: ElementInfo): string | undefined {
    const usual = types.filter((type) => USUAL_CHOICES.includes(type));
    if (types.length > 1 && usual.length > 0 && chance(this.#random, 60)) return pick(this.#random, usual);
    return types.length === 0 ? undefined : pick(this.#random, types);
  }

  #value(type: string, element: ElementInfo, depth: number): unknown {
    const random = this.#random;
    switch (type) {
      case 'string':
      case 'markdown':
        return pick(random, chance(random, 30) ? NAMESAKES : STRINGS);
      case 'code':
        return pick(random, PLAIN_CODES);
      case 'id':
        return pick(random, this.#ids);
      case 'uri':
      case 'url':
      case 'oid':
      case 'uuid':
        return pick(random, URIS);
      case 'canonical':
        return `${pick(random, [...URIS, `${BASE_URL}/ValueSet/1`])}${chance(random, 40) ? `|${pick(random, ['1.0', '1.0.2', '2'])}` : ''}`;
      case 'boolean':
        return chance(random, 50);
      case 'date':
        return pick(random, DATES);
      case 'dateTime':
        return pick(random, [...DATES, ...TIMES]);
      case 'instant':
        return pick(random, TIMES);
      case 'decimal':
        return decimal(pick(random, DECIMALS));
      case 'integer':
      case 'positiveInt':
      case 'unsignedInt':
        return 1 + random(4);
      case 'Reference':
        return this.#reference(element);
      case 'Coding':
        return this.#coding();
      case 'CodeableConcept':
        return this.#concept();
      case 'Identifier':
        return this.#identifier();
      case 'Period':
        return this.#period();
      case 'Range':
        return this.#range();
      case 'HumanName':
      case 'Address':
      case 'UsageContext':
        return this.#object(type, depth + 1);
      case 'ContactPoint':
        return { system: pick(random, ['phone', 'email']), value: pick(random, ['+47 00 12 34 56', '+4700123456', 'Kari@example.no']) };
      case 'Money':
        return { value: decimal(pick(random, DECIMALS)), ...(chance(random, 70) ? { currency: pick(random, ['NOK', 'EUR']) } : {}) };
      case 'Timing':
        return this.#timing();
      case 'SampledData':
        return { origin: { value: 1, unit: 'mg' }, period: 10, dimensions: 1, data: pick(random, ['1 2 3', '5 E 7', '-1']) };
      default:
        return QUANTITIES.includes(type) ? this.#quantity() : undefined;
    }
  }

  #coding(): Json {
    const random = this.#random;
    return {
      ...(chance(random, 75) ? { system: pick(random, SYSTEMS) } : {}),
      ...(chance(random, 90) ? { code: pick(random, CODES) } : {}),
      ...(chance(random, 40) ? { display: pick(random, STRINGS) } : {}),
    };
  }

  #concept(): Json {
    const random = this.#random;
    const coding = some(random, 0, 2, () => this.#coding()).filter((each) => Object.keys(each).length > 0);
    const text = chance(random, 30) ? { text: pick(random, STRINGS) } : {};
    return { ...(coding.length === 0 ? {} : { coding }), ...text };
  }

  #identifier(): Json {
    const random = this.#random;
    const type = this.#concept();
    return {
      ...(chance(random, 40) && Object.keys(type).length > 0 ? { type } : {}),
      ...(chance(random, 75) ? { system: pick(random, SYSTEMS) } : {}),
      ...(chance(random, 90) ? { value: pick(random, CODES) } : {}),
    };
  }

  #period(): Json {
    const random = this.#random;
    const [start, end] = [pick(random, [...DATES, ...TIMES]), pick(random, ['2024-11', '2024-12-01', '2024-12-31T23:59:59Z', '2025'])];
    const bounds = random(4);
    return { ...(bounds === 1 ? {} : { start }), ...(bounds === 2 ? {} : { end }) };
  }

  #timing(): Json {
    const random = this.#random;
    return {
      ...(chance(random, 60) ? { event: some(random, 1, 2, () => pick(random, [...DATES, ...TIMES])) } : {}),
      ...(chance(random, 60) ? { repeat: chance(random, 80) ? { boundsPeriod: this.#period() } : { boundsDuration: { value: 3 } } } : {}),
    };
  }

  #range(): Json {
    const random = this.#random;
    const unit = pick(random, UNITS);
    const [low, high] = [pick(random, ['0', '1', '5.4']), pick(random, ['5.45', '80', '100'])];
    const bounds = random(4);
    return {
      ...(bounds === 1 ? {} : { low: { value: decimal(low), ...unit } }),
      ...(bounds === 2 ? {} : { high: { value: decimal(high), ...unit } }),
    };
  }

  #quantity(): Json {
    const random = this.#random;
    const comparator = chance(random, 8) ? { comparator: pick(random, ['<', '>=']) } : {};
    return { value: decimal(pick(random, DECIMALS)), ...comparator, ...pick(random, UNITS) };
  }

  /** A reference to something contained: to what is there already, to the container, or to a new one. */
  #inside(type: string): string {
    const random = this.#random;
    const alike = this.#contained.filter(({ resourceType }) => resourceType === type);
    if (alike.length > 0 && chance(random, 30)) return `#${pick(random, alike).id}`;
    if (this.#contained.length > 0 && chance(random, 10)) return '#';
    const id = `c${this.#contained.length}`;
    const made: Json = { resourceType: type, id };
    this.#contained.push(made);
    const meta = this.#contained.length > CONTENTS_MAX ? undefined : this.#meta();
    const content = this.#contained.length > CONTENTS_MAX ? {} : this.#object(type, 1);
    Object.assign(made, content, meta === undefined ? {} : { meta });
    return `#${id}`;
  }

  #reference(element: ElementInfo): Json {
    const random = this.#random;
    const allowed = (element.targets ?? []).filter((type) => this.#types.includes(type));
    const type = pick(random, allowed.length > 0 ? allowed : (element.targets?.length ?? 0) > 0 ? (element.targets ?? []) : this.#types);
    const place = `${type === 'Resource' ? 'Patient' : type}/${pick(random, this.#ids)}`;
    const both = chance(random, 15) ? { identifier: this.#identifier() } : {};
    switch (random(13)) {
      case 0:
        return { reference: `${BASE_URL}/${place}`, ...both };
      case 1:
        return { reference: `${ELSEWHERE}/${place}` };
      case 2:
        return { reference: `${place}/_history/1` };
      case 3:
        return { identifier: this.#identifier(), ...(chance(random, 50) ? { type } : {}) };
      case 4:
        return { display: pick(random, STRINGS) };
      case 5:
        return { reference: pick(random, ['urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f', 'urn:oid:1.2.3']) };
      case 6:
      case 7:
        return { reference: this.#inside(type === 'Resource' ? 'Patient' : type) };
      default:
        return { reference: place, ...both };
    }
  }
}

/** Writes of versions and deletions, some of which bring back what was deleted. */
export function randomWrites(definitions: Definitions, places: Places, random: Below, count: number): Write[] {
  const maker = new ResourceMaker(definitions, places, random);
  const there = new Set<string>();
  return Array.from({ length: count }, () => {
    const [type, id] = [pick(random, places.types), pick(random, places.ids)];
    const name = `${type}/${id}`;
    if (there.has(name) && chance(random, 20)) {
      there.delete(name);
      return { type, id, resource: undefined };
    }
    there.add(name);
    return { type, id, resource: maker.resource(type, id) };
  });
}

function isNothing(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && isEmptyObject(value));
}

/** Raw numbers have one property; objects without any are not valid JSON of FHIR. */
function isEmptyObject(value: object): boolean {
  return Object.keys(value).length === 0;
}

/** Searches by chance, most of them after values that are there. */
import { compartmentParameters, type Json, type Parameter, parametersOf } from './definitions.ts';
import { codesOf, referenceText } from './match.ts';
import { BASE, localReference } from './reference.ts';
import type { Question, Scene } from './search.ts';
import { escaped, plain } from './text.ts';
import { type Found, partsOf, valuesOf } from './values.ts';
import { type Chance, IDS, MAKE, one, pick, SYSTEMS, URLS } from './vocabulary.ts';
import { currentOf } from './world.ts';

export type Condition = readonly [name: string, value: string];

/** Not asked: what R4 leaves to the server (words, named queries, sounds, places). */
const NOT_ASKED = new Set(['_text', '_content', '_query', 'phonetic', 'near', '_list']);

export interface Asker extends Chance {
  readonly scene: Scene;
}

const askable = (type: string): readonly Parameter[] =>
  [...parametersOf(type).values()].filter(({ code, type: kind }) => !NOT_ASKED.has(code) && kind !== 'special');

/** A search with conditions, includes, order and page size by chance. */
export function randomQuestion(asker: Asker): Question {
  const { below, types } = asker;
  if (one(below, 25)) return systemQuestion(asker);
  const type = pick(below, types);
  const parameters: Condition[] = Array.from({ length: pick(below, [0, 1, 1, 1, 2, 2, 3]) }, () => condition(asker, type, 2));
  if (one(below, 6)) parameters.push(...includes(asker, type));
  if (one(below, 3)) parameters.push(['_sort', sorting(asker, type)]);
  if (one(below, 2)) parameters.push(['_count', String(1 + below(6))]);
  parameters.push(['_total', 'accurate']);
  const compartment = pick(
    below,
    ['Patient', 'Practitioner', 'Encounter'].flatMap((of) => currentOf(asker.scene.world, [of])),
  );
  const isWithin = compartment !== undefined && one(below, 12) && compartmentParameters(compartment.resourceType, type).length > 0;
  return { type, parameters, ...(isWithin ? { compartment: `${compartment.resourceType}/${compartment.id}` } : {}) };
}

/** References to what has parts of its own kind. */
const HIERARCHIES: Readonly<Record<string, readonly (readonly [code: string, to: string])[]>> = {
  Patient: [['organization', 'Organization']],
  Organization: [['partof', 'Organization']],
  Encounter: [
    ['part-of', 'Encounter'],
    ['service-provider', 'Organization'],
  ],
  Task: [['part-of', 'Task']],
  CarePlan: [['part-of', 'CarePlan']],
};

function systemQuestion({ below, types, scene }: Asker): Question {
  const some = [pick(below, types), pick(below, types)];
  const common: readonly Condition[] = [
    ['_id', pick(below, IDS)],
    ['_tag', pick(below, ['c1', 'urn:s1|c2', 'active'])],
    ['_lastUpdated', `${pick(below, ['ge', 'lt', ''])}${new Date(scene.now - below(100) * 1000).toISOString()}`],
    ['_profile:below', 'http://c.example/p'],
  ];
  return { type: '', parameters: [['_type', [...new Set(some)].join()], pick(below, common), ['_total', 'accurate']] };
}

/** One condition that a resource of the type could meet. */
export function condition(asker: Asker, type: string, depth: number): Condition {
  const { below } = asker;
  if (depth > 0 && one(below, 6)) return following(asker, type, depth) ?? condition(asker, type, 0);
  if (depth > 0 && one(below, 7)) return had(asker, type, depth) ?? condition(asker, type, 0);
  if (depth === 2 && one(below, 12)) return ['_filter', filterText(asker, type)];
  const hierarchy = HIERARCHIES[type];
  if (hierarchy !== undefined && one(below, 12)) {
    const [code, to] = pick(below, hierarchy);
    return [`${code}:${pick(below, ['above', 'below'])}`, `${to}/${pick(below, IDS)}`];
  }
  for (let tries = 0; tries < 30; tries++) {
    const parameter = pick(below, askable(type));
    if (one(below, 15)) return [`${parameter.code}:missing`, pick(below, ['true', 'false'])];
    const samples = samplesOf(asker, type, parameter);
    if (samples.length === 0) continue;
    const first = asked(asker, parameter, pick(below, samples));
    if (first === undefined) continue;
    const [suffix, value] = first;
    const also = one(below, 4) ? asked(asker, parameter, pick(below, samples)) : undefined;
    return [`${parameter.code}${suffix}`, also?.[0] === suffix ? `${value},${also[1]}` : value];
  }
  return ['_id', pick(below, IDS)];
}

/** What is there for a parameter: of one resource by chance, or a few more. */
function samplesOf({ below, scene }: Asker, type: string, parameter: Parameter): readonly (readonly Found[])[] {
  const all = currentOf(scene.world, [type]);
  if (all.length === 0) return [];
  const resource = pick(below, all);
  if (parameter.type === 'composite') {
    return partsOf(resource, parameter)
      .filter((parts) => parts.every((part) => part.length > 0))
      .map((parts) => parts.map((part) => pick(below, part)));
  }
  return valuesOf(resource, parameter).map((found) => [found]);
}

/** A modifier with its colon, and a value. */
function asked(asker: Asker, parameter: Parameter, sample: readonly Found[]): Condition | undefined {
  if (parameter.type === 'composite') {
    const parts = sample.map((found, at) => simple(asker, parameter.components[at]?.parameter as Parameter, found));
    return parts.some((part) => part === undefined) ? undefined : ['', parts.join('$')];
  }
  const found = sample[0] as Found;
  const { below } = asker;
  switch (parameter.type) {
    case 'string': {
      const value = text(asker, found);
      return value === undefined ? undefined : [pick(below, ['', '', ':contains', ':exact']), escaped(value)];
    }
    case 'token':
      return token(asker, parameter, found);
    case 'reference':
      return toReference(asker, found);
    case 'uri':
      return uri(asker, String(found.value));
    default: {
      const value = simple(asker, parameter, found);
      return value === undefined ? undefined : ['', value];
    }
  }
}

/** A value without a modifier. */
function simple(asker: Asker, parameter: Parameter, found: Found): string | undefined {
  const { below } = asker;
  switch (parameter.type) {
    case 'string': {
      const value = text(asker, found);
      return value === undefined ? undefined : escaped(value);
    }
    case 'token': {
      const made = token(asker, parameter, found);
      return made?.[0] === '' ? made[1] : undefined;
    }
    case 'reference': {
      const made = toReference(asker, found);
      return made?.[0] === '' ? made[1] : undefined;
    }
    case 'uri':
      return escaped(String(found.value));
    case 'date':
      return `${pick(below, ['', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'])}${date(asker, parameter.code)}`;
    case 'number':
    case 'quantity': {
      const number = pick(below, [
        '0',
        '1',
        '1.0',
        '1.2',
        '5.4',
        '5.40',
        '5.45',
        '99.5',
        '100',
        '100.0',
        '-3',
        '2',
        '36.6',
        '0.005',
        '5.44',
        '0.000001',
        '1234567.89',
      ]);
      const sought = `${pick(below, ['', '', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'])}${number}`;
      return parameter.type === 'number' ? sought : `${sought}${unit(asker, found)}`;
    }
    default:
      return undefined;
  }
}

function unit({ below }: Asker, { value }: Found): string {
  const { system, code, unit: words, currency } = value as Json;
  if (typeof currency === 'string') return pick(below, ['', `|urn:iso:std:iso:4217|${currency}`, `||${currency}`]);
  const own = typeof code === 'string' ? code : undefined;
  const forms = ['', '', '||mg'];
  if (typeof words === 'string') forms.push(`||${words}`);
  if (own !== undefined) forms.push(`||${own}`, `|${system}|${own}`, `|${system}|${own}`, `|${system}|`);
  if (own !== undefined) forms.push(`|${system}|${pick(below, ['mg', 'g', 'kg', 'cm', 'm', 'Cel', 'K', 'h', 'd'])}`);
  return pick(below, forms);
}

function date({ below, scene }: Asker, code: string): string {
  if (code === '_lastUpdated') {
    const whole = new Date(scene.now - below(120) * 1000).toISOString();
    return pick(below, [whole, `${whole.slice(0, 19)}Z`, `${whole.slice(0, 16)}Z`, whole.slice(0, 10)]);
  }
  const made = MAKE.dateTime?.({ below, types: [] }) as string;
  // A time may be sought by the minute, and without a zone.
  return one(below, 6) && made.includes('T') ? pick(below, [`${made.slice(0, 16)}Z`, made.slice(0, 16), made.slice(0, 19)]) : made;
}

function text({ below }: Asker, { value }: Found): string | undefined {
  const all = (typeof value === 'string' ? [value] : Object.values(value as Json).flat()).filter((each) => typeof each === 'string');
  const whole = all.length === 0 ? '' : pick(below, all);
  const made = pick(below, [
    whole,
    whole.toUpperCase(),
    whole.toLowerCase(),
    whole.slice(0, 3),
    whole.slice(2, 6),
    plain(whole),
    pick(below, all) ?? '',
  ]);
  return plain(made) === '' ? undefined : made.trim();
}

function token({ below }: Asker, parameter: Parameter, found: Found): Condition | undefined {
  const not = (value: string): Condition => [one(below, 4) && parameter.code !== '_id' ? ':not' : '', value];
  const codes = codesOf(found, parameter);
  if (found.type === 'Boolean' || found.type === 'boolean') return not(pick(below, ['true', 'false']));
  if (parameter.code === '_id') return ['', pick(below, IDS)];
  const { text: words, type: kind } = (typeof found.value === 'object' && found.value !== null ? found.value : {}) as Json;
  const display = (codes[0] as { display?: string } | undefined)?.display ?? (words as string | undefined);
  if (display !== undefined && plain(display) !== '' && one(below, 4))
    return [':text', escaped(pick(below, [display, display.slice(0, 4)]).trim())];
  if (codes.length === 0) return undefined;
  const { system, code } = pick(below, codes);
  if (found.type === 'Identifier' && code !== undefined && one(below, 4)) {
    const ofType = ((kind as Json | undefined)?.coding as readonly { system?: string; code?: string }[] | undefined)?.[0];
    if (ofType?.system !== undefined) return [':of-type', [ofType.system, ofType.code ?? '', code].map(escaped).join('|')];
  }
  if (code === undefined) return system === undefined ? undefined : not(`${escaped(system)}|`);
  if (found.type === 'ContactPoint') return not(escaped(pick(below, [code, code.toLowerCase(), code.replaceAll(' ', '')])));
  const own = escaped(code);
  if (typeof found.value !== 'object') {
    const withSystem = system === undefined ? [] : [`${system}|${own}`, `${system}|`, `|${own}`, `urn:other|${own}`];
    return not(pick(below, [own, own, own.toLowerCase(), ...withSystem]));
  }
  const forms = [own, own, `|${own}`, `${escaped(pick(below, SYSTEMS))}|${own}`];
  if (system !== undefined) forms.push(`${escaped(system)}|${own}`, `${escaped(system)}|${own}`, `${escaped(system)}|`);
  return not(pick(below, forms));
}

function toReference({ below }: Asker, found: Found): Condition | undefined {
  const reference = referenceText(found);
  if (found.type !== 'Reference') {
    const [url = '', version] = (reference ?? '').split('|');
    if (localReference(url) !== undefined) return ['', pick(below, [url, url.slice(BASE.length + 1)])];
    if (version !== undefined && one(below, 3)) return [':below', `${url}|${version.charAt(0)}`];
    return one(below, 5) ? [':below', url] : ['', pick(below, [url, reference ?? url, `${url}|1.0`])];
  }
  const { identifier } = found.value as { identifier?: { system?: string; value?: string } };
  if (identifier?.value !== undefined && (reference === undefined || one(below, 3))) {
    const value = escaped(identifier.value);
    return [
      ':identifier',
      identifier.system === undefined ? pick(below, [value, `|${value}`]) : pick(below, [value, `${identifier.system}|${value}`]),
    ];
  }
  const local = reference === undefined ? undefined : localReference(reference);
  if (local === undefined) return reference === undefined || reference.startsWith('#') ? undefined : ['', reference];
  const { type, id } = local;
  return pick(below, [
    ['', id],
    ['', `${type}/${id}`],
    ['', `${type}/${id}`],
    ['', `${BASE}/${type}/${id}`],
    [`:${type}`, id],
    [`:${type}`, `${type}/${id}`],
  ]);
}

function uri({ below }: Asker, value: string): Condition {
  const whole = escaped(value);
  if (value.startsWith('urn:')) return ['', whole];
  return pick(below, [
    ['', whole],
    ['', escaped(pick(below, URLS))],
    [':below', 'http://c.example/q'],
    [':below', value.split('|')[0] ?? value],
    [':above', `${value.split('|')[0]}/more`],
  ]);
}

/** The reference parameters of a type that can lead to a type of this world. */
function links({ types }: Chance, type: string): readonly { readonly code: string; readonly to: readonly string[] }[] {
  return [...parametersOf(type).values()]
    .filter((parameter) => parameter.type === 'reference')
    .map(({ code, targets }) => ({ code, to: targets.filter((target) => types.includes(target)) }))
    .filter(({ to }) => to.length > 0);
}

function following(asker: Asker, type: string, depth: number): Condition | undefined {
  const { below } = asker;
  const from = links(asker, type);
  if (from.length === 0) return undefined;
  const { code, to } = pick(below, from);
  const target = pick(below, to);
  const [name, value] = condition(asker, target, depth === 2 && one(below, 3) ? 1 : 0);
  const bare = name.split(/[:.]/)[0] ?? '';
  const targets = parametersOf(type).get(code)?.targets ?? [];
  const kinds = new Set(targets.flatMap((each) => parametersOf(each).get(bare)?.type ?? []));
  const isFree = kinds.size === 1 && !name.includes('.') && !name.startsWith('_has') && one(below, 3);
  return [`${code}${isFree ? '' : `:${target}`}.${name}`, value];
}

function had(asker: Asker, type: string, depth: number): Condition | undefined {
  const { below, types } = asker;
  const ways = types.flatMap((from) => links(asker, from).flatMap(({ code, to }) => (to.includes(type) ? [{ from, code }] : [])));
  if (ways.length === 0) return undefined;
  const { from, code } = pick(below, ways);
  const [name, value] = condition(asker, from, depth === 2 && one(below, 4) ? 1 : 0);
  return [`_has:${from}:${code}:${name}`, value];
}

function includes(asker: Asker, type: string): readonly Condition[] {
  const { below, types } = asker;
  const made: Condition[] = [];
  let from = type;
  for (let at = 0; at < 1 + below(3); at++) {
    const iterate = at > 0 || one(below, 4) ? ':iterate' : '';
    const out = links(asker, from);
    const ways = types.flatMap((other) => links(asker, other).flatMap(({ code, to }) => (to.includes(from) ? [{ other, code }] : [])));
    if (one(below, 2) && out.length > 0) {
      const { code, to } = pick(below, out);
      const target = pick(below, to);
      made.push([`_include${iterate}`, pick(below, [`${from}:${code}`, `${from}:${code}:${target}`, `${from}:*`])]);
      from = target;
    } else if (ways.length > 0) {
      const { other, code } = pick(below, ways);
      made.push([`_revinclude${iterate}`, pick(below, [`${other}:${code}`, `${other}:${code}:${from}`])]);
      from = other;
    }
  }
  return made;
}

function sorting({ below }: Asker, type: string): string {
  const keys = askable(type).filter((parameter) => parameter.type !== 'composite' && parameter.code !== '_source');
  return Array.from({ length: 1 + below(2) }, () => `${pick(below, ['', '-'])}${pick(below, keys).code}`).join();
}

function filterText(asker: Asker, type: string): string {
  const { below } = asker;
  const comparison = (): string => {
    // What an instant of change is compared by is asked as a parameter.
    for (let tries = 0; tries < 30; tries++) {
      const parameter = pick(
        below,
        askable(type).filter(({ code }) => code !== '_lastUpdated'),
      );
      if (one(below, 10)) return `${parameter.code} pr ${pick(below, ['true', 'false'])}`;
      const found = samplesOf(asker, type, parameter)[0]?.[0];
      const made = found === undefined ? undefined : compared(asker, parameter, found);
      if (made !== undefined) return `${parameter.code} ${made}`;
    }
    return `_id eq ${pick(below, IDS)}`;
  };
  const not = (inner: string): string => (one(below, 5) ? `not (${inner})` : inner);
  const parts = Array.from({ length: 1 + below(3) }, () => not(comparison()));
  const [first = '', ...rest] = parts;
  const joined = rest.reduce((whole, each) => `${whole} ${pick(below, ['and', 'or'])} ${each}`, first);
  return rest.length === 2 && one(below, 2) ? `${parts[0]} and (${parts[1]} or ${parts[2]})` : joined;
}

function compared(asker: Asker, parameter: Parameter, found: Found): string | undefined {
  const { below } = asker;
  const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;
  switch (parameter.type) {
    case 'string': {
      const value = text(asker, found);
      return value === undefined ? undefined : `${pick(below, ['eq', 'ne', 'co', 'sw', 'ew'])} ${quoted(value)}`;
    }
    case 'date':
      return `${pick(below, ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'po', 'co'])} ${date(asker, parameter.code)}`;
    case 'number':
      return `${pick(below, ['eq', 'ne', 'gt', 'lt', 'ge', 'le'])} ${pick(below, ['0', '1', '1.2', '5.4', '100'])}`;
    case 'token': {
      const code = codesOf(found)[0]?.code;
      if (code === undefined || /[|,]/.test(code)) return undefined;
      const operators = typeof found.value === 'object' ? ['eq'] : ['eq', 'ne'];
      return `${pick(below, operators)} ${quoted(code)}`;
    }
    default:
      return undefined;
  }
}

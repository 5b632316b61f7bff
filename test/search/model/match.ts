/**
 * Whether what a parameter found in a resource matches one value of a search.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#ptypes
 */
import { matchesQuantity, matchesSpan, measured, sought } from './amount.ts';
import type { Json, Parameter } from './definitions.ts';
import { BASE, localReference } from './reference.ts';
import { plain, split, unescaped, words } from './text.ts';
import { matchesStretch, stretchOf, stretchOfValue } from './time.ts';
import type { Found } from './values.ts';

export interface Asked {
  readonly parameter: Parameter;
  readonly modifier?: string | undefined;
  readonly now: number;
}

/** Whether one of the values found matches one value of the search. */
export function matchesValue(found: readonly Found[], asked: Asked, value: string): boolean {
  const matches = MATCHES[asked.parameter.type];
  if (matches === undefined) throw new Error(`No search by ${asked.parameter.type}`);
  return found.some((each) => matches(each, value, asked));
}

/** Whether the values found say anything at all: what `:missing` asks. */
export function isPresent(found: readonly Found[], parameter: Parameter): boolean {
  return found.some(({ type, value }) => {
    if (value === null || value === undefined) return false;
    if (parameter.type === 'date') return stretchOfValue(type, value) !== undefined;
    if (parameter.type === 'quantity' || parameter.type === 'number') return measured(type, value) !== undefined;
    // An identifier of which nothing but the kind is known has no value to search for.
    if (type === 'Identifier') return 'system' in (value as Json) || 'value' in (value as Json);
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
}

/** Whether a part of a composite can be found: a concept that is text only cannot. */
export function isSearchable(found: readonly Found[], parameter: Parameter): boolean {
  if (parameter.type !== 'token') return isPresent(found, parameter);
  return found.some((each) => codesOf(each).some(({ system, code }) => system !== undefined || code !== undefined));
}

const PREFIX = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-\d])/;

const prefixOf = (value: string): readonly [prefix: string, rest: string] => {
  const prefix = PREFIX.exec(value)?.[1];
  return prefix === undefined ? ['eq', value] : [prefix, value.slice(2)];
};

const MATCHES: Readonly<Record<string, (found: Found, value: string, asked: Asked) => boolean>> = {
  string: (found, value, asked) => matchesString(found, unescaped(value), asked),
  token: (found, value, asked) => matchesToken(found, value, asked),
  reference: (found, value, asked) => matchesReference(found, value, asked),
  uri: (found, value, { modifier }) => matchesUri(String(found.value), unescaped(value), modifier, found.type === 'canonical'),
  date(found, value, { now }) {
    const stretch = stretchOfValue(found.type, found.value);
    const [prefix, date] = prefixOf(value);
    return stretch !== undefined && matchesStretch(prefix, stretch, stretchOf(date), now);
  },
  number(found, value) {
    const number = measured(found.type, found.value);
    const [prefix, rest] = prefixOf(value);
    return number !== undefined && matchesSpan(prefix, number.span, sought(rest));
  },
  quantity(found, value) {
    const quantity = measured(found.type, found.value);
    const [prefix, rest] = prefixOf(value);
    return quantity !== undefined && matchesQuantity(quantity, prefix, split(rest, '|').map(unescaped));
  },
};

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.flatMap(texts) : typeof value === 'string' ? [value] : [];

/** The texts that a name, an address or a string is searched by. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return texts(value);
  const { family, given, text, prefix, suffix, line, city, district, state, postalCode, country } = value as Json;
  return texts([family, given, text, prefix, suffix, line, city, district, state, postalCode, country]);
}

function matchesString({ type, value }: Found, sought: string, { parameter, modifier }: Asked): boolean {
  const { family } = typeof value === 'object' && value !== null ? (value as Json) : {};
  const all = textsIn(value);
  if (modifier === 'exact') return all.includes(sought);
  const asked = plain(sought);
  if (modifier === 'contains') return all.some((each) => plain(each).includes(asked));
  if (all.some((each) => plain(each).startsWith(asked))) return true;
  if (type === 'HumanName') {
    const known = all.flatMap(words);
    const several = words(sought);
    return laterParts(texts(family), asked) || (several.length > 1 && several.every((word) => known.some((each) => each.startsWith(word))));
  }
  return parameter.code === 'family' && laterParts(all, asked);
}

/** Any part of a family name may be sought. */
function laterParts(names: readonly string[], asked: string): boolean {
  return names.some((name) => words(name).some((_, from, all) => all.slice(from).join(' ').startsWith(asked)));
}

/** The systems of codes that stand without one: those of their required value sets. */
const SYSTEMS: Readonly<Record<string, string>> = {
  'Patient.gender': 'http://hl7.org/fhir/administrative-gender',
  'CarePlan.status': 'http://hl7.org/fhir/request-status',
  'Task.status': 'http://hl7.org/fhir/task-status',
  'Goal.lifecycleStatus': 'http://hl7.org/fhir/goal-status',
  'Observation.status': 'http://hl7.org/fhir/observation-status',
};

interface Code {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
}

export function codesOf({ type, value }: Found, parameter?: Parameter): readonly Code[] {
  if (typeof value === 'boolean') return [{ system: 'http://hl7.org/fhir/special-values', code: String(value) }];
  if (typeof value !== 'object' || value === null) return [{ system: SYSTEMS[parameter?.expressions[0] ?? ''], code: String(value) }];
  const { system, code, coding, value: own } = value as Json & Code;
  if (type === 'CodeableConcept') return (coding as readonly Code[] | undefined) ?? [];
  if (type === 'Identifier') return [{ system, code: own as string | undefined }];
  if (type === 'ContactPoint') return [{ code: own as string | undefined }];
  return [{ system, code }];
}

export const digits = (text: string): string => (/^[+\d][\d\s().-]*$/.test(text) ? text.replace(/[\s().-]/g, '') : text).toLowerCase();
export const withoutCase: ReadonlySet<string> = new Set(['string', 'markdown', 'String']);

function matchesToken(found: Found, value: string, { parameter, modifier }: Asked): boolean {
  if (modifier === 'text') return textsOf(found).some((each) => plain(each).startsWith(plain(unescaped(value))));
  const parts = split(value, '|').map(unescaped);
  if (modifier === 'of-type') {
    const { type, value: own } = found.value as Json;
    const types = ((type as Json | undefined)?.coding ?? []) as readonly Code[];
    return own === parts[2] && types.some(({ system, code }) => system === parts[0] && code === parts[1]);
  }
  const same = (theirs: string | undefined, ours: string | undefined): boolean => {
    if (theirs === undefined || ours === undefined) return false;
    if (found.type === 'ContactPoint') return digits(theirs) === digits(ours);
    return withoutCase.has(found.type) && parameter.code !== '_id' ? theirs.toLowerCase() === ours.toLowerCase() : theirs === ours;
  };
  const [first, second] = parts;
  return codesOf(found, parameter).some(({ system, code }) => {
    if (second === undefined) return same(code, first);
    const stated = typeof found.value === 'object';
    const systemFits = first === '' ? system === undefined || !stated : system === first;
    return systemFits && (second === '' ? system !== undefined : same(code, second));
  });
}

function textsOf({ type, value }: Found): readonly string[] {
  const { text, display, coding, type: kind } = (typeof value === 'object' && value !== null ? value : {}) as Json;
  if (type === 'CodeableConcept') return texts([text, ((coding ?? []) as readonly Json[]).map((each) => each.display)]);
  if (type === 'Identifier') return texts((kind as Json | undefined)?.text);
  return texts(display);
}

function matchesReference(found: Found, value: string, { parameter, modifier }: Asked): boolean {
  const text = unescaped(value);
  if (found.type !== 'Reference') return matchesCanonical(String(found.value), text, modifier);
  const { reference, identifier } = found.value as Json;
  if (modifier === 'identifier') {
    return identifier !== undefined && matchesToken({ type: 'Identifier', value: identifier }, value, { parameter, now: 0 });
  }
  if (typeof reference !== 'string') return false;
  const theirs = localReference(reference);
  const ours = localReference(modifier === undefined || text.includes('/') ? text : `${modifier}/${text}`);
  if (ours !== undefined) return theirs?.type === ours.type && theirs.id === ours.id && (modifier ?? ours.type) === ours.type;
  if (/[:/]/.test(text)) return reference === text;
  return theirs?.id === text && (parameter.targets.length === 0 || parameter.targets.includes(theirs.type));
}

/** `[url]|[version]`: without a version any is meant. */
function matchesCanonical(theirs: string, asked: string, modifier: string | undefined): boolean {
  const ours = localReference(asked) === undefined || asked.startsWith('http') ? asked : `${BASE}/${asked}`;
  const [url, version] = ours.split('|');
  const [theirUrl, theirVersion] = theirs.split('#')[0]?.split('|') ?? [];
  if (url !== theirUrl) return false;
  if (version === undefined || version === theirVersion) return true;
  return (
    modifier === 'below' && theirVersion !== undefined && [`${version}.`, `${version}-`].some((start) => theirVersion.startsWith(start))
  );
}

function matchesUri(theirs: string, ours: string, modifier: string | undefined, isCanonical: boolean): boolean {
  const under = (lower: string, upper: string): boolean => lower === upper || lower.startsWith(upper.endsWith('/') ? upper : `${upper}/`);
  if (modifier === 'below') return under(isCanonical ? (theirs.split('|')[0] ?? '') : theirs, ours);
  if (modifier === 'above') return under(ours, isCanonical ? (theirs.split('|')[0] ?? '') : theirs);
  return isCanonical ? matchesCanonical(theirs, ours, undefined) : theirs === ours;
}

/** The text of a reference or a canonical URL. */
export const referenceText = ({ value }: Found): string | undefined => {
  const text = typeof value === 'string' ? value : (value as Json | null)?.reference;
  return typeof text === 'string' ? text : undefined;
};

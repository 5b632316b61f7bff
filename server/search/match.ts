/**
 * One search parameter with one value, as a clause: which modifiers its type knows, and what each means.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#modifiers
 */
import type { SearchParameterInfo } from '../definitions/definitions.ts';
import { unsupportedParameter } from '../fhir/errors.ts';
import { didYouMean } from '../fhir/nearest.ts';
import { normalizeText } from '../fhir/string-normalize.ts';
import { SERVER_ZONE, type TimeZone, timeZone } from '../fhir/time-zone.ts';
import { anyOf } from './chain.ts';
import type { SearchEnvironment } from './environment.ts';
import { hierarchyClause } from './hierarchy.ts';
import { implicitSystem } from './implicit-system.ts';
import { holdsOnly, leafTypes } from './leaf-types.ts';
import { keptIdentifier } from './personal-number.ts';
import { dateTest, numberTest } from './prefix.ts';
import type { Clause, IndexTest, ReferenceTest, StringTest, TokenTest } from './query.ts';
import { referenceTargets } from './reference-targets.ts';
import { codesAround, codesInValueSet } from './terminology.ts';
import { quantityTest, ucumCode } from './types/quantity.ts';
import { canonicalBelow, referenceTest } from './types/reference.ts';
import { laterCode, partCode, stringTest } from './types/string.ts';
import { belowCode, caseless, contactForm, identifierCode, mimeBase, ofTypeCode, ofTypeTest, tokenTest } from './types/token.ts';
import { uriTest } from './types/uri.ts';
import { badSearchValue, shown, splitEscaped, unescapeValue } from './values.ts';

/** A parameter as it stands in a search: `name` is how it was written, for error texts. */
export interface AskedParameter {
  readonly parameter: SearchParameterInfo;
  /** The resource type searched. */
  readonly type: string;
  readonly modifier?: string;
  readonly name: string;
}

const serverZone = timeZone(SERVER_ZONE);

/** The zone in which the dates of a search are days. */
export function zoneOf(env: SearchEnvironment): TimeZone {
  return env.zone ?? serverZone;
}

/**
 * The clause of one value (no commas). The negation that `:not` and `:not-in` ask for is left to the caller, who knows
 * all values.
 * @throws FhirError 400 `value` when the value is not one of the parameter's type, 400 `not-supported` for a modifier it does not know.
 */
export function matchClause(env: SearchEnvironment, asked: AskedParameter, value: string): Clause {
  const { parameter, type, modifier, name } = asked;
  const code = parameter.code;
  switch (parameter.type) {
    case 'token':
      return tokenClause(env, asked, value);
    case 'reference':
      return referenceClause(env, asked, value);
    case 'string':
      if (modifier !== undefined && modifier !== 'exact' && modifier !== 'contains') throw unknownModifier(asked);
      return stringClause(env, asked, value, modifier ?? 'startsWith');
    case 'uri':
      if (modifier !== undefined && modifier !== 'above' && modifier !== 'below') throw unknownModifier(asked);
      return modifier === undefined ? versionedUri(env, asked, value) : match(code, uriTest(value, modifier));
    default:
      break;
  }
  if (modifier !== undefined) throw unknownModifier(asked);
  if (parameter.type === 'composite') return compositeClause(env, asked, value);
  const { param, test } = plainTest(env, parameter, code, type, name, value);
  return match(param, test);
}

/** The test of a value without a modifier, with the parameter code whose entries it is for. */
function plainTest(
  env: SearchEnvironment,
  parameter: SearchParameterInfo,
  code: string,
  type: string,
  name: string,
  value: string,
): { readonly param: string; readonly test: IndexTest } {
  switch (parameter.type) {
    case 'token':
      return { param: code, test: plainToken(env, { parameter, type, name }, value) };
    case 'date':
      return { param: code, test: dateTest(name, value, zoneOf(env), env.nowMs()) };
    case 'number':
      return { param: code, test: numberTest(name, value) };
    case 'quantity':
      return quantityTest(name, value, code);
    case 'string':
      return { param: code, test: stringTest(name, value, 'startsWith') };
    case 'uri':
      return { param: code, test: uriTest(value, 'exact') };
    case 'reference':
      return { param: code, test: referenceTo(env, name, value, referenceTargets(env.definitions, parameter, type)) };
    default:
      throw unsupportedParameter(`Search parameter ${shown(name)} is not supported: its type is ${parameter.type}`, shown(name));
  }
}

function tokenClause(env: SearchEnvironment, asked: AskedParameter, value: string): Clause {
  const { parameter, type, modifier, name } = asked;
  const implicit = implicitSystem(env.definitions, parameter, type);
  switch (modifier) {
    case undefined:
    case 'not':
      return identifying(parameter.code, plainToken(env, asked, value));
    case 'text': {
      const text = normalizeText(unescapeValue(value));
      if (text === '') throw badSearchValue(name, value, 'has no text');
      return match(parameter.code, { kind: 'token', text });
    }
    case 'of-type':
      return match(ofTypeCode(parameter.code), ofTypeTest(name, value));
    case 'in':
    case 'not-in': {
      const codes = codesInValueSet(env, name, unescapeValue(value));
      return match(parameter.code, {
        kind: 'token',
        anyOf: codes.map((one) => (one.system === implicit ? { ...one, system: null } : one)),
      });
    }
    case 'above':
    case 'below': {
      if (
        modifier === 'below' &&
        value.includes('/') &&
        !value.includes('|') &&
        holdsOnly(leafTypes(env.definitions, parameter, type), 'code')
      ) {
        return match(belowCode(parameter.code), { kind: 'token', code: mimeBase(unescapeValue(value)) });
      }
      const { system, code } = tokenTest(name, value);
      if (typeof system !== 'string' || code === undefined) throw badSearchValue(name, value, 'is not system|code');
      return match(parameter.code, { kind: 'token', anyOf: codesAround(env, name, modifier, system, code) });
    }
    default:
      throw unknownModifier(asked);
  }
}

/** The test of a token as its elements are compared: text without case, phone numbers by their digits. */
function plainToken(env: SearchEnvironment, { parameter, type, name }: AskedParameter, value: string): TokenTest {
  const leaves = leafTypes(env.definitions, parameter, type);
  const implicit = implicitSystem(env.definitions, parameter, type);
  const isContact = holdsOnly(leaves, 'ContactPoint');
  if (isContact || holdsOnly(leaves, 'boolean')) {
    const [system, ...more] = splitEscaped(value, '|');
    if (more.length > 0 && (system === '' || system !== implicit))
      throw badSearchValue(name, value, 'has a bar: the elements searched have no system');
  }
  const test = tokenTest(name, value, implicit);
  if (test.code === undefined) return test;
  if (isContact) return { ...test, code: contactForm(test.code) };
  return holdsOnly(leaves, 'string') ? { ...test, code: caseless(test.code) } : test;
}

/** Words of a whole name that are sought apart. */
const WORDS_MAX = 8;

/**
 * The beginning of a family name is that of any of its parts. A whole name may be given in several words, each of which
 * is then the beginning of some part of it: Ingrid Solberg, or Solberg Ingrid.
 */
function stringClause(env: SearchEnvironment, { parameter, type, name }: AskedParameter, value: string, mode: StringTest['mode']): Clause {
  const test = stringTest(name, value, mode);
  const { code } = parameter;
  if (mode === 'contains') return anyOf([code, laterCode(code)].map((param) => match(param, test)));
  const isName = leafTypes(env.definitions, parameter, type).has('HumanName');
  if (mode !== 'startsWith' || !(isName || code === 'family')) return match(code, test);
  const begins = (text: string): readonly Clause[] => [code, partCode(code)].map((param) => match(param, { ...test, value: text }));
  const words = test.value.split(' ');
  const apart = isName && words.length > 1 && words.length <= WORDS_MAX;
  const eachWord: readonly Clause[] = apart ? [{ op: 'and', clauses: words.map((word) => anyOf(begins(word))) }] : [];
  return anyOf([...begins(test.value), ...eachWord]);
}

/**
 * A canonical URL may have the version after a bar, which is then the version of the resource. A profile of this server
 * may be named by its place.
 */
function versionedUri(env: SearchEnvironment, { parameter, type, name }: AskedParameter, value: string): Clause {
  if (parameter.code === '_profile' && /^StructureDefinition\/[^/]+$/.test(value))
    return anyOf([value, `${env.baseUrl}/${value}`].map((each) => match(parameter.code, uriTest(each, 'exact'))));
  const [url = '', version, ...more] = parameter.code === 'url' ? splitEscaped(value, '|') : [];
  const versions = env.searchRegistry.get(type, 'version');
  if (!url || !version || more.length > 0 || versions?.type !== 'token') return match(parameter.code, uriTest(value, 'exact'));
  return {
    op: 'and',
    clauses: [
      match(parameter.code, uriTest(url, 'exact')),
      match('version', plainToken(env, { parameter: versions, type, name }, version)),
    ],
  };
}

function referenceClause(env: SearchEnvironment, asked: AskedParameter, value: string): Clause {
  const { parameter, type, modifier, name } = asked;
  if (modifier === undefined)
    return match(parameter.code, referenceTo(env, name, value, referenceTargets(env.definitions, parameter, type)));
  if (modifier === 'below' && leafTypes(env.definitions, parameter, type).has('canonical')) {
    const { param, test } = canonicalBelow(name, value, parameter.code);
    return match(param, test);
  }
  if (modifier === 'above' || modifier === 'below') {
    const { type: target, id } = referenceTo(env, name, value, referenceTargets(env.definitions, parameter, type));
    if (target === undefined || id === undefined) throw badSearchValue(name, value, 'is not Type/id');
    return hierarchyClause(env, name, parameter.code, modifier, { type: target, id });
  }
  if (modifier === 'identifier' && holdsOnly(leafTypes(env.definitions, parameter, type), 'canonical'))
    throw unsupportedParameter(`Search parameter ${shown(name)}: canonical URLs have no identifier besides themselves`, shown(name));
  if (modifier === 'identifier') return identifying(identifierCode(parameter.code), tokenTest(name, value));
  if (!env.definitions.isResourceType(modifier)) throw unknownModifier(asked);
  const test = referenceTo(env, name, value, [modifier]);
  if (test.type !== undefined && test.type !== modifier) throw badSearchValue(name, value, `is not a reference to ${modifier}`);
  return match(parameter.code, test);
}

/** As referenceTest; a type that there is not is hardly meant. @throws FhirError 400 `value` for it too. */
function referenceTo(env: SearchEnvironment, name: string, value: string, types: readonly string[]): ReferenceTest {
  const test = referenceTest(name, value, types, env.baseUrl);
  if (test.type === undefined || env.definitions.isResourceType(test.type)) return test;
  throw badSearchValue(
    name,
    value,
    `is not a reference: unknown resource type ${shown(test.type)}${didYouMean(test.type, env.definitions.resourceTypes)}`,
  );
}

/** All parts must hold within one entry; a part in UCUM units moves the whole to the canonical entries. */
function compositeClause(env: SearchEnvironment, { parameter, type, name }: AskedParameter, value: string): Clause {
  const values = splitEscaped(value, '$');
  if (values.length !== parameter.components.length)
    throw badSearchValue(name, value, `does not have ${parameter.components.length} parts joined by $`);
  const parts = parameter.components.map(({ definition }, at) => {
    const component = env.searchRegistry.byUrl(definition);
    if (component === undefined) throw unsupportedParameter(`Search parameter ${shown(name)} has an unknown component`, shown(name));
    return plainTest(env, component, '', type, name, values[at] as string);
  });
  const inUcum = parts.some((part) => part.param === ucumCode(''));
  return match(inUcum ? ucumCode(parameter.code) : parameter.code, { kind: 'composite', parts: parts.map((part) => part.test) });
}

/** Without a system, what is written like a personal number may be one, or something else. */
function identifying(param: string, test: TokenTest): Clause {
  const kept = test.code !== undefined && test.system === undefined ? keptIdentifier(undefined, test.code) : test.code;
  const asWritten = match(param, test);
  return kept === undefined || kept === test.code ? asWritten : anyOf([asWritten, match(param, { ...test, code: kept })]);
}

function match(param: string, test: IndexTest): Clause {
  return { op: 'match', param, test };
}

/** What each type of parameter may be asked with, besides `:missing`. */
export const MODIFIERS: Partial<Readonly<Record<SearchParameterInfo['type'], readonly string[]>>> = {
  string: ['exact', 'contains'],
  token: ['not', 'text', 'of-type', 'in', 'not-in', 'above', 'below'],
  reference: ['identifier', 'above', 'below', '[type]'],
  uri: ['above', 'below'],
};

function unknownModifier({ parameter, modifier, name }: AskedParameter) {
  const known = [...(MODIFIERS[parameter.type] ?? []), 'missing'].map((each) => `:${each}`).join(', ');
  return unsupportedParameter(
    `Search parameter ${shown(name)}: the modifier :${shown(modifier ?? '')} is not supported for type ${parameter.type}, which has ${known}`,
    shown(name),
  );
}

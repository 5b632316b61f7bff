/**
 * One comparison of a filter: what each operator says of a parameter of each type.
 *
 * Spec: https://hl7.org/fhir/R4/search_filter.html#ops
 */
import { dateRange } from '../fhir/date-range.ts';
import { badValue, type FhirError, unsupportedParameter } from '../fhir/errors.ts';
import { anyOf } from './chain.ts';
import type { SearchEnvironment } from './environment.ts';
import { matchClause, zoneOf } from './match.ts';
import { ANY_TIME, type Prefix, prefixedDate } from './prefix.ts';
import type { Clause, RangeTest } from './query.ts';
import { laterCode, stringTest } from './types/string.ts';
import { UnknownParameter } from './unknown-parameter.ts';
import { shown } from './values.ts';

const NAME = '_filter';
export const OPERATORS = [
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'lt',
  'ge',
  'le',
  'ap',
  'sa',
  'eb',
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** The modifier of an ordinary search that says the same as an operator. */
const AS_MODIFIER: Readonly<Record<string, Readonly<Partial<Record<Operator, string | undefined>>>>> = {
  // The value subsumes what lies below it, and is subsumed by what lies above.
  token: { eq: undefined, in: 'in', ni: 'in', ss: 'below', sb: 'above', co: 'text' },
  string: { eq: 'whole', sw: undefined, co: 'contains', ew: 'endsWith' },
  uri: { eq: undefined, sb: 'below', ss: 'above' },
  reference: { eq: undefined, re: undefined },
  composite: { eq: undefined },
};

/**
 * The clause of `code operator value` on resources of `type`.
 * @throws FhirError 400 `value` for a wrong value, 400 `not-supported` for an operator that the parameter does not know.
 * @throws UnknownParameter when the parameter is not known.
 */
export function comparison(env: SearchEnvironment, type: string, code: string, operator: Operator, value: string): Clause {
  if (code === '_id' && (operator === 'eq' || operator === 'ne')) return negated(operator, { op: 'id', ids: [value] });
  if (operator === 'pr' && (code === '_id' || code === '_lastUpdated')) {
    // Of what is contained none has been changed at a time of its own.
    const there: Clause = code === '_id' ? { op: 'all' } : { op: 'lastUpdated', test: ANY_TIME };
    return presentAsked(value) ? there : { op: 'not', clause: there };
  }
  if (code === '_lastUpdated') return { op: 'lastUpdated', test: dateOf(env, code, operator, value) };
  const parameter = env.searchRegistry.get(type, code);
  if (parameter === undefined || parameter.expression === undefined) throw new UnknownParameter(type, code);
  if (operator === 'pr') return { op: 'missing', param: code, missing: !presentAsked(value) };
  const asked = { parameter, type, name: NAME };
  if (parameter.type === 'date') {
    const test = operator === 'co' ? periodAround(env, value) : dateOf(env, code, operator, value);
    return { op: 'match', param: code, test };
  }
  if (parameter.type === 'number' || parameter.type === 'quantity') {
    const prefix = prefixOf(code, operator);
    if (prefix === 'po') throw unsupported(code, operator);
    return matchClause(env, asked, `${prefix}${written(parameter.type, value)}`);
  }
  const known = AS_MODIFIER[parameter.type];
  const positive = operator === 'ne' ? 'eq' : operator;
  if (known === undefined || !(positive in known)) throw unsupported(code, operator);
  const modifier = known[positive];
  const text = written(parameter.type, value);
  if (modifier === 'whole' || modifier === 'endsWith') {
    // No modifier of ordinary searches says this.
    const test = stringTest(NAME, text, modifier);
    const params = modifier === 'endsWith' ? [code, laterCode(code)] : [code];
    return negated(operator, anyOf(params.map((param) => ({ op: 'match', param, test }))), code);
  }
  return negated(operator, matchClause(env, modifier === undefined ? asked : { ...asked, modifier }, text), code);
}

function presentAsked(value: string): boolean {
  if (value !== 'true' && value !== 'false') throw wrongFilter('has pr with neither true nor false');
  return value === 'true';
}

function dateOf(env: SearchEnvironment, code: string, operator: Operator, value: string): RangeTest {
  return prefixedDate(NAME, prefixOf(code, operator), value, zoneOf(env), env.nowMs());
}

/** Of a period: it includes all of the value. */
function periodAround(env: SearchEnvironment, value: string): RangeTest {
  const range = dateRange(value, zoneOf(env));
  if (range === undefined) throw wrongFilter(`has ${shown(value)} in place of a date`);
  const { low, high } = range;
  return {
    kind: 'range',
    anyOf: [
      [
        { bound: 'low', is: '<=', value: low },
        { bound: 'high', is: '>=', value: high },
      ],
    ],
  };
}

/** Names that filters have for the systems most used. */
const SYSTEMS: Readonly<Record<string, string>> = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  ucum: 'http://unitsofmeasure.org',
};

/** The value as an ordinary search has it: commas and dollars mean nothing in a filter's, the bar of tokens and quantities keeps its meaning. */
function written(type: string, value: string): string {
  if (type === 'string' || type === 'uri') return value.replace(/[\\,$|]/g, '\\$&');
  return value.replace(/(^|\|)(loinc|snomed|rxnorm|ucum)(?=\|)/, (_whole, before: string, name: string) => `${before}${SYSTEMS[name]}`);
}

/** `ne` asks for a value that is another, so that there must be one; `ni` holds as well where there is none. */
function negated(operator: Operator, clause: Clause, code?: string): Clause {
  const isNegative = operator === 'ne' || operator === 'ni';
  if (!isNegative) return clause;
  const not: Clause = { op: 'not', clause };
  return operator === 'ni' || code === undefined ? not : { op: 'and', clauses: [{ op: 'missing', param: code, missing: false }, not] };
}

function prefixOf(code: string, operator: Operator): Prefix {
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'gt':
    case 'lt':
    case 'ge':
    case 'le':
    case 'sa':
    case 'eb':
    case 'ap':
    case 'po':
      return operator;
    default:
      throw unsupported(code, operator);
  }
}

function unsupported(code: string, operator: Operator): FhirError {
  return unsupportedParameter(`_filter: the operator ${operator} is not supported for ${shown(code)}`, NAME);
}

/** 400 `value`: what is wrong with a filter. */
export function wrongFilter(why: string): FhirError {
  return badValue(`_filter ${why}`, NAME);
}

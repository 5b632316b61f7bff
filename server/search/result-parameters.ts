/**
 * The parameters that shape the answer rather than what matches.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#return
 */
import { badRequest, tooCostly, unsupportedParameter } from '../fhir/errors.ts';
import type { SearchEnvironment } from './environment.ts';
import { type IncludeDirective, readInclude } from './include.ts';
import { unknownElement } from './narrow.ts';
import type { SearchQuery, SortableKind, SortKey } from './query.ts';
import { ucumCode } from './types/quantity.ts';
import { UnknownParameter } from './unknown-parameter.ts';
import { badSearchValue, shown } from './values.ts';

export type Summary = 'true' | 'text' | 'data' | 'count' | 'false';

/** What a search asks of its answer. Undefined where nothing was said. */
export interface ResultParameters {
  sort?: readonly SortKey[];
  count?: number;
  total?: SearchQuery['total'];
  summary?: Summary;
  /** Top-level elements to be sent. */
  elements?: readonly string[];
  includes: IncludeDirective[];
  contained?: (typeof CONTAINED)[number];
  containedType?: (typeof CONTAINED_TYPES)[number];
}

/** Names of the parameters meant here, those without effect left out. */
export const RESULT_PARAMETERS = [
  ...['_sort', '_count', '_total', '_summary', '_elements', '_include', '_revinclude'],
  ...['_contained', '_containedType', '_format', '_pretty'],
];

const SORT_KEYS_MAX = 16;
const INCLUDES_MAX = 64;
const SUMMARIES: readonly Summary[] = ['true', 'text', 'data', 'count', 'false'];
const CONTAINED = ['false', 'true', 'both'] as const;
const CONTAINED_TYPES = ['container', 'contained'] as const;
const TOTALS: readonly SearchQuery['total'][] = ['none', 'estimate', 'accurate'];

/**
 * Takes `name=value` into `results` when it is one of the parameters meant here.
 * @returns false when it is a parameter of another kind.
 * @throws FhirError 400 `value`, `invalid` (said twice) or `not-supported`; 403 `too-costly` for too many sort keys or includes.
 * @throws UnknownParameter when it sorts by what is no parameter of the types.
 */
export function readResultParameter(
  env: SearchEnvironment,
  types: readonly string[],
  name: string,
  value: string,
  results: ResultParameters,
): boolean {
  switch (name) {
    case '_sort':
      // Given again, it names the inner keys.
      results.sort = sortKeys(env, types, name, [...(results.sort ?? []), ...value.split(',')]);
      return true;
    case '_count':
      once(name, results.count);
      if (!/^\d+$/.test(value)) throw badSearchValue(name, value, 'is not a whole number from 0');
      results.count = Math.min(Number(value), env.limits.pageSizeMax);
      return true;
    case '_total':
      once(name, results.total);
      results.total = oneOf(TOTALS, name, value);
      return true;
    case '_summary':
      once(name, results.summary);
      results.summary = oneOf(SUMMARIES, name, value);
      return true;
    case '_elements':
      results.elements = [...(results.elements ?? []), ...elementNames(types, name, value)];
      return true;
    case '_contained':
      once(name, results.contained);
      results.contained = oneOf(CONTAINED, name, value);
      return true;
    case '_containedType':
      once(name, results.containedType);
      results.containedType = oneOf(CONTAINED_TYPES, name, value);
      return true;
    case '_query':
      // Never left out, whatever the handling: the query would mean something else.
      throw unsupportedParameter(`Search parameter _query: there is no query named ${shown(value)}`, name);
    case '_format':
    case '_pretty':
      return true;
    default:
      return readIncludeParameter(env, name, value, results);
  }
}

function readIncludeParameter(env: SearchEnvironment, name: string, value: string, results: ResultParameters): boolean {
  const [base, modifier, ...more] = name.split(':');
  if (base !== '_include' && base !== '_revinclude') return false;
  if (more.length > 0 || (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse')) {
    throw unsupportedParameter(`Search parameter ${shown(name)}: the modifier is not supported`, shown(name));
  }
  if (results.includes.length >= INCLUDES_MAX) throw tooCostly(`A search may have ${INCLUDES_MAX} includes at most`);
  results.includes.push(readInclude(env, name, value, base === '_revinclude', modifier !== undefined));
  return true;
}

function once(name: string, before: unknown): void {
  if (before !== undefined) throw badRequest(`Search parameter ${name} may be given once only`, name);
}

function oneOf<Value extends string>(values: readonly Value[], name: string, value: string): Value {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw badSearchValue(name, value, `is not one of ${values.join(', ')}`);
  return found;
}

/** Names as they stand in JSON, with or without the type before them: `status`, `CarePlan.status`. */
function elementNames(types: readonly string[], name: string, value: string): readonly string[] {
  return value.split(',').map((text) => {
    const type = types.find((candidate) => text.startsWith(`${candidate}.`));
    const element = type === undefined ? text : text.slice(type.length + 1);
    if (!/^[A-Za-z]+(?:\[x\])?$/.test(element))
      throw badSearchValue(name, text, 'is not the name of an element at the top of the resource');
    return element;
  });
}

/**
 * Passes when each element asked for is one of the types searched, or of any type where others may be in the answer.
 * @throws FhirError 400 `value`.
 */
export function checkElements(
  { definitions }: SearchEnvironment,
  types: readonly string[],
  { elements, includes }: ResultParameters,
): void {
  const told = elements === undefined ? undefined : unknownElement(definitions, includes.length > 0 ? [] : types, elements);
  if (told !== undefined) throw badSearchValue('_elements', told.name, told.why);
}

const SORTABLE: Readonly<Record<string, SortableKind>> = {
  string: 'string',
  token: 'token',
  reference: 'reference',
  date: 'range',
  number: 'range',
  quantity: 'quantity',
  uri: 'uri',
};

function sortKeys(env: SearchEnvironment, types: readonly string[], name: string, keys: readonly (SortKey | string)[]): readonly SortKey[] {
  if (keys.length > SORT_KEYS_MAX) throw tooCostly(`A search may sort by ${SORT_KEYS_MAX} keys at most`);
  return keys.flatMap((key) =>
    typeof key === 'string' ? byComponent(env, types, key).flatMap((each) => inUcum(sortKey(env, types, name, each))) : key,
  );
}

/** A composite is sorted by its components, one after the other, which are parameters of their own. */
function byComponent(env: SearchEnvironment, types: readonly string[], text: string): readonly string[] {
  const [, sign = '', code = ''] = /^(-?)(.*)$/.exec(text) ?? [];
  const ways = types.map((type) =>
    env.searchRegistry.get(type, code)?.components.map(({ definition }) => {
      const component = env.searchRegistry.byUrl(definition);
      return component === undefined || env.searchRegistry.get(type, component.code) !== component ? undefined : component.code;
    }),
  );
  const [first = [], ...others] = ways;
  const isSame = others.every((way) => way?.join() === first.join());
  const known = first.filter((each) => each !== undefined);
  return first.length > 0 && known.length === first.length && isSame ? known.map((each) => `${sign}${each}`) : [text];
}

/** Quantities are sorted by what they amount to, those that have no UCUM unit after the others by their number. */
function inUcum(key: SortKey): readonly SortKey[] {
  return key.by === 'param' && key.kind === 'quantity' ? [{ ...key, param: ucumCode(key.param) }, key] : [key];
}

function sortKey(env: SearchEnvironment, types: readonly string[], name: string, text: string): SortKey {
  const descending = text.startsWith('-');
  const code = descending ? text.slice(1) : text;
  if (code === '_id') return { by: 'id', descending };
  if (code === '_lastUpdated') return { by: 'lastUpdated', descending };
  const kinds = new Set<SortableKind | undefined>();
  for (const type of types.length === 0 ? ['Resource'] : types) {
    const parameter = env.searchRegistry.get(type, code);
    if (parameter === undefined) throw new UnknownParameter(type, code);
    // Without an expression nothing is indexed, and nothing would be sorted.
    kinds.add(parameter.expression === undefined ? undefined : SORTABLE[parameter.type]);
  }
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) throw unsupportedParameter(`_sort by ${shown(code)} is not supported`, name);
  return { by: 'param', param: code, kind, descending };
}

/**
 * Reads the parameters of a search into its meaning: the query for the store, what to include, how to show it.
 *
 * Spec: https://hl7.org/fhir/R4/search.html
 */
import { badRequest, unknownTypeNamed, unsupportedParameter } from '../fhir/errors.ts';
import { didYouMean } from '../fhir/nearest.ts';
import type { Issue } from '../fhir/outcome.ts';
import { checkSize } from './clause-size.ts';
import type { SearchEnvironment } from './environment.ts';
import type { IncludeDirective } from './include.ts';
import { joinRanges } from './join-ranges.ts';
import { parameterClause } from './parameter-clause.ts';
import type { Clause, SearchQuery } from './query.ts';
import { checkElements, RESULT_PARAMETERS, type ResultParameters, readResultParameter, type Summary } from './result-parameters.ts';
import { UnknownParameter } from './unknown-parameter.ts';
import { shown } from './values.ts';
import { type WordTest, wordTest } from './words.ts';

export interface SearchRequest {
  /** Names and values, decoded, in the order they were given. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** The types searched; empty at system level, where `_type` may name them. */
  readonly types: readonly string[];
  /** What to do with parameters that are not known: refuse (by default), or leave them out and say so. */
  readonly handling?: 'strict' | 'lenient';
  /** True where the asker seeks words (`_text`, `_content`) in what the store finds; they are refused otherwise. */
  readonly takesWords?: boolean;
  /** True where a parameter without a value is left out, as a search has it; refused otherwise: a condition of a write must say something. */
  readonly leavesOutEmpty?: boolean;
  /** True where the asker takes what resources contain for an answer (`_contained`); refused otherwise. */
  readonly takesContained?: boolean;
}

/** What `_contained` asks for, where it does: contained resources alone or resources of their own as well; these, or their containers. */
export interface ContainedAsked {
  readonly which: 'true' | 'both';
  readonly as: 'container' | 'contained';
}

export interface ParsedSearch {
  readonly query: SearchQuery;
  /** Tests that matches must pass beside the query (`takesWords`). */
  readonly words: readonly WordTest[];
  readonly includes: readonly IncludeDirective[];
  readonly contained?: ContainedAsked;
  readonly summary: Summary;
  /** Top-level elements asked for. */
  readonly elements?: readonly string[];
  /** A warning for each parameter that was left out. */
  readonly issues: readonly Issue[];
  /** The parameters that were taken into account, for the self link. */
  readonly used: readonly (readonly [name: string, value: string])[];
}

/**
 * The meaning of a search.
 * @throws FhirError 400 with the parameter as expression: `not-supported` for an unknown parameter (unless lenient), modifier or
 * combination; `value` for a value of the wrong form; `invalid` for one given twice.
 * 403 `too-costly` for more values, codes or conditions than a search may have. 404 `not-supported` for an unknown type in `_type`.
 */
export function parseSearch(request: SearchRequest, env: SearchEnvironment): ParsedSearch {
  const { given, issues } = withoutEmpty(request);
  const types = searchedTypes(request, given, env);
  const results: ResultParameters = { includes: [] };
  const clauses: Clause[] = [];
  const used: (readonly [string, string])[] = [];
  const words: WordTest[] = [];
  for (const parameter of given) {
    const [name, value] = parameter;
    try {
      if (isWords(request, types, env, name)) words.push(wordTest(name, value));
      else if (!isTypeParameter(request, name) && !readResultParameter(env, types, name, value, results)) {
        clauses.push(parameterClause(env, types, name, value));
      }
      used.push(parameter);
    } catch (error) {
      if (!(error instanceof UnknownParameter)) throw error;
      issues.push(unknownParameter(env, error, name, request.handling ?? 'strict'));
    }
  }
  refuseCombinations(results);
  const contained = containedAsked(request, env, results, words.length > 0);
  // Containers are of any type.
  checkElements(env, contained?.as === 'container' ? [] : types, results);
  return {
    query: searchQuery(env, types, clauses, results),
    words,
    includes: results.includes,
    ...(contained === undefined ? {} : { contained }),
    summary: results.summary ?? 'false',
    ...(results.elements === undefined ? {} : { elements: results.elements }),
    issues,
    used,
  };
}

/** The parameters that say something; the others are no error, and told. */
function withoutEmpty({ parameters, leavesOutEmpty }: SearchRequest): { given: SearchRequest['parameters']; issues: Issue[] } {
  if (leavesOutEmpty !== true || parameters.every(([, value]) => value !== '')) return { given: parameters, issues: [] };
  const empty = parameters.filter(([, value]) => value === '');
  const told = ([name]: readonly [string, string]): Issue => {
    const diagnostics = `Search parameter ${shown(name)} has no value. It was left out.`;
    return { severity: 'warning', code: 'value', diagnostics, expression: [shown(name)] };
  };
  return { given: parameters.filter(([, value]) => value !== ''), issues: empty.map(told) };
}

function searchQuery(
  env: SearchEnvironment,
  searched: readonly string[],
  clauses: readonly Clause[],
  results: ResultParameters,
): SearchQuery {
  const countOnly = results.summary === 'count' || results.count === 0;
  checkSize({ op: 'and', clauses });
  const [type, ...types] = searched;
  const joined = type === undefined || types.length > 0 ? clauses : joinRanges(env, type, clauses);
  const [only, ...others] = joined;
  const where: Clause = only === undefined ? { op: 'all' } : others.length === 0 ? only : { op: 'and', clauses: joined };
  return {
    types: searched,
    where,
    sort: results.sort ?? [],
    limit: countOnly ? 0 : (results.count ?? env.limits.pageSizeDefault),
    total: countOnly ? 'accurate' : (results.total ?? 'none'),
  };
}

/**
 * What is asked of contained resources; undefined when nothing is.
 * @throws FhirError 400 `not-supported` where they are no answer, or for what R4 leaves open: words within them, what they
 * refer to, and containers in the order of something that not every type has.
 */
function containedAsked(
  request: SearchRequest,
  { searchRegistry }: SearchEnvironment,
  { contained: which = 'false', containedType: as = 'container', includes, sort = [] }: ResultParameters,
  hasWords: boolean,
): ContainedAsked | undefined {
  if (which === 'false') return undefined;
  const refuse = (why: string, name = '_contained') => unsupportedParameter(`Search parameter ${name}: ${why}`, name);
  if (request.takesContained !== true) throw refuse('only false is supported here');
  if (hasWords) throw refuse('words (_text, _content) are not sought in contained resources');
  if (as === 'contained' && includes.length > 0)
    throw refuse('what contained resources refer to is not included; ask for their containers', '_containedType');
  const own = sort.find((key) => key.by === 'param' && searchRegistry.get('Resource', key.param) === undefined);
  if (as === 'container' && own?.by === 'param')
    throw refuse(`containers are of any type, and not every type is sorted by ${own.param}; ask for _containedType=contained`, '_sort');
  return { which, as };
}

function isWords(request: SearchRequest, types: readonly string[], env: SearchEnvironment, name: string): name is '_text' | '_content' {
  if (request.takesWords !== true || (name !== '_text' && name !== '_content')) return false;
  return types.every((type) => env.searchRegistry.get(type, name) !== undefined);
}

function isTypeParameter(request: SearchRequest, name: string): boolean {
  return name === '_type' && request.types.length === 0;
}

function searchedTypes(request: SearchRequest, given: SearchRequest['parameters'], env: SearchEnvironment): readonly string[] {
  if (request.types.length > 0) return request.types;
  const named = given.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','));
  for (const type of named)
    if (!env.definitions.isResourceType(type)) throw unknownTypeNamed(shown(type), env.definitions.resourceTypes, '_type');
  return [...new Set(named)];
}

function unknownParameter(
  env: SearchEnvironment,
  { message, type, code }: UnknownParameter,
  name: string,
  handling: 'strict' | 'lenient',
): Issue {
  const what = name === '_sort' ? `Search parameter _sort: ${message}` : `Unknown search parameter ${shown(name)}: ${message}`;
  const known = env.searchRegistry.forType(type).map((parameter) => parameter.code);
  // A modifier changes what is asked, so that it is never left out.
  if (name.startsWith(`${code}:`) && [...known, ...RESULT_PARAMETERS, '_filter', '_type'].includes(code))
    throw unsupportedParameter(`Search parameter ${shown(name)}: the modifier is not supported`, shown(name));
  const meant = didYouMean(code, code === name ? [...known, ...RESULT_PARAMETERS] : known);
  if (handling === 'strict') throw unsupportedParameter(what + meant, shown(name));
  return { severity: 'warning', code: 'not-supported', diagnostics: `${what}. It was left out${meant || '.'}`, expression: [shown(name)] };
}

function refuseCombinations({ summary, includes }: ResultParameters): void {
  if (summary === 'text' && includes.length > 0)
    throw badRequest('_summary=text cannot be combined with _include or _revinclude', '_summary');
}

/**
 * A search parameter as written, with all its values, into a clause.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#combining · https://hl7.org/fhir/R4/search.html#all
 */
import { tooCostly, unsupportedParameter } from '../fhir/errors.ts';
import { ID_PATTERN } from '../fhir/resource.ts';
import { anyOf, type ChainMemory, chainClause, checkDepth, clausesByType, hasClause, remembered } from './chain.ts';
import type { SearchEnvironment } from './environment.ts';
import { filterClause } from './filter.ts';
import { matchClause, zoneOf } from './match.ts';
import { ANY_TIME, dateTest } from './prefix.ts';
import type { Clause } from './query.ts';
import { UnknownParameter } from './unknown-parameter.ts';
import { badSearchValue, isEscaped, shown, splitEscaped, unescapeValue } from './values.ts';

/** Values joined by commas that one parameter may have. */
const VALUES_MAX = 2_000;

/**
 * The clause of `name=value` on resources of `types` (none: every type, with the parameters that all have).
 * @throws FhirError 400 `value`, `invalid` or `not-supported`, with the parameter as expression; 403 `too-costly`.
 * @throws UnknownParameter when one of the types does not have the parameter.
 */
export function parameterClause(env: SearchEnvironment, types: readonly string[], name: string, value: string): Clause {
  checkDepth(name);
  const memory: ChainMemory = new Map();
  const clauses = clausesByType(types.length === 0 ? ['Resource'] : types, (type) => typeClause(env, type, name, value, memory));
  const [only, ...others] = clauses;
  const covered = clauses.reduce((sum, group) => sum + group.types.length, 0);
  if (covered < types.length) throw new UnknownParameter(types.join(' and '), name);
  if (only !== undefined && others.length === 0) return only.clause;
  return anyOf(clauses.map((group) => ({ op: 'and', clauses: [{ op: 'type', types: group.types }, group.clause] })));
}

function typeClause(env: SearchEnvironment, type: string, name: string, value: string, memory: ChainMemory): Clause {
  if (name.startsWith('_has:')) return hasClause(env, type, name, (source, rest) => typeClause(env, source, rest, value, memory));
  const dot = name.indexOf('.');
  if (dot > 0) {
    const [code = '', target] = splitOnce(name.slice(0, dot), ':');
    const rest = name.slice(dot + 1);
    return chainClause(env, type, { code, target }, (next) =>
      remembered(memory, `${next} ${rest}`, () => typeClause(env, next, rest, value, memory)),
    );
  }
  const [code = '', modifier] = splitOnce(name, ':');
  if (value === '') throw badSearchValue(name, value, 'is empty');
  if (code === '_id' || code === '_lastUpdated') return keptByStore(env, code, modifier, name, value);
  if (code === '_filter' && modifier === undefined) return filterClause(env, type, value);
  if (code === '_list' && modifier === undefined) return listClause(name, value);
  const parameter = env.searchRegistry.get(type, code);
  if (parameter === undefined || parameter.expression === undefined) throw new UnknownParameter(type, code);
  if (parameter.type === 'special') throw unsupportedParameter(`Search parameter ${shown(name)} is not supported`, shown(name));
  if (modifier === 'missing') return { op: 'missing', param: code, missing: isTrue(name, value) };
  const asked = { parameter, type, name, ...(modifier === undefined ? {} : { modifier }) };
  const any = anyOf(joinCodes(alternatives(name, value).map((one) => matchClause(env, asked, one))));
  return modifier === 'not' || modifier === 'not-in' ? { op: 'not', clause: any } : any;
}

/** Codes with their system, of which a list may be long, are looked up as one list. */
function joinCodes(clauses: readonly Clause[]): readonly Clause[] {
  const codes: { system: string | null; code: string }[] = [];
  const others: Clause[] = [];
  for (const clause of clauses) {
    const test = clause.op === 'match' && clause.test.kind === 'token' ? clause.test : undefined;
    if (test?.system === undefined || test.code === undefined) others.push(clause);
    else codes.push({ system: test.system, code: test.code });
  }
  const [first] = clauses;
  if (codes.length < 2 || first?.op !== 'match') return clauses;
  return [...others, { op: 'match', param: first.param, test: { kind: 'token', anyOf: codes } }];
}

/** `_id` and `_lastUpdated` are columns of the store, not index entries. */
function keptByStore(
  env: SearchEnvironment,
  code: '_id' | '_lastUpdated',
  modifier: string | undefined,
  name: string,
  value: string,
): Clause {
  if (modifier === 'missing') {
    // Of what is contained none has been changed at a time of its own.
    const there: Clause = code === '_id' ? { op: 'all' } : { op: 'lastUpdated', test: ANY_TIME };
    return isTrue(name, value) ? { op: 'not', clause: there } : there;
  }
  if (modifier !== undefined && !(code === '_id' && modifier === 'not')) {
    throw unsupportedParameter(`Search parameter ${shown(name)}: the modifier :${shown(modifier)} is not supported`, shown(name));
  }
  if (code === '_lastUpdated') {
    return anyOf(alternatives(name, value).map((one) => ({ op: 'lastUpdated', test: dateTest(name, one, zoneOf(env), env.nowMs()) })));
  }
  const clause: Clause = { op: 'id', ids: ids(name, value) };
  return modifier === 'not' ? { op: 'not', clause } : clause;
}

function listClause(name: string, value: string): Clause {
  return { op: 'referencedBy', type: 'List', param: 'item', where: { op: 'id', ids: ids(name, value) } };
}

function ids(name: string, value: string): readonly string[] {
  return alternatives(name, value).map((text) => {
    const id = unescapeValue(text);
    if (!ID_PATTERN.test(id)) throw badSearchValue(name, text, 'is not an id');
    return id;
  });
}

function alternatives(name: string, value: string): readonly string[] {
  const values = splitEscaped(value, ',');
  if (values.length > VALUES_MAX) throw tooCostly(`Search parameter ${shown(name)} has more than ${VALUES_MAX} values`);
  if (values.includes('')) throw badSearchValue(name, value, 'has an empty part between commas');
  if (!isEscaped(value)) throw badSearchValue(name, value, 'has a backslash that escapes nothing: one that is meant is doubled');
  return values;
}

function isTrue(name: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw badSearchValue(name, value, 'is not true or false');
  return value === 'true';
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

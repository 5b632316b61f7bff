/**
 * Searches that follow references: chaining forwards and `_has` backwards.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#chaining · https://hl7.org/fhir/R4/search.html#has · https://hl7.org/fhir/R4/search.html#contained
 */
import { badRequest, unsupportedParameter } from '../fhir/errors.ts';
import { didYouMean } from '../fhir/nearest.ts';
import { holdsCanonicals, isDefinition } from './canonical.ts';
import { checkSize } from './clause-size.ts';
import type { SearchEnvironment } from './environment.ts';
import type { Clause } from './query.ts';
import { referenceTargets } from './reference-targets.ts';
import { UnknownParameter } from './unknown-parameter.ts';
import { shown } from './values.ts';

/** Steps of a chain that one parameter may have. */
const DEPTH_MAX = 16;

/** What the rest of a chain means on a type, kept so that no rest is read twice: the ways through open references double at every step. */
export type ChainMemory = Map<string, Clause | UnknownParameter>;

/**
 * The clause kept under `key`, or made and kept now.
 * @throws UnknownParameter as `make` did when it was asked.
 */
export function remembered(memory: ChainMemory, key: string, make: () => Clause): Clause {
  const known = memory.get(key) ?? outcomeOf(make);
  memory.set(key, known);
  if (known instanceof UnknownParameter) throw known;
  return known;
}

function outcomeOf(make: () => Clause): Clause | UnknownParameter {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnknownParameter) return error;
    throw error;
  }
}

/** Makes the clause for resources of one type that a chain has led to. */
export type ClauseForType = (type: string) => Clause;

/**
 * The clause of `code.rest` or `code:Type.rest` on `type`: of all types the reference may lead to, those that know `rest`.
 * The last steps are evaluated inside contained resources as well.
 * @throws FhirError 403 `too-costly` when they mean too many different things.
 * @throws UnknownParameter when `code` is not known, is no reference or cannot lead to the type asked for, or `rest` is known on no type.
 */
export function chainClause(
  env: SearchEnvironment,
  type: string,
  step: { readonly code: string; readonly target: string | undefined },
  rest: ClauseForType,
): Clause {
  const { code, target } = step;
  const parameter = env.searchRegistry.get(type, code);
  if (parameter === undefined) throw new UnknownParameter(type, code);
  if (parameter.type !== 'reference')
    throw new UnknownParameter(type, code, `${shown(code)} of ${type} is not a reference, so nothing can be chained to it`);
  const targets = referenceTargets(env.definitions, parameter, type);
  if (target !== undefined && !targets.includes(target))
    throw new UnknownParameter(type, code, `${shown(code)} of ${type} does not lead to ${shown(target)}`);
  const clauses = clausesByType(target === undefined ? targets : [target], rest);
  const canonical = holdsCanonicals(env.definitions, parameter, type) ? ({ canonical: true } as const) : {};
  const clause = anyOf(
    clauses.map(({ types, clause: where }) => ({ op: 'chain', param: code, types, where, ...withinContained(where), ...canonical })),
  );
  checkSize(clause);
  return clause;
}

/**
 * The last steps of a chain, which are followed through contained resources as well as through others. Each doubles the
 * ways to the end: a contained resource may point at another, or at one of its own.
 */
const CONTAINED_STEPS = 3;

/** What a chain that goes on by `where` asks of a contained resource: the same, if it can have it. */
function withinContained(where: Clause): { readonly contained?: Clause } {
  const isOfOthers = where.op === 'id' || where.op === 'lastUpdated';
  return isOfOthers || containedSteps(where) >= CONTAINED_STEPS ? {} : { contained: where };
}

/** How many steps through contained resources lie within each other. */
function containedSteps(clause: Clause): number {
  switch (clause.op) {
    case 'and':
    case 'or':
      return Math.max(0, ...clause.clauses.map(containedSteps));
    case 'not':
      return containedSteps(clause.clause);
    case 'chain':
      return (clause.contained === undefined ? 0 : 1) + containedSteps(clause.where);
    case 'referencedBy':
    case 'contains':
      return containedSteps(clause.where);
    default:
      return 0;
  }
}

/**
 * The clause of `_has:Type:code:rest` on `type`.
 * @throws FhirError 400 `not-supported` when Type or `code` cannot point at `type`, 400 `invalid` when it is not of that form.
 */
export function hasClause(env: SearchEnvironment, type: string, name: string, rest: (sourceType: string, rest: string) => Clause): Clause {
  const [, source, code, ...others] = name.split(':');
  if (source === undefined || code === undefined || others.length === 0)
    throw badRequest(`${shown(name)} is not _has:Type:reference:parameter`, shown(name));
  if (!env.definitions.isResourceType(source))
    throw unsupportedParameter(
      `${shown(name)}: unknown resource type ${shown(source)}${didYouMean(source, env.definitions.resourceTypes)}`,
      shown(name),
    );
  const parameter = env.searchRegistry.get(source, code);
  if (parameter === undefined) throw new UnknownParameter(source, code);
  const leadsHere = type === 'Resource' || referenceTargets(env.definitions, parameter, source).includes(type);
  if (parameter.type !== 'reference' || !leadsHere) {
    throw unsupportedParameter(`${shown(name)}: ${source}.${code} does not point at ${type}`, shown(name));
  }
  const isNamed = isDefinition(env.searchRegistry, type) && holdsCanonicals(env.definitions, parameter, source);
  const where = rest(source, others.join(':'));
  return { op: 'referencedBy', type: source, param: code, where, ...(isNamed ? { canonical: type } : {}) };
}

/**
 * Refuses chains longer than a server should follow.
 * @throws FhirError 400 `invalid`.
 */
export function checkDepth(name: string): void {
  if (name.split(/[.]|_has:/).length > DEPTH_MAX)
    throw badRequest(`Search parameter ${shown(name)} has more than ${DEPTH_MAX} steps`, shown(name));
}

/**
 * The clause for each of the types, types with the same clause together; types that do not know the parameter are left out.
 * @throws UnknownParameter when none knows it.
 */
export function clausesByType(
  types: readonly string[],
  clauseFor: ClauseForType,
): readonly { readonly types: readonly string[]; readonly clause: Clause }[] {
  const [only, ...others] = types;
  if (only !== undefined && others.length === 0) return [{ types, clause: clauseFor(only) }];
  const groups = new Map<string, { types: string[]; clause: Clause }>();
  let unknown: UnknownParameter | undefined;
  for (const type of types) {
    const clause = outcomeOf(() => clauseFor(type));
    if (clause instanceof UnknownParameter) {
      unknown = clause;
      continue;
    }
    const key = JSON.stringify(clause);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { types: [type], clause });
    else group.types.push(type);
  }
  if (groups.size === 0) throw unknown ?? new UnknownParameter(types.join(','), '');
  return [...groups.values()];
}

/** The one clause, or all of them joined by or. */
export function anyOf(clauses: readonly Clause[]): Clause {
  return clauses.length === 1 ? (clauses[0] as Clause) : { op: 'or', clauses };
}

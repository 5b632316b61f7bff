/**
 * `_include` and `_revinclude`: what else belongs to the answer. Read into directives, which the interaction runs against
 * the store, first over the matches and then, for those that iterate, over what was included.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#include
 */
import { badRequest, unsupportedParameter } from '../fhir/errors.ts';
import { didYouMean } from '../fhir/nearest.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import type { SearchEnvironment } from './environment.ts';
import { shown } from './values.ts';

export interface IncludeDirective {
  /** True for `_revinclude`: resources of `source` that point at those found, else resources that those of `source` point at. */
  readonly reverse: boolean;
  /** The type that has the reference; undefined for any (`*`). */
  readonly source: string | undefined;
  /** The reference parameter; undefined for all of them. */
  readonly param: string | undefined;
  /** The only type to include, or that must be pointed at; undefined for any. */
  readonly target: string | undefined;
  /** True when it also applies to what was included. */
  readonly iterate: boolean;
}

/** What is asked of the store; a ResourceStore fits. */
export interface FollowsReferences<Key extends ResourceKey> {
  referencesFrom(
    sources: readonly ResourceKey[],
    params: readonly string[] | undefined,
    targetType: string | undefined,
  ): Promise<readonly Key[]>;
  referencesTo(
    targets: readonly ResourceKey[],
    type: string | undefined,
    param: string | undefined,
    limit: number,
  ): Promise<readonly Key[]>;
}

const LIMIT_STEP = 1_000;
/** How often `:iterate` goes on from what was included. */
export const ROUNDS_MAX = 32;

/**
 * A directive from `Type:param`, `Type:param:Target`, `Type:*` or `*`.
 * @throws FhirError 400 `invalid` when it is of no such form, 400 `not-supported` when type, parameter or target is not known
 * or the parameter cannot lead to the target.
 */
export function readInclude(env: SearchEnvironment, name: string, value: string, reverse: boolean, iterate: boolean): IncludeDirective {
  if (value === '*') return { reverse, source: undefined, param: undefined, target: undefined, iterate };
  const [source = '', param, target, ...more] = value.split(':');
  if (param === undefined || param === '' || more.length > 0)
    throw badRequest(`${shown(name)}: '${shown(value)}' is not Type:parameter or Type:parameter:Target`, shown(name));
  const unknownIn = (type: string) => {
    const meant = didYouMean(type, env.definitions.resourceTypes);
    return unsupportedParameter(`${shown(name)}: unknown resource type ${shown(type)}${meant}`, shown(name));
  };
  if (!env.definitions.isResourceType(source)) throw unknownIn(source);
  if (target !== undefined && !env.definitions.isResourceType(target)) throw unknownIn(target);
  if (param === '*') return { reverse, source, param: undefined, target, iterate };
  const parameter = env.searchRegistry.get(source, param);
  if (parameter?.type !== 'reference') {
    const references = env.searchRegistry.forType(source).filter(({ type }) => type === 'reference');
    const meant = didYouMean(
      param,
      references.map(({ code }) => code),
    );
    throw unsupportedParameter(`${shown(name)}: ${source} has no reference parameter ${shown(param)}${meant}`, shown(name));
  }
  const isOpen = parameter.targets.length === 0 || parameter.targets.includes('Resource');
  if (target !== undefined && !isOpen && !parameter.targets.includes(target)) {
    const meant = didYouMean(target, parameter.targets);
    throw unsupportedParameter(`${shown(name)}: ${source}.${param} does not point at ${target}${meant}`, shown(name));
  }
  return { reverse, source, param, target, iterate };
}

/** What is asked of the store at once: a directive, or several that lead from the same type by parameters of their own. */
interface Step extends Omit<IncludeDirective, 'param'> {
  /** One where it is reverse; undefined for all of them. */
  readonly params: string[] | undefined;
}

function stepsOf(directives: readonly IncludeDirective[]): readonly Step[] {
  const steps: Step[] = [];
  for (const { param, ...directive } of directives) {
    const step: Step = { ...directive, params: param === undefined ? undefined : [param] };
    const before = steps.find((each) => mayShare(each, step));
    if (before === undefined) steps.push(step);
    else before.params?.push(...(step.params ?? []));
  }
  return steps;
}

/** Those that iterate stay apart: each goes on from what the one before it has included. */
function mayShare(one: Step, other: Step): boolean {
  const isOpen = ({ reverse, iterate, params }: Step) => !reverse && !iterate && params !== undefined;
  return isOpen(one) && isOpen(other) && one.source === other.source && one.target === other.target;
}

/** Those of the keys that exist for the caller, in their order. */
type Reached<Key extends ResourceKey> = (keys: readonly Key[]) => Promise<readonly Key[]>;

/**
 * All that the directives add to `matches`, as the store gave it, without repeats and without the matches themselves, in the order found.
 * What is not `reached` is not gone on from either: what a hidden team says of who is in it is found out by nobody.
 * Stops at `max`, and after ROUNDS_MAX rounds: `complete` is then false.
 */
export async function findIncluded<Key extends ResourceKey>(
  store: FollowsReferences<Key>,
  directives: readonly IncludeDirective[],
  matches: readonly ResourceKey[],
  max: number,
  reached: Reached<Key>,
): Promise<{ readonly keys: readonly Key[]; readonly complete: boolean }> {
  const steps = stepsOf(directives);
  const seen = new Set(matches.map(keyText));
  const found: Key[] = [];
  let from: readonly ResourceKey[] = matches;
  for (let round = 0; round < ROUNDS_MAX && from.length > 0; round += 1) {
    const fresh: Key[] = [];
    for (const directive of steps) {
      // Room for what is known already; in large steps, since each limit makes a statement of its own.
      const limit = max + 1 + LIMIT_STEP * Math.ceil(seen.size / LIMIT_STEP);
      if (round > 0 && !directive.iterate) continue;
      // A directive that iterates takes what others of its round have just included.
      const sources = directive.iterate ? [...from, ...fresh] : from;
      const next = (await step(store, directive, sources, limit)).filter((key) => !seen.has(keyText(key)));
      for (const key of next.length === 0 ? next : await reached(next)) {
        if (seen.has(keyText(key))) continue;
        if (found.length >= max) return { keys: found, complete: false };
        seen.add(keyText(key));
        found.push(key);
        fresh.push(key);
      }
    }
    from = fresh;
  }
  return { keys: found, complete: from.length === 0 };
}

async function step<Key extends ResourceKey>(
  store: FollowsReferences<Key>,
  { reverse, source, params, target }: Step,
  keys: readonly ResourceKey[],
  limit: number,
): Promise<readonly Key[]> {
  const kind = reverse ? target : source;
  const starts = kind === undefined ? keys : keys.filter((key) => key.type === kind);
  if (starts.length === 0) return [];
  return reverse ? store.referencesTo(starts, source, params?.[0], limit) : store.referencesFrom(starts, params, target);
}

function keyText({ type, id }: ResourceKey): string {
  return `${type}/${id}`;
}

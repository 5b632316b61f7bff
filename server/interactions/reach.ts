/**
 * What of a type exists for the caller, as a clause: the answer of the access port, put into the language of searches.
 */
import type { AccessRight } from '../auth/access-decision.ts';
import { forbidden, tooCostly } from '../fhir/errors.ts';
import { checkSize } from '../search/clause-size.ts';
import type { Clause } from '../search/query.ts';
import { orByCanonical, orNamedByCanonical } from './canonical-links.ts';
import type { FhirContext } from './context.ts';

export const EVERYTHING: Clause = { op: 'all' };
export const NOTHING: Clause = { op: 'none' };

/** What an access decision is asked for. `type` is `*` for the whole system. */
export interface Asked {
  readonly interaction: string;
  readonly right: AccessRight;
  readonly type: string;
  readonly id?: string;
}

/** The resources the caller reaches: `none` when access is denied. */
export async function reachOf(ctx: FhirContext, asked: Asked): Promise<Clause> {
  const decision = await ctx.access.decide({ principal: ctx.principal, ...asked });
  if (decision.kind === 'allow') return EVERYTHING;
  return decision.kind === 'narrow' ? decision.clause : NOTHING;
}

/**
 * The resources the caller reaches, where a denial is an answer.
 * @throws FhirError 403 `forbidden`.
 */
export async function requireReach(ctx: FhirContext, asked: Asked): Promise<Clause> {
  const decision = await ctx.access.decide({ principal: ctx.principal, ...asked });
  if (decision.kind === 'deny') throw forbidden(decision.reason);
  return decision.kind === 'narrow' ? decision.clause : EVERYTHING;
}

/** Joins two clauses by `and`, leaving out what says nothing. */
export function both(a: Clause, b: Clause): Clause {
  if (a.op === 'all' || b.op === 'none') return b;
  return b.op === 'all' || a.op === 'none' ? a : { op: 'and', clauses: [a, b] };
}

/**
 * What of several types the caller reaches, as one clause over all of them; of each type only what `belongs` says.
 * `none` when the caller reaches nothing of any.
 */
export async function reachOfTypes(
  ctx: FhirContext,
  types: readonly string[],
  asked: Omit<Asked, 'type' | 'id'>,
  belongs: (type: string) => Clause = () => EVERYTHING,
): Promise<Clause> {
  const whole = await reachOf(ctx, { ...asked, type: '*' });
  const open: string[] = [];
  const clauses: Clause[] = [];
  for (const type of types) {
    const clause = both(belongs(type), whole.op === 'all' ? EVERYTHING : await reachOf(ctx, { ...asked, type }));
    if (clause.op === 'all') open.push(type);
    else if (clause.op !== 'none') clauses.push(both({ op: 'type', types: [type] }, clause));
  }
  if (open.length === types.length) return EVERYTHING;
  if (open.length > 0) clauses.push({ op: 'type', types: open });
  return clauses.length === 0 ? NOTHING : { op: 'or', clauses };
}

/** Along canonical URLs a chain asks the store once, and `_has` once for each definition, of which there are seldom more than twenty. */
const STEPS_OF_HAS = 20;
/** Steps along canonical URLs that one search may take. */
const CANONICAL_STEPS_MAX = 16 * STEPS_OF_HAS;

/**
 * The clause with every chain and reverse chain led through resources that exist for the caller only: what a hidden plan
 * says is found out by no search, neither of those it points at nor of those that point at it. Canonical URLs are followed.
 * @throws FhirError 403 `too-costly` where these are too many, or lead to too many definitions.
 */
export async function throughReach(ctx: FhirContext, clause: Clause): Promise<Clause> {
  const steps = canonicalSteps(clause);
  if (steps > CANONICAL_STEPS_MAX) throw tooCostly('The search follows canonical URLs in more ways than can be gone through');
  const through = await ledThrough(ctx, clause);
  if (steps > 0) checkSize(through);
  return through;
}

async function ledThrough(ctx: FhirContext, clause: Clause): Promise<Clause> {
  const search = { interaction: 'search-type', right: 'search' } as const;
  switch (clause.op) {
    case 'and':
    case 'or': {
      if (!clause.clauses.some(leadsOn)) return clause;
      return { ...clause, clauses: await Promise.all(clause.clauses.map((inner) => ledThrough(ctx, inner))) };
    }
    case 'not':
      return leadsOn(clause.clause) ? { ...clause, clause: await ledThrough(ctx, clause.clause) } : clause;
    case 'chain': {
      const reach =
        clause.types.length === 1
          ? await reachOf(ctx, { ...search, type: clause.types[0]! })
          : await reachOfTypes(ctx, clause.types, search);
      const through = { ...clause, where: both(await ledThrough(ctx, clause.where), reach) };
      // What a resource contains is seen by whoever sees the resource; what it leads on to is not.
      const inside = clause.contained === undefined ? through : { ...through, contained: await ledThrough(ctx, clause.contained) };
      return clause.canonical === true ? orByCanonical(ctx, inside) : inside;
    }
    case 'referencedBy': {
      const reach = await reachOf(ctx, { ...search, type: clause.type });
      const through = { ...clause, where: both(await ledThrough(ctx, clause.where), reach) };
      return clause.canonical === undefined ? through : orNamedByCanonical(ctx, through, clause.canonical);
    }
    // What a resource contains is seen by whoever sees the resource.
    case 'contains':
      return leadsOn(clause.where) ? { ...clause, where: await ledThrough(ctx, clause.where) } : clause;
    default:
      return clause;
  }
}

/** How many steps along canonical URLs a clause takes, also within what is contained. */
function canonicalSteps(clause: Clause): number {
  switch (clause.op) {
    case 'and':
    case 'or':
      return clause.clauses.reduce((steps, each) => steps + canonicalSteps(each), 0);
    case 'not':
      return canonicalSteps(clause.clause);
    case 'chain': {
      const inside = clause.contained === undefined ? 0 : canonicalSteps(clause.contained);
      return (clause.canonical === true ? 1 : 0) + canonicalSteps(clause.where) + inside;
    }
    case 'referencedBy':
      return (clause.canonical === undefined ? 0 : STEPS_OF_HAS) + canonicalSteps(clause.where);
    case 'contains':
      return canonicalSteps(clause.where);
    default:
      return 0;
  }
}

/** True for a clause with a chain or a reverse chain, which says something of further resources. */
export function leadsOn(clause: Clause): boolean {
  if (clause.op === 'and' || clause.op === 'or') return clause.clauses.some(leadsOn);
  if (clause.op === 'contains') return leadsOn(clause.where);
  return clause.op === 'not' ? leadsOn(clause.clause) : clause.op === 'chain' || clause.op === 'referencedBy';
}

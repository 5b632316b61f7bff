/**
 * A resource store that refuses to search by parameters whose index rows are not right yet: 503 `transient` rather than a
 * wrong answer. Everything else passes.
 */
import { unavailable } from '../fhir/errors.ts';
import { CONTAINED } from '../search/index-entry.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import type { ResourceStore } from './resource-store.ts';

/** Whether the rows of a parameter are out of use: undefined for a type or parameter means any, CONTAINED what is contained and has no others. */
export type IsStale = (type: string | undefined, param: string | undefined) => boolean;

/** The store, careful. @throws (its searches) FhirError 503 `transient` naming the parameter. */
export function withStaleIndex(store: ResourceStore, isStale: IsStale): ResourceStore {
  const assertRight = (types: readonly (string | undefined)[], param: string | undefined): void => {
    for (const type of types.length === 0 ? [undefined] : types) {
      if (isStale(type, param)) throw notYet(type, param);
    }
  };
  const assertQuery = ({ types, where, sort, inner }: SearchQuery): void => {
    assertClause(where, types, assertRight);
    if (inner !== undefined) assertClause({ op: 'contains', ...inner }, types, assertRight);
    if (inner?.beside !== undefined) assertClause(inner.beside, inner.types, assertRight);
    for (const key of sort) if (key.by === 'param') assertRight(inner?.types ?? types, codeOf(key.param));
  };
  return {
    ...store,
    search: async (query) => {
      assertQuery(query);
      return store.search(query);
    },
    referencesFrom: async (sources, params, targetType) => {
      const types = [...new Set(sources.map(({ type }) => type))];
      for (const param of params ?? [undefined]) assertRight(types, param);
      return store.referencesFrom(sources, params, targetType);
    },
    referencesTo: async (targets, type, param, limit) => {
      assertRight([type], param);
      return store.referencesTo(targets, type, param, limit);
    },
    atOneMoment: (work) => store.atOneMoment((moment) => work(withStaleIndex(moment, isStale))),
    transact: async (plan) => {
      plan.lookups.searches?.forEach(assertQuery);
      // A promise that is passed on as it is is waited for three times.
      return await store.transact(plan);
    },
  };
}

function assertClause(clause: Clause, types: readonly string[], assertRight: (types: readonly string[], param: string) => void): void {
  switch (clause.op) {
    case 'contains':
      assertRight([], CONTAINED);
      assertClause(clause.where, clause.types, assertRight);
      break;
    case 'and':
    case 'or':
      for (const part of clause.clauses) assertClause(part, types, assertRight);
      break;
    case 'not':
      assertClause(clause.clause, types, assertRight);
      break;
    case 'match':
    case 'missing':
      assertRight(types, codeOf(clause.param));
      break;
    case 'chain':
      assertRight(types, codeOf(clause.param));
      assertClause(clause.where, clause.types, assertRight);
      break;
    case 'referencedBy':
      assertRight([clause.type], codeOf(clause.param));
      assertClause(clause.where, [clause.type], assertRight);
      break;
  }
}

/** Derived codes (`code:of-type`) belong to the parameter they are derived from. */
const codeOf = (param: string): string => param.split(':')[0] ?? param;

function notYet(type: string | undefined, param: string | undefined): Error {
  const what = param === CONTAINED ? 'what is contained' : `${type ?? 'all types'} by ${param ?? 'any parameter'}`;
  return unavailable(`The index of ${what} is being made anew; nothing is found by it until then.`, 30);
}

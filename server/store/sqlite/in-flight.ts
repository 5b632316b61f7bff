/**
 * The writes that are decided and not yet on disk, and whether a plan depends on any of them. A plan that does waits, so
 * that what it looks up is committed and stays as it is until the plan itself is.
 */
import type { ResourceKey } from '../../fhir/resource.ts';
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { Lookups } from '../resource-store.ts';

export class InFlight {
  /** Type → id → how many writes. */
  readonly #keys = new Map<string, Map<string, number>>();

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  add(keys: readonly ResourceKey[]): void {
    for (const { type, id } of keys) {
      const ofType = this.#keys.get(type) ?? new Map<string, number>();
      this.#keys.set(type, ofType);
      ofType.set(id, (ofType.get(id) ?? 0) + 1);
    }
  }

  remove(keys: readonly ResourceKey[]): void {
    for (const { type, id } of keys) {
      const ofType = this.#keys.get(type);
      const left = (ofType?.get(id) ?? 0) - 1;
      if (left > 0) ofType?.set(id, left);
      else ofType?.delete(id);
      if (ofType?.size === 0) this.#keys.delete(type);
    }
  }

  /** True when one of the writes may change what the plan looks up. */
  concerns({ versions = [], searches = [] }: Lookups): boolean {
    if (this.isEmpty) return false;
    return versions.some(({ type, id }) => this.#keys.get(type)?.has(id) === true) || searches.some((query) => this.#changes(query));
  }

  #changes({ types, where }: SearchQuery): boolean {
    if (types.length === 0) return true;
    const ids = idsIn(where);
    const changed = types.some((type) => {
      const ofType = this.#keys.get(type);
      return ofType !== undefined && (ids === undefined || ids.some((id) => ofType.has(id)));
    });
    return changed || othersIn(where).some((type) => this.#keys.has(type));
  }
}

/** The ids that matches can only have; undefined when they can have any. */
function idsIn(clause: Clause): readonly string[] | undefined {
  if (clause.op === 'id') return clause.ids;
  return clause.op === 'and' ? clause.clauses.map(idsIn).find((ids) => ids !== undefined) : undefined;
}

/** The types of other resources that a clause asks about. */
function othersIn(clause: Clause): readonly string[] {
  switch (clause.op) {
    case 'and':
    case 'or':
      return clause.clauses.flatMap(othersIn);
    case 'not':
      return othersIn(clause.clause);
    case 'chain':
      return [...clause.types, ...othersIn(clause.where)];
    case 'referencedBy':
      return [clause.type, ...othersIn(clause.where)];
    default:
      return [];
  }
}

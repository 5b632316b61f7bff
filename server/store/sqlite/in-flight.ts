/**
 * The writes that are decided and not yet on disk, and whether a plan depends on any of them. A plan that does waits, so
 * that what it looks up is committed and stays as it is until the plan itself is.
 */
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { Lookups, ResourceWrite } from '../resource-store.ts';
import { identifyingValue, type UniqueValue, uniqueValues } from '../sql/unique-values.ts';

/** The writes of one type. */
interface OfType {
  /** How many of them change or delete a resource that was there: by what it could be found before, is not known here. */
  changes: number;
  readonly ids: Counts;
  /** The identifiers and canonical URLs they bring. */
  readonly values: Counts;
}

type Counts = Map<string, number>;

export class InFlight {
  readonly #types = new Map<string, OfType>();

  get isEmpty(): boolean {
    return this.#types.size === 0;
  }

  add(writes: readonly ResourceWrite[]): void {
    for (const write of writes) this.#count(write, 1);
  }

  remove(writes: readonly ResourceWrite[]): void {
    for (const write of writes) this.#count(write, -1);
  }

  #count({ type, id, versionId, index }: ResourceWrite, by: 1 | -1): void {
    const ofType = this.#types.get(type) ?? { changes: 0, ids: new Map(), values: new Map() };
    this.#types.set(type, ofType);
    if (versionId > 1) ofType.changes += by;
    count(ofType.ids, id, by);
    for (const entry of index) {
      const value = identifyingValue(entry);
      if (value !== undefined) count(ofType.values, nameOf(value), by);
    }
    if (ofType.ids.size === 0) this.#types.delete(type);
  }

  /** True when one of the writes may change what the plan looks up. */
  concerns({ versions = [], searches = [] }: Lookups): boolean {
    if (this.isEmpty) return false;
    return versions.some(({ type, id }) => this.#types.get(type)?.ids.has(id) === true) || searches.some((query) => this.#changes(query));
  }

  #changes(query: SearchQuery): boolean {
    const { types, where } = query;
    if (types.length === 0 || othersIn(where).some((type) => this.#types.has(type))) return true;
    const ids = idsIn(where);
    const values = uniqueValues(query);
    return types.some((type) => {
      const ofType = this.#types.get(type);
      if (ofType === undefined) return false;
      if (ids !== undefined) return ids.some((id) => ofType.ids.has(id));
      return values === undefined || ofType.changes > 0 || values.some((value) => ofType.values.has(nameOf(value)));
    });
  }
}

const nameOf = ({ param, value }: UniqueValue): string => `${param} ${value}`;

function count(counts: Counts, key: string, by: 1 | -1): void {
  const left = (counts.get(key) ?? 0) + by;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
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

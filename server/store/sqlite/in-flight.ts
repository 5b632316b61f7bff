/**
 * The writes that are decided and not yet on disk, and whether a plan depends on any of them. A plan that does waits, so
 * that what it looks up is committed and stays as it is until the plan itself is.
 */
import type { IndexEntry } from '../../search/index-entry.ts';
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { Lookups, ResourceWrite } from '../resource-store.ts';
import { conjunctsOf } from '../sql/compile-clause.ts';
import { identifyingValue, type UniqueValue, uniqueValues } from '../sql/unique-values.ts';

/** The writes of one type. */
interface OfType {
  writes: number;
  /** How many of them change or delete a resource that was there: by what it could be found before, is not known here. */
  changes: number;
  readonly ids: Counts;
  /** The identifiers and canonical URLs they bring, and the patients they are about. */
  readonly values: Counts;
}

type Counts = Map<string, number>;

/** A write that is counted, with all that is to be taken back. */
export interface Counted {
  readonly ofType: OfType;
  readonly id: string;
  readonly isChange: boolean;
  readonly values: readonly string[];
}

export class InFlight {
  readonly #types = new Map<string, OfType>();
  #writes = 0;

  get isEmpty(): boolean {
    return this.#writes === 0;
  }

  /** @returns what `remove` is to be given when the writes are on disk. */
  add(writes: readonly ResourceWrite[]): readonly Counted[] {
    return writes.map((write) => this.#add(write));
  }

  remove(counted: readonly Counted[]): void {
    for (const { ofType, id, isChange, values } of counted) {
      this.#writes -= 1;
      ofType.writes -= 1;
      if (isChange) ofType.changes -= 1;
      uncount(ofType.ids, id);
      for (const value of values) uncount(ofType.values, value);
    }
  }

  #add({ type, id, versionId, index }: ResourceWrite): Counted {
    let ofType = this.#types.get(type);
    if (ofType === undefined) {
      ofType = { writes: 0, changes: 0, ids: new Map(), values: new Map() };
      this.#types.set(type, ofType);
    }
    const isChange = versionId > 1;
    const values = valuesIn(index);
    this.#writes += 1;
    ofType.writes += 1;
    if (isChange) ofType.changes += 1;
    count(ofType.ids, id);
    for (const value of values) count(ofType.values, value);
    return { ofType, id, isChange, values };
  }

  #isWritten(type: string): boolean {
    return (this.#types.get(type)?.writes ?? 0) > 0;
  }

  /** True when one of the writes may change what the plan looks up. */
  concerns({ versions = [], searches = [] }: Lookups): boolean {
    if (this.isEmpty) return false;
    return versions.some(({ type, id }) => this.#types.get(type)?.ids.has(id) === true) || searches.some((query) => this.#changes(query));
  }

  #changes(query: SearchQuery): boolean {
    const { types, where } = query;
    if (types.length === 0 || othersIn(where).some((type) => this.#isWritten(type))) return true;
    const ids = idsIn(where);
    const values = uniqueValues(query)?.map(nameOf) ?? patientIn(where);
    return types.some((type) => {
      const ofType = this.#types.get(type);
      if (ofType === undefined || ofType.writes === 0) return false;
      if (ids !== undefined) return ids.some((id) => ofType.ids.has(id));
      return values === undefined || ofType.changes > 0 || values.some((value) => ofType.values.has(value));
    });
  }
}

const nameOf = ({ param, value }: UniqueValue): string => `${param} ${value}`;

function valuesIn(index: readonly IndexEntry[]): readonly string[] {
  const values: string[] = [];
  for (const entry of index) {
    const value = identifyingValue(entry);
    if (value !== undefined) values.push(nameOf(value));
    else if (entry.kind === 'reference' && entry.param === 'patient' && entry.type === 'Patient') values.push(`patient ${entry.id}`);
  }
  return values;
}

function count(counts: Counts, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function uncount(counts: Counts, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

/** The one patient that all matches are about; undefined when the clause does not say so. */
function patientIn(where: Clause): readonly string[] | undefined {
  for (const clause of conjunctsOf(where)) {
    if (clause.op !== 'match' || clause.param !== 'patient' || clause.test.kind !== 'reference') continue;
    const { type, id } = clause.test;
    if (type === 'Patient' && id !== undefined) return [`patient ${id}`];
  }
  return undefined;
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
    case 'contains':
      return othersIn(clause.where);
    case 'chain':
      return [...clause.types, ...othersIn(clause.where)];
    case 'referencedBy':
      return [clause.type, ...othersIn(clause.where)];
    default:
      return [];
  }
}

/**
 * What a transaction holds against others, as advisory locks taken in ascending order.
 *
 * A plan that looks up or writes a resource holds the resource's key. A conditional search holds what could change its
 * answer: the identifier (or canonical URL) it asks for, or, for any other condition, every type it reads. Writers hold
 * the identifiers they write and their types, both shared, so that they meet who searches and not each other.
 * Serializable isolation would need no locks, but aborts most of the writes that merely touch the same index page, and is
 * not offered by distributed PostgreSQL.
 *
 * Spec: https://www.postgresql.org/docs/18/explicit-locking.html#ADVISORY-LOCKS
 */
import { hash } from 'node:crypto';
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { Lookups, ResourceWrite } from '../resource-store.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import { identifyingValue, type UniqueValue, uniqueValues } from '../sql/unique-values.ts';

/** Lock keys with their mode; exclusive wins over shared. */
export type Locks = Map<bigint, 'shared' | 'exclusive'>;

/** Beyond this many keys a plan holds its types exclusively instead: the server's lock table is bounded. */
const KEYS_MAX = 200;

const keyOf = (name: string): bigint => hash('sha256', name, 'buffer').readBigInt64BE(0);
const typeKeys = new Map<string, bigint>();

/** Kept: there are few types, and each plan asks for some. */
function typeKey(type: string): bigint {
  const key = typeKeys.get(type) ?? keyOf(`type ${type}`);
  typeKeys.set(type, key);
  return key;
}

const valueKey = (type: string, { param, value }: UniqueValue): bigint => keyOf(`value ${type}?${param} ${value}`);

/** Adds a lock, keeping the stronger mode. */
function add(locks: Locks, key: bigint, mode: 'shared' | 'exclusive'): void {
  if (locks.get(key) !== 'exclusive') locks.set(key, mode);
}

/** The locks of `more` added to `locks`. @returns what was not held in that mode before. */
export function addAll(locks: Locks, more: Locks): Locks {
  const added: Locks = new Map();
  for (const [key, mode] of more) {
    const held = locks.get(key);
    if (held === mode || held === 'exclusive') continue;
    added.set(key, mode);
    locks.set(key, mode);
  }
  return added;
}

/** What must be held before anything is looked up. */
export function lookupLocks({ versions = [], searches = [] }: Lookups): Locks {
  const locks: Locks = new Map();
  for (const { type, id } of versions) {
    add(locks, typeKey(type), 'shared');
    add(locks, resourceKeyOf(type, id), 'exclusive');
  }
  for (const search of searches) addSearch(locks, search);
  const searched = searches.flatMap((search) => [...typesRead(search.where, search.types)]);
  return bounded(locks, [...versions.map((key) => key.type), ...searched]);
}

/** What must be held for writing, and stay held to the end. */
export function writeLocks(writes: readonly ResourceWrite[]): Locks {
  const locks: Locks = new Map();
  for (const { type, id, index } of writes) {
    add(locks, typeKey(type), 'shared');
    add(locks, resourceKeyOf(type, id), 'exclusive');
    for (const entry of index) {
      const value = identifyingValue(entry);
      if (value !== undefined) add(locks, valueKey(type, value), 'shared');
    }
  }
  return bounded(
    locks,
    writes.map((write) => write.type),
  );
}

/** Holds found resources, so that they go on matching. */
export function matchLocks(keys: readonly { readonly type: string; readonly id: string }[]): Locks {
  return bounded(
    new Map(keys.map(({ type, id }) => [resourceKeyOf(type, id), 'exclusive'])),
    keys.map((key) => key.type),
  );
}

/** True when no other plan can change the answer of the search while `lookupLocks` are held. */
export function holdsWholeTypes(search: SearchQuery): boolean {
  return lockedValues(search) === undefined;
}

function addSearch(locks: Locks, search: SearchQuery): void {
  if (search.types.length === 0) throw new TypeError('A search that decides a write names its types.');
  const values = lockedValues(search);
  if (values === undefined) {
    for (const type of typesRead(search.where, search.types)) add(locks, typeKey(type), 'exclusive');
    return;
  }
  for (const type of search.types) {
    add(locks, typeKey(type), 'shared');
    for (const value of values) add(locks, valueKey(type, value), 'exclusive');
  }
}

/** The identifiers or canonical URLs that matches must have, when the query says so and reads nothing but its own types. */
function lockedValues(search: SearchQuery): readonly UniqueValue[] | undefined {
  return typesRead(search.where, search.types).size > search.types.length ? undefined : uniqueValues(search);
}

/** Every type whose resources can change the answer; a chain back to the query's own types counts as another. */
function typesRead(clause: Clause, types: readonly string[]): ReadonlySet<string> {
  switch (clause.op) {
    case 'and':
    case 'or':
      return new Set([...types, ...clause.clauses.flatMap((part) => [...typesRead(part, types)])]);
    case 'not':
      return typesRead(clause.clause, types);
    case 'contains':
      return typesRead(clause.where, types);
    case 'chain':
      return new Set([...types, ...typesRead(clause.where, clause.types), OTHER_RESOURCES]);
    case 'referencedBy':
      return new Set([...types, ...typesRead(clause.where, [clause.type]), OTHER_RESOURCES]);
    default:
      return new Set(types);
  }
}

/** Stands for "resources other than the match itself": a lock nobody else takes. */
const OTHER_RESOURCES = '(chained)';

function bounded(locks: Locks, types: readonly string[]): Locks {
  if (locks.size <= KEYS_MAX) return locks;
  const whole: Locks = new Map();
  for (const type of types) add(whole, typeKey(type), 'exclusive');
  return whole;
}

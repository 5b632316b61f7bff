/**
 * Hashed integer keys: every name and value that is compared for equality is kept in index rows as a 64-bit integer.
 *
 * The hash is the head of a SHA-256, so that nobody can choose values that collide with those of someone else; by
 * chance two of 100 million distinct values collide with a probability below one in a thousand. Resources are
 * compared by type and id as well when they are read and written, so a collision can never give the wrong one.
 */
import { hash } from 'node:crypto';

/** Keys that were asked for lately, by two names: to join those into one costs more than to look twice. */
class KeyCache<Key> {
  readonly #byFirst = new Map<string, Map<string, Key>>();
  readonly #atMost: number;
  readonly #make: (first: string, second: string) => Key;
  #size = 0;

  constructor(atMost: number, make: (first: string, second: string) => Key) {
    this.#atMost = atMost;
    this.#make = make;
  }

  get(first: string, second: string): Key {
    const known = this.#byFirst.get(first)?.get(second);
    if (known !== undefined) return known;
    if (this.#size >= this.#atMost) {
      this.#byFirst.clear();
      this.#size = 0;
    }
    const key = this.#make(first, second);
    const bySecond = this.#byFirst.get(first);
    if (bySecond === undefined) this.#byFirst.set(first, new Map([[second, key]]));
    else bySecond.set(second, key);
    this.#size += 1;
    return key;
  }
}

/** The key by which a resource is found (signed 64-bit). Tables are joined by `rid`, a number given in the order of writing. */
export function resourceKeyOf(type: string, id: string): bigint {
  // Not remembered: with as many resources as there are, to look for the key and keep it costs more than to make it.
  return headOf(`${type}/${id}`);
}

const HEAD_BYTES = 8;
const head = new DataView(new ArrayBuffer(HEAD_BYTES));

/** The first eight bytes of the hash as a signed integer. By way of a text of its bytes: a Buffer costs four times as much. */
function headOf(value: string): bigint {
  const digest = hash('sha256', value, 'binary');
  for (let at = 0; at < HEAD_BYTES; at += 1) head.setUint8(at, digest.charCodeAt(at));
  return head.getBigInt64(0);
}

const cachedValues = new Map<string, bigint>();

/** The key of a system, code, URL or string compared for equality; null (no system, no code) is 0. */
export function valueKeyOf(value: string | null): bigint {
  if (value === null) return 0n;
  const cached = cachedValues.get(value);
  if (cached !== undefined) return cached;
  const key = headOf(value);
  if (cachedValues.size >= 10_000) cachedValues.clear();
  if (value.length <= 100) cachedValues.set(value, key);
  return key;
}

const params = new KeyCache(50_000, (type, param) => hash('sha256', `${type}?${param}`, 'buffer').readUIntBE(0, 6));

/** The key of search parameter `param` of `type` (48 bits, so that it is exact as a number). */
export function paramKeyOf(type: string, param: string): number {
  return params.get(type, param);
}

/** The key of search parameter `param` of resources of `type` that are contained in others. No type begins with #. */
export function containedKeyOf(type: string, param: string): number {
  return params.get(`#${type}`, param);
}

/** The name under which component `place` of a composite parameter is kept. */
export function componentOf(param: string, place: number): string {
  return `${param}$${place}`;
}

/**
 * Hashed integer keys: every name and value that is compared for equality is kept in index rows as a 64-bit integer.
 *
 * The hash is the head of a SHA-256, so that nobody can choose values that collide with those of someone else; by
 * chance two of 100 million distinct values collide with a probability below one in a thousand. Resources are
 * compared by type and id as well when they are read and written, so a collision can never give the wrong one.
 */
import { hash } from 'node:crypto';

/** Of resources that were asked for or pointed at lately: what is read and written together names the same few again and again. */
const cachedResources = new Map<string, bigint>();

/** The key by which a resource is found and pointed at (signed 64-bit). Tables are joined by `rid`, a number given in the order of creation. */
export function resourceKeyOf(type: string, id: string): bigint {
  const name = `${type}/${id}`;
  let key = cachedResources.get(name);
  if (key === undefined) {
    key = headOf(name);
    if (cachedResources.size >= 10_000) cachedResources.clear();
    cachedResources.set(name, key);
  }
  return key;
}

/** The first eight bytes of the hash as a signed integer. By way of hexadecimal: a Buffer costs four times as much. */
function headOf(value: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', value, 'hex').slice(0, 16)}`));
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

const cachedParams = new Map<string, number>();

/** The key of search parameter `param` of `type` (48 bits, so that it is exact as a number). */
export function paramKeyOf(type: string, param: string): number {
  const name = `${type}?${param}`;
  let key = cachedParams.get(name);
  if (key === undefined) {
    key = hash('sha256', name, 'buffer').readUIntBE(0, 6);
    if (cachedParams.size >= 50_000) cachedParams.clear();
    cachedParams.set(name, key);
  }
  return key;
}

/** The name under which component `place` of a composite parameter is kept. */
export function componentOf(param: string, place: number): string {
  return `${param}$${place}`;
}

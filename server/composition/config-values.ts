/**
 * What the values of the configuration look like. Each reader throws an Error that says what is wanted instead.
 */
import { isIP } from 'node:net';
import { resolve } from 'node:path';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** An absolute path. */
export function path(text: string): string {
  return resolve(text);
}

/** 1 to 65535: at a port that is chosen anew at each start, nobody finds the service. */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 65_535) throw new Error('a port is a whole number from 1 to 65535');
  return number;
}

/** A URL without a slash at the end. */
export function absoluteUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error('an absolute http or https URL is wanted');
  const { username, password, search, hash } = new URL(text);
  if (username + password + search + hash !== '') throw new Error('a URL without user, query and fragment is wanted');
  return text.replace(/\/+$/, '');
}

/** The URL of a PostgreSQL database. */
export function postgresUrl(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text))
    throw new Error('a URL postgres://user:password@host:port/database is wanted');
  const { username, password, pathname } = new URL(text);
  try {
    decodeURIComponent(username + password + pathname);
  } catch {
    throw new Error('in user, password and database % is written as %25');
  }
  return text;
}

/** Less holds no resource worth the name, more no string of JavaScript with room to work on it. */
const BYTES = { least: 1024, most: 256 * 1024 * 1024 };

/** Bytes, of a size such as `10mb`, 1 kb to 256 mb. */
export function byteCount(text: string): number {
  const parts = /^(\d{1,12})\s*(b|kb|mb)?$/i.exec(text);
  if (parts?.[1] === undefined) throw new Error('a size is written as 10mb, 500kb or in bytes');
  const unit = { b: 1, kb: 1024, mb: 1024 * 1024 }[(parts[2] ?? 'b').toLowerCase() as 'b' | 'kb' | 'mb'];
  const bytes = Number(parts[1]) * unit;
  if (bytes < BYTES.least || bytes > BYTES.most) throw new Error('a size from 1kb to 256mb is wanted');
  return bytes;
}

/** A reader of one of these words. */
export function oneOf<const T extends string>(...allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((candidate) => candidate === text);
    if (found === undefined) throw new Error(`one of ${allowed.join(', ')} is wanted`);
    return found;
  };
}

/** Origins, of a list with commas between. */
export function originList(text: string): readonly string[] {
  return text.split(',').map((part) => {
    const origin = part.trim();
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new Error(`${origin} is not an origin such as https://ehr.example`);
    return origin;
  });
}

/** Addresses and networks, of a list with commas between; `loopback` stands for both of them. */
export function networkList(text: string): readonly string[] {
  return text.split(',').flatMap((part) => {
    const network = part.trim();
    if (network === 'loopback') return ['127.0.0.0/8', '::1/128'];
    const [address = '', prefix, more] = network.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    if (isIP(address) === 0 || !isPrefix || more !== undefined)
      throw new Error(`${network} is neither an address nor a network such as 10.0.0.0/8`);
    return [network];
  });
}

/** 1 to 999999. */
export function connectionCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error('a whole number from 1 to 999999 is wanted');
  return Number(text);
}

/** Host and port, of `127.0.0.1:9464` or `[::1]:9464`. */
export function hostAndPort(text: string): HostAndPort {
  const parts = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  if (host === undefined || Number(parts?.[3]) > 65_535) throw new Error('host:port is wanted, such as 127.0.0.1:9464');
  return { host, port: Number(parts?.[3]) };
}

/** A text that can be a bearer token and not be guessed. */
export function metricsToken(text: string): string {
  if (!/^[\w.~+/=-]{16,}$/.test(text)) throw new Error('16 characters or more are wanted, of those a bearer token may have');
  return text;
}

/**
 * How often an address may ask at the authorization server, and how often a client may fail from there before it has to
 * wait. Failures are counted by client and address together: whoever guesses a client's secret locks out themselves, not
 * the client. Counts are of this process and bounded in number; the oldest give way.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc6585#section-4 · https://www.rfc-editor.org/rfc/rfc6819#section-5.1.4.2.3
 */
import type { IncomingMessage } from 'node:http';
import { decodeJwt } from 'jose';
import { isWithin } from './time-window.ts';

export interface RequestLimits {
  /** By address. A hospital's users share one, and each launch takes a handful of requests. */
  readonly requestsPerMinute: number;
  /** By client and address, within five minutes, then it waits as long. */
  readonly clientFailures: number;
  /** Sign-ins that came to nothing, by address, within five minutes. */
  readonly signInFailures: number;
}

export const STANDARD_LIMITS: RequestLimits = { requestsPerMinute: 3000, clientFailures: 20, signInFailures: 100 };

const MINUTE_MS = 60_000;
const FAILURES_MS = 5 * MINUTE_MS;
const COUNTS_AT_MOST = 10_000;
const NAME_AT_MOST = 200;

export interface Refused {
  readonly retryAfterSeconds: number;
  /** True for the first of a row: what is to be logged. */
  readonly isFirst: boolean;
}

export interface Limiter {
  /** Counts a request of this address; a refusal when there have been too many. */
  admit(address: string): Refused | undefined;
  /** A refusal when this client has failed too often from there. */
  admitClient(address: string, client: string): Refused | undefined;
  admitSignIn(address: string): Refused | undefined;
  clientFailed(address: string, client: string): void;
  signInFailed(address: string): void;
}

interface Count {
  count: number;
  refused: number;
  readonly sinceMs: number;
  readonly windowMs: number;
}

/** A limiter for one issuer. */
export function createLimiter(limits: RequestLimits, nowMs: () => number = Date.now): Limiter {
  const counts = new Map<string, Count>();

  function live(key: string): Count | undefined {
    const found = counts.get(key);
    if (found === undefined || isWithin(nowMs(), found.sinceMs, found.windowMs)) return found;
    counts.delete(key);
    return undefined;
  }

  function add(key: string, windowMs: number): Count {
    const kept = live(key);
    if (kept !== undefined) {
      kept.count += 1;
      return kept;
    }
    if (counts.size >= COUNTS_AT_MOST) counts.delete(counts.keys().next().value!);
    const fresh = { count: 1, refused: 0, sinceMs: nowMs(), windowMs };
    counts.set(key, fresh);
    return fresh;
  }

  function refusal(found: Count | undefined, limit: number): Refused | undefined {
    if (found === undefined || found.count <= limit) return undefined;
    found.refused += 1;
    const leftMs = found.sinceMs + found.windowMs - nowMs();
    return { retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)), isFirst: found.refused === 1 };
  }

  const clientKey = (address: string, client: string) => `client ${networkOf(address)} ${client}`;
  const signInKey = (address: string) => `sign-in ${networkOf(address)}`;
  return {
    admit: (address) => refusal(add(`address ${networkOf(address)}`, MINUTE_MS), limits.requestsPerMinute),
    // A failure has been counted when it is looked at: the limit itself is the last that is let through.
    admitClient: (address, client) => refusal(live(clientKey(address, client)), limits.clientFailures - 1),
    admitSignIn: (address) => refusal(live(signInKey(address)), limits.signInFailures - 1),
    clientFailed: (address, client) => void add(clientKey(address, client), FAILURES_MS),
    signInFailed: (address) => void add(signInKey(address), FAILURES_MS),
  };
}

/** Whom an address stands for: itself, or the first half of an IPv6 address, since whoever has one has all of that network. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}

/** The client that a request says it comes from; nothing of it has been checked. */
export function claimedClient({ headers }: IncomingMessage, form: URLSearchParams): string {
  const basic = /^Basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const name = form.get('client_id') ?? (basic === undefined ? subjectOf(form.get('client_assertion')) : userOf(basic));
  return name.slice(0, NAME_AT_MOST);
}

function userOf(basic: string): string {
  return Buffer.from(basic, 'base64').toString('utf8').split(':')[0]!;
}

function subjectOf(assertion: string | null): string {
  try {
    // It is what the client put there, of whatever type.
    return assertion === null ? '' : String(decodeJwt(assertion).sub ?? '');
  } catch {
    return '';
  }
}

/**
 * What has had its time: access tokens at the FHIR API and at introspection, and codes. All of it is had at the same
 * moment, so that the suite waits for the longest of it and not for one after another.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#access-fhir-api
 */
import { setTimeout as pause } from 'node:timers/promises';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { objectOf } from '../http.ts';
import type { Authorization, Session, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasStatus, isRefused } from './expectations.ts';
import { introspect } from './introspection.ts';

/** How long a code lives where the configuration does not say: SMART's own word is around a minute. */
const CODE_SECONDS = 60;
/** A token has had its time for certain. */
const AFTER_SECONDS = 1;

interface Aging<T> {
  readonly value: T;
  readonly seconds: number;
  readonly sinceMs: number;
}

interface Begun {
  readonly session: Promise<Aging<Session>>;
  readonly backend: Promise<Aging<string>>;
  readonly code: Promise<Aging<Authorization>>;
}

const kept = new WeakMap<SmartServer, Begun>();

function begun(server: SmartServer): Begun {
  const found = kept.get(server);
  if (found !== undefined) return found;
  const all: Begun = { session: session(server), backend: backend(server), code: code(server) };
  // What is not looked at may have failed.
  for (const each of Object.values(all)) each.catch(() => undefined);
  kept.set(server, all);
  return all;
}

async function session(server: SmartServer): Promise<Aging<Session>> {
  const value = await server.freshSession();
  const found = aging(server, value, value.body.expires_in);
  hasStatus(await read(server, value, value.accessToken), 200);
  return found;
}

async function backend(server: SmartServer): Promise<Aging<string>> {
  const body = objectOf(await server.backend());
  return aging(server, String(body.access_token), body.expires_in);
}

async function code(server: SmartServer): Promise<Aging<Authorization>> {
  return aging(server, await server.code(), server.config.codeSeconds ?? CODE_SECONDS);
}

function aging<T>({ config }: SmartServer, value: T, told: unknown): Aging<T> {
  const seconds = Number(told) + AFTER_SECONDS;
  applies(Number.isFinite(seconds), 'how long it lives is not told');
  applies(seconds <= config.waitAtMostSeconds, `the suite may not wait ${seconds} seconds (see --wait-for-expiry)`);
  return { value, seconds, sinceMs: performance.now() };
}

/** Resolves when it has had its time. */
async function over<T>(of: Promise<Aging<T>>): Promise<T> {
  const { value, seconds, sinceMs } = await of;
  await pause(Math.max(0, sinceMs + seconds * 1000 - performance.now()));
  return value;
}

const read = (server: SmartServer, { body }: Session, accessToken: string) => server.fhir(accessToken, `Patient/${body.patient}`);

export const EXPIRY = checkGroup('Expiry', SPEC.access, [
  shall('access-expired', [77, 94], 'a token that has expired is answered with 401', async (server) => {
    const expired = await over(begun(server).session);
    hasStatus(await read(server, expired, expired.accessToken), 401);
  }),
  shall(
    'introspection-expired',
    [272],
    'a token that has expired is not active',
    async (server) => {
      const { accessToken } = await over(begun(server).session);
      const told = objectOf(await introspect(server, accessToken));
      insist(told.active === false, `active is ${JSON.stringify(told.active)}`);
    },
    SPEC.introspection,
  ),
  shall(
    'refresh-after-expiry',
    [101],
    'when a token has expired, the refresh token gives one that opens the FHIR API',
    async (server) => {
      const expired = await over(begun(server).session);
      const answer = await server.refresh(expired);
      hasStatus(answer, 200);
      hasStatus(await read(server, expired, String(objectOf(answer).access_token)), 200);
    },
    SPEC.refresh,
  ),
  shall(
    'backend-expired',
    [265],
    'a backend service’s token that has expired is answered with 401',
    async (server) => hasStatus(await server.fhir(await over(begun(server).backend), 'Patient?_count=1'), 401),
    SPEC.backend,
  ),
  should(
    'token-code-expires',
    [58],
    'a code is not good for longer than a minute',
    async (server) => isRefused(await server.redeem(await over(begun(server).code))),
    SPEC.code,
  ),
]);

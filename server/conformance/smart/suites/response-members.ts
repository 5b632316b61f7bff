/** What every successful token response holds, however it was asked for: for the code, a refresh and a backend service. */
import { applies, insist, shall, should } from '../check.ts';
import { type Answer, objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasDirective, hasStatus } from './expectations.ts';

interface ResponseOf {
  /** Begins the ids of the checks. */
  readonly prefix: string;
  readonly what: string;
  readonly get: (server: SmartServer) => Promise<Answer>;
  /** Requirement numbers, by what they are about. */
  readonly requirements: Readonly<
    Record<'status' | 'json' | 'accessToken' | 'tokenType' | 'expiresIn' | 'shortLived' | 'scope', readonly number[]>
  >;
  /** Whether the answer must tell `expires_in`; else it is advice. */
  readonly mustTellExpiry: boolean;
}

const NO_STORE = [86];
const NO_CACHE = [87];

/** Checks of one kind of token response. */
export function responseMembers({ prefix, what, get, requirements, mustTellExpiry }: ResponseOf) {
  const { status, json, accessToken, tokenType, expiresIn, shortLived, scope } = requirements;
  const member = async (server: SmartServer, name: string) => objectOf(await get(server))[name];
  return [
    shall(`${prefix}-status`, status, `${what} is answered with 200`, async (server) => hasStatus(await get(server), 200)),
    shall(`${prefix}-json`, json, `${what} is answered with JSON`, async (server) => {
      const answer = await get(server);
      objectOf(answer);
      const type = answer.headers.get('Content-Type');
      insist(type?.startsWith('application/json'), `Content-Type is ${JSON.stringify(type)}`);
    }),
    shall(`${prefix}-access-token`, accessToken, `${what} gives an access_token`, async (server) => {
      const value = await member(server, 'access_token');
      insist(typeof value === 'string' && value !== '', `access_token is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-token-type`, tokenType, `${what} gives token_type bearer`, async (server) => {
      const value = await member(server, 'token_type');
      insist(typeof value === 'string' && value.toLowerCase() === 'bearer', `token_type is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-expires-in`, expiresIn, `${what} tells expires_in as a number`, async (server) => {
      const value = await member(server, 'expires_in');
      applies(mustTellExpiry || value !== undefined, 'expires_in is not told, which is for another check to say');
      insist(typeof value === 'number' && value > 0, `expires_in is ${JSON.stringify(value)}`);
    }),
    ...(mustTellExpiry
      ? []
      : [
          should(`${prefix}-expires-in-told`, expiresIn, `${what} tells expires_in`, async (server) =>
            insist((await member(server, 'expires_in')) !== undefined, 'there is no expires_in'),
          ),
        ]),
    should(`${prefix}-short-lived`, shortLived, `${what} gives a token of an hour at most`, async (server) => {
      const value = await member(server, 'expires_in');
      insist(typeof value === 'number' && value <= 3600, `expires_in is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-scope`, scope, `${what} tells the granted scope`, async (server) => {
      const value = await member(server, 'scope');
      insist(typeof value === 'string' && value !== '', `scope is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-no-store`, NO_STORE, `${what} is answered with Cache-Control: no-store`, async (server) =>
      hasDirective(await get(server), 'Cache-Control', 'no-store'),
    ),
    shall(
      `${prefix}-no-cache`,
      NO_CACHE,
      `${what} is answered with Pragma: no-cache`,
      async (server) => hasDirective(await get(server), 'Pragma', 'no-cache'),
      SPEC.token,
    ),
  ];
}

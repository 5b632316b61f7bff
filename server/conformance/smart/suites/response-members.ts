/** What every successful token response holds, however it was asked for: for the code, a refresh and a backend service. */
import { insist, shall, should } from '../check.ts';
import { type Answer, objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasDirective, hasStatus } from './expectations.ts';

interface ResponseOf {
  /** Begins the ids of the checks. */
  readonly prefix: string;
  readonly what: string;
  readonly get: (server: SmartServer) => Promise<Answer>;
  /** Requirement numbers: of the status, of the members, of the headers. */
  readonly requirements: { readonly status: readonly number[]; readonly members: readonly number[]; readonly headers: readonly number[] };
}

/** Checks of one kind of token response. */
export function responseMembers({ prefix, what, get, requirements }: ResponseOf) {
  const { status, members, headers } = requirements;
  const member = async (server: SmartServer, name: string) => objectOf(await get(server))[name];
  return [
    shall(`${prefix}-status`, status, `${what} is answered with 200`, async (server) => hasStatus(await get(server), 200)),
    shall(`${prefix}-json`, members, `${what} is answered with JSON`, async (server) => {
      const answer = await get(server);
      objectOf(answer);
      const type = answer.headers.get('Content-Type');
      insist(type?.startsWith('application/json'), `Content-Type is ${JSON.stringify(type)}`);
    }),
    shall(`${prefix}-access-token`, members, `${what} gives an access_token`, async (server) => {
      const value = await member(server, 'access_token');
      insist(typeof value === 'string' && value !== '', `access_token is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-token-type`, members, `${what} gives token_type bearer`, async (server) => {
      const value = await member(server, 'token_type');
      insist(typeof value === 'string' && value.toLowerCase() === 'bearer', `token_type is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-expires-in`, members, `${what} tells expires_in as a number`, async (server) => {
      const value = await member(server, 'expires_in');
      insist(typeof value === 'number' && value > 0, `expires_in is ${JSON.stringify(value)}`);
    }),
    should(`${prefix}-short-lived`, members, `${what} gives a token of an hour at most`, async (server) => {
      const value = await member(server, 'expires_in');
      insist(typeof value === 'number' && value <= 3600, `expires_in is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-scope`, members, `${what} tells the granted scope`, async (server) => {
      const value = await member(server, 'scope');
      insist(typeof value === 'string' && value !== '', `scope is ${JSON.stringify(value)}`);
    }),
    shall(`${prefix}-no-store`, headers, `${what} is answered with Cache-Control: no-store`, async (server) =>
      hasDirective(await get(server), 'Cache-Control', 'no-store'),
    ),
    shall(
      `${prefix}-no-cache`,
      headers,
      `${what} is answered with Pragma: no-cache`,
      async (server) => hasDirective(await get(server), 'Pragma', 'no-cache'),
      SPEC.token,
    ),
  ];
}

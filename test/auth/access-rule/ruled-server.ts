import { generateKeyPair, SignJWT } from 'jose';
import { createScopeAccess } from '../../../server/auth/access.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import { createAuthenticator } from '../../../server/auth/access-token.ts';
import type { FhirServices } from '../../../server/interactions/context.ts';
import type { Database } from '../../../server/store/database.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';
import { startTestServer, type TestAnswer, type TestServer } from '../../support/test-server.ts';
import { NOW_MS } from './people.ts';

/** What a token says beyond the usual; a user without `fhirUser` is a system. */
export interface TokenClaims {
  readonly scope: string;
  readonly fhirUser?: string;
  readonly hpr_number?: string;
  readonly organization_number?: string;
  readonly patient?: string;
  readonly purpose_of_use?: string;
  readonly exp?: number;
  readonly aud?: string;
  /** The grant it belongs to. */
  readonly grantId?: string;
}

export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<TestAnswer>;

export interface RuledServerOptions {
  /** What the rule is, over this database; left out: as it stands, at the time of the tests, without emergency access. */
  readonly services?: Partial<FhirServices>;
  readonly store?: ResourceStore;
  readonly nowMs?: () => number;
}

export interface RuledServer {
  readonly server: TestServer;
  /** Asks with a token of these claims; with none, without a token. */
  as(claims: TokenClaims | undefined): Promise<Ask>;
  close(): Promise<void>;
}

/** The issuer under whose name tokens and grants are registered. */
export const NAME = 'ruled';
export const RULED_SCOPES = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
const ISSUER = 'https://auth.example/auth';
const keys = generateKeyPair('RS256');

/** A FHIR base where the access rule is in force and tokens are the real thing: signed, registered, for this audience. */
export async function startRuledServer({ resources, state }: Database, options: RuledServerOptions = {}): Promise<RuledServer> {
  const { nowMs = () => NOW_MS } = options;
  const { publicKey, privateKey } = await keys;
  let revision = 0;
  const store = {
    ...resources,
    transact: (async (plan) => {
      const result = await resources.transact(plan);
      revision += 1;
      return result;
    }) as typeof resources.transact,
  };
  const server = await startTestServer({
    store: options.store ?? store,
    services: {
      access: createPlanAccess({ scopes: RULED_SCOPES, store, nowMs, revision: () => revision }),
      state,
      writeValidation: 'off',
      nowMs,
      ...options.services,
    },
    authenticator: (fhirBaseUrl) =>
      createAuthenticator({
        server: { issuer: ISSUER, name: NAME, fhirBaseUrl, verificationKey: async () => publicKey, isRegistered: () => true },
        state,
        nowMs,
      }),
  });
  let tokens = 0;
  const tokenOf = async ({ fhirUser, grantId, ...claims }: TokenClaims): Promise<string> => {
    const jti = `token-${++tokens}`;
    const group = grantId === undefined ? {} : { group: `auth/${NAME}/grant/${grantId}` };
    await state.put(`auth/${NAME}/AccessToken`, jti, { jti, ...(grantId === undefined ? {} : { grantId }) }, group);
    const user = fhirUser === undefined ? {} : { fhirUser: `${server.url}/${fhirUser}` };
    return new SignJWT({ client_id: 'client', exp: nowMs() / 1000 + 900, aud: server.url, ...user, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setSubject(fhirUser ?? 'client')
      .setJti(jti)
      .sign(privateKey);
  };
  return {
    server,
    async as(claims) {
      if (claims === undefined) return (method, path, body) => withoutToken(`${server.url}/${path}`, method, body);
      const authorization = `Bearer ${await tokenOf(claims)}`;
      return (method, path, body, headers) => server.request(method, path, body, { Authorization: authorization, ...headers });
    },
    close: () => server.close(),
  };
}

async function withoutToken(url: string, method: string, body: unknown): Promise<TestAnswer> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, headers: { 'Content-Type': 'application/fhir+json' }, ...sent });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as TestAnswer['body'] };
}

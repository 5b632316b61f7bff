import { generateKeyPair, SignJWT } from 'jose';
import { createScopeAccess } from '../../../server/auth/access.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import { createAuthenticator } from '../../../server/auth/access-token.ts';
import type { Database } from '../../../server/store/database.ts';
import { startTestServer, type TestAnswer, type TestServer } from '../../support/test-server.ts';
import { NOW_MS } from './people.ts';

/** What a token says beyond the usual; a user without `fhirUser` is a system. */
export interface TokenClaims {
  readonly scope: string;
  readonly fhirUser?: string;
  readonly hpr_number?: string;
  readonly organization_number?: string;
  readonly patient?: string;
  readonly exp?: number;
  readonly aud?: string;
}

export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<TestAnswer>;

export interface RuledServer {
  readonly server: TestServer;
  /** Asks with a token of these claims; with none, without a token. */
  as(claims: TokenClaims | undefined): Promise<Ask>;
  close(): Promise<void>;
}

const NAME = 'ruled';
const ISSUER = 'https://auth.example/auth';
const keys = generateKeyPair('RS256');

/** A FHIR base where the access rule is in force and tokens are the real thing: signed, registered, for this audience. */
export async function startRuledServer({ resources, state }: Database): Promise<RuledServer> {
  const { publicKey, privateKey } = await keys;
  const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
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
    store,
    services: {
      access: createPlanAccess({ scopes, store, nowMs: () => NOW_MS, revision: () => revision }),
      state,
      writeValidation: 'off',
      nowMs: () => NOW_MS,
    },
    authenticator: (fhirBaseUrl) =>
      createAuthenticator({
        server: { issuer: ISSUER, name: NAME, fhirBaseUrl, verificationKey: async () => publicKey, isRegistered: () => true },
        state,
        nowMs: () => NOW_MS,
      }),
  });
  let tokens = 0;
  const tokenOf = async ({ fhirUser, ...claims }: TokenClaims): Promise<string> => {
    const jti = `token-${++tokens}`;
    await state.put(`auth/${NAME}/AccessToken`, jti, { jti });
    const user = fhirUser === undefined ? {} : { fhirUser: `${server.url}/${fhirUser}` };
    return new SignJWT({ client_id: 'client', exp: NOW_MS / 1000 + 900, aud: server.url, ...user, ...claims })
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

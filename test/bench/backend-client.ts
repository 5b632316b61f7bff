/**
 * The system that puts the load on: a backend client as an operator registers one, with a key of its own, whose tokens
 * are taken the product's way and renewed before they end.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html
 */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { fetchClientToken } from '../../server/auth/client-token.ts';
import type { ClientRegistration } from '../../server/auth/clients.ts';

const ALGORITHM = 'ES384';
const SCOPE = 'system/*.cruds';
/** A request that has begun is to end with the token it began with. */
const RENEWED_BEFORE_MS = 60_000;

export interface BackendClient {
  readonly clientId: string;
  readonly privateKey: JWK;
}

/** A client, and where it takes its tokens. */
export interface TokenClient extends BackendClient {
  readonly tokenUrl: string;
  /** `system/*.cruds` when left out. */
  readonly scope?: string;
}

/** Gives a token that is good for a while yet. */
export type Tokens = () => Promise<string>;

/** A client with a new key, and what an operator writes of it in the file of clients. Its scopes alone decide, so that it may load people. */
export async function newBackendClient(clientId: string): Promise<BackendClient & { readonly registration: ClientRegistration }> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = { alg: ALGORITHM, kid: clientId };
  return {
    clientId,
    privateKey: { ...(await exportJWK(pair.privateKey)), ...key },
    registration: {
      clientId,
      name: 'Benchmark',
      authentication: { method: 'private_key_jwt', keys: [{ ...(await exportJWK(pair.publicKey)), ...key, use: 'sig' }] },
      grants: ['client_credentials'],
      scopes: [SCOPE],
      scopesAlone: true,
    },
  };
}

/** The tokens of a client; one is used until a minute before it ends. */
export function tokensOf({ tokenUrl, clientId, privateKey, scope = SCOPE }: TokenClient): Tokens {
  let kept: { readonly token: string; readonly renewAtMs: number } | undefined;
  let asked: Promise<string> | undefined;
  const take = async (): Promise<string> => {
    const { accessToken: token, expiresInSeconds } = await fetchClientToken({ tokenUrl, clientId, privateKey, scope });
    kept = { token, renewAtMs: performance.now() + expiresInSeconds * 1000 - RENEWED_BEFORE_MS };
    return token;
  };
  return async () => {
    if (kept !== undefined && performance.now() < kept.renewAtMs) return kept.token;
    asked ??= take().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

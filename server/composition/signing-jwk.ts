/**
 * Private keys in the operator's files, tried before anybody depends on them.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7517
 */
import type { JWK } from 'jose';
import { assertionFields } from '../auth/client-token.ts';

export const SIGNING_JWK_WANTED = 'a private JWK that can sign is wanted, with its alg (left out: ES384)';

/** True when a client can show with it who it is. */
export async function canSign(privateKey: unknown): Promise<boolean> {
  return assertionFields({ clientId: 'c', audience: 'https://a.example', privateKey: privateKey as JWK }).then(
    () => true,
    () => false,
  );
}

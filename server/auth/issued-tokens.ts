/**
 * Issued access tokens: what they say beyond OAuth (launch context, user, organisation), and the register of those
 * that are alive. A JWT is valid by its signature alone, so revocation needs a place to look: a token is good while it
 * is in the register, and leaves it when it is revoked, alone or with its grant.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9068 · https://www.rfc-editor.org/rfc/rfc7009
 */
import type { IssuedToken, KoaContext, StoredPayload } from 'oidc-provider';
import type { StateStore } from '../store/state-store.ts';
import type { GrantContext } from './launch-context.ts';
import type { ProviderParts } from './provider-settings.ts';
import { stateKind } from './state-adapter.ts';

/** Claims of an access token besides those of OAuth. */
export async function claimsOfToken(token: IssuedToken, { launches, clients }: ProviderParts): Promise<Record<string, unknown>> {
  if (token.grantId === undefined) {
    const { organizationNumber, scopesAlone } = clients.get(token.clientId) ?? {};
    return {
      ...(organizationNumber === undefined ? {} : { organization_number: organizationNumber }),
      ...(scopesAlone === true ? { scopes_alone: true } : {}),
    };
  }
  const context = await launches.ofGrant(token.grantId);
  return context === undefined ? {} : { ...context.launch, ...context.claims };
}

/** What goes beside the tokens in the token response of a grant. */
export function responseMembers(context: GrantContext): Readonly<Record<string, unknown>> {
  return { ...context.launch, ...context.response };
}

/** Called by the library with every JWT before it is signed: puts the token into the register. */
export async function keepIssuedToken(_ctx: KoaContext, token: IssuedToken, jwt: { payload: StoredPayload }): Promise<void> {
  const { jti, kind, clientId, grantId, accountId, aud, extra, scope, gty, jkt } = token;
  const { iat, exp } = jwt.payload;
  const payload = { jti, kind, iat, exp, clientId, grantId, accountId, aud, extra, scope, gty, jkt };
  const present = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  await token.adapter.upsert(jti, present, token.remainingTTL);
}

/** The register's entry of a token id, or undefined when the token is unknown, expired or revoked. */
export async function registeredToken(state: StateStore, issuerName: string, tokenId: string): Promise<StoredPayload | undefined> {
  return (await state.get(stateKind(issuerName, 'AccessToken'), tokenId))?.value;
}

/** True while a token id is in the register: known, not expired and not revoked. */
export function isRegistered(state: StateStore, issuerName: string, tokenId: string): Promise<boolean> {
  return state.has(stateKind(issuerName, 'AccessToken'), tokenId);
}

/**
 * Token exchange: a user of a trusted EHR gets a token of the shared service for the session they have there.
 * `subject_token` is the EHR's id_token (on whose behalf), `actor_token` the EHR's access token (what the app was given
 * to act with); both are verified with the EHR, and patient, user and organisation are read there.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc8693
 */

import type Provider from 'oidc-provider';
import { errors, type KoaContext } from 'oidc-provider';
import type { ResourceStore } from '../store/resource-store.ts';
import { vouchedBy } from './attempt.ts';
import { TOKEN_EXCHANGE_GRANT } from './clients.ts';
import { dpopProofs } from './dpop-proof.ts';
import { type EhrIdentity, readEhrIdentity } from './ehr-identity.ts';
import { refusal } from './exchange-refusal.ts';
import type { GrantContext } from './launch-context.ts';
import { newGrant, resourceServerInfo } from './launch-grant.ts';
import type { Principal } from './principal.ts';
import { type ProviderParts, ROUTES } from './provider-settings.ts';
import { grantScopes, parseResourceScopes, scopeWords } from './scopes.ts';
import { findSharedIdentity, type SharedIdentity } from './shared-identity.ts';
import { speaksFor } from './spoken-for.ts';
import type { EhrVerifier, TrustedIssuer } from './trusted-issuer.ts';

const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:';
/** What a token was given on is there to the last moment of the token. */
const GRANT_OUTLIVES_SECONDS = 60;
const PARAMETERS = [
  'resource',
  'audience',
  'scope',
  'requested_token_type',
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
];

export interface TokenExchange {
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** Where the shared Patient and Practitioner are found. */
  readonly store: ResourceStore;
  /**
   * Whether this user may know the patient. A patient whom they may not is left out of the token, as one who is not
   * known here is: the answer does not tell which.
   */
  readonly mayKnow: (user: Principal, patientId: string) => Promise<boolean>;
  /** Whether the user has emergency access to the patient just now; left out: there is none. */
  readonly inEmergency?: (user: Principal, patientId: string) => Promise<boolean>;
}

/** Adds the grant to a provider. Errors: see exchange-refusal.ts; `invalid_scope`, `invalid_target` as everywhere. */
export function registerTokenExchange(
  provider: Provider,
  parts: ProviderParts,
  exchange: TokenExchange & { readonly verifier: EhrVerifier },
): void {
  const { verifier } = exchange;
  provider.registerGrantType(
    TOKEN_EXCHANGE_GRANT,
    async (ctx) => {
      const { idToken, accessToken } = tokensOf(ctx);
      checkTarget(ctx, parts.options.fhirBaseUrl);
      const scope = scopesFor(ctx, parts);
      const thumbprint = await proofOf(ctx, parts);
      const session = await verifier.verify(idToken, accessToken);
      vouchedBy(ctx, session.ehr.name);
      const identity = await readEhrIdentity(session, accessToken);
      if (!(await speaksFor(session.ehr, identity.organization, exchange.store))) throw refusal('foreignOrganization');
      const found = await findSharedIdentity(exchange.store, identity);
      const user = userOf(ctx, scope, found, identity);
      const emergency = found.patientId !== undefined && (await exchange.inEmergency?.(user, found.patientId)) === true;
      const known = emergency || (found.patientId !== undefined && (await exchange.mayKnow(user, found.patientId)));
      const shared: SharedIdentity = known ? found : { practitionerId: found.practitionerId };
      const context = contextOf(shared, identity, parts, emergency);
      await issue(ctx, parts, scope, {
        accountId: user.subject,
        context: { ...context, ...(found.patientId === undefined ? {} : { confirmedPatient: found.patientId }) },
        thumbprint,
      });
    },
    PARAMETERS,
  );
}

function tokensOf({ oidc: { params } }: KoaContext): { readonly idToken: string; readonly accessToken: string } {
  if (params.subject_token === undefined || params.subject_token_type !== `${TOKEN_TYPE}id_token`) throw refusal('subjectTokenType');
  if (params.actor_token === undefined || params.actor_token_type !== `${TOKEN_TYPE}access_token`) throw refusal('actorTokenType');
  const requested = params.requested_token_type;
  if (requested !== undefined && requested !== `${TOKEN_TYPE}access_token`) throw refusal('requestedTokenType');
  return { idToken: params.subject_token, accessToken: params.actor_token };
}

function checkTarget({ oidc: { params } }: KoaContext, fhirBaseUrl: string): void {
  for (const target of [params.resource, params.audience]) {
    if (target !== undefined && target !== fhirBaseUrl)
      throw new errors.InvalidTarget('tokens are issued for the FHIR base URL of this service only');
  }
}

/** The key the token is to be bound to, when the client shows one. Errors: `invalid_dpop_proof`. */
async function proofOf(ctx: KoaContext, { options }: ProviderParts): Promise<string | undefined> {
  const proof = ctx.get('DPoP');
  if (proof === '') return undefined;
  const request = { method: 'POST', url: options.issuer + ROUTES.token, proof };
  const thumbprint = await dpopProofs(options.state, options.name).thumbprintOf(request);
  if (thumbprint === undefined) throw new errors.InvalidDpopProof('the DPoP proof is not good for this request');
  return thumbprint;
}

function scopesFor(ctx: KoaContext, { clients }: ProviderParts): string {
  const allowed = clients.get(ctx.oidc.client.clientId)?.scopes ?? [];
  const asked = scopeWords(ctx.oidc.params.scope);
  const granted = grantScopes(asked.length === 0 ? allowed : asked, allowed).filter((word) => !isNotExchanged(word));
  if (granted.length === 0) throw new errors.InvalidScope('none of the scopes asked for can be granted to this client');
  return granted.join(' ');
}

/** A user is given nothing of a system's, and an exchange gives no refresh token: the app exchanges again. */
function isNotExchanged(word: string): boolean {
  return word.startsWith('system/') || word === 'offline_access' || word === 'online_access';
}

/** The principal that the token to be issued will make. */
function userOf(ctx: KoaContext, scope: string, { practitionerId, patientId }: SharedIdentity, identity: EhrIdentity): Principal {
  const subject = `Practitioner/${practitionerId}`;
  return {
    clientId: ctx.oidc.client.clientId,
    subject,
    scope,
    scopes: parseResourceScopes(scope),
    fhirUser: subject,
    hprNumber: identity.hpr.value,
    organizationNumber: identity.organization.value,
    ...(patientId === undefined ? {} : { patientId }),
  };
}

function contextOf(shared: SharedIdentity, identity: EhrIdentity, { options }: ProviderParts, emergency: boolean): GrantContext {
  const fhirUser = `${options.fhirBaseUrl}/Practitioner/${shared.practitionerId}`;
  const purpose = emergency ? { purpose_of_use: 'BTG' } : {};
  return {
    launch: shared.patientId === undefined ? {} : { patient: shared.patientId },
    claims: {
      fhirUser,
      hpr_number: identity.hpr.value,
      organization_number: identity.organization.value,
      ...purpose,
    },
    response: { fhirUser, ...purpose },
  };
}

async function issue(
  ctx: KoaContext,
  parts: ProviderParts,
  scope: string,
  of: { accountId: string; context: GrantContext; thumbprint: string | undefined },
): Promise<void> {
  // Nothing of it is renewed: the app asks for another exchange.
  const grant = await newGrant(ctx, parts, scope, { ...of, livesSeconds: parts.accessTokenSeconds + GRANT_OUTLIVES_SECONDS });
  ctx.oidc.entity('Grant', grant);
  const { AccessToken, ResourceServer } = ctx.oidc.provider;
  const token = new AccessToken({ accountId: of.accountId, client: ctx.oidc.client, grantId: grant.jti, gty: TOKEN_EXCHANGE_GRANT });
  token.resourceServer = new ResourceServer(parts.options.fhirBaseUrl, resourceServerInfo(parts.options.fhirBaseUrl, scope));
  token.scope = scope;
  if (of.thumbprint !== undefined) token.setThumbprint('jkt', of.thumbprint);
  ctx.oidc.entity('AccessToken', token);
  const accessToken = await token.save();
  ctx.body = {
    access_token: accessToken,
    issued_token_type: `${TOKEN_TYPE}access_token`,
    token_type: token.tokenType,
    expires_in: token.expiration,
    scope,
  };
}

/**
 * Signing out where the user signed in at the shared service itself: it is told that the tokens are to be good no longer.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7009#section-2.1
 */
import { AppError } from './app-error.ts';
import type { Session, SessionPorts } from './session.ts';
import { discover, trustedIssuer } from './smart-configuration.ts';

/**
 * Revokes the refresh token first: with it, the others could be had again. Goes on when the page is closed meanwhile.
 *
 * @throws AppError `connection` when the service could not be told, or has no revocation endpoint.
 */
export async function revokeTokens({ ehr, shared }: Session, { config, fetcher = fetch }: SessionPorts): Promise<void> {
  const trusted = trustedIssuer(config, ehr.iss);
  const { revocationEndpoint } = await discover(trusted, fetcher);
  if (revocationEndpoint === undefined) throw new AppError('connection', 'smart-configuration names no revocation_endpoint');
  const refresh = ehr.refreshToken === undefined ? [] : [{ token: ehr.refreshToken, token_type_hint: 'refresh_token' }];
  for (const token of [...refresh, { token: shared.accessToken, token_type_hint: 'access_token' }]) {
    const response = await fetcher(revocationEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...token, client_id: trusted.clientId }).toString(),
      keepalive: true,
    }).catch((cause: unknown) => {
      throw new AppError('connection', 'the revocation endpoint did not answer', { cause });
    });
    if (!response.ok) throw new AppError('connection', `revocation endpoint: HTTP ${response.status}`);
  }
}

/**
 * Introspection and revocation of JWT access tokens. The library knows only opaque tokens there, so a JWT is verified
 * here and handed on as its id in the register; the library then authenticates the client and decides. SMART's other
 * way in, a Bearer token of a backend service, is answered here.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/token-introspection.html · https://www.rfc-editor.org/rfc/rfc7662
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jwtVerify } from 'jose';
import type { StoredPayload } from 'oidc-provider';
import { registeredToken } from './issued-tokens.ts';
import { sendJson } from './node-handler.ts';
import type { ProviderParts } from './provider-settings.ts';
import { parseResourceScopes } from './scopes.ts';
import { SIGNING_ALGORITHM } from './signing-keys.ts';

const NO_TOKEN = 'none';

export interface Introspection {
  /** The form with an access token of this issuer replaced by its id; a text that names no live token by anything that finds none. */
  byId(form: string): Promise<string>;
  /** Answers when the request is authorized by a Bearer token. @returns false when it is not: the library goes on. */
  answerBearer(req: IncomingMessage, res: ServerResponse, form: string): Promise<boolean>;
}

/** Introspection for the tokens of one issuer. */
export function introspection({ options, clients, keys }: ProviderParts): Introspection {
  async function verifiedId(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, keys.verification, {
        issuer: options.issuer,
        algorithms: [SIGNING_ALGORITHM],
        typ: 'at+jwt',
      });
      return payload.jti;
    } catch {
      return undefined;
    }
  }

  /** A live access token. One whose client is registered no more is good nowhere. */
  async function liveToken(token: string): Promise<StoredPayload | undefined> {
    const id = await verifiedId(token);
    const kept = id === undefined ? undefined : await registeredToken(options.state, options.name, id);
    return clients.has(String(kept?.clientId)) ? kept : undefined;
  }

  async function claimsOf(token: string): Promise<Record<string, unknown> | undefined> {
    const kept = await liveToken(token);
    if (kept === undefined) return undefined;
    const { clientId, accountId, exp, iat, aud, scope, extra, jti, jkt } = kept;
    const subject = accountId ?? clientId;
    return {
      ...(extra as object),
      active: true,
      client_id: clientId,
      sub: subject,
      exp,
      iat,
      iss: options.issuer,
      jti,
      aud,
      scope,
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      ...(jkt === undefined ? {} : { cnf: { jkt } }),
    };
  }

  return {
    async byId(form) {
      const parameters = new URLSearchParams(form);
      const tokens = parameters.getAll('token');
      if (tokens.length !== 1) return form;
      const token = tokens[0]!;
      if (token.split('.').length === 3) parameters.set('token', String((await liveToken(token))?.jti ?? NO_TOKEN));
      else if ((await registeredToken(options.state, options.name, token)) !== undefined) parameters.set('token', NO_TOKEN);
      return parameters.toString();
    },

    async answerBearer(req, res, form) {
      const bearer = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
      if (bearer === undefined) return false;
      const claims = await claimsOf(bearer);
      // A token that is bound to a key proves nothing without it.
      const caller = claims?.cnf === undefined ? claims : undefined;
      const system = parseResourceScopes(caller?.scope as string | undefined).some((scope) => scope.level === 'system');
      if (!system) {
        const challenge = caller === undefined ? 'Bearer error="invalid_token"' : 'Bearer error="insufficient_scope"';
        sendJson(
          res,
          caller === undefined ? 401 : 403,
          { error: caller === undefined ? 'invalid_token' : 'insufficient_scope' },
          { 'WWW-Authenticate': challenge },
        );
        return true;
      }
      const token = new URLSearchParams(form).get('token');
      if (token === null) sendJson(res, 400, { error: 'invalid_request', error_description: "missing required parameter 'token'" });
      else sendJson(res, 200, (await claimsOf(token)) ?? { active: false });
      return true;
    },
  };
}

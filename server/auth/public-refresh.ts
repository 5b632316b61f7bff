/**
 * A refresh in the words of SMART: `grant_type` and `refresh_token`, and of a public app nothing else. The library wants
 * to be told who asks. The refresh token says it as well, and for an app that has no secret a name proves nothing more.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#refresh-access-token ·
 * https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
import type { IncomingMessage } from 'node:http';
import type { ProviderParts } from './provider-settings.ts';
import { stateKind } from './state-adapter.ts';

const WHO_ASKS = ['client_id', 'client_assertion', 'client_secret'];

/**
 * The form of a token request, with the `client_id` of the public app that a refresh token was given to when the request
 * names none. Any other request is as it was: a client with a secret or a key has to show it.
 */
export async function withPublicClient({ headers }: IncomingMessage, form: string, { options, clients }: ProviderParts): Promise<string> {
  const given = new URLSearchParams(form);
  const token = given.get('refresh_token');
  const isNamed = headers.authorization !== undefined || WHO_ASKS.some((name) => given.has(name));
  if (isNamed || token === null || given.get('grant_type') !== 'refresh_token') return form;
  const clientId = (await options.state.get(stateKind(options.name, 'RefreshToken'), token))?.value.clientId;
  if (typeof clientId !== 'string' || clients.get(clientId)?.authentication.method !== 'none') return form;
  given.set('client_id', clientId);
  return given.toString();
}

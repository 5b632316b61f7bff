/** Launches at an EHR of the stronghold, and the exchange of what came of them. */
import { importJWK, type JWK, SignJWT } from 'jose';
import { launchContexts } from '../../server/auth/launch-context.ts';
import { put } from '../auth/access-rule/record-parts.ts';
import { person } from '../auth/services.ts';
import { challengeOf, fromAnywhere, post, VERIFIER } from './oauth.ts';
import { type Got, gotOf, IDA_NUMBER, type Stronghold } from './stronghold.ts';

export type Ehr = 'hospital' | 'municipality';
const TYPE = 'urn:ietf:params:oauth:token-type:';

export interface EhrTokens {
  readonly id: string;
  readonly access: string;
  readonly refresh: string;
}

/** HPR numbers of the people at the EHRs; the nurse is known to the shared service, the stranger as well. */
const HPR = { nurse: '999012345', stranger: '999099999' } as const;
const STRANGER_PATIENT = '30108299939';

/** People at both EHRs and their numbers at the shared service: the same Ida, the same nurse. */
export async function settle(place: Stronghold): Promise<void> {
  const { patient, practitioner, organization, role } = person;
  for (const name of ['hospital', 'municipality'] as const) {
    const { resources, state } = place.ehrs[name];
    await put(
      resources,
      patient(`${name}-ida`, IDA_NUMBER),
      patient(`${name}-other`, STRANGER_PATIENT, 'Fremmed'),
      organization(`${name}-org`, name === 'hospital' ? '300000001' : '100000002', name),
      practitioner(`${name}-nurse`, HPR.nurse),
      practitioner(`${name}-stranger`, HPR.stranger),
      practitioner(`${name}-nobody`, '999077777'),
      role(`${name}-nurse-role`, `${name}-nurse`, `${name}-org`),
      role(`${name}-stranger-role`, `${name}-stranger`, `${name}-org`),
      role(`${name}-nobody-role`, `${name}-nobody`, `${name}-org`),
    );
    for (const who of ['nurse', 'stranger', 'nobody']) {
      await state.put(`ehr/${name}/session`, `session-${who}`, { id: `session-${who}`, practitionerId: `${name}-${who}` });
    }
  }
  await put(place.database.resources, practitioner('nurse', HPR.nurse), practitioner('stranger', HPR.stranger));
  for (const number of [STRANGER_PATIENT, ...Object.values(HPR)]) place.secrets.add(number);
}

/** A launch value of the plan app at an EHR. */
export async function launchAt(place: Stronghold, ehr: Ehr, who = 'nurse', patient = 'ida'): Promise<string> {
  const launch = {
    clientId: 'fellesplan-app',
    userId: `${ehr}-${who}`,
    sessionId: `session-${who}`,
    context: { patient: `${ehr}-${patient}` },
  };
  const value = await launchContexts(place.ehrs[ehr].state, ehr).mint(launch);
  place.secrets.add(value);
  return value;
}

/** The authorization request of the plan app at an EHR. */
export async function authorizeAt(place: Stronghold, ehr: Ehr, launch: string): Promise<Got> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'fellesplan-app',
    redirect_uri: `${place.origin}/app/`,
    scope: 'launch openid fhirUser online_access patient/*.rs user/Practitioner.rs user/PractitionerRole.rs user/Organization.rs',
    state: 's',
    aud: `${place.origin}/ehr/${ehr}/fhir`,
    launch,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  return gotOf(await fetch(`${place.origin}/ehr/${ehr}/auth/authorize?${query}`, { redirect: 'manual', headers: fromAnywhere() }));
}

/** A code of an EHR. */
export async function codeAt(place: Stronghold, ehr: Ehr, who = 'nurse', patient = 'ida'): Promise<string> {
  const { headers, text } = await authorizeAt(place, ehr, await launchAt(place, ehr, who, patient));
  const code = new URL(headers.get('location') ?? 'http://none').searchParams.get('code');
  if (code === null) throw new Error(`no code: ${headers.get('location')} ${text}`);
  place.secrets.add(code);
  return code;
}

/** Redeems a code of one EHR, there or at another issuer. */
export function redeemAt(place: Stronghold, code: string, at: string): Promise<Got> {
  const fields = { grant_type: 'authorization_code', code, redirect_uri: `${place.origin}/app/`, code_verifier: VERIFIER };
  return post(place, `${place.origin}${at}/auth/token`, { ...fields, client_id: 'fellesplan-app' });
}

/** What the app has after a launch. */
export async function launched(place: Stronghold, ehr: Ehr, who = 'nurse', patient = 'ida'): Promise<EhrTokens> {
  const { body, text } = await redeemAt(place, await codeAt(place, ehr, who, patient), `/ehr/${ehr}`);
  if (typeof body.access_token !== 'string') throw new Error(`no token: ${text}`);
  return { id: String(body.id_token), access: body.access_token, refresh: String(body.refresh_token) };
}

/** The exchange at the shared service. */
export function exchange(
  place: Stronghold,
  { id, access }: Pick<EhrTokens, 'id' | 'access'>,
  fields: Readonly<Record<string, string | undefined>> = {},
) {
  return post(place, '/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: 'fellesplan-app',
    subject_token: id,
    subject_token_type: `${TYPE}id_token`,
    actor_token: access,
    actor_token_type: `${TYPE}access_token`,
    ...fields,
  });
}

export function claimsIn(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}

/** An id_token with other claims, by the EHR's own key or by another. */
export async function idTokenOf(place: Stronghold, ehr: Ehr, from: EhrTokens, claims: object, key?: JWK): Promise<string> {
  const own = (await place.ehrs[ehr].state.get(`auth/${ehr}/signing-key`, 'current'))!.value as unknown as JWK;
  const signing = key ?? own;
  const all = JSON.parse(JSON.stringify({ ...claimsIn(from.id), ...claims })) as Record<string, unknown>;
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: String(own.kid) }).sign(await importJWK(signing, 'RS256'));
}

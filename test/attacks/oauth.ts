/** How apps and those who pose as apps speak to the authorization server of the stronghold. */
import { createHash, randomBytes } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { APP_REDIRECT, type Got, gotOf, type Stronghold } from './stronghold.ts';

export const VERIFIER = randomBytes(40).toString('base64url');
export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');
const SCOPE = 'launch openid fhirUser offline_access patient/*.rs';

type Fields = Readonly<Record<string, string | undefined>>;

let addresses = 0;

/** A new address for each request, as a botnet has. */
export function fromAnywhere(): Record<string, string> {
  addresses += 1;
  return { 'X-Forwarded-For': `198.18.${Math.floor(addresses / 250)}.${1 + (addresses % 250)}` };
}

/** A launch of an app for the nurse with a patient, as a sign-in ends with. */
export async function mint(place: Stronghold, clientId = 'app-a', patient = 'ida'): Promise<string> {
  const launch = await place.authorization.mintLaunch({
    clientId,
    userId: 'Practitioner/nurse',
    context: { patient },
    claims: { organization_number: '100000002' },
  });
  place.secrets.add(launch);
  return launch;
}

/** The authorization request of app A; a field set to undefined is left out, and `more` is text at its end. */
export async function authorize(place: Stronghold, fields: Fields = {}, method: 'GET' | 'POST' = 'GET', more = ''): Promise<Got> {
  const form = formOf({
    response_type: 'code',
    client_id: 'app-a',
    redirect_uri: APP_REDIRECT,
    scope: SCOPE,
    state: 'st-1',
    aud: place.fhir,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
    ...('launch' in fields ? {} : { launch: await mint(place, fields.client_id ?? 'app-a') }),
    ...fields,
  });
  const url = `${place.issuer}/authorize`;
  const init = { redirect: 'manual', headers: fromAnywhere() } as const;
  return gotOf(await (method === 'GET' ? fetch(`${url}?${form}${more}`, init) : fetch(url, { ...init, method, body: form })));
}

/** The code of an answer to an authorization request. */
function codeIn({ headers, text }: Got, place: Stronghold): string {
  const code = new URL(headers.get('location') ?? 'http://none').searchParams.get('code');
  if (code === null) throw new Error(`no code: ${headers.get('location')} ${text}`);
  place.secrets.add(code);
  return code;
}

/** A fresh code of app A, or as the fields say. */
export async function codeFor(place: Stronghold, fields: Fields = {}): Promise<string> {
  return codeIn(await authorize(place, fields), place);
}

/** A form sent below the issuer; what comes back is remembered as secret. */
export async function post(place: Stronghold, path: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  const url = path.startsWith('http') ? path : place.issuer + path;
  const answer = await gotOf(await fetch(url, { method: 'POST', body: formOf(fields), headers: { ...fromAnywhere(), ...headers } }));
  for (const name of ['access_token', 'refresh_token', 'id_token']) {
    if (typeof answer.body[name] === 'string') place.secrets.add(answer.body[name]);
  }
  for (const name of ['client_assertion', 'code_verifier', 'subject_token', 'actor_token']) {
    if ((fields[name]?.length ?? 0) > 12) place.secrets.add(fields[name]!);
  }
  return answer;
}

/** Redeems a code as app A, or as the fields say. */
export function redeem(place: Stronghold, code: string, fields: Fields = {}, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  const standard = { grant_type: 'authorization_code', code, redirect_uri: APP_REDIRECT, code_verifier: VERIFIER, client_id: 'app-a' };
  return post(place, '/token', { ...standard, ...fields }, headers);
}

/** Tokens of app A by the front door. */
export async function tokens(place: Stronghold, fields: Fields = {}): Promise<{ readonly access: string; readonly refresh: string }> {
  const { body, text } = await redeem(place, await codeFor(place, fields));
  if (typeof body.access_token !== 'string') throw new Error(`no token: ${text}`);
  return { access: body.access_token, refresh: String(body.refresh_token) };
}

export function refresh(place: Stronghold, token: string, fields: Fields = {}): Promise<Got> {
  return post(place, '/token', { grant_type: 'refresh_token', refresh_token: token, client_id: 'app-a', ...fields });
}

/** A client assertion; every part can be spoilt, and what is undefined is left out. */
export async function assertion(
  place: Stronghold,
  clientId: string,
  key: JWK | Uint8Array,
  spoil: { readonly claims?: Readonly<Record<string, unknown>>; readonly header?: Readonly<Record<string, unknown>> } = {},
): Promise<Record<string, string>> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: `${place.issuer}/token`,
    exp: now + 240,
    jti: randomBytes(8).toString('hex'),
    ...spoil.claims,
  };
  const secret = key instanceof Uint8Array;
  const header = secret ? { alg: 'HS256' } : { alg: key.alg ?? 'RS384', kid: key.kid ?? '' };
  const signed = await new SignJWT(JSON.parse(JSON.stringify(claims)) as Record<string, unknown>)
    .setProtectedHeader({ ...header, typ: 'JWT', ...spoil.header })
    .sign(secret ? key : await importJWK(key, key.alg));
  return assertionFields(signed);
}

export function assertionFields(signed: string): Record<string, string> {
  return { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: signed };
}

/** A JWT that nobody signed. */
export function unsigned(claims: object, header: object = { alg: 'none', typ: 'JWT' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.`;
}

/** A system's request for a token. */
export function systemToken(place: Stronghold, assertionForm: Fields, fields: Fields = {}): Promise<Got> {
  return post(place, '/token', { grant_type: 'client_credentials', scope: 'system/*.rs', ...assertionForm, ...fields });
}

/** Reads the plan with an Authorization header of any kind. */
export async function read(
  place: Stronghold,
  headers: Readonly<Record<string, string>>,
  path = 'CarePlan/ida-plan',
  method = 'GET',
): Promise<Got> {
  return gotOf(await fetch(`${place.fhir}/${path}`, { method, headers: { ...headers } }));
}

function formOf(fields: Fields): URLSearchParams {
  return new URLSearchParams(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

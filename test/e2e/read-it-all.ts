/** Reads all that a caller may, of every type and page by page, and tells which patients are named in it. */
import { PLAN_APP } from '../../server/auth/plan-app.ts';
import { requester } from '../../server/conformance/smart/http.ts';
import { pressThrough } from '../../server/conformance/smart/sign-in-driver.ts';
import { challengeOf, VERIFIER } from '../auth/smart-server.ts';

interface Page {
  readonly entry?: readonly { readonly resource: { readonly resourceType: string; readonly id: string } }[];
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
}

const PATIENT = /"Patient\/([A-Za-z0-9.-]+)"/g;

/** A token of whoever signs in at the service as this person, for the patient when there are several. */
export async function signedIn(origin: string, person: string, patient?: string): Promise<string> {
  const redirectUri = `${origin}/app/`;
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: PLAN_APP,
    redirect_uri: redirectUri,
    scope: 'openid launch/patient patient/*.rs user/Practitioner.rs user/PractitionerRole.rs user/Organization.rs',
    state: 's',
    aud: `${origin}/fhir`,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  const press = ['^Sign in with', person, ...(patient === undefined ? [] : [patient]), '^Allow$'];
  const { redirect } = await pressThrough(requester(0), { url: `${origin}/auth/authorize?${request}` }, [redirectUri], { press });
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: redirect?.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: VERIFIER,
    client_id: PLAN_APP,
  });
  const answer = (await (await fetch(`${origin}/auth/token`, { method: 'POST', body })).json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`${person} could not sign in`);
  return answer.access_token;
}

/** What is read with the token: how much, whose Patients, and which others are named in it (`Type/id names id`). */
export async function readItAll(fhirBaseUrl: string, token: string) {
  const ask = async (url: string) => {
    const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    return response.ok ? response.text() : undefined;
  };
  const statement = JSON.parse((await ask(`${fhirBaseUrl}/metadata`))!) as { rest: { resource: { type: string }[] }[] };
  const found: { readonly key: string; readonly patients: readonly string[] }[] = [];
  for (const { type } of statement.rest[0]!.resource) {
    for (let url: string | undefined = `${fhirBaseUrl}/${type}?_count=500`; url !== undefined; ) {
      const text: string | undefined = await ask(url);
      const page = text === undefined ? {} : (JSON.parse(text) as Page);
      for (const { resource } of page.entry ?? []) {
        const patients = [...JSON.stringify(resource).matchAll(PATIENT)].map((match) => match[1]!);
        found.push({ key: `${resource.resourceType}/${resource.id}`, patients });
      }
      url = page.link?.find(({ relation }) => relation === 'next')?.url;
    }
  }
  const own = new Set(found.flatMap(({ key }) => (key.startsWith('Patient/') ? [key.slice('Patient/'.length)] : [])));
  const foreign = found.flatMap(({ key, patients }) => patients.filter((id) => !own.has(id)).map((id) => `${key} names ${id}`));
  return { resources: found.length, own, foreign };
}

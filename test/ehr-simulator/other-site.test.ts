import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, type Services, startServices } from '../auth/services.ts';
import { startGuardedBrowser } from '../support/browser.ts';

/** As small as an app can be: launch, authorize, redeem, exchange, and say what came of it. Keeps nothing but its own address. */
const APP = `<!doctype html><title>app</title><body><script type="module">
const say = (value) => { document.body.textContent = JSON.stringify(value); };
const b64 = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) });
const query = new URLSearchParams(location.search);
const appUrl = location.origin + '/app/';
const verifier = 'v'.repeat(64);
try {
  const iss = query.get('iss');
  if (location.pathname.endsWith('launch.html')) {
    const smart = await (await fetch(iss + '/.well-known/smart-configuration')).json();
    const challenge = b64(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
    location.replace(smart.authorization_endpoint + '?' + new URLSearchParams({ response_type: 'code', client_id: 'fellesplan-app', redirect_uri: appUrl,
      scope: 'launch openid fhirUser patient/*.rs', state: 's', aud: iss, launch: query.get('launch'), code_challenge: challenge, code_challenge_method: 'S256' }));
  } else {
    const ehr = await (await fetch(iss + '/token', form({ grant_type: 'authorization_code', code: query.get('code'), redirect_uri: appUrl, code_verifier: verifier, client_id: 'fellesplan-app' }))).json();
    const type = 'urn:ietf:params:oauth:token-type:';
    const shared = await (await fetch(new URL('/auth/token', iss), form({ grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', client_id: 'fellesplan-app',
      subject_token: ehr.id_token, subject_token_type: type + 'id_token', actor_token: ehr.access_token, actor_token_type: type + 'access_token' }))).json();
    say({ ehr: ehr.patient, shared: shared.patient, error: ehr.error ?? shared.error, cookies: document.cookie });
  }
} catch (error) { say({ error: String(error) }); }
</script>`;

let services: Services;
let app: Server;
let browser: Browser;

beforeAll(async () => {
  app = createServer((_req, res) => res.setHeader('Content-Type', 'text/html; charset=utf-8').end(APP));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  services = await startServices({ appUrl: `http://127.0.0.1:${(app.address() as AddressInfo).port}/app/` });
  const { patient, practitioner, organization, role } = person;
  await services.put(
    'hospital',
    patient('h1', '13717404089', 'Første'),
    patient('h2', '02013299997', 'Andre'),
    practitioner('kari', '999012345'),
  );
  await services.put('hospital', organization('org', '999000001', 'Fjordheim sykehus'), role('kari-role', 'kari', 'org'));
  await services.put('shared', patient('s1', '13717404089'), patient('s2', '02013299997'), practitioner('s-kari', '999012345'));
  browser = await startGuardedBrowser();
});
afterAll(async () => {
  await browser.close();
  app.closeAllConnections();
  app.close();
  await services.close();
});

it('launches an app of another site inside the record, with third-party cookies refused, and two patients in two tabs', async () => {
  const context = await browser.newContext();
  const first = await context.newPage();
  await first.goto(`${services.origin}/ehr/hospital/`);
  await first.getByRole('button', { name: /Kari Sykepleier/ }).click();
  await first.getByRole('link', { name: 'Ingrid Første' }).waitFor();
  const second = await context.newPage();
  await Promise.all([
    first.goto(`${services.origin}/ehr/hospital/patients/h1`),
    second.goto(`${services.origin}/ehr/hospital/patients/h2`),
  ]);
  const said = async (page: typeof first) => {
    const body = page.frameLocator('iframe').locator('body');
    await body.filter({ hasText: '{' }).waitFor();
    return JSON.parse((await body.textContent()) ?? '{}') as object;
  };
  expect(await said(first)).toEqual({ ehr: 'h1', shared: 's1', cookies: '' });
  expect(await said(second)).toEqual({ ehr: 'h2', shared: 's2', cookies: '' });
  const cookies = await context.cookies();
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(['hospital_form', 'hospital_session']);
  await context.close();
});

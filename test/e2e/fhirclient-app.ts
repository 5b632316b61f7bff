/**
 * An app as others write them: two pages with `fhirclient`, the common SMART library for browsers, on a site of its own.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

const LIBRARY = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('fhirclient/package.json')), 'build', 'fhir-client.min.js'),
  'utf8',
);
const CONTENT_TYPES = { page: 'text/html; charset=utf-8', script: 'text/javascript; charset=utf-8' };

const page = (script: string) => `<!doctype html><html lang="en"><title>app</title><body>
<script src="/fhir-client.js"></script><script type="module">
const say = (value) => { document.body.textContent = JSON.stringify(value); };
try { ${script} } catch (error) { say({ error: String(error) }); }
</script></body></html>`;

/** `iss` and `launch` are in the address; for a standalone launch only `iss`, which the library then takes from the options. */
const LAUNCH = page(`
  const iss = new URLSearchParams(location.search).get('iss');
  const inRecord = new URLSearchParams(location.search).has('launch');
  await FHIR.oauth2.authorize({
    iss, clientId: 'public-app', redirectUri: location.origin + '/app/', pkceMode: 'required',
    scope: (inRecord ? 'launch' : 'launch/patient') + ' openid fhirUser offline_access patient/*.rs user/Practitioner.rs',
  });
`);

const APP = page(`
  const client = await FHIR.oauth2.ready();
  const patient = await client.patient.read();
  const observations = await client.patient.request('Observation');
  const before = client.state.tokenResponse;
  await client.refresh();
  const after = client.state.tokenResponse;
  const again = await client.request('Patient/' + client.patient.id);
  const user = await client.user.read();
  say({
    patient: patient.name[0].family, again: again.name[0].family, user: client.user.fhirUser.split('/').slice(-2).join('/'),
    userName: user.name[0].family, observations: observations.entry.length,
    newAccessToken: before.access_token !== after.access_token, newRefreshToken: before.refresh_token !== after.refresh_token,
    context: { need_patient_banner: before.need_patient_banner, tenant: before.tenant },
  });
`);

export interface AppSite {
  readonly origin: string;
  readonly launchUrl: string;
  readonly redirectUri: string;
  close(): Promise<void>;
}

/** The site of the app, on a free port of 127.0.0.1. */
export async function openAppSite(): Promise<AppSite> {
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://app');
    const content = { '/launch.html': LAUNCH, '/app/': APP, '/fhir-client.js': LIBRARY }[pathname];
    res.setHeader('Content-Type', pathname.endsWith('.js') ? CONTENT_TYPES.script : CONTENT_TYPES.page);
    res.writeHead(content === undefined ? 404 : 200).end(content ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    launchUrl: `${origin}/launch.html`,
    redirectUri: `${origin}/app/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/**
 * Two sites, as in the real situation: the record system with its issuer and its FHIR API on `127.0.0.1`, the shared
 * service and its app on `localhost`. To a browser neither has anything to do with the other.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../server/app.ts';
import { fetchClientToken } from '../../server/auth/client-token.ts';
import { demoClientKey, demoSystemClients, sharedServiceAtEhr, sharedServiceCredentials } from '../../server/auth/demo-clients.ts';
import { PLAN_APP, planAppAtEhr } from '../../server/auth/plan-app.ts';
import { loadCore } from '../../server/composition/core.ts';
import { fhirBase } from '../../server/composition/fhir-base.ts';
import { createSharedService } from '../../server/composition/shared-service.ts';
import { readConfig } from '../../server/config.ts';
import { loadDemo, readDemoBundles } from '../../server/demo/load.ts';
import { createSimulatedEhr } from '../../server/ehr-simulator/simulated-ehr.ts';
import { createLog } from '../../server/http/log.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';

/** A page that tells what it may keep: what a server and a script set as cookies, and what it finds in storage. */
const PROBE = `<!doctype html><html lang="en"><title>probe</title><body><script>
document.cookie = 'script=1; SameSite=None; Secure';
const found = localStorage.getItem('mark');
localStorage.setItem('mark', 'left by ' + (top === window ? 'the site itself' : 'a frame'));
document.body.textContent = JSON.stringify({ cookies: document.cookie, found });
</script></body></html>`;

export interface Sites {
  /** `http://127.0.0.1:…`: pages of the record system. */
  readonly ehr: string;
  /** `http://localhost:…`: the shared service and the app. */
  readonly shared: string;
  /** Cookies that came with requests to the shared service. */
  readonly cookiesSent: readonly string[];
  close(): Promise<void>;
}

export async function openSites(): Promise<Sites> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-sites-'));
  const cookiesSent: string[] = [];
  const handlers: { ehr?: RequestListener; shared?: RequestListener } = {};
  const ehrHttp = await listening((req, res) => {
    if (req.url === '/probe') return page(res, `<!doctype html><title>frame</title><iframe src="${shared}/probe"></iframe>`);
    handlers.ehr?.(req, res);
  });
  const sharedHttp = await listening((req, res) => {
    if (req.url === '/probe') return page(res.setHeader('Set-Cookie', 'server=1; SameSite=None; Secure'), PROBE);
    if (req.headers.cookie !== undefined) cookiesSent.push(`${req.url} ${req.headers.cookie}`);
    handlers.shared?.(req, res);
  });
  const ehr = `http://127.0.0.1:${portOf(ehrHttp)}`;
  const shared = `http://localhost:${portOf(sharedHttp)}`;
  const core = loadCore();
  const log = createLog('silent', () => undefined);
  const databases = {
    hospital: await openSqliteStore({ file: join(folder, 'hospital.db') }),
    shared: await openSqliteStore({ file: join(folder, 'shared.db') }),
  };
  const systems = await demoSystemClients(folder, ['admin-system']);
  const simulated = await createSimulatedEhr({
    name: 'hospital',
    place: 'Fjordheim sykehus',
    baseUrl: `${ehr}/ehr/hospital`,
    store: databases.hospital.resources,
    state: databases.hospital.state,
    clients: [planAppAtEhr([`${shared}/app/`]), await sharedServiceAtEhr(folder), ...systems],
    appClientId: PLAN_APP,
    appLaunchUrl: `${shared}/app/launch.html`,
  });
  const service = await createSharedService({
    config: readConfig('serve', { FELLESPLAN_URL: shared, FELLESPLAN_DATA: folder, FELLESPLAN_LOG: 'silent' }),
    core,
    database: databases.shared,
    registered: {
      ehrs: [
        {
          name: 'Fjordheim sykehus',
          issuer: simulated.server.issuer,
          fhirBaseUrl: simulated.fhirBaseUrl,
          clientId: PLAN_APP,
          service: await sharedServiceCredentials(folder),
          frameOrigin: ehr,
        },
      ],
      clients: systems,
    },
    log,
  });
  const ehrBase = await fhirBase({
    core,
    database: databases.hospital,
    authorization: simulated.server,
    bodyLimitBytes: 10_000_000,
    writeValidation: 'off',
    corsOrigins: [shared],
    log,
  });
  const health = { ready: async () => undefined };
  handlers.ehr = buildApp({
    fhirBases: [{ path: '/ehr/hospital/fhir', endpoint: ehrBase }],
    routers: [{ path: '/ehr/hospital', handler: simulated.router }],
    health,
    log,
    https: false,
  });
  handlers.shared = buildApp({
    fhirBases: [{ path: '/fhir', endpoint: service.endpoint }],
    routers: [
      { path: '/auth', handler: (req, res, next) => void service.authorization.handler(req, res).catch(next) },
      { path: '/app', handler: service.app },
    ],
    health,
    log,
    https: false,
  });
  await fill(folder, `${ehr}/ehr/hospital`, await readDemoBundles('hospital'));
  const stories = await readDemoBundles('shared');
  await fill(folder, shared, [stories[0]!, ...stories.filter(({ id }) => /ingrid-solberg|astrid-moldskred/.test(id ?? ''))]);

  return {
    ehr,
    shared,
    cookiesSent,
    async close() {
      await Promise.all([closed(ehrHttp), closed(sharedHttp)]);
      await service.endpoint.services.audit?.close();
      await Promise.all(Object.values(databases).map((database) => database.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(folder: string, root: string, bundles: Awaited<ReturnType<typeof readDemoBundles>>): Promise<void> {
  const privateKey = await demoClientKey(folder, 'admin-system');
  const request = { tokenUrl: `${root}/auth/token`, clientId: 'admin-system', privateKey, scope: 'system/*.cruds' };
  const { accessToken } = await fetchClientToken(request);
  await loadDemo({ fhirBaseUrl: `${root}/fhir`, token: accessToken, bundles });
}

async function listening(handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function page(res: Parameters<RequestListener>[1], content: string): void {
  res.setHeader('Content-Type', 'text/html; charset=utf-8').end(content);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

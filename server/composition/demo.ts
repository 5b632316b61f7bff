/**
 * What demo mode adds: two simulated EHRs with databases of their own, demo clients, and the demo population, loaded
 * over HTTP as any client would.
 */
import { join } from 'node:path';
import { fetchClientToken } from '../auth/client-token.ts';
import type { ClientRegistration } from '../auth/clients.ts';
import {
  DEMO_SYSTEM_SCOPE,
  DEMO_SYSTEMS,
  demoClientKey,
  demoSystemClients,
  sharedServiceAtEhr,
  sharedServiceCredentials,
} from '../auth/demo-clients.ts';
import { PLAN_APP, planAppAtEhr } from '../auth/plan-app.ts';
import type { Config } from '../config.ts';
import { DEMO_BRANDS } from '../demo/brands.ts';
import { type DemoSet, loadDemo, readDemoBundles } from '../demo/load.ts';
import { createSimulatedEhr, type SimulatedEhr } from '../ehr-simulator/simulated-ehr.ts';
import { clientAddress } from '../http/client-address.ts';
import type { FhirEndpointOptions } from '../http/fhir-endpoint.ts';
import type { Log } from '../http/log.ts';
import type { Database } from '../store/database.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import type { Core } from './core.ts';
import { fhirBase } from './fhir-base.ts';
import { serveDatabase, storedIndexer } from './served-database.ts';
import { authorizationLog } from './shared-service.ts';
import type { RegisteredEhr } from './trusted-issuers.ts';

const PLACES = { hospital: 'Fjordheim sykehus', municipality: 'Solvik kommune' } as const;
/** The demo's systems act for these; the numbers are those of the demo's directory. */
const ORGANIZATION_NUMBERS = { 'hospital-system': '310043842', 'municipality-system': '310001376' } as const;
/** The record system of the municipality is that of its GP practice as well. */
const SPOKEN_FOR = { hospital: ['310043842'], municipality: ['310001376', '310020559'] } as const;
const EHR_CACHE_BYTES = 2 * 1024 * 1024;
const NAMES = ['hospital', 'municipality'] as const;
type EhrName = (typeof NAMES)[number];

interface DemoEhr {
  readonly name: EhrName;
  readonly path: string;
  readonly database: Database;
  readonly simulated: SimulatedEhr;
  readonly endpoint: FhirEndpointOptions;
}

/** Both EHRs, with their own databases beside the plans. */
export async function openDemoEhrs({ config, core, log }: { config: Config; core: Core; log: Log }): Promise<readonly DemoEhr[]> {
  return Promise.all(
    NAMES.map(async (name) => {
      const database = await openEhrDatabase(config, core, name);
      const simulated = await createSimulatedEhr({
        name,
        place: PLACES[name],
        baseUrl: `${config.publicUrl}/ehr/${name}`,
        store: database.resources,
        state: database.state,
        clients: [
          planAppAtEhr([`${config.publicUrl}/app/`]),
          await sharedServiceAtEhr(config.dataDir),
          ...(await demoSystemClients(config.dataDir, ['admin-system'])),
        ],
        appClientId: PLAN_APP,
        appLaunchUrl: `${config.publicUrl}/app/launch.html`,
        brands: DEMO_BRANDS[name],
        addressOf: clientAddress(config.trustProxy),
        log: authorizationLog(log),
      });
      const endpoint = await fhirBase({
        core,
        database,
        authorization: simulated.server,
        bodyLimitBytes: config.bodyLimitBytes,
        writeValidation: 'base',
        corsOrigins: [new URL(config.publicUrl).origin],
        log,
      });
      return { name, path: `/ehr/${name}`, database, simulated, endpoint };
    }),
  );
}

/** What an EHR holds is small, and indexed anew at once when this version indexes otherwise than the one before. */
async function openEhrDatabase(config: Config, core: Core, name: EhrName): Promise<Database> {
  const file = join(config.dataDir, `ehr-${name}.sqlite`);
  const database = await serveDatabase(await openSqliteStore({ file, cacheBytes: EHR_CACHE_BYTES }), core);
  if (database.index.staleCount() > 0) await database.reindex(storedIndexer(core, `${config.publicUrl}/ehr/${name}/fhir`));
  return database;
}

/** The demo systems as clients of the shared service. */
export function demoSystems(config: Config): Promise<readonly ClientRegistration[]> {
  return demoSystemClients(config.dataDir, DEMO_SYSTEMS, ORGANIZATION_NUMBERS);
}

/** The simulated EHRs as the shared service registers them. */
export async function registeredDemoEhrs(config: Config): Promise<readonly RegisteredEhr[]> {
  const service = await sharedServiceCredentials(config.dataDir);
  return NAMES.map((name) => ({
    name: PLACES[name],
    issuer: `${config.publicUrl}/ehr/${name}/auth`,
    fhirBaseUrl: `${config.publicUrl}/ehr/${name}/fhir`,
    clientId: PLAN_APP,
    organizationNumbers: SPOKEN_FOR[name],
    service,
    frameOrigin: new URL(config.publicUrl).origin,
  }));
}

/** Loads what is not there yet, and tells how far it has come. */
export async function loadDemoPopulation(config: Config, say: (line: string) => void): Promise<void> {
  const privateKey = await demoClientKey(config.dataDir, 'admin-system');
  const bases: Readonly<Record<DemoSet, string>> = { shared: '', hospital: '/ehr/hospital', municipality: '/ehr/municipality' };
  for (const set of Object.keys(bases) as DemoSet[]) {
    const root = config.publicUrl + bases[set];
    const { accessToken } = await fetchClientToken({
      tokenUrl: `${root}/auth/token`,
      clientId: 'admin-system',
      privateKey,
      scope: DEMO_SYSTEM_SCOPE,
    });
    let loaded = 0;
    await loadDemo({
      fhirBaseUrl: `${root}/fhir`,
      token: accessToken,
      bundles: await readDemoBundles(set),
      onProgress: ({ done, total, resources, skipped }) => {
        loaded += skipped ? 0 : resources;
        if (loaded > 0 && (done === total || done % 10 === 0)) say(`  ${set}: ${done} of ${total} Bundles, ${loaded} resources`);
      },
    });
  }
}

/**
 * The composition root: configuration → databases → core → services → app → listen → clean stop.
 */
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { buildApp } from './app.ts';
import type { NodeHandler } from './auth/node-handler.ts';
import { type Core, loadCore } from './composition/core.ts';
import { demoSystems, loadDemoPopulation, openDemoEhrs, registeredDemoEhrs } from './composition/demo.ts';
import { DEMO_IDENTITY_PATH, demoIdentityProvider, openDemoIdentityProvider } from './composition/demo-identity-provider.ts';
import { readIdentityProvider } from './composition/identity-provider.ts';
import { type ServedDatabase, serveDatabase, storedIndexer } from './composition/served-database.ts';
import { createSharedService, type SharedServiceOptions } from './composition/shared-service.ts';
import { readRegisteredEhrs } from './composition/trusted-issuers.ts';
import type { Config } from './config.ts';
import { GOOD_PAIRS } from './demo/good-pairs.ts';
import { listen } from './http/listen.ts';
import { createLog } from './http/log.ts';
import { frontPage } from './http/pages/front-page.ts';
import type { Database } from './store/database.ts';
import { openPostgresStore } from './store/postgres/open.ts';
import { openSqliteStore } from './store/sqlite/open.ts';

export interface Running {
  readonly url: string;
  /** Takes no new connections, finishes open requests, closes the databases. */
  stop(): Promise<void>;
}

const GRACE_MS = 10_000;

/**
 * Starts the service and resolves when it is ready: it listens and, in demo mode, the demo population is there.
 * @throws Error when a database cannot be opened, the port is taken, or the demo population is refused.
 */
export async function start(config: Config, say: (line: string) => void): Promise<Running> {
  const log = createLog(config.logLevel, (line) => process.stderr.write(`${line}\n`));
  const demo = config.mode === 'demo';
  const opened = await openDatabase(config);
  const core = loadCore(config.dataDir);
  const database = await serveDatabase(opened, core);
  await tellOfIndex(config, core, database, say);
  const demoEhrs = demo ? await openDemoEhrs({ config, core, log }) : [];
  const shared = await createSharedService({
    config,
    core,
    database,
    ehrs: demo
      ? await registeredDemoEhrs(config)
      : config.trustedIssuersFile === undefined
        ? []
        : await readRegisteredEhrs(config.trustedIssuersFile),
    clients: demo ? await demoSystems(config) : [],
    ...(await identityProviderOf(config)),
    log,
  });
  const identityProvider = demo ? await openDemoIdentityProvider(config, database) : undefined;
  let ready = false;
  const databases = [database, ...demoEhrs.map((ehr) => ehr.database)];
  const app = buildApp({
    fhirBases: [
      { path: '/fhir', endpoint: shared.endpoint },
      ...demoEhrs.map(({ path, endpoint }) => ({ path: `${path}/fhir`, endpoint })),
    ],
    routers: [
      { path: '/auth', handler: nodeRouter(shared.authorization.handler) },
      ...demoEhrs.map(({ path, simulated }) => ({ path, handler: simulated.router })),
      ...(identityProvider === undefined ? [] : [{ path: DEMO_IDENTITY_PATH, handler: nodeRouter(identityProvider) }]),
      { path: '/app', handler: shared.app },
      { path: '/', handler: frontPage({ simulators: demo, publicUrl: config.publicUrl, pairs: GOOD_PAIRS }) },
    ],
    health: {
      ready: async () => {
        if (!ready) throw new Error('starting or stopping');
        await Promise.all(databases.map(({ resources }) => resources.ping()));
      },
    },
    log,
    https: config.publicUrl.startsWith('https:'),
  });
  const listening = await listen(app, { host: config.host, port: config.port });
  const stop = async () => {
    ready = false;
    await listening.stop(GRACE_MS);
    await shared.endpoint.services.audit?.close();
    await Promise.all(databases.map((each) => each.close()));
  };
  if (demo) {
    try {
      await loadDemoPopulation(config, say);
    } catch (error) {
      await stop();
      throw error;
    }
  }
  ready = true;
  return { url: config.publicUrl, stop };
}

function nodeRouter(handler: NodeHandler): RequestHandler {
  return (request, response, next) => void handler(request, response).catch(next);
}

/** Where users sign in, if anywhere: the simulated provider in demo mode, else the one that the configuration names. */
async function identityProviderOf(config: Config): Promise<Pick<SharedServiceOptions, 'identityProvider'>> {
  if (config.mode === 'demo') return { identityProvider: await demoIdentityProvider(config) };
  const { identityProviderFile } = config;
  return identityProviderFile === undefined ? {} : { identityProvider: await readIdentityProvider(identityProviderFile) };
}

/** After a change of search parameters the demo makes its index anew by itself; an operator decides when. */
async function tellOfIndex(config: Config, core: Core, database: ServedDatabase, say: (line: string) => void): Promise<void> {
  const count = database.index.staleCount();
  if (count === 0) return;
  say(`  ${count} search parameters are new or changed, and out of use until \`fellesplan reindex\` has been through`);
  if (config.mode === 'demo') await database.reindex(storedIndexer(core, `${config.publicUrl}/fhir`));
}

/** The database that the configuration names. */
export function openDatabase(config: Config): Promise<Database> {
  if (config.databaseUrl !== undefined) return openPostgresStore({ url: config.databaseUrl });
  return openSqliteStore({ file: join(config.dataDir, 'fellesplan.sqlite') });
}

/**
 * The composition root: configuration → databases → core → services → app → listen → clean stop.
 */
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { buildApp } from './app.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { type Core, loadCore } from './composition/core.ts';
import { refuseDemoData } from './composition/demo-data.ts';
import { naming, ofListening } from './composition/named-fault.ts';
import { checkedCertificate, startReloader } from './composition/reload.ts';
import { type ServedDatabase, serveDatabase, storedIndexer } from './composition/served-database.ts';
import { BRANDS_PATH, createSharedService, type SharedService } from './composition/shared-service.ts';
import { moveStaffNumbers } from './composition/staff-numbers/move-out.ts';
import { registeredSurroundings, type Surroundings } from './composition/surroundings.ts';
import { type Config, isLoopback } from './config.ts';
import { cameInClear } from './http/client-address.ts';
import { httpsOnly } from './http/front-door.ts';
import { type Listening, listen } from './http/listen.ts';
import { createLog, type Log } from './http/log.ts';
import { metricsListener } from './http/metrics.ts';
import { nodeRouter } from './http/node-router.ts';
import { frontPage } from './http/pages/front-page.ts';
import { ORDER_DIGEST } from './search/index-digest.ts';
import type { Database } from './store/database.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import { serveAlone } from './store/sqlite/sole-server.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

export interface Running {
  readonly url: string;
  /** Reads certificate, clients and trusted issuers anew; what cannot be used is told in the log, and nothing changes. */
  reload(): void;
  /** Takes no new connections, finishes open requests, closes the databases. */
  stop(): Promise<void>;
}

const GRACE_MS = 10_000;

/**
 * Starts the service and resolves when it is ready: it listens and, in demo mode, the demo population is there.
 * @throws Error when a file of the configuration cannot be used, a database cannot be opened, is served by another
 * process (SQLite) or (in production) holds the demo's people, the port is taken, or the demo population is refused.
 */
export async function start(config: Config, say: (line: string) => void): Promise<Running> {
  const opened = new AsyncDisposableStack();
  try {
    return await startWith(opened, config, say);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** `opened` gets what is to be closed, in the order in which it was opened. */
async function startWith(opened: AsyncDisposableStack, config: Config, say: (line: string) => void): Promise<Running> {
  const log = createLog(config.logLevel, (line) => process.stderr.write(`${line}\n`));
  if (config.databaseUrl === undefined) opened.defer(await naming('FELLESPLAN_DATA', () => serveAlone(config.dataDir)));
  const core = loadCore(config.dataDir);
  const stored = await openDatabase(config);
  const database = await serveDatabase(stored, core);
  opened.defer(() => database.close());
  await takeStaffNumbersOut(config, core, stored, say);
  await tellOfIndex(config, core, database, say);
  const surroundings = await surroundingsOf({ config, core, database, log });
  for (const each of surroundings.databases) opened.defer(() => each.close());
  const telemetry = await telemetryOf(config, surroundings, () => shared?.endpoint.services.audit);
  const served = telemetry === undefined ? database : { ...database, resources: telemetry.store.measured(database.resources) };
  const shared: SharedService | undefined = await createSharedService({ ...surroundings, config, core, database: served, log });
  opened.defer(() => shared.endpoint.services.audit?.close());
  opened.defer(() => telemetry?.close());
  let ready = false;
  const app = buildApp({
    fhirBases: [{ path: '/fhir', endpoint: shared.endpoint }, ...surroundings.fhirBases],
    routers: [
      { path: '/auth', handler: nodeRouter(shared.authorization.handler) },
      ...surroundings.routers,
      { path: '/app', handler: shared.app },
      { path: BRANDS_PATH, handler: nodeRouter(shared.brands) },
      {
        path: '/',
        handler: frontPage({
          simulators: config.mode === 'demo',
          publicUrl: config.publicUrl,
          pairs: surroundings.pairs,
          signIn: surroundings.identityProvider !== undefined,
        }),
      },
    ],
    health: {
      ready: async () => {
        if (!ready) throw new Error('starting or stopping');
        await Promise.all([database, ...surroundings.databases].map(({ resources }) => resources.ping()));
      },
    },
    log,
    // A browser would hold every other service on the demo's machine to it, for a year.
    https: config.publicUrl.startsWith('https:') && config.mode !== 'demo',
  });
  const metrics = await listenForMetrics(telemetry, config, log);
  opened.defer(() => metrics?.stop(0));
  const listening = await listenFor(withMetrics(telemetry?.requests.measured(app) ?? app, telemetry, config), config, log);
  opened.defer(() => listening.stop(GRACE_MS));
  const reloader = startReloader({ config, definitions: core.definitions, log, ...shared, ...listening });
  opened.defer(() => reloader.stop());
  await surroundings.load(say);
  ready = true;
  return {
    url: config.publicUrl,
    reload: () => void reloader.reload(),
    stop() {
      ready = false;
      return opened.disposeAsync();
    },
  };
}

/** The simulated systems are loaded in demo mode only, and the demo's people are not served in production. */
async function surroundingsOf(of: { config: Config; core: Core; database: Database; log: Log }): Promise<Surroundings> {
  const { config, core, database } = of;
  if (config.mode === 'demo') return (await import('./composition/demo-mode.ts')).openDemo(of);
  if (config.production) await refuseDemoData(database);
  return registeredSurroundings(config, core.definitions);
}

/** Measuring is for those who read it: without an address for the metrics nothing is counted, nor loaded. */
async function telemetryOf(config: Config, { fhirBases }: Surroundings, log: () => AuditLog | undefined): Promise<Telemetry | undefined> {
  if (config.metrics === undefined) return undefined;
  const { createTelemetry } = await import('./telemetry/telemetry.ts');
  return createTelemetry({
    system: config.databaseUrl === undefined ? 'sqlite' : 'postgresql',
    scheme: config.publicUrl.startsWith('https:') ? 'https' : 'http',
    fhirBases: ['/fhir', ...fhirBases.map(({ path }) => path)],
    unsealed: () => log()?.waiting() ?? 0,
    damaged: () => log()?.damaged() ?? 0,
  });
}

/** On a loopback address in clear, elsewhere with the certificate of the service, if it has one. */
async function listenForMetrics(telemetry: Telemetry | undefined, config: Config, log: Log): Promise<Listening | undefined> {
  if (telemetry === undefined || config.metrics?.place === undefined) return undefined;
  const { place, token } = config.metrics;
  const { host, port } = place;
  const certificate = config.tls === undefined || isLoopback(host) ? {} : { certificate: await checkedCertificate(config.tls, log) };
  return naming('FELLESPLAN_METRICS_LISTEN', () => listen(metricsListener(telemetry.text, token), { host, port, ...certificate }));
}

/** Where only a token was given, whoever knows it reads `/metrics` where the service is. */
function withMetrics(app: RequestListener, telemetry: Telemetry | undefined, { metrics }: Config): RequestListener {
  if (telemetry === undefined || metrics === undefined || metrics.place !== undefined) return app;
  const told = metricsListener(telemetry.text, metrics.token);
  return (request, response) => ((request.url ?? '').split('?', 1)[0] === '/metrics' ? told : app)(request, response);
}

async function listenFor(app: RequestListener, config: Config, log: Log): Promise<Listening> {
  const { host, port, connectionsMax, tls, trustProxy } = config;
  const behindProxy = trustProxy.length > 0 && config.publicUrl.startsWith('https:');
  const handler = behindProxy ? httpsOnly(app, cameInClear(trustProxy)) : app;
  const certificate = tls === undefined ? {} : { certificate: await checkedCertificate(tls, log) };
  return naming(ofListening, () => listen(handler, { host, port, connectionsMax, ...certificate }));
}

/** What an earlier version has stored is put right before anybody is answered. */
async function takeStaffNumbersOut(config: Config, core: Core, database: Database, say: (line: string) => void): Promise<void> {
  const index = storedIndexer(core, `${config.publicUrl}/fhir`);
  const count = await moveStaffNumbers({ database, definitions: core.definitions, index });
  if (count > 0) say(`  National identity numbers of staff were taken out of ${count} resources`);
}

/** After a change of search parameters the demo makes its index anew by itself; an operator decides when. */
async function tellOfIndex(config: Config, core: Core, database: ServedDatabase, say: (line: string) => void): Promise<void> {
  const isInOldOrder = database.index.isStale(ORDER_DIGEST);
  const count = database.index.staleCount() - (isInOldOrder ? 1 : 0);
  if (count === 0 && !isInOldOrder) return;
  if (count > 0) say(`  ${count} search parameters are new or changed, and out of use until \`fellesplan reindex\` has been through`);
  if (isInOldOrder) say('  Texts are sorted as by an earlier version, æ, ø and å as a and o, until `fellesplan reindex` has been through');
  if (config.mode === 'demo') await database.reindex(storedIndexer(core, `${config.publicUrl}/fhir`));
}

/**
 * The database that the configuration names; what speaks with PostgreSQL is loaded when it is the one.
 * @throws Error naming the variable and why it cannot be opened.
 */
export async function openDatabase(config: Config): Promise<Database> {
  const { databaseUrl, searchTimeoutSeconds: seconds } = config;
  const searches = seconds === undefined ? {} : { searchTimeoutMs: seconds * 1000 };
  if (databaseUrl !== undefined) {
    const { openPostgresStore } = await import('./store/postgres/open.ts');
    return naming('DATABASE_URL', () => openPostgresStore({ url: databaseUrl, ...searches }));
  }
  return naming('FELLESPLAN_DATA', () => openSqliteStore({ file: join(config.dataDir, 'fellesplan.sqlite'), ...searches }));
}

/**
 * Reads `DATABASE_URL` as the database that it names would be opened by; the database is not asked.
 * @throws Error naming the variable and what in it cannot be meant.
 */
export async function checkDatabaseUrl({ databaseUrl }: Config): Promise<void> {
  if (databaseUrl === undefined) return;
  const { readDatabaseUrl } = await import('./store/postgres/database-url.ts');
  readDatabaseUrl(databaseUrl);
}

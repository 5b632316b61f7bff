/**
 * The service with or without its access log, so that the cost of the log can be measured: the parts and their order are
 * those of `server/main.ts`, and without the log nothing of it is gathered either. The product has no such choice. Started as a process of its own: `node access-log-service.ts with|without`; prints `ready`.
 */
import { buildApp } from '../../server/app.ts';
import { collectStart, keepHeapSmall } from '../../server/commands/heap.ts';
import { loadCore } from '../../server/composition/core.ts';
import { serveDatabase } from '../../server/composition/served-database.ts';
import { createSharedService } from '../../server/composition/shared-service.ts';
import { registeredSurroundings } from '../../server/composition/surroundings.ts';
import { readConfig } from '../../server/config.ts';
import { listen } from '../../server/http/listen.ts';
import { createLog } from '../../server/http/log.ts';
import { nodeRouter } from '../../server/http/node-router.ts';
import { openDatabase } from '../../server/main.ts';

keepHeapSmall();
const config = readConfig('serve');
const log = createLog(config.logLevel, (line) => process.stderr.write(`${line}\n`));
const core = loadCore(config.dataDir);
const database = await serveDatabase(await openDatabase(config), core);
const surroundings = await registeredSurroundings(config, core.definitions);
const { endpoint, authorization } = await createSharedService({ ...surroundings, config, core, database, log });
const { audit, ...withoutLog } = endpoint.services;
if (audit === undefined) throw new Error('The shared service has no access log');
const isLogged = process.argv[2] === 'with';
if (!isLogged) await audit.close();
const app = buildApp({
  fhirBases: [{ path: '/fhir', endpoint: { ...endpoint, services: isLogged ? endpoint.services : withoutLog } }],
  routers: [{ path: '/auth', handler: nodeRouter(authorization.handler) }],
  health: { ready: () => database.resources.ping() },
  log,
  https: false,
});
const listening = await listen(app, { host: config.host, port: config.port, connectionsMax: config.connectionsMax });
collectStart();
process.on('SIGTERM', async () => {
  await listening.stop(0);
  if (isLogged) await audit.close();
  await database.close();
  process.exit(0);
});
process.stdout.write('ready\n');

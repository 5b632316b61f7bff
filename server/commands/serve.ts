/**
 * `fellesplan serve` and `fellesplan demo`: start the service and stop it cleanly at a signal.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TOKEN_COMMAND } from '../auth/token-command.ts';
import { APP_FOLDER } from '../composition/shared-service.ts';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { createLog, faultFields } from '../http/log.ts';
import { SOFTWARE } from '../interactions/software.ts';
import { type Running, start } from '../main.ts';
import { collectStart, keepHeapSmall } from './heap.ts';
import { runtimeWarnings } from './runtime.ts';
import { isFirstWorker, isWorker, serveAsWorker, startWorkers } from './workers.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Starts the service, in `workers` processes when more than one; resolves when it is ready, and it runs on.
 * @throws ConfigError for variables that cannot be used, and what `start` throws.
 */
export async function serve(mode: 'demo' | 'serve', workers = 1): Promise<void> {
  const config = readConfig(mode);
  const log = createLog(config.logLevel, (line) => process.stderr.write(`${line}\n`));
  // Whoever reads the log may go; the service goes on without.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  // What nobody has waited for may have left anything half done: the process ends, and a new one begins from the disk.
  process.once('uncaughtException', (error) => {
    log.error({ event: 'ended', ...faultFields(error) });
    process.exit(1);
  });
  if (isWorker()) {
    const sayOnce = isFirstWorker() ? say : () => undefined;
    return serveAsWorker(async () => {
      const running = await startInLittle(config, sayOnce);
      return { stop: stopOnce(running.stop), reload: running.reload };
    });
  }
  if (workers > 1 && config.databaseUrl === undefined) {
    throw new ConfigError(['--workers: several processes share a PostgreSQL database; set DATABASE_URL']);
  }
  const unbuilt = existsSync(join(APP_FOLDER, 'launch.html')) ? [] : ['the app is not built, and /app is not found: npm run app:build'];
  // The demo runs on what npm brings.
  const runtime = config.mode === 'serve' ? runtimeWarnings(process.versions.node) : [];
  for (const warning of [...config.warnings, ...unbuilt, ...runtime]) process.stderr.write(`fellesplan: ${warning}\n`);
  // Nothing is open yet. The first process of a container ends at no signal that it does not ask for.
  let stop = (): void => process.exit(0);
  // What it would read anew is about to be read.
  let reload = (): void => undefined;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      log.info({ event: 'stopping', signal });
      stop();
    });
  }
  // The demo belongs to the terminal it was started in, and ends with it.
  process.on('SIGHUP', () => (config.mode === 'demo' ? stop() : reload()));
  // Said when signals are heard: whoever reads it may send one at once.
  say(config.mode === 'demo' ? 'Starting Fellesplan in demo mode …' : 'Starting Fellesplan …');
  const obey = (running: Pick<Running, 'stop' | 'reload'>): void => {
    stop = stopOnce(running.stop);
    reload = running.reload;
  };
  if (workers > 1) await startWorkers(workers, log, obey);
  else obey(await startInLittle(config, say));
  const store = config.databaseUrl === undefined ? 'SQLite' : 'PostgreSQL';
  log.info({ event: 'started', version: SOFTWARE.version, node: process.versions.node, url: config.publicUrl, store, workers });
  say(config.mode === 'demo' ? welcome(config) : `Ready: ${config.publicUrl}/fhir`);
}

/** Starts the service in this process, with little memory beyond what it needs. */
async function startInLittle(config: Config, say: (line: string) => void): Promise<Running> {
  keepHeapSmall();
  const running = await start(config, say);
  collectStart();
  return running;
}

/** Ends the process when `stop` has; at the second call without waiting for open requests. */
function stopOnce(stop: () => Promise<void>): () => void {
  let stopping = false;
  return () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`fellesplan: ${(error as Error).message}\n`);
        process.exit(1);
      },
    );
  };
}

function welcome({ publicUrl: url, port, dataDir }: Config): string {
  // The command finds this demo by the same variables.
  const own = [port === 8080 ? '' : `PORT=${port} `, dataDir === resolve('data') ? '' : `FELLESPLAN_DATA=${dataDir} `];
  return `
Ready. Open one of these in a browser:
  ${url}/                   front page
  ${url}/ehr/hospital       the hospital's EHR
  ${url}/ehr/municipality   the municipality's EHR
  ${url}/fhir/metadata      what the FHIR API can do
A token for curl:  ${own.join('')}${TOKEN_COMMAND} municipality-system
Stop with Ctrl-C; the data are kept.`;
}

/**
 * Runs the service in two workers that are watched with little patience, and that can be made to hang: SIGUSR2 for good,
 * SIGWINCH for a second.
 */
import { isWorker, serveAsWorker, startWorkers } from '../../server/commands/workers.ts';
import { readConfig } from '../../server/config.ts';
import { createLog } from '../../server/http/log.ts';
import { start } from '../../server/main.ts';

const WATCH = { askEachMs: 100, silentMs: 5_000 };
const BUSY_MS = 1_000;

function busyFor(ms: number): void {
  for (const untilMs = Date.now() + ms; Date.now() < untilMs; );
}

if (isWorker()) {
  process.on('SIGUSR2', () => busyFor(Number.POSITIVE_INFINITY));
  process.on('SIGWINCH', () => busyFor(BUSY_MS));
  await serveAsWorker(async () => {
    const running = await start(readConfig('serve'), () => undefined);
    return { stop: () => void running.stop().then(() => process.exit(0)), reload: running.reload };
  });
} else {
  const log = createLog('error', (line) => process.stderr.write(`${line}\n`));
  const workers = await startWorkers(2, log, undefined, WATCH);
  process.once('SIGTERM', () => void workers.stop().then(() => process.exit(0)));
  process.stdout.write('Ready\n');
}

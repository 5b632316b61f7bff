/** The worker of write-ahead-log.ts: moves what stands in the log into the database file, as far as nobody is in the way. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const database = new DatabaseSync(workerData as string);
database.exec('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -256;');
parentPort?.on('message', () => {
  database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  parentPort?.postMessage('moved');
});

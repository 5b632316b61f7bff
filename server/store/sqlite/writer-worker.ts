/** The thread of writer.ts: the one connection that writes. */
import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.ts';
import { GroupWriter } from './group-writer.ts';
import { WriteAheadLog } from './write-ahead-log.ts';
import type { WriterAnswer, WriterCall, WriterStart } from './writer.ts';

const { file, cacheBytes, epoch } = workerData as WriterStart;
const connection = new Connection(file, { cacheBytes, searchTimeoutMs: Number.POSITIVE_INFINITY });
const writer = new GroupWriter(connection, epoch);
const log = new WriteAheadLog(file);
const answer = (what: WriterAnswer): void => parentPort?.postMessage(what);

parentPort?.on('message', (call: WriterCall) => {
  const { number } = call;
  carryOut(call).then(
    (done) => answer({ number, ...done }),
    (error: unknown) => answer({ number, error: error instanceof Error ? error : new Error(String(error)) }),
  );
});
answer({ number: 0 });

/** Runs up to the commit before it first waits, so that calls are carried out one after the other. */
async function carryOut(call: WriterCall): Promise<Omit<WriterAnswer, 'number'>> {
  if (call.do === 'hold') return { epoch: writer.hold() };
  if (call.do === 'close') {
    connection.close();
    await log.close();
    return {};
  }
  const outcome = writer.commit(call.group);
  await log.sync();
  return { outcome };
}

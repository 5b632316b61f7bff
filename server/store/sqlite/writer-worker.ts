/** The thread of writer.ts: the one connection that writes. */
import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.ts';
import { GroupWriter } from './group-writer.ts';
import { unpacked } from './packed-group.ts';
import { WriteAheadLog } from './write-ahead-log.ts';
import type { WriterAnswer, WriterCall, WriterStart } from './writer.ts';

const { file, cacheBytes, epoch } = workerData as WriterStart;
const connection = new Connection(file, { cacheBytes, searchTimeoutMs: Number.POSITIVE_INFINITY });
const writer = new GroupWriter(connection, epoch);
const log = new WriteAheadLog(file);
const answer = (what: WriterAnswer): void => parentPort?.postMessage(what);

parentPort?.on('message', async (call: WriterCall) => {
  const { number } = call;
  try {
    answer({ number, ...(await carryOut(call)) });
  } catch (error) {
    answer({ number, error: error instanceof Error ? error : new Error(String(error)) });
  }
});
answer({ number: 0 });

async function carryOut(call: WriterCall): Promise<Omit<WriterAnswer, 'number'>> {
  switch (call.do) {
    case 'hold':
      return { epoch: writer.hold() };
    case 'commit': {
      const outcome = writer.commit(unpacked(call.group));
      // The next group is written while this one is synced.
      await log.sync();
      return { outcome };
    }
    case 'close':
      connection.close();
      await log.close();
      return {};
  }
}

/**
 * One server process of a soak: `node --expose-gc test/soak/server-process.ts <file or URL>`. It tells its parent where it
 * listens, and how much memory is in use when asked.
 */
import { randomUUID } from 'node:crypto';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { startTestServer } from '../support/test-server.ts';

const [place = ''] = process.argv.slice(2);
const { resources, state } = place.startsWith('postgres:')
  ? await openPostgresStore({ url: place })
  : await openSqliteStore({ file: place });
const { url } = await startTestServer({ store: resources, services: { state, nowMs: Date.now, newId: randomUUID } });

process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed, rssBytes: process.memoryUsage().rss });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url });

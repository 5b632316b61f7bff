/**
 * A process that writes until it is killed: `node test/store/writer.ts <file or URL> <name>`. It prints a line for each
 * write after it has been acknowledged: `Type/id version`.
 */
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { version } from './version.ts';

const [place = '', name = 'w'] = process.argv.slice(2);
const { resources } = place.startsWith('postgres:') ? await openPostgresStore({ url: place }) : await openSqliteStore({ file: place });

/** Updates one resource again and again, and creates another one each time, in the same transaction. */
async function writeOn(id: string): Promise<never> {
  for (;;) {
    const written = await resources.transact({
      lookups: { versions: [{ type: 'Task', id }] },
      build: (found) => {
        const next = (found.version('Task', id)?.versionId ?? 0) + 1;
        const writes = [version('Task', id, next), version('Goal', `${id}-${next}`, 1)];
        return { writes, result: writes };
      },
    });
    process.stdout.write(written.map((write) => `${write.type}/${write.id} ${write.versionId}\n`).join(''));
  }
}

await Promise.all(Array.from({ length: 200 }, (_, n) => writeOn(`${name}-${n}`)));

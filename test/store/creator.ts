/**
 * A process of several that create the same resources on condition that there is none:
 * `node test/store/creator.ts <URL> <name> <identifiers> <clients>`. It prints `created <identifier>` for each that it made.
 */
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { version } from './version.ts';

const [url = '', name = '', identifiers = '1', clients = '1'] = process.argv.slice(2);
const { resources, close } = await openPostgresStore({ url });

async function create(identifier: string, client: number): Promise<boolean> {
  return resources.transact({
    lookups: {
      searches: [
        {
          types: ['Patient'],
          where: { op: 'match', param: 'identifier', test: { kind: 'token', system: 'urn:x', code: identifier } },
          sort: [],
          limit: 2,
          total: 'none',
        },
      ],
    },
    build: ({ searches }) => {
      const exists = (searches[0]?.matches.length ?? 0) > 0;
      const index = [{ kind: 'token' as const, param: 'identifier', system: 'urn:x', code: identifier }];
      return { writes: exists ? [] : [version('Patient', `${name}-${client}-${identifier}`, 1, index)], result: !exists };
    },
  });
}

for (let n = 0; n < Number(identifiers); n += 1) {
  const created = await Promise.all(Array.from({ length: Number(clients) }, (_, client) => create(`${n}`, client)));
  for (const made of created) if (made) process.stdout.write(`created ${n}\n`);
}
await close();

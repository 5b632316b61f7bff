/**
 * A process that writes about many people and tells of it in the access log, to be killed: `node teller.ts <folder> <settle>`
 * with `settle` when the log is to be brought up to date again and again meanwhile. It prints `<number>` of each write when
 * that has been acknowledged, and `settled` each time.
 */
import { join } from 'node:path';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInFiles } from '../../server/audit/journal-file.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { version } from '../store/version.ts';

const [folder = '', settle] = process.argv.slice(2);
const { resources, state } = await openSqliteStore({ file: join(folder, 'killed.db'), threadAfterGroups: 10 });
const log = openAuditLog({
  store: resources,
  journal: journalInFiles(join(folder, 'access-log'), journalInTable(state, Date.now, { isAlone: true })),
  index: indexer,
  nowMs: Date.now,
  reportFault: (error) => {
    throw error;
  },
});

const CLIENTS = 16;
const PEOPLE = 100;
let number = 0;

async function client(): Promise<void> {
  for (;;) {
    number += 1;
    const id = `w${number}`;
    const record = {
      atMs: Date.now(),
      caller: { clientId: 'app', purpose: 'COC' },
      interaction: 'create',
      action: 'C',
      outcome: '0',
      what: `Task/${id}/_history/1`,
      patients: [`p${number % PEOPLE}`],
      requestId: `r-${id}`,
    } as const;
    await log.transact(resources, { lookups: {}, build: () => ({ writes: [version('Task', id, 1)], result: undefined }) }, () => [record]);
    process.stdout.write(`${id}\n`);
  }
}

for (let each = 0; each < CLIENTS; each += 1) void client();
while (settle === 'settle') {
  await log.settle();
  process.stdout.write('settled\n');
}

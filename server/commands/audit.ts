/**
 * `fellesplan audit`: whether the access log is whole, and the log as a file for those who have to look into it.
 */
import type { Command } from 'commander';
import { addAuditDamaged } from './audit-damaged.ts';
import { addAuditExport } from './audit-export.ts';
import { verifyExported } from './audit-verify-file.ts';
import { counted } from './counted.ts';

const HEAD = /^(\d{1,12}):([0-9a-f]{64})$/;

interface VerifyOptions {
  readonly head?: string;
  readonly file?: string;
  readonly offline?: boolean;
}

const EXITS = '\nExits 0 when the log, or file, is whole, 1 when it is not, 2 when that could not be found out.';

/** Adds the commands. They set the exit code: 0 the log is whole, or exported; 1 it is not (or refused); 2 could not run. */
export function addAuditCommand(program: Command): void {
  const audit = program.command('audit').description('the access log');
  audit
    .command('verify')
    .description('check that no line of the access log was changed, removed or slipped in; tells the newest seal, to be noted elsewhere')
    .option('--head <number:fingerprint>', 'a seal that was noted before: it must still be there')
    .option('--file <file>', 'check a file that was exported as ndjson instead, its seals against those of the service')
    .option('--offline', 'with --file: check the file by itself and --head, without a database')
    .addHelpText('after', EXITS)
    .action(verify);
  addAuditExport(audit);
  addAuditDamaged(audit);
}

async function verify({ head, file, offline = false }: VerifyOptions): Promise<void> {
  const { Refusal, withRefusals, withStore } = await import('./open-store.ts');
  const { verifyAuditLog } = await import('../audit/verify.ts');
  const { damagedPlaces } = await import('../audit/damaged.ts');
  const match = head === undefined ? undefined : HEAD.exec(head);
  const noted = match == null ? undefined : { number: Number(match[1]), fingerprint: match[2]! };
  await withRefusals(async () => {
    if (match === null) throw new Error('--head is a number, a colon and 64 hexadecimal digits, as a verification tells it');
    if (file === undefined && offline) throw new Error('--offline is for a file that was exported: --file');
    if (file !== undefined && offline) return verifyExported(file, noted === undefined ? {} : { noted });
    await withStore(true, async ({ database, journalFolder: folder, place }) => {
      if (file !== undefined) {
        const sealOfService = async (id: string) => (await database.resources.read('AuditEvent', id))?.json ?? undefined;
        return verifyExported(file, { sealOfService, ...(noted === undefined ? {} : { noted }) });
      }
      const result = await verifyAuditLog(database.resources, noted);
      const damaged = await damagedPlaces({ state: database.state, folder });
      const problems = [...result.problems, ...damaged.map((each) => `${each} holds accesses that could not be read`)];
      for (const problem of problems) process.stdout.write(`${problem}\n`);
      const newest = result.head === undefined ? 'none' : `${result.head.number}:${result.head.fingerprint}`;
      process.stdout.write(`${place}: ${counted(result.events, 'event')}, ${result.notYetSealed} not yet sealed; newest seal ${newest}\n`);
      if (problems.length > 0) throw new Refusal('the access log is not whole');
    });
  });
}

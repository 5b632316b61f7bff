/**
 * `fellesplan audit verify`: whether the access log is whole, while servers go on reading and writing.
 */
import type { Command } from 'commander';

const HEAD = /^(\d{1,12}):([0-9a-f]{64})$/;

/** Adds the command. It sets the exit code: 0 the log is whole, 1 it is not (or refused), 2 could not run. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('the access log')
    .command('verify')
    .description('check that no line of the access log was changed, removed or slipped in; tells the newest seal, to be noted elsewhere')
    .option('--head <number:fingerprint>', 'a seal that was noted before: it must still be there')
    .action(verify);
}

async function verify({ head }: { head?: string }): Promise<void> {
  const { Refusal, withStore } = await import('./open-store.ts');
  const { verifyAuditLog } = await import('../audit/verify.ts');
  await withStore(true, async ({ database, place }) => {
    const match = head === undefined ? undefined : HEAD.exec(head);
    if (match === null) throw new Refusal('--head is a number, a colon and 64 hexadecimal digits, as a verification tells it');
    const noted = match === undefined ? undefined : { number: Number(match[1]), fingerprint: match[2]! };
    const result = await verifyAuditLog(database.resources, noted);
    for (const problem of result.problems) process.stdout.write(`${problem}\n`);
    const newest = result.head === undefined ? 'none' : `${result.head.number}:${result.head.fingerprint}`;
    process.stdout.write(`${place}: ${result.events} events, ${result.notYetSealed} not yet sealed; newest seal ${newest}\n`);
    if (result.problems.length > 0) throw new Refusal('the access log is not whole');
  });
}

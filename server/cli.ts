#!/usr/bin/env node
/**
 * The `fellesplan` command. What a command needs is loaded when it is the one asked for.
 */
import { Command, InvalidArgumentError } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { addBackupCommand } from './commands/backup.ts';
import { addCheckCommand } from './commands/check.ts';
import { addClientsCommand } from './commands/clients.ts';
import { addConformanceCommand } from './commands/conformance/conformance-command.ts';
import { addImportTerminologyCommand } from './commands/import-terminology-command.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addProfilesCommand } from './commands/profiles.ts';
import { addReindexCommand } from './commands/reindex.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addValidateCommand } from './commands/validate/validate-command.ts';
import { ConfigError } from './config.ts';
import { SOFTWARE } from './interactions/software.ts';

const COULD_NOT_RUN = 2;
/** Commands that serve on, whatever becomes of what they print. */
const LASTING: readonly string[] = ['serve', 'demo'];
const WORKERS = 'processes that share the port (they need a PostgreSQL database); one that ends or hangs is replaced';
const program = new Command('fellesplan')
  .description('One shared plan for people who need many services at once.')
  .version(SOFTWARE.version)
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT_RUN));

program
  .command('demo')
  .description('start the service with simulated EHRs, demo clients and a synthetic population')
  .option('--workers <count>', WORKERS, wholeNumber, 1)
  .action(async ({ workers }: { workers: number }) => (await import('./commands/serve.ts')).serve('demo', workers));

program
  .command('serve')
  .description('start the service')
  .option('--workers <count>', WORKERS, wholeNumber, 1)
  .action(async ({ workers }: { workers: number }) => (await import('./commands/serve.ts')).serve('serve', workers));

program
  .command('token')
  .argument('<client>', 'municipality-system, hospital-system or admin-system')
  .description('print a bearer token for a demo client of the running demo, obtained as a backend service obtains one')
  .action(async (client: string) => (await import('./commands/token.ts')).printToken(client));

addValidateCommand(program);
addConformanceCommand(program);
addProfilesCommand(program);
addCheckCommand(program);
addBackupCommand(program);
addRestoreCommand(program);
addReindexCommand(program);
addAuditCommand(program);
addClientsCommand(program);
addKeysCommand(program);
addImportTerminologyCommand(program);

// Whoever reads what is printed may go. What cannot be printed otherwise, as on a full disk, has not been told to anybody.
process.stderr.on('error', () => undefined);
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return;
  if (LASTING.includes(process.argv[2] ?? '')) return;
  process.stderr.write(`fellesplan: standard output: ${message}\n`);
  process.exit(COULD_NOT_RUN);
});

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : `fellesplan: ${messageOf(error as Error)}`}\n`);
  process.exitCode = COULD_NOT_RUN;
});

/** What `fetch` says of itself is only that it failed, and the store what came of that. */
function messageOf({ name, message, cause }: Error): string {
  const saysNoReason = message === 'fetch failed' || name === 'FhirError';
  return saysNoReason && cause instanceof Error ? `${message.replace(/\.$/, '')}: ${cause.message}` : message;
}

/** @throws InvalidArgumentError when it is not 1 or more. */
function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on is wanted');
  return Number(text);
}

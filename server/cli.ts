#!/usr/bin/env node
/**
 * The `fellesplan` command. What a command needs is loaded when it is the one asked for.
 */
import { Command } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { addBackupCommand } from './commands/backup.ts';
import { addImportTerminologyCommand } from './commands/import-terminology-command.ts';
import { addReindexCommand } from './commands/reindex.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addValidateCommand } from './commands/validate/validate-command.ts';
import { ConfigError } from './config.ts';

const COULD_NOT_RUN = 2;
const program = new Command('fellesplan')
  .description('One shared plan for people who need many services at once.')
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT_RUN));

program
  .command('demo')
  .description('start the service with simulated EHRs, demo clients and a synthetic population')
  .action(async () => (await import('./commands/serve.ts')).serve('demo'));

program
  .command('serve')
  .description('start the service')
  .action(async () => (await import('./commands/serve.ts')).serve('serve'));

program
  .command('token')
  .argument('<client>', 'municipality-system, hospital-system or admin-system')
  .description('print a bearer token for a demo client of the running demo, obtained as a backend service obtains one')
  .action(async (client: string) => (await import('./commands/token.ts')).printToken(client));

addValidateCommand(program);
addBackupCommand(program);
addRestoreCommand(program);
addReindexCommand(program);
addAuditCommand(program);
addImportTerminologyCommand(program);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : `fellesplan: ${(error as Error).message}`}\n`);
  process.exitCode = COULD_NOT_RUN;
});

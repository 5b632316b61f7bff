/**
 * `fellesplan check`: whether a server could start, or read its files anew, with this configuration; everything that is
 * wrong is told at once, and nothing is changed. The database is not asked, unless that is asked for.
 */
import { isIP } from 'node:net';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import type { Log } from '../http/log.ts';
import { runtimeWarnings } from './runtime.ts';

const WRONG = 1;
const FILES = ['clientsFile', 'trustedIssuersFile', 'brandsFile'] as const;

const EXITS = '\nExits 0 when all can be used, warnings or not; 1 when something cannot. Without --database, the database is not asked.';

/** Adds the command. It sets the exit code: 0 all can be used, 1 something cannot. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('tell everything that is wrong with the variables, and the files that they name, before a start or a SIGHUP')
    .option('--database', 'read all of the SQLite file as well, and tell what of it is damaged; servers may go on meanwhile')
    .addHelpText('after', EXITS)
    .action(check);
}

async function check({ database = false }: { readonly database?: boolean }): Promise<void> {
  const { ConfigError, readConfig } = await import('../config.ts');
  let config: Config;
  try {
    config = readConfig('serve');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    tell(error.problems);
    return;
  }
  const warnings = [...config.warnings, ...runtimeWarnings(process.versions.node)];
  const problems = [
    ...(await problemsOfFiles(config, (warning) => warnings.push(warning))),
    ...(database ? await problemsOfDatabase(config) : []),
  ];
  for (const warning of warnings) process.stderr.write(`fellesplan: ${warning}\n`);
  if (problems.length > 0) tell(problems);
  else process.stdout.write(`The configuration can be used: ${config.publicUrl}/fhir\n`);
}

function tell(problems: readonly string[]): void {
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.exitCode = WRONG;
}

async function problemsOfFiles(config: Config, warn: (warning: string) => void): Promise<readonly string[]> {
  const { loadCore } = await import('../composition/core.ts');
  const { loadDefinitions } = await import('../definitions/load.ts');
  const { naming } = await import('../composition/named-fault.ts');
  const { readRegisteredParties, registeredIdentityProvider } = await import('../composition/registrations.ts');
  const { checkDatabaseUrl } = await import('../main.ts');
  const none = Object.fromEntries(FILES.map((name) => [name, undefined]));
  const definitions = loadDefinitions();
  const works = [
    () => checkDatabaseUrl(config),
    () => naming('FELLESPLAN_DATA', () => checkDataFolder(config)),
    () => naming('FELLESPLAN_DATA', () => void loadCore(config.dataDir)),
    () => checkCertificate(config, warn),
    ...FILES.map((name) => () => readRegisteredParties({ ...config, ...none, [name]: config[name] }, definitions)),
    () => registeredIdentityProvider(config),
  ];
  const problems: string[] = [];
  for (const work of works) {
    await work().catch((error: unknown) => {
      problems.push((error as Error).message);
    });
  }
  return problems;
}

async function problemsOfDatabase(config: Config): Promise<readonly string[]> {
  const { assertWholeDatabase } = await import('../composition/whole-database.ts');
  try {
    assertWholeDatabase(config);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Whether this user may write there; a folder that is missing is made at the start. PostgreSQL needs none. */
async function checkDataFolder({ dataDir, databaseUrl }: Config): Promise<void> {
  if (databaseUrl !== undefined) return;
  const { access, constants } = await import('node:fs/promises');
  const { existsSync } = await import('node:fs');
  const { dirname } = await import('node:path');
  let folder = dataDir;
  while (!existsSync(folder)) folder = dirname(folder);
  await access(folder, constants.W_OK | constants.X_OK);
}

/** Also whether it is made out to the host that clients use. */
async function checkCertificate({ tls, publicUrl }: Config, warn: (warning: string) => void): Promise<void> {
  if (tls === undefined) return;
  const { X509Certificate } = await import('node:crypto');
  const { checkedCertificate } = await import('../composition/reload.ts');
  const log = { info: () => undefined, error: ({ at }) => warn(`FELLESPLAN_TLS_CERT: ${tls.certFile} is good until ${at}`) } satisfies Log;
  const { cert } = await checkedCertificate(tls, log);
  const host = new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  const certificate = new X509Certificate(cert);
  const isFit = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  if (isFit === undefined) warn(`FELLESPLAN_TLS_CERT: ${tls.certFile} is not made out to ${host}, the host of FELLESPLAN_URL`);
}

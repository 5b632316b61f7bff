#!/usr/bin/env node
/**
 * The `fellesplan` command.
 */
import { Command } from 'commander';
import { fetchClientToken } from './auth/client-token.ts';
import { DEMO_SYSTEM_SCOPE, DEMO_SYSTEMS, demoClientKey } from './auth/demo-clients.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { start } from './main.ts';

const program = new Command('fellesplan').description('One shared plan for people who need many services at once.').showHelpAfterError();

program
  .command('demo')
  .description('start the service with simulated EHRs, demo clients and a synthetic population')
  .action(() => serve(readConfig('demo')));

program
  .command('serve')
  .description('start the service')
  .action(() => serve(readConfig('serve')));

program
  .command('token')
  .argument('<client>', `one of ${DEMO_SYSTEMS.join(', ')}`)
  .description('print a bearer token for a demo client of the running demo, obtained as a backend service obtains one')
  .action(printToken);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : `fellesplan: ${(error as Error).message}`}\n`);
  process.exitCode = 2;
});

async function serve(config: Config): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(config.mode === 'demo' ? 'Starting Fellesplan in demo mode …' : 'Starting Fellesplan …');
  const running = await start(config, say);
  say(config.mode === 'demo' ? welcome(running.url) : `Ready: ${running.url}/fhir`);
  let stopping = false;
  const stop = (): void => {
    // A second signal does not wait for open requests.
    if (stopping) process.exit(1);
    stopping = true;
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`fellesplan: ${(error as Error).message}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function welcome(url: string): string {
  return `
Ready. Open one of these in a browser:
  ${url}/                   front page
  ${url}/ehr/hospital       the hospital's EHR
  ${url}/ehr/municipality   the municipality's EHR
  ${url}/fhir/metadata      what the FHIR API can do
A token for curl:  npm run --silent token -- municipality-system
Stop with Ctrl-C; the data are kept.`;
}

async function printToken(client: string): Promise<void> {
  const clientId = DEMO_SYSTEMS.find((name) => name === client);
  if (clientId === undefined) throw new Error(`there is no demo client ${client}; one of ${DEMO_SYSTEMS.join(', ')} is wanted`);
  const config = readConfig('demo');
  const privateKey = await demoClientKey(config.dataDir, clientId);
  const { accessToken } = await fetchClientToken({
    tokenUrl: `${config.publicUrl}/auth/token`,
    clientId,
    privateKey,
    scope: DEMO_SYSTEM_SCOPE,
  });
  process.stdout.write(`${accessToken}\n`);
}

/**
 * `fellesplan serve` and `fellesplan demo`: start the service and stop it cleanly at a signal.
 */
import { readConfig } from '../config.ts';
import { start } from '../main.ts';

/**
 * Starts the service; resolves when it is ready, and it runs on.
 * @throws ConfigError for variables that cannot be used, and what `start` throws.
 */
export async function serve(mode: 'demo' | 'serve'): Promise<void> {
  const config = readConfig(mode);
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

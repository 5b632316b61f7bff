/**
 * `fellesplan conformance`: its arguments and options. `smart` holds any SMART server against SMART App Launch 2.2.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/
 */
import { type Command, Option } from 'commander';
import { LANGUAGES, type Language } from '../../fhir/language.ts';

const FORMATS = ['text', 'json', 'junit'] as const;

export interface SmartOptions {
  readonly fhir?: string;
  readonly config?: string;
  readonly format: (typeof FORMATS)[number];
  readonly language: Language;
  readonly only?: readonly string[];
  readonly waitForExpiry?: true;
  readonly list?: true;
  readonly sample?: true;
}

const HELP = `
The configuration tells what the suite may use at the server: clients of each kind, how a launch is had and a user
signed in, and which resources are there. What is left out is not tried, and the report says so.

  ehrLaunch.provider   "url": a URL that makes a launch, as JSON {iss, launch} or by redirect; {client} and {patient} are filled in
                       "pages": pages without scripts, on which the texts in "press" are pressed until one shows a launch
                       "manual": a person launches the app, whose launch URL is on this machine
  press                regular expressions of buttons and links, for servers whose sign-in works without scripts
  offersParts: true    the sign-in offers granular scopes in place of a whole type
  manual: true         a person opens the printed URL; the redirect URI is on this machine. Checks that share a launch are
                       tried, about a dozen launches; others only when they are named with --only
  clients.…ByUrl       a client registered by the URL of its keys: with "jwksUri" and "privateKeyFile", or with neither where
                       the suite publishes the keys itself and changes them ("keySet": "url", "certFile", "keyFile", and
                       "host" and "port" to listen at when they are others than those of the URL)

A server with a certificate of an authority of your own: give that authority's certificate in NODE_EXTRA_CA_CERTS.

  fellesplan conformance smart --sample > smart.json      a configuration for the simulated hospital of the demo
  fellesplan conformance smart --fhir http://localhost:8080/ehr/hospital/fhir --config smart.json

Use a system for tests. What must be refused is tried, and a server that does not refuse it will write or delete what the
configuration names; resources of its own the suite makes (and removes) only with "mayWrite". Servers that count failed
attempts may want some minutes between two runs. Exits 0 when every SHALL that was tried is met, 1 when one is not,
2 when the suite could not run.`;

/** Adds the command. It sets the exit code: 0 every SHALL is met, 1 one is not, 2 could not run. */
export function addConformanceCommand(program: Command): void {
  const again = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];
  program
    .command('conformance')
    .description('hold a server against a specification')
    .command('smart')
    .description('hold any SMART server against SMART App Launch 2.2, over HTTP only')
    .option('--fhir <url>', 'FHIR base URL of the server')
    .option('--config <file>', 'JSON file of the clients, launches and resources to be used')
    .addOption(new Option('--format <format>', 'how to report').choices(FORMATS).default('text'))
    .addOption(new Option('--language <language>', 'language of the text report, around the checks').choices(LANGUAGES).default('en'))
    .addOption(new Option('--only <id>', 'id of a check, or what ids begin with; may be given again').argParser(again))
    .option('--wait-for-expiry', 'wait, an hour at most, until tokens and codes have expired, and try them')
    .option('--list', 'print the checks and end')
    .option('--sample', 'print a configuration for the demo and end')
    .addHelpText('after', HELP)
    .action(async (options: SmartOptions) => {
      const { runConformance } = await import('./run-conformance.ts');
      process.exitCode = await runConformance(options);
    });
}

/**
 * `fellesplan clients`: whether a file of clients can be used, secrets for those who cannot sign, and keys for those who can.
 */
import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';

const REFUSED = 1;
/** 256 bits: nothing that could be guessed. */
const SECRET_BYTES = 32;
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'RS384'] as const;
const RSA_BITS = 3072;

/** Adds the commands. `check` sets the exit code: 0 the file can be used, 1 it cannot, 2 it could not be read. */
export function addClientsCommand(program: Command): void {
  const clients = program.command('clients').description('the clients that are registered (FELLESPLAN_CLIENTS)');
  clients
    .command('check')
    .argument('<file>', 'JSON file of clients')
    .description('tell everything that is wrong with a file of clients')
    .addHelpText('after', '\nExits 0 when the file can be used, 1 when it cannot, 2 when it could not be read.')
    .action(check);
  clients
    .command('secret')
    .description('make a secret for a client with client_secret_basic; only its hash belongs in the file')
    .action(secret);
  clients
    .command('key')
    .description(
      'make a key to sign with: the private one is kept by who signs, the public one registered with who checks. For a client of this service, the public one goes into its "keys"; for this service at another party, the private one into the file of the identity provider or of trusted issuers',
    )
    .addOption(new Option('--algorithm <algorithm>', 'what the other party takes').choices(ALGORITHMS).default('ES384'))
    .action(key);
}

async function check(file: string): Promise<void> {
  const { checkClientsFile } = await import('../composition/registered-clients.ts');
  const { loadDefinitions } = await import('../definitions/load.ts');
  const { clients, problems } = await checkClientsFile(file, loadDefinitions());
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = REFUSED;
  else process.stdout.write(`${file}: ${clients.length} ${clients.length === 1 ? 'client' : 'clients'}\n`);
}

async function secret(): Promise<void> {
  const { hashOfSecret } = await import('../auth/clients.ts');
  const made = randomBytes(SECRET_BYTES).toString('base64url');
  process.stdout.write(`secret      ${made}\nsecretHash  ${hashOfSecret(made)}\n`);
}

async function key({ algorithm }: { readonly algorithm: (typeof ALGORITHMS)[number] }): Promise<void> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
  const made = await generateKeyPair(algorithm, { modulusLength: RSA_BITS, extractable: true });
  const named = { use: 'sig', alg: algorithm, kid: await calculateJwkThumbprint(await exportJWK(made.publicKey)) };
  for (const [name, each] of [
    ['privateKey', made.privateKey],
    ['publicKey ', made.publicKey],
  ] as const)
    process.stdout.write(`${name}  ${JSON.stringify({ ...(await exportJWK(each)), ...named })}\n`);
}

/**
 * `fellesplan token`: a bearer token of the running demo, obtained as a backend service obtains one.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/backend-services.html
 */
import { fetchClientToken } from '../auth/client-token.ts';
import { DEMO_SYSTEM_SCOPE, DEMO_SYSTEMS, demoClientKey } from '../auth/demo-clients.ts';
import { readConfig } from '../config.ts';

/**
 * Prints the token on a line of its own.
 * @throws Error when there is no such client, or no demo answers at the configured address.
 */
export async function printToken(client: string): Promise<void> {
  const clientId = DEMO_SYSTEMS.find((name) => name === client);
  if (clientId === undefined) throw new Error(`there is no demo client ${client}; one of ${DEMO_SYSTEMS.join(', ')} is wanted`);
  const config = readConfig('demo');
  // Asked before a key is looked for: where no demo has been, none is to be made.
  await fetch(`${config.publicUrl}/healthz`).catch((cause: unknown) => {
    throw new Error(`no demo answers at ${config.publicUrl}: start it with npm start, with the same PORT and FELLESPLAN_DATA`, { cause });
  });
  const privateKey = await demoClientKey(config.dataDir, clientId);
  const { accessToken } = await fetchClientToken({
    tokenUrl: `${config.publicUrl}/auth/token`,
    clientId,
    privateKey,
    scope: DEMO_SYSTEM_SCOPE,
  });
  process.stdout.write(`${accessToken}\n`);
}

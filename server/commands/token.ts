/**
 * `fellesplan token`: a bearer token of the running demo, obtained as a backend service obtains one.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/backend-services.html
 */
import { fetchClientToken } from '../auth/client-token.ts';
import { DEMO_SYSTEM_SCOPE, DEMO_SYSTEMS, keptDemoClientKey } from '../auth/demo-clients.ts';
import { readConfig } from '../config.ts';

/**
 * Prints the token on a line of its own.
 * @throws Error when there is no such client, no demo answers at the configured address, or the data folder is not the demo's.
 */
export async function printToken(client: string): Promise<void> {
  const clientId = DEMO_SYSTEMS.find((name) => name === client);
  if (clientId === undefined) throw new Error(`there is no demo client ${client}; one of ${DEMO_SYSTEMS.join(', ')} is wanted`);
  const config = readConfig('demo');
  await fetch(`${config.publicUrl}/healthz`).catch((cause: unknown) => {
    throw new Error(`no demo answers at ${config.publicUrl}: start it with npm start, with the same PORT and FELLESPLAN_DATA`, { cause });
  });
  const privateKey = await keptDemoClientKey(config.dataDir, clientId);
  if (privateKey === undefined)
    throw new Error(
      `${config.dataDir} holds no key of ${clientId}: give the FELLESPLAN_DATA of the demo that answers at ${config.publicUrl}`,
    );
  const { accessToken } = await fetchClientToken({
    tokenUrl: `${config.publicUrl}/auth/token`,
    clientId,
    privateKey,
    scope: DEMO_SYSTEM_SCOPE,
  });
  process.stdout.write(`${accessToken}\n`);
}

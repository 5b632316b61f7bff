/**
 * The clients an operator registers, read from the file that `FELLESPLAN_CLIENTS` names.
 */
import type { ClientRegistration } from '../auth/clients.ts';
import { PLAN_APP } from '../auth/plan-app.ts';
import { type ReadClients, readClients } from '../auth/read-clients.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { readJsonFile, refuseFile } from './json-file.ts';

/**
 * What is in the file, and what is wrong with it.
 * @throws Error naming the file when it cannot be read or is not JSON; nothing of its content is repeated.
 */
export async function checkClientsFile(file: string, definitions: Pick<Definitions, 'isResourceType'>): Promise<ReadClients> {
  const content = await readJsonFile(file);
  return readClients(content, { reserved: [PLAN_APP], isResourceType: (name) => definitions.isResourceType(name) });
}

/**
 * The clients of the file.
 * @throws Error with a line for everything that is wrong with it.
 */
export async function readClientsFile(
  file: string,
  definitions: Pick<Definitions, 'isResourceType'>,
): Promise<readonly ClientRegistration[]> {
  const { clients, problems } = await checkClientsFile(file, definitions);
  refuseFile(file, problems);
  return clients;
}

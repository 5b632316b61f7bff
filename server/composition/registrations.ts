/**
 * Who may use the service outside the demo: the clients, the EHRs and the identity provider that the operator's files
 * name. Clients and EHRs may change while the service runs.
 */
import type { ClientRegistration } from '../auth/clients.ts';
import type { ExternalProviderOptions } from '../auth/sign-in/external-provider.ts';
import type { Config } from '../config.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { readIdentityProvider } from './identity-provider.ts';
import { readClientsFile } from './registered-clients.ts';
import { type RegisteredEhr, readRegisteredEhrs } from './trusted-issuers.ts';

export interface RegisteredParties {
  readonly ehrs: readonly RegisteredEhr[];
  /** Clients besides the plan app. */
  readonly clients: readonly ClientRegistration[];
}

/**
 * Those whom the files name now.
 * @throws Error naming the file and all that is wrong with it.
 */
export async function readRegisteredParties(config: Config, definitions: Pick<Definitions, 'isResourceType'>): Promise<RegisteredParties> {
  const { trustedIssuersFile, clientsFile } = config;
  const [ehrs, clients] = await Promise.all([
    trustedIssuersFile === undefined ? [] : readRegisteredEhrs(trustedIssuersFile),
    clientsFile === undefined ? [] : readClientsFile(clientsFile, definitions),
  ]);
  return { ehrs, clients };
}

/** Where users sign in, if anywhere. @throws Error saying what is wrong with its file. */
export async function registeredIdentityProvider(config: Config): Promise<Omit<ExternalProviderOptions, 'findUser'> | undefined> {
  return config.identityProviderFile === undefined ? undefined : readIdentityProvider(config.identityProviderFile);
}

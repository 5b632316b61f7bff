/**
 * Who may use the service outside the demo: the clients, the EHRs and the identity provider that the operator's files
 * name, and the brands it is known by. All but the identity provider may change while the service runs.
 */
import type { ClientRegistration } from '../auth/clients.ts';
import type { ExternalProviderOptions } from '../auth/sign-in/external-provider.ts';
import type { Brands } from '../auth/user-access-brands.ts';
import type { Config } from '../config.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { readBrands } from './brands.ts';
import { readIdentityProvider } from './identity-provider.ts';
import { readClientsFile } from './registered-clients.ts';
import { type RegisteredEhr, readRegisteredEhrs } from './trusted-issuers.ts';

export interface RegisteredParties {
  readonly ehrs: readonly RegisteredEhr[];
  /** Clients besides the plan app. */
  readonly clients: readonly ClientRegistration[];
  /** By which names people know those who answer for the service; left out: none are published. */
  readonly brands?: Brands;
}

/**
 * Those whom the files name now.
 * @throws Error naming the file and all that is wrong with it.
 */
export async function readRegisteredParties(config: Config, definitions: Pick<Definitions, 'isResourceType'>): Promise<RegisteredParties> {
  const { trustedIssuersFile, clientsFile, brandsFile } = config;
  const [ehrs, clients, brands] = await Promise.all([
    trustedIssuersFile === undefined ? [] : readRegisteredEhrs(trustedIssuersFile),
    clientsFile === undefined ? [] : readClientsFile(clientsFile, definitions),
    brandsFile === undefined ? undefined : readBrands(brandsFile),
  ]);
  return { ehrs, clients, ...(brands === undefined ? {} : { brands }) };
}

/** Where users sign in, if anywhere. @throws Error saying what is wrong with its file. */
export async function registeredIdentityProvider(config: Config): Promise<Omit<ExternalProviderOptions, 'findUser'> | undefined> {
  return config.identityProviderFile === undefined ? undefined : readIdentityProvider(config.identityProviderFile);
}

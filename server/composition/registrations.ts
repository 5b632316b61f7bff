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
import { naming } from './named-fault.ts';
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
 * @throws Error naming the variable, the file and all that is wrong with it.
 */
export async function readRegisteredParties(config: Config, definitions: Pick<Definitions, 'isResourceType'>): Promise<RegisteredParties> {
  const { trustedIssuersFile, clientsFile, brandsFile } = config;
  const [ehrs, clients, brands] = await Promise.all([
    trustedIssuersFile === undefined ? [] : naming('FELLESPLAN_TRUSTED_ISSUERS', () => readRegisteredEhrs(trustedIssuersFile)),
    clientsFile === undefined ? [] : naming('FELLESPLAN_CLIENTS', () => readClientsFile(clientsFile, definitions)),
    brandsFile === undefined ? undefined : naming('FELLESPLAN_BRANDS', () => readBrands(brandsFile)),
  ]);
  return { ehrs, clients, ...(brands === undefined ? {} : { brands }) };
}

/** Where users sign in, if anywhere. @throws Error naming the variable and saying what is wrong with its file. */
export async function registeredIdentityProvider(config: Config): Promise<Omit<ExternalProviderOptions, 'findUser'> | undefined> {
  const { identityProviderFile: file } = config;
  return file === undefined ? undefined : naming('FELLESPLAN_IDENTITY_PROVIDER', () => readIdentityProvider(file));
}

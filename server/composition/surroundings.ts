/**
 * What stands around the shared service: who may use it and, in demo mode, the simulated systems beside it.
 */
import type { RequestHandler } from 'express';
import type { ExternalProviderOptions } from '../auth/sign-in/external-provider.ts';
import type { Config } from '../config.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { FhirEndpointOptions } from '../http/fhir-endpoint.ts';
import type { FrontPageOptions } from '../http/pages/front-page.ts';
import type { Database } from '../store/database.ts';
import { type RegisteredParties, readRegisteredParties, registeredIdentityProvider } from './registrations.ts';

export interface Surroundings {
  readonly registered: RegisteredParties;
  /** Where users sign in when they start the app outside an EHR; left out: they cannot. */
  readonly identityProvider?: Omit<ExternalProviderOptions, 'findUser'>;
  readonly fhirBases: readonly { readonly path: string; readonly endpoint: FhirEndpointOptions }[];
  readonly routers: readonly { readonly path: string; readonly handler: RequestHandler }[];
  /** Closed with the service. */
  readonly databases: readonly Database[];
  readonly pairs: FrontPageOptions['pairs'];
  /** Done once the service listens, before it is ready. */
  load(say: (line: string) => void): Promise<void>;
}

/** Those whom the operator has registered, and nothing simulated. @throws Error saying what is wrong with a file. */
export async function registeredSurroundings(config: Config, definitions: Definitions): Promise<Surroundings> {
  const identityProvider = await registeredIdentityProvider(config);
  return {
    registered: await readRegisteredParties(config, definitions),
    ...(identityProvider === undefined ? {} : { identityProvider }),
    fhirBases: [],
    routers: [],
    databases: [],
    pairs: [],
    load: async () => undefined,
  };
}

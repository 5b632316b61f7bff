/**
 * Demo mode as a whole: what it adds to the service, in one piece. Loaded only when the demo is asked for.
 */
import type { Config } from '../config.ts';
import { DEMO_BRANDS } from '../demo/brands.ts';
import { GOOD_PAIRS } from '../demo/good-pairs.ts';
import type { Log } from '../http/log.ts';
import { nodeRouter } from '../http/node-router.ts';
import type { Database } from '../store/database.ts';
import type { Core } from './core.ts';
import { demoSystems, loadDemoPopulation, openDemoEhrs, registeredDemoEhrs } from './demo.ts';
import { markAsDemo } from './demo-data.ts';
import { DEMO_IDENTITY_PATH, demoIdentityProvider, openDemoIdentityProvider } from './demo-identity-provider.ts';
import { readRegisteredParties } from './registrations.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Opens the simulated EHRs and the simulated identity provider; clients and EHRs from files are there besides.
 * @throws Error in production, or when a database of theirs cannot be opened or a file of the configuration not be used.
 */
export async function openDemo(of: { config: Config; core: Core; database: Database; log: Log }): Promise<Surroundings> {
  const { config, database } = of;
  if (config.production) throw new Error('The demo does not run in production');
  await markAsDemo(database);
  const others = await readRegisteredParties(config, of.core.definitions);
  const ehrs = await openDemoEhrs(of);
  return {
    registered: {
      ehrs: [...others.ehrs, ...(await registeredDemoEhrs(config))],
      clients: [...others.clients, ...(await demoSystems(config))],
      brands: others.brands ?? DEMO_BRANDS.shared,
    },
    identityProvider: await demoIdentityProvider(config),
    fhirBases: ehrs.map(({ path, endpoint }) => ({ path: `${path}/fhir`, endpoint })),
    routers: [
      ...ehrs.map(({ path, simulated }) => ({ path, handler: simulated.router })),
      { path: DEMO_IDENTITY_PATH, handler: nodeRouter(await openDemoIdentityProvider(config, database)) },
    ],
    databases: ehrs.map((ehr) => ehr.database),
    pairs: GOOD_PAIRS,
    load: (say) => loadDemoPopulation(config, say),
  };
}

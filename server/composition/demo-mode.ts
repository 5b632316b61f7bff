/**
 * Demo mode as a whole: what it adds to the service, in one piece. Loaded only when the demo is asked for.
 */
import type { RequestHandler } from 'express';
import type { NodeHandler } from '../auth/node-handler.ts';
import type { Config } from '../config.ts';
import { GOOD_PAIRS } from '../demo/good-pairs.ts';
import type { Log } from '../http/log.ts';
import type { Database } from '../store/database.ts';
import type { Core } from './core.ts';
import { demoSystems, loadDemoPopulation, openDemoEhrs, registeredDemoEhrs } from './demo.ts';
import { markAsDemo } from './demo-data.ts';
import { DEMO_IDENTITY_PATH, demoIdentityProvider, openDemoIdentityProvider } from './demo-identity-provider.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Opens the simulated EHRs and the simulated identity provider.
 * @throws Error in production, or when a database of theirs cannot be opened.
 */
export async function openDemo(of: { config: Config; core: Core; database: Database; log: Log }): Promise<Surroundings> {
  const { config, database } = of;
  if (config.production) throw new Error('The demo does not run in production');
  await markAsDemo(database);
  const ehrs = await openDemoEhrs(of);
  return {
    registered: { ehrs: await registeredDemoEhrs(config), clients: await demoSystems(config) },
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

/** A plain Node handler among Express's. */
function nodeRouter(handler: NodeHandler): RequestHandler {
  return (request, response, next) => void handler(request, response).catch(next);
}

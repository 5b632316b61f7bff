import { it } from 'vitest';
import { freshPostgresUrl } from '../../support/stores.ts';
import { expectEveryRequirementMet } from './every-requirement.ts';
import { startServers } from './servers.ts';

it('every requirement is met by the shared service on PostgreSQL', { timeout: 120_000 }, async () => {
  const servers = await startServers({ https: true, databaseUrl: await freshPostgresUrl() });
  await expectEveryRequirementMet(servers, 'shared').finally(() => servers.close());
});

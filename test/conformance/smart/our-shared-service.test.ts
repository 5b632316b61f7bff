import { it } from 'vitest';
import { expectEveryRequirementMet } from './every-requirement.ts';
import { startServers } from './servers.ts';

it('every requirement is met by the shared service', { timeout: 120_000 }, async () => {
  const servers = await startServers({ https: true });
  await expectEveryRequirementMet(servers, 'shared').finally(() => servers.close());
});

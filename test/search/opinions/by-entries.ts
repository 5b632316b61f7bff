/** Whether a resource that is not in the store yet is judged as it would be there: by its index entries alone. */
import { gatherFacts, satisfies } from '../../../server/interactions/satisfies.ts';
import { parseSearch } from '../../../server/search/parse.ts';
import type { TestServer } from '../../support/test-server.ts';
import type { World } from './world.ts';

/** Of the resources named, those that are judged otherwise than expected. */
export async function entryFaults(
  { services }: TestServer,
  world: World,
  request: { readonly query: string },
  types: readonly string[],
  names: readonly string[],
  expected: readonly string[],
): Promise<string[]> {
  const parameters = [...new URLSearchParams(request.query)];
  const { query } = parseSearch({ parameters, types }, services);
  const faults: string[] = [];
  for (const name of names) {
    const resource = world.resources.get(name);
    if (resource === undefined) continue;
    const key = { type: resource.resourceType, id: resource.id };
    const entries = services.index(resource);
    const facts = await gatherFacts(services.store, query.where, key, entries);
    const holds = satisfies(query.where, key, entries, world.updatedMs.get(name) ?? 0, facts);
    if (holds !== expected.includes(name)) faults.push(`judges ${name} by its entries as ${holds}: ${JSON.stringify(resource)}`);
  }
  return faults;
}

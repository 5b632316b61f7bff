/**
 * A page is of one moment, with all that it includes: who writes two resources together is never seen to have written one.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#include · https://hl7.org/fhir/R4/http.html#transaction
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { TestServer } from '../support/test-server.ts';
import { type Services, STORES, startServices } from './services.ts';

const closing: Services[] = [];
afterEach(async () => {
  for (const services of closing.splice(0)) await services.close();
});

const ROUNDS = 40;
const OBSERVATION = { resourceType: 'Observation', status: 'final', code: { text: 'one of three' }, subject: { reference: 'Patient/p' } };
const THREE = [
  { resourceType: 'Patient', id: 'p', name: [{ text: 'Person' }] },
  { ...OBSERVATION, id: 'o', hasMember: [{ reference: 'Observation/m' }] },
  { ...OBSERVATION, id: 'm' },
];

/** Writes all three together, again and again. */
async function write(server: TestServer): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const entry = THREE.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
    expect((await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
  }
}

interface Entry {
  readonly resource: { readonly meta: { readonly versionId: string } };
}

describe.each(STORES)('on %s', (store) => {
  it.each([
    'Observation?_id=o&_include=Observation:subject&_include=Observation:has-member',
    'Observation?_id=o&_include=Observation:has-member&_include:iterate=Observation:subject',
    'Patient?_id=p&_revinclude=Observation:subject',
    'Patient/p/$everything',
  ])('%s shows what was written together together', async (path) => {
    const services = await startServices(store);
    closing.push(services);
    const [writing, ...others] = services.servers as [TestServer, ...TestServer[]];
    let isOver = false;
    const work = write(writing).finally(() => {
      isOver = true;
    });
    const halves: string[] = [];
    for (let round = 0; !isOver; round += 1) {
      const { body } = await (others[round % 2] ?? writing).request('GET', path);
      const versions = ((body.entry ?? []) as readonly Entry[]).map(({ resource }) => resource.meta.versionId);
      if (new Set(versions).size > 1 || (versions.length !== 3 && versions.length !== 0)) halves.push(versions.join(' '));
    }
    await work;
    expect(halves).toEqual([]);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HPR_SYSTEM, NATIONAL_NUMBER_SYSTEMS } from '../../server/auth/ehr-identity.ts';
import { staffByNumber } from '../../server/auth/sign-in/staff-by-number.ts';
import { demoPeople } from '../../server/composition/demo-identity-provider.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { put } from '../auth/access-rule/record-parts.ts';
import { resourcesOf } from '../demo/bundles.ts';

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-people-'));
  database = await openSqliteStore({ file: join(folder, 'x.sqlite') });
  const directory = ['Organization', 'Practitioner', 'PractitionerRole', 'Person'].flatMap((type) => resourcesOf('shared', type));
  await put(database.resources, ...directory);
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

it('every employee of the demo can sign in: by HPR number, or by the number that a Person has of them', async () => {
  const people = await demoPeople(database.resources);
  const at4 = people.filter(({ securityLevel }) => securityLevel === '4');
  const roles = resourcesOf('shared', 'PractitionerRole');
  expect(at4.map(({ id }) => id).sort()).toEqual(roles.map(({ id }) => id).sort());
  const teachers = at4.filter(({ hprNumber }) => hprNumber === undefined);
  expect(teachers.length).toBeGreaterThan(10);
  for (const { id, nationalNumber = '' } of teachers) {
    const role = roles.find((each) => each.id === id)!;
    const at = resourcesOf('shared', 'Organization').find((each) => `Organization/${each.id}` === referenceOf(role.organization));
    const numbers = NATIONAL_NUMBER_SYSTEMS.map((system) => ({ system, value: nationalNumber }));
    expect(await staffByNumber(database.resources, numbers, at, Date.now())).toBe(
      referenceOf(role.practitioner).replace('Practitioner/', ''),
    );
  }
  expect(JSON.stringify(resourcesOf('shared', 'Practitioner')).split(HPR_SYSTEM).length - 1).toBe(at4.length - teachers.length);
});

function referenceOf(element: unknown): string {
  return (element as Resource & { reference: string }).reference;
}

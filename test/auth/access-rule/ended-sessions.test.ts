import { expect, it } from 'vitest';
import { endSessions } from '../../../server/auth/access-rule/ended-sessions.ts';
import { grantsOfPatient } from '../../../server/auth/grants-of-patient.ts';
import { launchContexts } from '../../../server/auth/launch-context.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { consentTo, deny, put } from './record-parts.ts';

const BASE = 'https://plan.example/fhir';
const USERS = [
  ['coordinator', '100000002'],
  ['nurse', '100000002'],
  ['gp', '200000001'],
] as const;
const [given] = consentsOf(IDA, 'active');

onEachDatabase('sessions of a patient whose consent changes', (open) => {
  it('are judged once for each user, however many windows they have open, and all of whoever is shut out end', async () => {
    const { resources, state } = await open({ nowMs: () => NOW_MS });
    await put(resources, ...DIRECTORY, ...recordOf(IDA, []), given!);
    const launches = launchContexts(state, 'test');
    const contextOf = (user: string, organization: string) => ({
      launch: { patient: 'ida' },
      claims: { fhirUser: `${BASE}/Practitioner/${user}`, organization_number: organization },
    });
    const begun = USERS.flatMap(([user, organization]) => Array.from({ length: 70 }, (_, nth) => ({ user, organization, nth })));
    await Promise.all(
      begun.map(({ user, organization, nth }) => launches.keepForGrant(`${user}-${nth}`, contextOf(user, organization), 1e9)),
    );
    const blocked = { ...consentTo('innsyn', 'ida', { actor: ['Organization/solvik'], ...deny('PractitionerRole/nurse-role') }) };
    await put(resources, blocked);

    let people = 0;
    const store: ResourceStore = {
      ...resources,
      read: (type, id) => {
        if (type === 'Practitioner') people += 1;
        return resources.read(type, id);
      },
    };
    const grants = grantsOfPatient(state, 'test', BASE);
    const write = {
      type: 'Consent',
      id: blocked.id!,
      versionId: 2,
      lastUpdatedMs: NOW_MS,
      method: 'PUT',
      json: JSON.stringify(blocked),
    } as const;
    const ended = await endSessions([{ ...write, index: [] } as never], { sources: { store }, grants, nowMs: () => NOW_MS });
    expect([ended, people]).toEqual([140, USERS.length]);
    const left = await grants.of('ida');
    expect(new Set(left.map(({ user }) => user.fhirUser))).toEqual(new Set(['Practitioner/coordinator']));
    expect(left).toHaveLength(70);
    expect(await launches.ofGrant('nurse-7')).toBeUndefined();
    expect(await launches.ofGrant('coordinator-7')).toBeDefined();
  });
});

import { expect, it } from 'vitest';
import { sharedAccess } from '../../server/composition/shared-access.ts';
import type { Database } from '../../server/store/database.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from '../auth/access-rule/matrix-record.ts';
import { put } from '../auth/access-rule/record-parts.ts';
import { onEachDatabase } from '../support/stores.ts';

const BASE = 'https://plan.example/fhir';

const accessTo = (database: Database) =>
  sharedAccess({
    database,
    issuerName: 'shared',
    fhirBaseUrl: BASE,
    emergencyMinutes: 60,
    writesAlone: true,
    reportFault: (error) => expect.fail(String(error)),
  });
const session = (fhirUser: string, organization?: string, patient: string | undefined = 'ida') => ({
  launch: patient === '' ? {} : { patient },
  claims: { fhirUser: `${BASE}/${fhirUser}`, ...(organization === undefined ? {} : { organization_number: organization }) },
});

onEachDatabase('a session at the shared service', (open) => {
  it('may be renewed while its user reaches its patient, and ends with a period that nobody has ended', async () => {
    const database = await open();
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), ...consentsOf(IDA, 'active'));
    const { mayContinue } = accessTo(database);
    const nurse = session('Practitioner/nurse', '100000002');
    expect(await mayContinue(nurse)).toBe(true);
    expect(await mayContinue(session('Practitioner/stranger', '300000001'))).toBe(false);
    expect(await mayContinue(session('Practitioner/stranger', '300000001', ''))).toBe(true);
    const [given] = consentsOf(IDA, 'active');
    const period = { start: '2026-01-01', end: new Date(Date.now() - 1000).toISOString() };
    await put(database.resources, { ...given!, provision: { ...(given!.provision as object), period } });
    expect(await mayContinue(nurse)).toBe(false);
    expect(await mayContinue(session('Patient/ida'))).toBe(true);
    expect(await mayContinue(session('RelatedPerson/ida-mother'))).toBe(false);
  });

  it('is begun with the active plan and team of its patient, as far as its user sees and its scopes read them', async () => {
    const database = await open();
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), ...consentsOf(IDA, 'active'));
    const { fhirContextOf } = accessTo(database);
    const told = async (user: ReturnType<typeof session>, scope: string) =>
      (await fhirContextOf(user, scope)).map(({ reference }) => reference);
    const [plan, team] = ['CarePlan', 'CareTeam'].map((type) =>
      recordOf(IDA, []).find(({ resourceType, status }) => resourceType === type && status === 'active'),
    );
    const both = [`CarePlan/${plan!.id}`, `CareTeam/${team!.id}`];
    for (const user of [session('Practitioner/nurse', '100000002'), session('Patient/ida')]) {
      expect(await told(user, 'openid patient/*.rs')).toEqual(both);
      expect(await told(user, 'patient/CarePlan.read patient/Goal.rs')).toEqual(both.slice(0, 1));
      expect(await told(user, 'patient/CareTeam.r user/CarePlan.cud')).toEqual(both.slice(1));
      expect(await told(user, 'openid patient/Goal.rs patient/CarePlan.rs?status=active')).toEqual([]);
    }
    expect(await told(session('Practitioner/stranger', '300000001'), 'patient/*.rs')).toEqual([]);
    expect(await told(session('Practitioner/nurse', '100000002', ''), 'patient/*.rs')).toEqual([]);
    const [given] = consentsOf(IDA, 'active');
    await put(database.resources, { ...given!, status: 'inactive' });
    expect(await told(session('Practitioner/nurse', '100000002'), 'patient/*.rs')).toEqual([]);
    expect(await told(session('Patient/ida'), 'patient/*.rs')).toEqual(both);
  });
});

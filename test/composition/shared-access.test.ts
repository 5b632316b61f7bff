import { expect, it } from 'vitest';
import { sharedAccess } from '../../server/composition/shared-access.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from '../auth/access-rule/matrix-record.ts';
import { put } from '../auth/access-rule/record-parts.ts';
import { onEachDatabase } from '../support/stores.ts';

const BASE = 'https://plan.example/fhir';

onEachDatabase('a session at the shared service', (open) => {
  it('may be renewed while its user reaches its patient, and ends with a period that nobody has ended', async () => {
    const database = await open();
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), ...consentsOf(IDA, 'active'));
    const { mayContinue } = sharedAccess({
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
});

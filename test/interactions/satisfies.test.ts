import { expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { gatherFacts, satisfies } from '../../server/interactions/satisfies.ts';
import { parseSearch } from '../../server/search/parse.ts';
import { onEachServer } from '../support/each-server.ts';
import { keysOf } from '../support/expect-answer.ts';
import { bundle, entry, observation, patient } from '../support/fixtures.ts';

const RESOURCES: readonly Resource[] = [
  { resourceType: 'Organization', id: 'org', name: 'Solvik kommune' },
  patient({ id: 'a', active: true, managingOrganization: { reference: 'Organization/org' }, telecom: [{ system: 'phone', value: '1' }] }),
  patient({ id: 'b', name: [{ family: 'Ås', given: ['Ola'] }], birthDate: '2012', identifier: [{ value: 'no-system' }] }),
  patient({
    id: 'c',
    name: [{ family: 'Solvikås' }],
    deceasedDateTime: '2026-01-02T10:00:00+01:00',
    link: [{ other: { reference: 'Patient/a' }, type: 'seealso' }],
  }),
  observation({
    id: 'o1',
    subject: { reference: 'Patient/a' },
    effectivePeriod: { start: '2026-01-01', end: '2026-02-01' },
    valueQuantity: { value: 5.4, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' },
    component: [
      { code: { coding: [{ system: 's', code: 'sys' }] }, valueQuantity: { value: 120 } },
      { code: { coding: [{ system: 's', code: 'dia' }] }, valueQuantity: { value: 80 } },
    ],
  }),
  observation({
    id: 'o2',
    status: 'amended',
    subject: { reference: 'Patient/b' },
    effectivePeriod: { start: '2026-03-01' },
    focus: [{ reference: 'Patient/a' }],
  }),
  { resourceType: 'ValueSet', id: 'v', status: 'active', url: 'http://example.org/fhir/ValueSet/v' },
  {
    resourceType: 'MedicationRequest',
    id: 'm',
    status: 'active',
    contained: [
      {
        resourceType: 'Medication',
        id: 'x',
        status: 'inactive',
        code: { text: 'Kit', coding: [{ system: 's', code: 'kit' }] },
        manufacturer: { reference: 'Organization/org' },
      },
      { resourceType: 'Medication', id: 'y', manufacturer: { reference: '#z' } },
      { resourceType: 'Organization', id: 'z', name: 'Makers', partOf: { reference: 'Organization/org' } },
      { resourceType: 'Organization', id: 'loop', partOf: { reference: '#loop' } },
    ],
    medicationReference: { reference: '#x' },
    requester: { reference: '#z' },
    performer: { reference: '#loop' },
  },
];

const QUERIES: readonly string[] = [
  'Patient?active=true',
  'Patient?active:not=true',
  'Patient?active:missing=true',
  'Patient?family=solvik',
  'Patient?family:exact=Solvik',
  'Patient?family:contains=as',
  'Patient?name=ola,ingrid',
  'Patient?birthdate=1941',
  'Patient?birthdate=gt2000',
  'Patient?birthdate=le2012-06',
  'Patient?birthdate=ne2012',
  'Patient?death-date=sa2026',
  'Patient?identifier=|no-system',
  'Patient?identifier=urn:test:patients|',
  'Patient?identifier=urn:test:patients|p-1&active=true',
  'Patient?phone=1',
  'Patient?organization=Organization/org',
  'Patient?organization=org',
  'Patient?organization.name=solvik',
  'Patient?organization.name=nobody',
  'Patient?link=Patient/a',
  'Patient?_id=a,b',
  'Patient?_lastUpdated=gt2001',
  'Patient?_lastUpdated=lt2001',
  'Patient?_has:Observation:subject:status=final',
  'Patient?_has:Observation:focus:status=amended',
  'Observation?subject=Patient/a',
  'Observation?subject:Patient.family=ås',
  'Observation?subject:Patient.organization.name=solvik',
  'Observation?date=2026-01',
  'Observation?date=ge2026-02-15',
  'Observation?date=eb2026-02-15',
  'Observation?value-quantity=5.4',
  'Observation?value-quantity=5.4||mg',
  'Observation?value-quantity=0.0054|http://unitsofmeasure.org|g',
  'Observation?value-quantity=lt5',
  'Observation?component-code-value-quantity=s|sys$gt100',
  'Observation?component-code-value-quantity=s|dia$gt100',
  'Observation?status=final,amended&focus:missing=false',
  'ValueSet?url=http://example.org/fhir/ValueSet/v',
  'ValueSet?url:below=http://example.org/fhir',
  'ValueSet?url:above=http://example.org/fhir/ValueSet/v/part',
  'MedicationRequest?medication.code=kit',
  'MedicationRequest?medication.code=other',
  'MedicationRequest?medication.status:not=inactive',
  'MedicationRequest?medication.status:missing=false',
  'MedicationRequest?medication._id=x',
  'MedicationRequest?medication._lastUpdated=gt2001',
  'MedicationRequest?medication.manufacturer.name=solvik',
  'MedicationRequest?medication.manufacturer=Organization/org',
  'MedicationRequest?requester:Organization.name=makers',
  'MedicationRequest?requester:Organization.partof.name=solvik',
  'MedicationRequest?requester:Practitioner.name=makers',
  'MedicationRequest?intended-performer:Organization.partof.partof.name:missing=true',
  'MedicationRequest?intended-performer:Organization.partof.partof.name=x',
  'MedicationRequest?medication._has:MedicationRequest:medication:status=active',
  'MedicationRequest?medication._has:MedicationRequest:medication:status=stopped',
  'MedicationRequest?medication._has:MedicationRequest:medication:requester:Organization.name=makers',
];

onEachServer('a clause held against one resource', (start) => {
  it('holds where the store finds it', async () => {
    const server = await start({ services: { writeValidation: 'off' } });
    const loaded = await server.request(
      'POST',
      '',
      bundle('transaction', ...RESOURCES.map((each) => entry('PUT', `${each.resourceType}/${each.id}`, each))),
    );
    expect(loaded.status, loaded.text).toBe(200);
    const { services } = server;
    const differences: unknown[] = [];
    for (const text of QUERIES) {
      const [type = '', query = ''] = text.split('?');
      const found = new Set(keysOf(await server.request('GET', text)));
      const { where } = parseSearch({ parameters: [...new URLSearchParams(query)], types: [type] }, services).query;
      for (const resource of RESOURCES.filter((each) => each.resourceType === type)) {
        const key = { type, id: String(resource.id) };
        const index = services.index(resource);
        const { lastUpdatedMs } = (await services.store.read(key.type, key.id)) ?? { lastUpdatedMs: 0 };
        const holds = satisfies(where, key, index, lastUpdatedMs, await gatherFacts(services.store, where, key, index));
        if (holds !== found.has(`${key.type}/${key.id}`)) differences.push({ text, key, holds, where });
      }
    }
    expect(differences).toEqual([]);
  });
});

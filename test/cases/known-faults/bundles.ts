/**
 * Transactions and batches that other servers carried out wrongly.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction
 */
import { expect } from 'vitest';
import { entry, type FaultTable, refuses, transaction, urn } from './fault-table.ts';

const SYSTEM = 'http://s.example';
const identified = (value: string) => ({ identifier: [{ system: SYSTEM, value }] });
const organization = (value: string, more: object = {}) => ({ resourceType: 'Organization', ...identified(value), ...more });
const patient = (value: string, more: object = {}) => ({ resourceType: 'Patient', ...identified(value), ...more });
const to = (reference: string) => ({ reference });
const observation = (subject: string) => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: to(subject) });
const location = (name: string, managedBy: string) => ({ resourceType: 'Location', name, managingOrganization: to(managedBy) });
const once = (value: string) => ({ request: { ifNoneExist: `identifier=${SYSTEM}|${value}` } });
const jsonPatch = (...operations: readonly object[]) => ({
  resourceType: 'Binary',
  contentType: 'application/json-patch+json',
  data: btoa(JSON.stringify(operations)),
});
const setName = (name: string) => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'replace' },
        { name: 'path', valueString: 'Organization.name' },
        { name: 'value', valueString: name },
      ],
    },
  ],
});

export const conditions: FaultTable = {
  title: 'conditions in transactions',
  given: [organization('twin', { id: 't1' }), organization('twin', { id: 't2' }), organization('there', { id: 'there' })],
  rows: [
    [
      // hapifhir/hapi-fhir#2933
      'two creates by one condition create one resource',
      transaction(
        entry('POST Organization', organization('1'), { fullUrl: urn(1), ...once('1') }),
        entry('POST Organization', organization('1'), { fullUrl: urn(2), ...once('1') }),
        entry('POST Location', location('both', urn(2))),
      ),
      { status: 200, entries: ['201', '200', '201'] },
    ],
    [
      'that both are referred to',
      ['GET', `Location?organization.identifier=${SYSTEM}|1&_total=accurate&_include=Location:organization`],
      { status: 200, body: { total: 1 }, ids: [expect.stringMatching(/^Location/), expect.stringMatching(/^include:Organization/)] },
    ],
    [
      // hapifhir/hapi-fhir#4281
      'a condition that more than one meets fails the whole, and tells where',
      transaction(entry('POST Organization', organization('twin'), once('twin'))),
      { status: 412, issue: ['multiple-matches', 'Bundle.entry[0].request.ifNoneExist'] },
    ],
    [
      // hapifhir/hapi-fhir#5651
      'a condition may name what the Bundle creates',
      transaction(
        entry('POST Organization', organization('2'), { fullUrl: urn(1), ...once('2') }),
        entry('POST Organization', organization('3', { partOf: to(urn(1)) }), {
          fullUrl: urn(2),
          request: { ifNoneExist: `identifier=${SYSTEM}|3&partof=${urn(1)}` },
        }),
      ),
      { status: 200, entries: ['201', '201'] },
    ],
    [
      // hapifhir/hapi-fhir#8183
      'two conditional updates of one resource are refused',
      transaction(
        entry(`PUT Organization?identifier=${SYSTEM}|456`, organization('456')),
        entry(`PUT Organization?identifier=${SYSTEM}|456`, organization('456', { name: 'other' })),
      ),
      { status: 400, issue: ['invalid', 'Bundle.entry[0]'] },
    ],
    [
      // hapifhir/hapi-fhir#8171
      'a conditional update with the id of another resource is refused, although the Bundle writes that one',
      transaction(
        entry('PUT Organization/t1', organization('twin', { id: 't1' })),
        entry(`PUT Organization?identifier=${SYSTEM}|there`, organization('there', { id: 't1' })),
      ),
      { status: 400, issue: ['invalid', 'Bundle.entry[1].resource.id'] },
    ],
    [
      // LinuxForHealth/FHIR#2769
      'what a conditional update writes is referred to by its fullUrl',
      transaction(
        entry(`PUT Patient?identifier=${SYSTEM}|p`, patient('p'), { fullUrl: urn(1) }),
        entry('POST Observation', observation(urn(1))),
      ),
      { status: 200, entries: ['201', '201'] },
    ],
    [
      // LinuxForHealth/FHIR#2769
      'and the second time as well',
      transaction(
        entry(`PUT Patient?identifier=${SYSTEM}|p`, patient('p'), { fullUrl: urn(1) }),
        entry('POST Observation', observation(urn(1))),
      ),
      { status: 200, entries: ['200', '201'] },
    ],
    [
      'so that both refer to one',
      ['GET', `Observation?patient.identifier=${SYSTEM}|p&_total=accurate`],
      { status: 200, body: { total: 2 } },
    ],
    [
      // microsoft/fhir-server#1175
      'a search in a reference finds what the Bundle creates',
      transaction(
        entry(`PUT Organization?identifier=${SYSTEM}|new`, organization('new')),
        entry('PUT Location/new', { ...location('new', `Organization?identifier=${SYSTEM}|new`), id: 'new' }),
      ),
      { status: 200, entries: ['201', '201'] },
    ],
    [
      // microsoft/fhir-server#1174
      'a search in a reference finds what a conditional create met',
      transaction(
        entry('POST Organization', organization('there'), once('there')),
        entry('PUT Location/there', { ...location('there', `Organization?identifier=${SYSTEM}|there`), id: 'there' }),
      ),
      { status: 200, entries: ['200', '201'] },
    ],
    [
      'and is a reference afterwards',
      ['GET', 'Location/there'],
      { status: 200, body: { managingOrganization: { reference: 'Organization/there' } } },
    ],
    [
      // LinuxForHealth/FHIR#2946
      'a search in a reference that finds nothing is told where it stands',
      transaction(
        entry('POST Organization', organization('5')),
        entry('POST Location', location('x', `Organization?identifier=${SYSTEM}|none`)),
      ),
      { status: 400, issue: ['not-found', 'Bundle.entry[1].resource'] },
    ],
    [
      // LinuxForHealth/FHIR#3951
      'a search in a reference outside of a transaction is refused',
      ['POST', 'Location', location('x', `Organization?identifier=${SYSTEM}|there`)],
      { status: 400, issue: ['invalid', 'Location.managingOrganization.reference'] },
    ],
    [
      // hapifhir/hapi-fhir#5316
      'a conditional delete by a chain stands beside a conditional update',
      transaction(
        entry(`PUT Patient?identifier=${SYSTEM}|p`, patient('p')),
        entry(`DELETE Observation?patient.identifier=${SYSTEM}|p&status=registered`),
      ),
      { status: 200, entries: ['200', '204'] },
    ],
    [
      // LinuxForHealth/FHIR#2754
      'an update that is to be a create fails where the resource is',
      transaction(entry('PUT Organization/there', organization('there', { id: 'there' }), { request: { ifNoneMatch: '*' } })),
      { status: 412, issue: ['conflict', 'Bundle.entry[0].request.ifNoneMatch'] },
    ],
    [
      // LinuxForHealth/FHIR#2050
      'and in a batch fails alone',
      [
        'POST',
        '',
        {
          resourceType: 'Bundle',
          type: 'batch',
          entry: [
            entry('PUT Organization/there', organization('there', { id: 'there' }), { request: { ifNoneMatch: '*' } }),
            entry('PUT Organization/fresh', organization('fresh', { id: 'fresh' }), { request: { ifNoneMatch: '*' } }),
          ],
        },
      ],
      { status: 200, entries: ['412', '201'] },
    ],
    [
      // fhirbase/fhirbase-plv8#129
      'a read in a Bundle is not repeated for who has the version',
      transaction(entry('GET Organization/there', undefined, { request: { ifNoneMatch: 'W/"1"' } })),
      { status: 200, entries: ['304'] },
    ],
  ],
};

export const entries: FaultTable = {
  title: 'entries of transactions',
  given: [organization('1', { id: 'o', name: 'O' })],
  rows: [
    [
      // hapifhir/hapi-fhir#854
      'the address of an attachment is that of the Binary in the Bundle',
      transaction(
        entry('POST Binary', { resourceType: 'Binary', contentType: 'text/plain', data: 'aGVp' }, { fullUrl: urn(1) }),
        entry('PUT DocumentReference/d', {
          resourceType: 'DocumentReference',
          id: 'd',
          status: 'current',
          content: [{ attachment: { url: urn(1) } }],
        }),
      ),
      { status: 200, entries: ['201', '201'] },
    ],
    [
      'once it is stored',
      ['GET', 'DocumentReference/d'],
      { status: 200, body: { content: [{ attachment: { url: expect.stringMatching(/^Binary\//) } }] } },
    ],
    [
      // medplum/medplum#2884
      'a JSON Patch may refer to what the Bundle creates',
      transaction(
        entry('POST Organization', organization('2'), { fullUrl: urn(1) }),
        entry('PATCH Organization/o', jsonPatch({ op: 'add', path: '/partOf', value: to(urn(1)) })),
      ),
      { status: 200, entries: ['201', '200'] },
    ],
    [
      'by the id that it got',
      ['GET', 'Organization/o'],
      { status: 200, body: { partOf: { reference: expect.stringMatching(/^Organization\/id-/) } } },
    ],
    [
      // medplum/medplum#9917
      'a FHIRPath Patch stands in a Bundle, with its precondition',
      transaction(entry('PATCH Organization/o', setName('New'), { request: { ifMatch: 'W/"2"' } })),
      { status: 200, entries: ['200'] },
    ],
    [
      // medplum/medplum#9917
      'that is held',
      transaction(entry('PATCH Organization/o', setName('Newer'), { request: { ifMatch: 'W/"2"' } })),
      { status: 412, issue: ['conflict', 'Bundle.entry[0].request.ifMatch'] },
    ],
    [
      'what refers to each other is created together',
      transaction(
        entry('PUT Patient/p', patient('p', { id: 'p' })),
        entry('PUT Observation/x', { ...observation('Patient/p'), id: 'x', focus: [to('Observation/y')] }),
        entry('PUT Observation/y', { ...observation('Patient/p'), id: 'y', focus: [to('Observation/x')] }),
      ),
      { status: 200, entries: ['201', '201', '201'] },
    ],
    [
      // hapifhir/hapi-fhir#253, microsoft/fhir-server#2337
      'and deleted together, in any order',
      transaction(entry('DELETE Patient/p'), entry('DELETE Observation/y'), entry('DELETE Observation/x')),
      { status: 200, entries: ['204', '204', '204'] },
    ],
    [
      // hapifhir/hapi-fhir#6900
      'and brought back together',
      transaction(entry('PUT Observation/x', { ...observation('Patient/p'), id: 'x' }), entry('PUT Patient/p', patient('p', { id: 'p' }))),
      { status: 200, entries: ['201', '201'] },
    ],
    [
      // FirelyTeam/spark#105
      'a deletion of what never was is none',
      transaction(entry('DELETE Patient/5678')),
      { status: 200, entries: ['204'] },
    ],
    // FirelyTeam/spark#105
    refuses('so that it was never there', 'Patient/5678', 404, 'not-found'),
    [
      // fhirbase/fhirbase-plv8#127
      'a conditional delete that finds nothing deletes nothing',
      transaction(entry('DELETE Patient?given=Ala')),
      { status: 200, entries: ['204'] },
    ],
    [
      // hapifhir/hapi-fhir#4443
      'a fullUrl says the id of its resource',
      transaction(entry('PUT Patient/1', patient('1', { id: '1' }), { fullUrl: 'http://a.example/fhir/Patient/2' })),
      { status: 400, issue: ['invalid', 'Bundle.entry[0].fullUrl'] },
    ],
    [
      // hapifhir/hapi-fhir#4443
      'and may be that of any server',
      transaction(entry('PUT Patient/1', patient('1', { id: '1' }), { fullUrl: 'http://a.example/fhir/Patient/1' })),
      { status: 200, entries: ['201'] },
    ],
    [
      // hapifhir/hapi-fhir-jpaserver-starter#721
      'an update has the id of its URL',
      transaction(entry('PUT Organization/RL121', organization('1', { id: 'Organization-RL121' }))),
      { status: 400, issue: ['invalid', 'Bundle.entry[0].resource.id'] },
    ],
    [
      // hapifhir/hapi-fhir#2484
      'a create has the type of its URL',
      transaction(entry('POST Observation', patient('1'))),
      { status: 400, issue: ['invalid', 'Bundle.entry[0].resource.resourceType'] },
    ],
    [
      // samply/blaze#969
      'a resource without a type is told',
      transaction(entry('POST Patient', { id: '1' })),
      { status: 400, issue: ['structure', 'Bundle.entry[0].resource'] },
    ],
    [
      // samply/blaze#809
      'an id that is sent stands for the resource, without a fullUrl as well',
      transaction(entry('POST Patient', patient('sent', { id: '0' })), entry('POST Observation', observation('Patient/0'))),
      { status: 200, entries: ['201', '201'] },
    ],
    [
      'under the id that it got',
      ['GET', `Observation?patient.identifier=${SYSTEM}|sent&_total=accurate`],
      { status: 200, body: { total: 1 } },
    ],
    [
      'a transaction that fails leaves nothing',
      transaction(entry('PUT Patient/back', patient('back', { id: 'back' })), entry('GET Patient/none')),
      { status: 404, issue: ['not-found', 'Bundle.entry[1]'] },
    ],
    refuses('of what stood before', 'Patient/back', 404, 'not-found'),
  ],
};

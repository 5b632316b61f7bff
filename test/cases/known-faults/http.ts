/**
 * Requests, versions and pages that other servers answered wrongly.
 *
 * Spec: https://hl7.org/fhir/R4/http.html
 */
import { expect } from 'vitest';
import { type FaultTable, finds, refuses } from './fault-table.ts';

const PATIENT = { resourceType: 'Patient', id: 'p', active: true };
const text = (value: string) => ({ resourceType: 'Basic', id: 'b', code: { text: value } });
const withDecimal = (value: string) =>
  `{"resourceType":"Basic","id":"b","extension":[{"url":"http://s.example/e","valueDecimal":${value}}],"code":{"text":"x"}}`;

export const formats: FaultTable = {
  title: 'formats and bodies',
  given: [PATIENT],
  rows: [
    // microsoft/fhir-server#649, FirelyTeam/spark#323
    refuses('a format in the URL that is not spoken is 406', 'Patient/p?_format=application/foobar', 406, 'not-supported'),
    // FirelyTeam/spark#323
    ['a format in Accept that is not spoken is 406', ['GET', 'Patient/p', undefined, { Accept: 'application/foobar' }], { status: 406 }],
    // intervention-engine/fhir#82
    ['XML is not answered with JSON', ['GET', 'metadata', undefined, { Accept: 'application/fhir+xml' }], { status: 406 }],
    // microsoft/fhir-server#649
    [
      'a body in a format that is not read is 415',
      ['POST', 'Basic', '<Basic xmlns="http://hl7.org/fhir"/>', { 'Content-Type': 'application/fhir+xml' }],
      { status: 415, issue: ['not-supported'] },
    ],
    // HealthIntersections/FHIRsmith#85
    ['_format goes before Accept', ['GET', 'Patient/p?_format=json', undefined, { Accept: 'application/fhir+xml' }], { status: 200 }],
    // HealthIntersections/FHIRsmith#85
    ['whichever is spoken', ['GET', 'Patient/p?_format=xml', undefined, { Accept: 'application/fhir+json' }], { status: 406 }],
    // bzkf/obds-to-fhir#720
    [
      'one format of several will do',
      ['GET', 'Patient/p', undefined, { Accept: 'application/dummy, application/fhir+json' }],
      { status: 200, headers: { 'Content-Type': 'application/fhir+json; fhirVersion=4.0; charset=utf-8' } },
    ],
    // LinuxForHealth/FHIR#896
    [
      'another version of FHIR is not what is spoken here',
      ['GET', 'Patient/p', undefined, { Accept: 'application/fhir+json; fhirVersion=3.0' }],
      { status: 406 },
    ],
    // hapifhir/hapi-fhir#3696
    ['HEAD of the capabilities is answered', ['HEAD', 'metadata'], { status: 200 }],
    // hapifhir/hapi-fhir#3696
    ['HEAD of a search is answered', ['HEAD', 'Patient?_id=p'], { status: 200 }],
    // samply/blaze#1250
    [
      'a part of the capabilities is given',
      ['GET', 'metadata?_elements=status,software'],
      { status: 200, body: { status: 'active', software: {}, meta: { tag: [{ code: 'SUBSETTED' }] } } },
    ],
    // LinuxForHealth/FHIR#1155
    [
      'a property that is said twice is refused',
      ['POST', 'Basic', '{"resourceType":"Basic","code":{"text":"a"},"code":{"text":"b"}}'],
      { status: 400, issue: ['structure'] },
    ],
    // microsoft/fhir-server#587
    [
      'a narrative that is no XHTML is refused, not a fault of the server',
      ['PUT', 'Patient/x', { resourceType: 'Patient', id: 'x', text: { status: 'generated', div: '<div><b></div>' } }],
      { status: 422, issue: ['invalid', 'Patient.text.div'] },
    ],
    // fhirbase/fhirbase-plv8#108
    ['a decimal is stored', ['PUT', 'Basic/b', withDecimal('135.570')], { status: 201 }],
    // fhirbase/fhirbase-plv8#108
    ['with its zeros', ['GET', 'Basic/b'], { status: 200, text: '"valueDecimal":135.570' }],
    // synthetichealth/synthea#675
    ['a decimal may have an exponent', ['PUT', 'Basic/b', withDecimal('1.2E+2')], { status: 200 }],
    // synthetichealth/synthea#675
    ['and keeps it', ['GET', 'Basic/b'], { status: 200, text: '"valueDecimal":1.2E+2' }],
    // hapifhir/hapi-fhir#6660
    ['a control character', ['PUT', 'Basic/b', text('a\u0001b')], { status: 200 }],
    // hapifhir/hapi-fhir#6660
    ['is given back escaped', ['GET', 'Basic/b'], { status: 200, text: 'a\\u0001b' }],
    // FirelyTeam/firely-net-sdk#2044
    [
      'an instant keeps the zeros of its fraction',
      ['PUT', 'Provenance/v', provenance('2020-04-17T10:20:00.0000000-05:00')],
      { status: 201, text: '10:20:00.0000000-05:00' },
    ],
    // LinuxForHealth/FHIR#254
    refuses('a summary that is none is told', 'Patient?_summary=foo', 400, 'value', '_summary'),
    // LinuxForHealth/FHIR#260
    refuses('a parameter that is misspelt is told', 'Patient?gendre=male', 400, 'not-supported', 'gendre'),
    // microsoft/fhir-server#1050
    [
      'or passed over, where that is asked for',
      ['GET', 'Patient?gendre=male', undefined, { Prefer: 'handling=lenient' }],
      { status: 200, body: { link: [{ url: expect.not.stringContaining('gendre') }] } },
    ],
    // LinuxForHealth/FHIR#3318
    [
      'which may be the second of two preferences',
      ['GET', 'Patient?gendre=male', undefined, { Prefer: 'return=minimal, handling=lenient' }],
      { status: 200 },
    ],
    // microsoft/fhir-server#1923
    [
      'but not where it says what is deleted',
      ['DELETE', 'Patient?gendre=male', undefined, { Prefer: 'handling=lenient' }],
      { status: 400, issue: ['not-supported', 'gendre'] },
    ],
    // microsoft/fhir-server#1923
    [
      'and how many are asked for says nothing of what is deleted',
      ['DELETE', 'Patient?_count=1'],
      { status: 400, issue: ['invalid', '_count'] },
    ],
    // hapifhir/hapi-fhir#996
    [
      'nothing is answered where nothing is asked for',
      ['PUT', 'Basic/b', text('c'), { Prefer: 'return=minimal' }],
      { status: 200, text: '' },
    ],
    // hapifhir/hapi-fhir#996
    [
      'and an outcome where that is',
      ['PUT', 'Basic/b', text('d'), { Prefer: 'return=OperationOutcome' }],
      { status: 200, body: { resourceType: 'OperationOutcome' } },
    ],
  ],
};

function provenance(recorded: string): object {
  return {
    resourceType: 'Provenance',
    id: 'v',
    recorded,
    target: [{ reference: 'Patient/p' }],
    agent: [{ who: { reference: 'Patient/p' } }],
  };
}

export const versions: FaultTable = {
  title: 'versions, deletions and preconditions',
  given: [PATIENT, { resourceType: 'Patient', id: 'other' }],
  rows: [
    // awslabs/fhir-works-on-aws-deployment#714
    ['a deletion', ['DELETE', 'Patient/p'], { status: 204, headers: { ETag: 'W/"2"' } }],
    // awslabs/fhir-works-on-aws-deployment#714
    ['may be asked for again', ['DELETE', 'Patient/p'], { status: 204 }],
    // awslabs/fhir-works-on-aws-deployment#714
    refuses('what was deleted is gone', 'Patient/p', 410, 'deleted'),
    // fhirbase/fhirbase-plv8#65
    refuses('and so is the version of the deletion', 'Patient/p/_history/2', 410, 'deleted'),
    // hapifhir/hapi-fhir#5296, hapifhir/hapi-fhir#5380
    [
      'the history tells of the deletion, and of the first version',
      ['GET', 'Patient/p/_history'],
      {
        status: 200,
        body: {
          total: 2,
          entry: [
            { request: { method: 'DELETE' }, response: { etag: 'W/"2"' } },
            { request: { method: 'PUT' }, response: { etag: 'W/"1"' } },
          ],
        },
      },
    ],
    // highmed/highmed-dsf#99
    ['what is brought back has the version after the deletion', ['PUT', 'Patient/p', PATIENT], { status: 201, headers: { ETag: 'W/"3"' } }],
    // fhirbase/fhirbase-plv8#146
    [
      'a history since a time is that of the resource alone',
      ['GET', 'Patient/p/_history?_since=2000-01-01T00:00:00Z'],
      { status: 200, body: { total: 3 } },
    ],
    // microsoft/fhir-server#1084
    [
      'at a time after the last change, the last version was current',
      ['GET', 'Patient/p/_history?_at=2100-01-01'],
      { status: 200, body: { total: 1, entry: [{ response: { etag: 'W/"3"' } }] } },
    ],
    // microsoft/fhir-server#1084
    ['and before the first change none', ['GET', 'Patient/p/_history?_at=2000'], { status: 200, body: { total: 0 } }],
    // LinuxForHealth/FHIR#160
    ['who has the version does not get it again', ['GET', 'Patient/p', undefined, { 'If-None-Match': 'W/"3"' }], { status: 304 }],
    // highmed/highmed-dsf#319
    ['nor who has it among others', ['GET', 'Patient/p', undefined, { 'If-None-Match': 'W/"1", W/"3"' }], { status: 304 }],
    // HeliosSoftware/hfs#428
    [
      'a deletion of another version is not made',
      ['DELETE', 'Patient/p', undefined, { 'If-Match': 'W/"1"' }],
      { status: 412, issue: ['conflict', 'If-Match'] },
    ],
    // microsoft/fhir-server#1923
    ['nor one of everything', ['DELETE', 'Patient?_count=100'], { status: 400, issue: ['invalid', '_count'] }],
    // microsoft/fhir-server#1923
    ['nor one without a condition', ['DELETE', 'Patient'], { status: 400, issue: ['invalid', 'url'] }],
    // LinuxForHealth/FHIR#119
    ['a condition that several meet', ['DELETE', 'Patient?_id=p,other'], { status: 204 }],
    // LinuxForHealth/FHIR#119
    finds('deletes them all', 'Patient', []),
  ],
};

export const pages: FaultTable = {
  title: 'pages',
  given: [
    ...['1', '2', '3', '4'].map((id) => ({ resourceType: 'Basic', id, code: { text: 'x' }, subject: { reference: 'Patient/p' } })),
    PATIENT,
  ],
  rows: [
    // hapifhir/hapi-fhir#793, samply/blaze#397
    finds('what is included does not count', 'Basic?_count=4&_include=Basic:subject', [
      'Basic/1',
      'Basic/2',
      'Basic/3',
      'Basic/4',
      'include:Patient/p',
    ]),
    // hapifhir/hapi-fhir#5192, hapifhir/hapi-fhir#5198
    ['a page that is just full is the last', ['GET', 'Basic?_count=4'], { status: 200, body: { link: [{ relation: 'self' }] } }],
    // microsoft/fhir-server#4672
    ['a count has no entries', ['GET', 'Basic?_summary=count&_include=Basic:subject'], { status: 200, ids: [], body: { total: 4 } }],
    // hapifhir/hapi-fhir#7550
    refuses('all of a patient that is not there is 404', 'Patient/none/$everything', 404, 'not-found'),
    // LinuxForHealth/FHIR#3091
    finds('a patient is in its own compartment', 'Patient/p/Patient', ['Patient/p']),
    // hapifhir/hapi-fhir#674
    [
      'all of a patient comes at once, without repeats',
      ['GET', 'Patient/p/$everything'],
      { status: 200, ids: ['Patient/p', 'Basic/1', 'Basic/2', 'Basic/3', 'Basic/4'] },
    ],
  ],
};

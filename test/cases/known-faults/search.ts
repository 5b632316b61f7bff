/**
 * Searches that other servers answered wrongly.
 *
 * Spec: https://hl7.org/fhir/R4/search.html
 */
import { type FaultRow, type FaultTable, finds, refuses } from './fault-table.ts';

const SYSTEM = 'http://s.example';
const UCUM = 'http://unitsofmeasure.org';
const coded = (...codes: readonly string[]) => ({ coding: codes.map((code) => ({ system: SYSTEM, code })) });
const mmHg = (value: number) => ({ value, system: UCUM, code: 'mm[Hg]' });
const to = (reference: string) => ({ reference });

export const tokensAndStrings: FaultTable = {
  title: 'tokens and strings',
  given: [
    {
      resourceType: 'Patient',
      id: 'comma',
      identifier: [
        { system: 'http://foo,123', value: 'ABC' },
        { system: SYSTEM, value: 'ends with,' },
      ],
      name: [{ family: 'Aut, Pariatur, M8' }],
    },
    {
      resourceType: 'Patient',
      id: 'slash',
      identifier: [{ system: SYSTEM, value: 'NWPH\\TO' }],
      name: [{ family: 'Aut' }, { family: 'Pariatur' }],
      telecom: [{ system: 'email', value: 'myname@mydomain.com' }],
    },
    {
      resourceType: 'Patient',
      id: 'signs',
      identifier: [{ system: SYSTEM, value: 'Über' }],
      name: [{ given: ['Kaśka', '健康'], family: '刘' }, { given: ['Yáng', 'Адам'] }],
    },
    {
      resourceType: 'MedicationRequest',
      id: 'order',
      status: 'active',
      intent: 'order',
      subject: to('Patient/comma'),
      medicationCodeableConcept: coded('a'),
    },
    {
      resourceType: 'MedicationRequest',
      id: 'original',
      status: 'active',
      intent: 'original-order',
      subject: to('Patient/comma'),
      medicationCodeableConcept: coded('a', 'b'),
    },
  ],
  rows: [
    // hapifhir/hapi-fhir#7177
    finds('a comma of the system is escaped', 'Patient?identifier=http://foo%5C,123|ABC', ['Patient/comma']),
    // hapifhir/hapi-fhir#192
    finds('a value may end with an escaped comma', 'Patient?identifier=ends%20with%5C,', ['Patient/comma']),
    // medplum/medplum#4440
    finds('escaped commas are part of a name', 'Patient?family:exact=Aut%5C, Pariatur%5C, M8', ['Patient/comma']),
    // microsoft/fhir-server#1389
    finds('commas that are not escaped stand between names', 'Patient?family:exact=Aut,Pariatur', ['Patient/slash']),
    // LinuxForHealth/FHIR#3820
    finds('a backslash is escaped by another', 'Patient?identifier=NWPH%5C%5CTO', ['Patient/slash']),
    // LinuxForHealth/FHIR#3820
    refuses('a backslash that escapes nothing is told', 'Patient?identifier=NWPH%5CTO', 400, 'value', 'identifier'),
    // hapifhir/hapi-fhir#6361
    finds('an e-mail address is found in any case', 'Patient?email=Myname@mydomain.com', ['Patient/slash']),
    // medplum/medplum#3217
    finds('a token is missing where none is', 'Patient?email:missing=true', ['Patient/comma', 'Patient/signs']),
    // LinuxForHealth/FHIR#4260
    finds('the marks of an identifier count', 'Patient?identifier=Uber', []),
    // LinuxForHealth/FHIR#4260
    finds('an identifier is found as it is written', 'Patient?identifier=%C3%9Cber', ['Patient/signs']),
    // fhirbase/fhirbase-plv8#68
    finds('a name is found without its marks', 'Patient?given=kaska', ['Patient/signs']),
    // fhirbase/fhirbase-plv8#68
    finds('a name with marks finds the one with marks', 'Patient?given=Y%C3%A1ng', ['Patient/signs']),
    // fhirbase/fhirbase-plv8#68
    finds('the exact name has its marks', 'Patient?given:exact=Kaska', []),
    // fhirbase/fhirbase-plv8#68
    finds('names in other scripts are found', 'Patient?family=%E5%88%98&given=%D0%B0%D0%B4%D0%B0%D0%BC', ['Patient/signs']),
    // awslabs/fhir-works-on-aws-deployment#740
    finds('a code is the whole of it', 'MedicationRequest?intent=order', ['MedicationRequest/order']),
    // awslabs/fhir-works-on-aws-deployment#301, medplum/medplum#1234
    finds('a part of an identifier is none', 'Patient?identifier=NWPH', []),
    // hapifhir/hapi-fhir#2837
    finds('not a code: nor with another beside it', `MedicationRequest?code:not=${SYSTEM}|b`, ['MedicationRequest/order']),
    // hapifhir/hapi-fhir#3321
    finds('a filter and a negation hold together', 'MedicationRequest?_filter=intent ne zzz&code:not=b,c', ['MedicationRequest/order']),
    // LinuxForHealth/FHIR#1926
    finds('a tag is denied of all types', '?_type=Patient&_tag:not=x', ['Patient/comma', 'Patient/slash', 'Patient/signs']),
    ...['name:bogus', 'name:EXACT', 'birthdate:Patient', '_include:bogus', '_id:bogus'].map((name) =>
      // HeliosSoftware/hfs#1318
      refuses(`${name} has no such modifier`, `Patient?${name}=x`, 400, 'not-supported', name),
    ),
    ...['name:exat', '_sort:asc', '_text:bogus'].map((name): FaultRow => {
      // HeliosSoftware/hfs#1318
      const asked = ['GET', `Patient?${name}=x`, undefined, { Prefer: 'handling=lenient' }] as const;
      return [`${name} is not left out for anybody`, asked, { status: 400, issue: ['not-supported', name] }];
    }),
    // HeliosSoftware/hfs#1339
    refuses(
      'a modifier that a token does not have is refused in a compartment',
      'Patient/comma/Observation?code:bogus=a',
      400,
      'not-supported',
      'code:bogus',
    ),
    // HeliosSoftware/hfs#1339
    refuses('a type that is none is no modifier', 'Observation?subject:Bogus=comma', 400, 'not-supported', 'subject:Bogus'),
    // microsoft/fhir-server#2002
    finds('a negation stands at the end of a chain', 'MedicationRequest?subject:Patient.gender:not=male', [
      'MedicationRequest/order',
      'MedicationRequest/original',
    ]),
  ],
};

export const datesAndOrder: FaultTable = {
  title: 'dates, composites and order',
  given: [
    {
      resourceType: 'ServiceRequest',
      id: 'until',
      status: 'active',
      intent: 'order',
      subject: to('Patient/p'),
      occurrenceTiming: { repeat: { boundsPeriod: { end: '2024-09-16T16:00:00.000-06:00' } } },
    },
    { resourceType: 'DiagnosticReport', id: 'r', status: 'final', code: { text: 'x' }, issued: '2011-03-04T11:45:33+11:00' },
    {
      resourceType: 'Observation',
      id: 'bp',
      status: 'final',
      code: coded('bp'),
      component: [
        { code: coded('systolic'), valueQuantity: mmHg(150) },
        { code: coded('diastolic'), valueQuantity: mmHg(80) },
      ],
    },
    {
      resourceType: 'DocumentReference',
      id: 'one',
      status: 'current',
      content: [{ attachment: { title: 'a' } }],
      relatesTo: [{ code: 'appends', target: to('DocumentReference/a') }],
    },
    {
      resourceType: 'DocumentReference',
      id: 'two',
      status: 'current',
      content: [{ attachment: { title: 'b' } }],
      relatesTo: [
        { code: 'transforms', target: to('DocumentReference/t') },
        { code: 'replaces', target: to('DocumentReference/r') },
      ],
    },
    { resourceType: 'Patient', id: 'p', gender: 'male' },
    { resourceType: 'Patient', id: 'nobody' },
  ],
  rows: [
    // hapifhir/hapi-fhir#8408
    finds('a timing without a beginning is before everything later', 'ServiceRequest?occurrence=le2023', ['ServiceRequest/until']),
    // microsoft/fhir-server#25
    finds('a time is compared in its zone', 'DiagnosticReport?issued=2011-03-04T00:45:33Z', ['DiagnosticReport/r']),
    ...['0-03-04T10:45:33', '201111111-03-04', '2011jasdlka-03-04', '2011-3-4', '2011-02-30'].map((date) =>
      // microsoft/fhir-server#25
      refuses(`${date} is no date`, `DiagnosticReport?issued=${date}`, 400, 'value', 'issued'),
    ),
    // hapifhir/hapi-fhir#2670
    finds('a composite is about one component', `Observation?component-code-value-quantity=${SYSTEM}|diastolic$ge140`, []),
    // hapifhir/hapi-fhir#2670
    finds('a composite finds its component', `Observation?component-code-value-quantity=${SYSTEM}|systolic$ge140`, ['Observation/bp']),
    // microsoft/fhir-server#523
    finds('composites stand between commas', 'DocumentReference?relationship=DocumentReference/a$appends,DocumentReference/r$replaces', [
      'DocumentReference/one',
      'DocumentReference/two',
    ]),
    // microsoft/fhir-server#523
    finds('parts of a composite are of one element', 'DocumentReference?relationship=DocumentReference/t$replaces', []),
    // microsoft/fhir-server#523
    refuses('half of a composite is refused', 'DocumentReference?relationship=DocumentReference/a', 400, 'value', 'relationship'),
    // hapifhir/hapi-fhir#4098, microsoft/fhir-server#1404
    finds('what has no value to sort by is last', 'Patient?_sort=gender', ['Patient/p', 'Patient/nobody']),
    // hapifhir/hapi-fhir#1061
    finds('what has no value to sort by is last the other way, too', 'Patient?_sort=-gender,_id', ['Patient/p', 'Patient/nobody']),
    // microsoft/fhir-server#2344
    finds('a chain is sorted', 'Patient?organization.identifier=000&_sort=birthdate', []),
  ],
};

export const links: FaultTable = {
  title: 'chains, reverse chains and includes',
  given: [
    { resourceType: 'Patient', id: 'p', gender: 'female' },
    { resourceType: 'Group', id: 'g', type: 'person', actual: true, member: [{ entity: to('Patient/p') }] },
    { resourceType: 'Device', id: 'd', identifier: [{ system: 'http://hl7.org/fhir/NamingSystem/deviceIds', value: 'x' }] },
    { resourceType: 'Observation', id: 'o', status: 'final', code: coded('a'), subject: to('Patient/p'), device: to('Device/d') },
    { resourceType: 'ServiceRequest', id: 's', status: 'active', intent: 'order', subject: to('Patient/p') },
    {
      resourceType: 'DiagnosticReport',
      id: 'r',
      status: 'final',
      code: coded('a'),
      basedOn: [to('ServiceRequest/s')],
      subject: to('Patient/p'),
    },
    { resourceType: 'EpisodeOfCare', id: 'e', status: 'active', patient: to('Patient/p') },
    {
      resourceType: 'Encounter',
      id: 'n',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: to('Patient/p'),
      episodeOfCare: [to('EpisodeOfCare/e')],
    },
    {
      resourceType: 'Provenance',
      id: 'v',
      target: [to('Encounter/n')],
      recorded: '2020-01-01T00:00:00Z',
      agent: [{ who: to('Patient/p') }],
    },
    { resourceType: 'Questionnaire', id: 'q', url: 'http://s.example/Questionnaire/q', version: '1', title: 'Title', status: 'active' },
    { resourceType: 'QuestionnaireResponse', id: 'a', status: 'in-progress', questionnaire: 'http://s.example/Questionnaire/q|1' },
    { resourceType: 'Location', id: 'l1', partOf: to('Location/l2') },
    { resourceType: 'Location', id: 'l2', partOf: to('Location/l1') },
    {
      resourceType: 'Flag',
      id: 'f',
      status: 'active',
      code: coded('a'),
      subject: { type: 'Medication', identifier: { system: 'urn:oid:2.16.124', value: 'A1' } },
    },
  ],
  rows: [
    // hapifhir/hapi-fhir#8025
    finds('an id ends a chain that may lead to several types', 'DiagnosticReport?based-on._id=s', ['DiagnosticReport/r']),
    // LinuxForHealth/FHIR#1384
    finds('an id ends a chain', 'DiagnosticReport?subject:Patient._id=p', ['DiagnosticReport/r']),
    // LinuxForHealth/FHIR#1384
    finds('a time of change ends a chain', 'DiagnosticReport?subject:Patient._lastUpdated=gt2000', ['DiagnosticReport/r']),
    // LinuxForHealth/FHIR#1674, awslabs/fhir-works-on-aws-search-es#166
    finds('a chain by patient needs no type', 'DiagnosticReport?patient.gender=female', ['DiagnosticReport/r']),
    // awslabs/fhir-works-on-aws-search-es#138
    finds('a chain that finds nobody finds nothing', 'DiagnosticReport?patient:Patient.name=zzz', []),
    // medplum/medplum#6162
    finds('a chain goes over a canonical', 'QuestionnaireResponse?questionnaire.title=title', ['QuestionnaireResponse/a']),
    // HeliosSoftware/hfs#135
    finds('a compartment holds what refers to it in any way', 'Device/d/Observation', ['Observation/o']),
    // samply/blaze#2293
    finds('a code and several subjects hold together', `Observation?code=${SYSTEM}|a&subject=p,Patient/q`, ['Observation/o']),
    // hapifhir/hapi-fhir#5065
    finds(
      'the system of a chained token is no reference',
      'Patient?_has:Observation:subject:device.identifier=http://hl7.org/fhir/NamingSystem/deviceIds|x',
      ['Patient/p'],
    ),
    // hapifhir/hapi-fhir#4139
    finds('who refers is found by its id', 'Patient?_has:Observation:subject:_id=o', ['Patient/p']),
    // hapifhir/hapi-fhir#5177
    finds('who refers is found by its time of change', 'Patient?_has:Observation:subject:_lastUpdated=gt2000', ['Patient/p']),
    // hapifhir/hapi-fhir#4139
    finds('a chain goes on backwards', 'Observation?subject:Patient._has:Group:member:_id=g', ['Observation/o']),
    // hapifhir/hapi-fhir#1419
    finds('a reference by identifier alone is found by it', 'Flag?subject:identifier=urn:oid:2.16.124|A1', ['Flag/f']),
    // hapifhir/hapi-fhir#1419
    finds('a chain takes a system that is a urn', 'Flag?subject:Medication.identifier=urn:oid:2.16.124|A1', []),
    // hapifhir/hapi-fhir#5353
    finds(
      'rounds of both kinds of includes build on each other',
      'EpisodeOfCare?_revinclude=Encounter:episode-of-care&_include:iterate=Encounter:patient&_revinclude:iterate=Provenance:target',
      ['EpisodeOfCare/e', 'include:Encounter/n', 'include:Patient/p', 'include:Provenance/v'],
    ),
    // hapifhir/hapi-fhir#2802
    finds(
      'an include without rounds starts from the matches',
      'EpisodeOfCare?_revinclude=Encounter:episode-of-care&_include=Encounter:patient',
      ['EpisodeOfCare/e', 'include:Encounter/n'],
    ),
    // hapifhir/hapi-fhir#6803
    finds('an include of all that refers is of all types', 'Patient?_revinclude=*', [
      'Patient/p',
      'include:DiagnosticReport/r',
      'include:Encounter/n',
      'include:EpisodeOfCare/e',
      'include:Group/g',
      'include:Observation/o',
      'include:Provenance/v',
      'include:ServiceRequest/s',
    ]),
    // awslabs/fhir-works-on-aws-search-es#13
    finds('rounds end where two refer to each other', 'Location?_id=l1&_include:iterate=Location:partof', [
      'Location/l1',
      'include:Location/l2',
    ]),
    // medplum/medplum#1929
    finds('nothing is included where nothing is found', 'Location?_id=none&_include=Location:partof', []),
    // hapifhir/hapi-fhir-jpaserver-starter#106
    refuses(
      'a target that the parameter does not have is told',
      'Observation?_include=Observation:device:Patient',
      400,
      'not-supported',
      '_include',
    ),
    // hapifhir/hapi-fhir#8039
    finds('all of a patient since a time to come is nothing', 'Patient/p/$everything?_since=2100-01-01T00:00:00Z', []),
  ],
};

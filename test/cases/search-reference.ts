/**
 * Reference and uri searches, and those that follow references.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#reference · https://hl7.org/fhir/R4/search.html#chaining
 */
import { BASE_URL, type SearchTable } from '../support/search-cases.ts';

const seen = (id: string, subject: unknown, over: Record<string, unknown> = {}) => ({ resourceType: 'Observation', id, subject, ...over });

const references: SearchTable = {
  title: 'references match by id, type and URL [R4 search#reference]',
  given: [
    seen('local', { reference: 'Patient/23' }),
    seen('absolute', { reference: `${BASE_URL}/Patient/23` }),
    seen('version', { reference: 'Patient/23/_history/2' }),
    seen('group', { reference: 'Group/23' }),
    seen('elsewhere', { reference: 'http://other.example/fhir/Patient/23' }),
    seen('urn', { reference: 'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f' }),
    seen('logical', { identifier: { system: 'urn:ids', value: 'p-1' } }),
    seen('both', { reference: 'Patient/24', identifier: { system: 'urn:ids', value: 'p-2' }, type: 'Patient' }),
    seen('contained', { reference: '#p' }, { contained: [{ resourceType: 'Patient', id: 'p' }] }),
    { resourceType: 'Observation', id: 'none' },
  ],
  cases: [
    ["the spec's example: an id", 'Observation?subject=23', ['absolute', 'group', 'local', 'version']],
    ["the spec's example: type and id", 'Observation?subject=Patient/23', ['absolute', 'local', 'version']],
    ['type as modifier', 'Observation?subject:Patient=23', ['absolute', 'local', 'version']],
    ['another type as modifier', 'Observation?subject:Group=23', ['group']],
    ['an absolute URL of this server', `Observation?subject=${BASE_URL}/Patient/23`, ['absolute', 'local', 'version']],
    ["the spec's example: an absolute URL elsewhere", 'Observation?subject=http://other.example/fhir/Patient/23', ['elsewhere']],
    ['a urn', 'Observation?subject=urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f', ['urn']],
    ['another type', 'Observation?subject=Device/23', []],
    ['a parameter for one type only', 'Observation?patient=23', ['absolute', 'local', 'version']],
    ['a parameter for one type only, with that type', 'Observation?patient=Patient/23', ['absolute', 'local', 'version']],
    [
      'a parameter for one type only keeps a reference to another server',
      'Observation?patient=http://other.example/fhir/Patient/23',
      ['elsewhere'],
    ],
    ['a parameter for one type only leaves out others', 'Observation?patient=Group/23', []],
    ['either', 'Observation?subject=Patient/24,Group/23', ['both', 'group']],
    ['by identifier', 'Observation?subject:identifier=urn:ids|p-1', ['logical']],
    ['by identifier, beside a reference', 'Observation?subject:identifier=urn:ids|p-2', ['both']],
    ['by identifier, value alone', 'Observation?subject:identifier=p-1', ['logical']],
    ['by identifier, any of a system', 'Observation?subject:identifier=urn:ids|', ['both', 'logical']],
    ['missing', 'Observation?subject:missing=true', ['none']],
    [
      'contained and logical ones are there',
      'Observation?subject:missing=false',
      ['absolute', 'both', 'contained', 'elsewhere', 'group', 'local', 'logical', 'urn', 'version'],
    ],
    ['a contained patient is no Patient of the server', 'Observation?patient=p', []],
  ],
};

const canonicals: SearchTable = {
  title: 'canonicals and URIs match as a whole, below and above [R4 search#uri]',
  given: [
    { resourceType: 'CarePlan', id: 'plain', instantiatesCanonical: ['http://acme.org/PlanDefinition/a'] },
    { resourceType: 'CarePlan', id: 'versioned', instantiatesCanonical: ['http://acme.org/PlanDefinition/a|1.0'] },
    {
      resourceType: 'CarePlan',
      id: 'ours',
      instantiatesCanonical: [`${BASE_URL}/PlanDefinition/b`],
      instantiatesUri: ['http://acme.org/fhir/x'],
    },
    { resourceType: 'ValueSet', id: 'v1', url: 'http://acme.org/fhir/ValueSet/123' },
    { resourceType: 'ValueSet', id: 'v2', url: 'http://acme.org/fhir/ValueSet/123/history/5' },
    { resourceType: 'ValueSet', id: 'v3', url: 'http://acme.org/fhir/ValueSet/1234' },
    { resourceType: 'ValueSet', id: 'v4', url: 'urn:oid:1.2.3.4.5' },
    { resourceType: 'ValueSet', id: 'v5', url: 'http://acme.org/fhir' },
    { resourceType: 'ValueSet', id: 'v6' },
  ],
  cases: [
    ['a canonical with any version', 'CarePlan?instantiates-canonical=http://acme.org/PlanDefinition/a', ['plain', 'versioned']],
    ['a canonical with this version', 'CarePlan?instantiates-canonical=http://acme.org/PlanDefinition/a|1.0', ['versioned']],
    ['a canonical with another version', 'CarePlan?instantiates-canonical=http://acme.org/PlanDefinition/a|2.0', []],
    ['a canonical on this server, by reference', 'CarePlan?instantiates-canonical=PlanDefinition/b', ['ours']],
    ["the spec's example: a URL", 'ValueSet?url=http://acme.org/fhir/ValueSet/123', ['v1']],
    ["the spec's example: below", 'ValueSet?url:below=http://acme.org/fhir/', ['v1', 'v2', 'v3']],
    ['below, without the slash', 'ValueSet?url:below=http://acme.org/fhir', ['v1', 'v2', 'v3', 'v5']],
    ['below ends at a border of the path', 'ValueSet?url:below=http://acme.org/fhir/ValueSet/123', ['v1', 'v2']],
    ["the spec's example: above", 'ValueSet?url:above=http://acme.org/fhir/ValueSet/123/_history/5', ['v1', 'v5']],
    ['above holds itself', 'ValueSet?url:above=http://acme.org/fhir/ValueSet/123/history/5', ['v1', 'v2', 'v5']],
    ["the spec's example: an oid", 'ValueSet?url=urn:oid:1.2.3.4.5', ['v4']],
    ['case counts', 'ValueSet?url=http://ACME.org/fhir/ValueSet/123', []],
    ['not a beginning', 'ValueSet?url=http://acme.org/fhir/ValueSet', []],
    ['missing', 'ValueSet?url:missing=true', ['v6']],
    ['either', 'ValueSet?url=urn:oid:1.2.3.4.5,http://acme.org/fhir', ['v4', 'v5']],
    ['another uri parameter', 'CarePlan?instantiates-uri=http://acme.org/fhir/x', ['ours']],
    ['by a filter: below', 'ValueSet?_filter=url sb "http://acme.org/fhir/ValueSet"', ['v1', 'v2', 'v3']],
  ],
};

const acme = (id: string, ...urls: string[]) => ({ resourceType: 'CarePlan', id, instantiatesCanonical: urls });
const PLAN = 'http://acme.org/PlanDefinition/a';

const versions: SearchTable = {
  title: 'versions of canonicals match below [R4 search#versions]',
  given: [
    acme('none', PLAN),
    acme('v1-0', `${PLAN}|1.0`),
    acme('v1-1-2', `${PLAN}|1.1.2`),
    acme('v10', `${PLAN}|10`),
    acme('v2', `${PLAN}|2.0-beta`, 'http://acme.org/PlanDefinition/b|1.0'),
    { resourceType: 'Task', id: 'claims', meta: { profile: ['http://p.example/task|1.2'] } },
    { resourceType: 'Task', id: 'claims-any', meta: { profile: ['http://p.example/task'] } },
    { resourceType: 'Task', id: 'claims-ours', meta: { profile: [`${BASE_URL}/StructureDefinition/task`] } },
  ],
  cases: [
    ["the spec's example: below the URL", `CarePlan?instantiates-canonical:below=${PLAN}`, ['none', 'v1-0', 'v1-1-2', 'v10', 'v2']],
    ["the spec's example: below a part of the version", `CarePlan?instantiates-canonical:below=${PLAN}|1`, ['v1-0', 'v1-1-2']],
    ['below two parts', `CarePlan?instantiates-canonical:below=${PLAN}|1.1`, ['v1-1-2']],
    ['below the whole version', `CarePlan?instantiates-canonical:below=${PLAN}|1.1.2`, ['v1-1-2']],
    ['below what is before a hyphen', `CarePlan?instantiates-canonical:below=${PLAN}|2.0`, ['v2']],
    ['below another', `CarePlan?instantiates-canonical:below=${PLAN}|3`, []],
    ['either', `CarePlan?instantiates-canonical:below=${PLAN}|10,http://acme.org/PlanDefinition/b|1`, ['v10', 'v2']],
    ['without below, the version is the whole', `CarePlan?instantiates-canonical=${PLAN}|1`, []],
    ['a profile of any version', 'Task?_profile=http://p.example/task', ['claims', 'claims-any']],
    ['a profile of this version', 'Task?_profile=http://p.example/task|1.2', ['claims']],
    ["the spec's example: a profile of this server, by its place", 'Task?_profile=StructureDefinition/task', ['claims-ours']],
    ['profiles below a URL', 'Task?_profile:below=http://p.example', ['claims', 'claims-any']],
  ],
};

const person = (id: string, family: string, over: Record<string, unknown> = {}) => ({
  resourceType: 'Patient',
  id,
  name: [{ family }],
  ...over,
});
const ref = (reference: string) => ({ reference });

const chains: SearchTable = {
  title: 'chains follow references forwards and backwards [R4 search#chaining]',
  given: [
    person('peter', 'Nordmann', { generalPractitioner: [ref('Practitioner/joe')], managingOrganization: ref('Organization/south') }),
    person('kari', 'Hansen', { generalPractitioner: [ref('Organization/north')], gender: 'female' }),
    person('ola', 'Nord', { link: [{ other: ref('Patient/peter'), type: 'seealso' }] }),
    { resourceType: 'Practitioner', id: 'joe', name: [{ family: 'Lege' }], identifier: [{ system: 'urn:hpr', value: '7' }] },
    { resourceType: 'Organization', id: 'north', name: 'Nordre kommune' },
    { resourceType: 'Organization', id: 'south', name: 'Søndre sykehus', partOf: ref('Organization/north') },
    {
      resourceType: 'CarePlan',
      id: 'plan1',
      status: 'active',
      subject: ref('Patient/peter'),
      careTeam: [ref('CareTeam/team1')],
      activity: [{ reference: ref('Task/t1') }],
    },
    { resourceType: 'CarePlan', id: 'plan2', status: 'active', subject: ref('Patient/kari') },
    { resourceType: 'CarePlan', id: 'plan3', status: 'draft', subject: ref('Group/all') },
    { resourceType: 'CareTeam', id: 'team1', subject: ref('Patient/peter'), participant: [{ member: ref('Practitioner/joe') }] },
    { resourceType: 'Task', id: 't1', status: 'requested', for: ref('Patient/peter'), owner: ref('Practitioner/joe') },
    { resourceType: 'Task', id: 't2', status: 'completed', for: ref('Patient/kari') },
    { resourceType: 'Group', id: 'all', type: 'person' },
    { resourceType: 'Observation', id: 'o1', subject: ref('Patient/peter'), code: { coding: [{ code: '1234-5' }] }, status: 'final' },
    { resourceType: 'Observation', id: 'o2', subject: ref('Patient/kari'), code: { coding: [{ code: '9999-9' }] }, status: 'final' },
    { resourceType: 'AuditEvent', id: 'audit', entity: [{ what: ref('Observation/o1') }], agent: [{ requestor: true, name: 'MyUserId' }] },
    { resourceType: 'List', id: 'my', entry: [{ item: ref('Patient/peter') }, { item: ref('Patient/ola') }] },
  ],
  cases: [
    ["the spec's example: chained with a type", 'CarePlan?subject:Patient.name=nordm', ['plan1']],
    ["the spec's example: chained without a type", 'CarePlan?subject.name=nord', ['plan1']],
    ['a parameter for one type', 'CarePlan?patient.family=hansen', ['plan2']],
    ['two steps', 'CarePlan?patient.organization.name=sondre', ['plan1']],
    ['three steps', 'CarePlan?patient.organization.partof.name=nordre', ['plan1']],
    ['a chain to one of several types', 'Patient?general-practitioner.name=lege', ['peter']],
    ['the same chain to another type', 'Patient?general-practitioner.name=nordre', ['kari']],
    ['the type settles which', 'Patient?general-practitioner:Practitioner.name=nordre', []],
    ['a token at the end', 'Patient?general-practitioner:Practitioner.identifier=urn:hpr|7', ['peter']],
    ['a modifier at the end', 'CarePlan?patient.family:contains=mann', ['plan1']],
    ['exact at the end', 'CarePlan?patient.family:exact=nordmann', []],
    ['missing at the end: only where there is a patient', 'CarePlan?patient.gender:missing=true', ['plan1']],
    ['not at the end', 'CarePlan?patient.gender:not=female', ['plan1']],
    ['an id at the end', 'CarePlan?patient._id=kari', ['plan2']],
    ['chained twice, each by itself', 'CarePlan?patient.family=nord&patient.organization.name=sondre', ['plan1']],
    ['chained with a plain one', 'CarePlan?patient.family=nord,hansen&status=active', ['plan1', 'plan2']],
    ['by the team', 'CarePlan?care-team.participant:Practitioner.family=lege', ['plan1']],
    ['by the activity', 'CarePlan?activity-reference:Task.owner:Practitioner.identifier=7', ['plan1']],
    ['a name that is a reference on some of the types only', 'Task?focus.focus._id=peter', []],
    ['through an open reference to whatever knows the rest', 'AuditEvent?entity.subject.family=nordm', ['audit']],
    ['a chain that finds nobody', 'CarePlan?patient.family=qqq', []],
    ["the spec's example: _has", 'Patient?_has:Observation:patient:code=1234-5', ['peter']],
    ['_has of another', 'Patient?_has:Observation:patient:code=9999-9', ['kari']],
    ['_has either', 'Patient?_has:Observation:patient:code=1234-5,9999-9', ['kari', 'peter']],
    ['_has twice', 'Patient?_has:Observation:patient:code=1234-5&_has:Task:patient:status=requested', ['peter']],
    ["the spec's example: nested _has", 'Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=MyUserId', ['peter']],
    ['_has with a chain behind', 'Patient?_has:CareTeam:patient:participant:Practitioner.family=lege', ['peter']],
    ['_has with a modifier', 'Patient?_has:Task:patient:status:not=completed', ['peter']],
    ['_has behind a chain', 'CarePlan?subject:Patient._has:Task:patient:status=completed', ['plan2']],
    ['_has from oneself to the same type', 'Patient?_has:Patient:link:family=nord', ['peter']],
    ['_has nothing', 'Patient?_has:Goal:patient:lifecycle-status=active', []],
    ['_has by id', 'Patient?_has:Task:patient:_id=t2', ['kari']],
    ['a list', 'Patient?_list=my', ['ola', 'peter']],
    ['a list and a name', 'Patient?_list=my&family=nordm', ['peter']],
    ['a list that is not there', 'Patient?_list=your', []],
    ['by a filter: a chain', 'CarePlan?_filter=subject.family sw nord', ['plan1']],
    ['by a filter: a filtered step', 'CarePlan?_filter=subject[family sw hans and gender eq female].family co ans', ['plan2']],
    ['by a filter: the type given', 'CarePlan?_filter=subject:Patient.family sw h', ['plan2']],
  ],
};

const unit = (id: string, over?: string) => ({
  resourceType: 'Organization',
  id,
  ...(over === undefined ? {} : { partOf: ref(`Organization/${over}`) }),
});
const DEEP = ['l0', 'l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7', 'l8', 'l9'];

const hierarchies: SearchTable = {
  title: 'references to parts of a whole match below and above [R4 search#recursive]',
  given: [
    unit('region'),
    unit('hospital', 'region'),
    unit('ward', 'hospital'),
    unit('clinic', 'hospital'),
    unit('ring-a', 'ring-b'),
    unit('ring-b', 'ring-a'),
    ...DEEP.map((id, level) => unit(id, DEEP[level - 1])),
    ...['region', 'hospital', 'ward', 'clinic', 'ring-a', 'l4', 'l5', 'l8', 'l9', 'gone'].map((id) => ({
      resourceType: 'Patient',
      id: `at-${id}`,
      managingOrganization: ref(`Organization/${id}`),
    })),
    { resourceType: 'Task', id: 'plan' },
    { resourceType: 'Task', id: 'step', partOf: [ref('Task/plan')] },
    { resourceType: 'Task', id: 'sub-step', partOf: [ref('Task/step')] },
  ],
  cases: [
    ['below the top', 'Patient?organization:below=Organization/region', ['at-clinic', 'at-hospital', 'at-region', 'at-ward']],
    ['below the middle', 'Patient?organization:below=hospital', ['at-clinic', 'at-hospital', 'at-ward']],
    ['below a leaf', 'Patient?organization:below=ward', ['at-ward']],
    ['above a leaf', 'Patient?organization:above=ward', ['at-hospital', 'at-region', 'at-ward']],
    ['above the top', 'Patient?organization:above=region', ['at-region']],
    ['below either', 'Patient?organization:below=ward,clinic', ['at-clinic', 'at-ward']],
    ['parts of a whole, at any level', 'Task?part-of:below=plan', ['step', 'sub-step']],
    ['wholes of a part', 'Task?part-of:above=step', ['step', 'sub-step']],
    ['a ring ends', 'Patient?organization:below=ring-b', ['at-ring-a']],
    ['four levels are followed upwards', 'Patient?organization:above=l9', ['at-l5', 'at-l8', 'at-l9']],
    ['eight levels are followed downwards', 'Patient?organization:below=l0', ['at-l4', 'at-l5', 'at-l8']],
    ['what is not there has itself', 'Patient?organization:below=gone', ['at-gone']],
    ['behind a chain', 'Organization?_has:Patient:organization:organization:below=hospital', ['clinic', 'hospital', 'ward']],
  ],
};

export const referenceTables: readonly SearchTable[] = [references, canonicals, versions, chains, hierarchies];

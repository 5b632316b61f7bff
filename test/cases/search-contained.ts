/**
 * Chains that lead to contained resources.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#contained
 */
import type { SearchTable } from '../support/search-cases.ts';

const MEDICINES = 'http://acme.com/medications';
const coded = (code: string) => ({ coding: [{ system: MEDICINES, code }] });

const order = (id: string, medication: string, contained: readonly Record<string, unknown>[] = [], over: Record<string, unknown> = {}) => ({
  resourceType: 'MedicationRequest',
  id,
  ...(contained.length === 0 ? {} : { contained }),
  status: 'active',
  medicationReference: { reference: medication },
  ...over,
});
const medication = (id: string, over: Record<string, unknown>) => ({ resourceType: 'Medication', id, ...over });

const medicines: SearchTable = {
  title: 'a chain is evaluated inside contained resources [R4 search#contained]',
  given: [
    {
      resourceType: 'Organization',
      id: 'acme',
      name: 'Acme',
      contained: [{ resourceType: 'Organization', id: 'p', name: 'Parent of Acme' }],
      partOf: { reference: '#p' },
    },
    { resourceType: 'Organization', id: 'other', name: 'Other' },
    medication('m1', { code: coded('abc'), manufacturer: { reference: 'Organization/acme' }, status: 'active' }),
    order('away', 'Medication/m1'),
    order('within', '#m', [
      medication('m', {
        code: coded('abc'),
        status: 'inactive',
        manufacturer: { reference: 'Organization/acme' },
        identifier: [{ system: 'urn:ids', value: 'kit-1', type: { coding: [{ system: 'urn:types', code: 'LOT' }] } }],
        ingredient: [{ itemCodeableConcept: coded('salt') }],
        batch: { expirationDate: '2025-03-01' },
      }),
    ]),
    order(
      'siblings',
      '#m',
      [
        { resourceType: 'Organization', id: 'o', name: 'Makers', partOf: { reference: 'Organization/other' } },
        medication('m', { code: coded('xyz'), manufacturer: { reference: '#o' } }),
      ],
      { status: 'stopped' },
    ),
    order('unled', 'Medication/gone', [medication('m', { code: coded('secret') })]),
    order('dangling', '#gone', [medication('m', { code: coded('secret') })]),
    { resourceType: 'MedicationRequest', id: 'plain', medicationCodeableConcept: coded('abc') },
    {
      resourceType: 'MedicationAdministration',
      id: 'given',
      status: 'completed',
      contained: [medication('m', { code: coded('abc') })],
      medicationReference: { reference: '#m' },
    },
  ],
  cases: [
    ["the spec's example: a code in what is contained", 'MedicationRequest?medication.ingredient-code=salt', ['within']],
    ['contained or not', 'MedicationRequest?medication.code=abc', ['away', 'within']],
    ['with the system', `MedicationRequest?medication.code=${MEDICINES}|xyz`, ['siblings']],
    ['a type as modifier', 'MedicationRequest?medication:Medication.code=abc', ['away', 'within']],
    ['several values', 'MedicationRequest?medication.code=abc,xyz', ['away', 'siblings', 'within']],
    ['the container is of its own type', 'MedicationAdministration?medication.code=abc', ['given']],
    ['what no reference leads to is not found', 'MedicationRequest?medication.code=secret', []],
    ['a contained resource is no result', 'Medication?code=abc', ['m1']],
    ['nor are its parameters those of its container', 'MedicationRequest?code=salt', []],
    ['two conditions, each by a chain', 'MedicationRequest?medication.code=abc&medication.status=inactive', ['within']],
    ['with one of the container', 'MedicationRequest?medication.code=abc,xyz&status=stopped', ['siblings']],
    ['a modifier: not', 'MedicationRequest?medication.status:not=active', ['siblings', 'within']],
    ['a modifier: missing', 'MedicationRequest?medication.status:missing=true', ['siblings']],
    ['a modifier: not missing', 'MedicationRequest?medication.status:missing=false', ['away', 'within']],
    ['a modifier: of-type', 'MedicationRequest?medication.identifier:of-type=urn:types|LOT|kit-1', ['within']],
    ['a prefix', 'MedicationRequest?medication.expiration-date=gt2025-01', ['within']],
    ['a prefix that lets none pass', 'MedicationRequest?medication.expiration-date=lt2025-01', []],
    ['a reference of what is contained', 'MedicationRequest?medication.manufacturer=Organization/acme', ['away', 'within']],
    ['and a step on from there', 'MedicationRequest?medication.manufacturer.name=acme', ['away', 'within']],
    ['from one contained resource to another', 'MedicationRequest?medication.manufacturer.name=makers', ['siblings']],
    ['and out again', 'MedicationRequest?medication.manufacturer.partof.name=other', ['siblings']],
    ['into what another resource contains', 'MedicationRequest?medication.manufacturer.partof.name=parent', ['away', 'within']],
    ['a reference to one or below it', 'MedicationRequest?medication.manufacturer:below=Organization/acme', ['away', 'within']],
    ['the id within its container is no id', 'MedicationRequest?medication._id=m', []],
    ['the id of a resource', 'MedicationRequest?medication._id=m1', ['away']],
    ['a reference to the contained one', 'MedicationRequest?medication=m', []],
    ['it is there', 'MedicationRequest?medication:missing=false', ['away', 'dangling', 'siblings', 'unled', 'within']],
    ['in a filter', 'MedicationRequest?_filter=medication.code eq abc', ['away', 'within']],
    ['in a filter, negated', 'MedicationRequest?_filter=not (medication.code eq abc)', ['dangling', 'plain', 'siblings', 'unled']],
    [
      'in a filter on the way: of one and the same',
      'MedicationRequest?_filter=medication[status eq inactive and code eq abc].manufacturer eq Organization/acme',
      ['within'],
    ],
    ['sorted', 'MedicationRequest?medication.code=abc,xyz&_sort=-status,_id', ['siblings', 'away', 'within']],
  ],
};

const member = (reference: string) => ({ member: { reference } });
const person = (id: string, family: string, given: string, gender: string) => ({
  resourceType: 'Patient',
  id,
  name: [{ family, given: [given] }],
  gender,
});

const several: SearchTable = {
  title: 'of several contained resources, one must meet a condition as a whole [R4 search#contained]',
  given: [
    {
      resourceType: 'CareTeam',
      id: 'two',
      contained: [
        person('a', 'Lie', 'Kari', 'female'),
        person('b', 'Moe', 'Ola', 'male'),
        { resourceType: 'Organization', id: 'c', name: 'Lie' },
      ],
      participant: [member('#a'), member('#b'), member('#c')],
    },
    { resourceType: 'CareTeam', id: 'women', contained: [person('a', 'Lie', 'Ola', 'female')], participant: [member('#a')] },
    { resourceType: 'CareTeam', id: 'nobody' },
    {
      resourceType: 'CarePlan',
      id: 'plan',
      careTeam: [{ reference: '#t' }],
      contained: [{ resourceType: 'CareTeam', id: 't', participant: [member('Patient/p')] }],
    },
    { resourceType: 'Patient', id: 'p', name: [{ family: 'Dal' }] },
    { resourceType: 'Observation', id: 'o', subject: { reference: 'Patient/p' }, status: 'final' },
  ],
  cases: [
    ['words of one name', 'CareTeam?participant:Patient.name=lie kari', ['two']],
    ['words of the names of two', 'CareTeam?participant:Patient.name=moe kari', []],
    ['two chains, each met by another', 'CareTeam?participant:Patient.family=moe&participant:Patient.given=kari', ['two']],
    ['one by one', 'CareTeam?_filter=participant:Patient[family eq moe and given eq kari].gender pr true', []],
    ['one for both', 'CareTeam?_filter=participant:Patient[family eq moe and given eq ola].gender pr true', ['two']],
    ['not: of one of them', 'CareTeam?participant:Patient.gender:not=male', ['two', 'women']],
    ['by type', 'CareTeam?participant:Organization.name=lie', ['two']],
    ['a team within a plan', 'CarePlan?care-team.participant=Patient/p', ['plan']],
    ['and on', 'CarePlan?care-team.participant:Patient.family=dal', ['plan']],
    ['and back', 'CarePlan?care-team.participant:Patient._has:Observation:subject:status=final', ['plan']],
    ['_has finds those that resources of their own point at', 'Patient?_has:CareTeam:participant:status:missing=true', []],
    ['within a chain, what its container points at', 'CarePlan?care-team:CareTeam._has:CarePlan:care-team:status:missing=true', ['plan']],
    ['and by a condition that does not hold', 'CarePlan?care-team:CareTeam._has:CarePlan:care-team:status=active', []],
  ],
};

const measured = (id: string, systolic: number, over: Record<string, unknown> = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
  valueQuantity: { value: systolic, system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
  ...over,
});

const composites: SearchTable = {
  title: 'composites, canonicals and references to the container count within contained resources [R4 search#contained]',
  given: [
    {
      resourceType: 'DiagnosticReport',
      id: 'report',
      status: 'final',
      contained: [
        measured('high', 180),
        measured('low', 80, { code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] } }),
        measured('back', 1, { hasMember: [{ reference: '#high' }], derivedFrom: [{ reference: '#back' }] }),
      ],
      result: [{ reference: '#high' }, { reference: '#low' }, { reference: '#back' }],
    },
    {
      resourceType: 'QuestionnaireResponse',
      id: 'answered',
      status: 'completed',
      questionnaire: '#q',
      contained: [{ resourceType: 'Questionnaire', id: 'q', title: 'What matters', url: 'http://acme.org/q' }],
    },
    {
      resourceType: 'Condition',
      id: 'asserted',
      code: { text: 'asthma' },
      contained: [
        { resourceType: 'Condition', id: 'x', code: { text: 'x' } },
        { resourceType: 'Observation', id: 'e', focus: [{ reference: '#' }] },
      ],
      evidence: [{ detail: [{ reference: '#e' }] }],
    },
    {
      resourceType: 'DiagnosticReport',
      id: 'wrong',
      contained: [null, 5, { id: 'x' }, { resourceType: 'Observation' }],
      result: [{ reference: '#x' }],
    },
  ],
  cases: [
    ['parts of one', 'DiagnosticReport?result.code-value-quantity=85354-9$ge180', ['report']],
    ['parts of one, converted', 'DiagnosticReport?result.code-value-quantity=85354-9$24|http://unitsofmeasure.org|kPa', ['report']],
    ['parts of two', 'DiagnosticReport?result.code-value-quantity=8867-4$ge180', []],
    ['a composite is there', 'DiagnosticReport?result.code-value-quantity:missing=false', ['report']],
    ['one that points at another', 'DiagnosticReport?result.has-member.code=85354-9', ['report']],
    ['one that points at itself', 'DiagnosticReport?result.derived-from:Observation.derived-from:Observation.value-quantity=1', ['report']],
    ['a contained questionnaire', 'QuestionnaireResponse?questionnaire.title=what', ['answered']],
    [
      'a contained resource that points at its container',
      'Condition?evidence-detail:Observation.focus:Condition.code:text=asthma',
      ['asserted'],
    ],
  ],
};

export const containedTables: readonly SearchTable[] = [medicines, several, composites];

/**
 * Composites, parameters of all resources, filters, sorting and searches over several types.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#composite · https://hl7.org/fhir/R4/search_filter.html · https://hl7.org/fhir/R4/search.html#sort
 */
import type { SearchTable } from '../support/search-cases.ts';

const UCUM = 'http://unitsofmeasure.org';
const LOINC = 'http://loinc.org';
const coded = (code: string) => ({ coding: [{ system: LOINC, code }] });
const quantity = (value: number, code: string) => ({ valueQuantity: { value, system: UCUM, code } });

const composites: SearchTable = {
  title: 'composites match within one element [R4 search#composite]',
  given: [
    {
      resourceType: 'Observation',
      id: 'pressure',
      code: coded('85354-9'),
      component: [
        { code: coded('8480-6'), ...quantity(140, 'mm[Hg]') },
        { code: coded('8462-4'), ...quantity(90, 'mm[Hg]') },
      ],
    },
    { resourceType: 'Observation', id: 'weight', code: coded('29463-7'), ...quantity(80, 'kg'), effectiveDateTime: '2024-01-01' },
    { resourceType: 'Observation', id: 'light', code: coded('29463-7'), ...quantity(900, 'g'), effectiveDateTime: '2024-02-01' },
    { resourceType: 'Observation', id: 'concept', code: coded('x'), valueCodeableConcept: { coding: [{ system: 'urn:v', code: 'yes' }] } },
    { resourceType: 'Observation', id: 'string', code: coded('x'), valueString: 'Hva er viktig' },
    {
      resourceType: 'Group',
      id: 'mixed',
      characteristic: [
        { code: { coding: [{ code: 'gender' }] }, valueCodeableConcept: { coding: [{ code: 'mixed' }] } },
        { code: { coding: [{ code: 'owner' }] }, valueCodeableConcept: { coding: [{ code: 'john' }] } },
      ],
    },
    { resourceType: 'DocumentReference', id: 'doc', relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/old' } }] },
  ],
  cases: [
    ["the spec's example: systolic over 130", `Observation?component-code-value-quantity=${LOINC}|8480-6$gt130`, ['pressure']],
    ['diastolic over 130: of another component', `Observation?component-code-value-quantity=${LOINC}|8462-4$gt130`, []],
    ['in UCUM units', `Observation?component-code-value-quantity=${LOINC}|8480-6$140|${UCUM}|mm[Hg]`, ['pressure']],
    ['in other UCUM units', `Observation?component-code-value-quantity=${LOINC}|8480-6$gt14|${UCUM}|kPa`, ['pressure']],
    ['code and value', `Observation?code-value-quantity=${LOINC}|29463-7$gt50|${UCUM}|kg`, ['weight']],
    ['code and value in another unit', `Observation?code-value-quantity=${LOINC}|29463-7$lt1|${UCUM}|kg`, ['light']],
    ['code and value, number alone', `Observation?code-value-quantity=${LOINC}|29463-7$900`, ['light']],
    ['either of two', `Observation?code-value-quantity=29463-7$900,29463-7$80`, ['light', 'weight']],
    ['code and value, wrong pair', 'Observation?code-value-quantity=8480-6$80', []],
    ['over value and components', `Observation?combo-code-value-quantity=${LOINC}|8462-4$lt100`, ['pressure']],
    ['code and concept', 'Observation?code-value-concept=x$urn:v|yes', ['concept']],
    ['code and string', 'Observation?code-value-string=x$hva er', ['string']],
    ["the spec's example: characteristic and value", 'Group?characteristic-value=gender$mixed', ['mixed']],
    ['characteristic and the value of another', 'Group?characteristic-value=gender$john', []],
    ['relation and target', 'DocumentReference?relationship=DocumentReference/old$replaces', ['doc']],
    ['relation of another kind', 'DocumentReference?relationship=DocumentReference/old$appends', []],
    ['missing', `Observation?code-value-string:missing=false`, ['string']],
  ],
};

const task = (id: string, status: string, over: Record<string, unknown> = {}) => ({
  resourceType: 'Task',
  id,
  status,
  intent: 'order',
  ...over,
});

const everyType: SearchTable = {
  title: 'parameters of all resources, and several types at once [R4 search#all]',
  given: [
    task('t1', 'requested', { authoredOn: '2024-01-01', meta: { tag: [{ code: 'demo' }] } }),
    task('t2', 'completed', { authoredOn: '2024-01-03' }),
    task('t3', 'requested', { authoredOn: '2024-01-02', priority: 'urgent' }),
    { resourceType: 'Goal', id: 'g1', lifecycleStatus: 'active', meta: { tag: [{ code: 'demo' }] }, subject: { reference: 'Patient/p' } },
    { resourceType: 'Goal', id: 'g2', lifecycleStatus: 'completed', subject: { reference: 'Patient/q' } },
    { resourceType: 'CarePlan', id: 'c1', status: 'active', subject: { reference: 'Patient/p' } },
    { resourceType: 'Patient', id: 'p', name: [{ family: 'B' }, { family: 'Z' }] },
    { resourceType: 'Patient', id: 'q', name: [{ family: 'C' }], birthDate: '1950-01-01' },
    { resourceType: 'Patient', id: 'r', name: [{ family: 'A' }], birthDate: '1940' },
    { resourceType: 'Patient', id: 's' },
  ],
  cases: [
    ['everything of a type', 'Task?', ['t1', 't2', 't3']],
    ['an id', 'Task?_id=t2', ['t2']],
    ['several ids', 'Task?_id=t1,t3', ['t1', 't3']],
    ['an id of another type', 'Task?_id=g1', []],
    ['not an id', 'Task?_id:not=t1', ['t2', 't3']],
    ['an id is never missing', 'Task?_id:missing=true', []],
    ['changed since', 'Task?_lastUpdated=ge2024-06-01', ['t1', 't2', 't3']],
    ['changed on the day', 'Task?_lastUpdated=2024-06-01', ['t1', 't2', 't3']],
    ['changed before', 'Task?_lastUpdated=lt2024-06-01', []],
    ['changed at the millisecond', 'Task?_lastUpdated=2024-06-01T12:00:00.001Z', ['t2']],
    ['changed after the millisecond', 'Task?_lastUpdated=gt2024-06-01T12:00:00.001Z', ['t3']],
    ['two dates', 'Task?_lastUpdated=2023,2024', ['t1', 't2', 't3']],
    ['all types by tag', '?_tag=demo', ['g1', 't1']],
    ['some types by tag', '?_type=Goal,Patient&_tag=demo', ['g1']],
    ['one type', '?_type=Goal', ['g1', 'g2']],
    ['all types by id', '?_id=t1,g1,c1', ['c1', 'g1', 't1']],
    ['a parameter that both types have', '?_type=Goal,CarePlan&patient=p', ['c1', 'g1']],
    ['a parameter with the same name and other elements', '?_type=Task,CarePlan&status=completed,active', ['c1', 't2']],
    ['a token that is missing', 'Task?priority:missing=true', ['t1', 't2']],
    ['by date', 'Task?_sort=authored-on', ['t1', 't3', 't2']],
    ['by date, newest first', 'Task?_sort=-authored-on', ['t2', 't3', 't1']],
    ['by two keys', 'Task?_sort=status,authored-on', ['t2', 't1', 't3']],
    ['by two keys, the second the other way', 'Task?_sort=status,-authored-on', ['t2', 't3', 't1']],
    ['by id', 'Task?_sort=_id', ['t1', 't2', 't3']],
    ['by id, the other way', 'Task?_sort=-_id', ['t3', 't2', 't1']],
    ['by time of change', 'Task?_sort=-_lastUpdated', ['t3', 't2', 't1']],
    ['by the smallest of several; without a value last', 'Patient?_sort=family', ['r', 'p', 'q', 's']],
    ['by the largest of several; without a value last', 'Patient?_sort=-family', ['p', 'q', 'r', 's']],
    ['by birth date; without a value last', 'Patient?_sort=birthdate,_id', ['r', 'q', 'p', 's']],
    ['by reference', 'Goal?_sort=subject', ['g1', 'g2']],
    ['the first two', 'Task?_sort=_id&_count=2', ['t1', 't2']],
    ['none', 'Task?_sort=_id&_count=0', []],
  ],
};

const filters: SearchTable = {
  title: 'filters are logical expressions [R4 search_filter]',
  given: [
    {
      resourceType: 'Patient',
      id: 'peter',
      name: [{ given: ['Peter'], family: 'Hansen' }],
      birthDate: '1990-05-01',
      gender: 'male',
      active: true,
    },
    { resourceType: 'Patient', id: 'pet', name: [{ given: ['Pet'], family: 'Ås' }], birthDate: '2015-03-03', gender: 'female' },
    { resourceType: 'Patient', id: 'quote', name: [{ given: ['Say "hi"'], family: 'a,b' }], birthDate: '2000' },
    { resourceType: 'Patient', id: 'none' },
    { resourceType: 'Observation', id: 'systolic', code: coded('8480-6'), ...quantity(140, 'mm[Hg]') },
    '{"resourceType":"RiskAssessment","id":"risk","prediction":[{"probabilityDecimal":0.7}]}',
  ],
  cases: [
    ["the spec's example: equals", 'Patient?_filter=given eq "Peter"', ['peter']],
    ["the spec's example: equals or later", 'Patient?_filter=given eq Peter or birthdate ge 2014-10-10', ['pet', 'peter']],
    ['starts with', 'Patient?_filter=given sw pet', ['pet', 'peter']],
    ['contains', 'Patient?_filter=given co ete', ['peter']],
    ['ends with', 'Patient?_filter=given ew ETER', ['peter']],
    ['ends with more than there is', 'Patient?_filter=given ew xxxxxxxxxxpeter', []],
    ['equal in other case, without accents', 'Patient?_filter=given eq PÉTER', ['peter']],
    ['equal is the whole', 'Patient?_filter=given eq Pe', []],
    ['not equal: there is a value, and it is another', 'Patient?_filter=given ne "Peter"', ['pet', 'quote']],
    ['not equal, for a code', 'Patient?_filter=gender ne male', ['pet']],
    ['not equal, for a date', 'Patient?_filter=birthdate ne 1990', ['pet', 'quote']],
    ['present', 'Patient?_filter=given pr true', ['pet', 'peter', 'quote']],
    ['not present', 'Patient?_filter=birthdate pr false', ['none']],
    ['and', 'Patient?_filter=given sw pet and gender eq male', ['peter']],
    ['from left to right: or before and', 'Patient?_filter=gender eq female or gender eq male and active eq true', ['peter']],
    ['from left to right: and before or', 'Patient?_filter=gender eq male and active eq true or gender eq female', ['pet', 'peter']],
    [
      'from left to right: or, and, or',
      'Patient?_filter=gender eq male or given sw say and birthdate lt 1995 or _id eq none',
      ['none', 'peter'],
    ],
    ['parentheses', 'Patient?_filter=(gender eq female or gender eq male) and active eq true', ['peter']],
    ['not', 'Patient?_filter=not (gender eq male)', ['none', 'pet', 'quote']],
    ['not of a conjunction', 'Patient?_filter=not (gender eq male and active eq true)', ['none', 'pet', 'quote']],
    ['nested', 'Patient?_filter=((given sw pet) and (not (gender eq female)))', ['peter']],
    ['a quote within quotes', 'Patient?_filter=given eq "Say \\"hi\\""', ['quote']],
    ['a comma is no separator', 'Patient?_filter=family eq "a,b"', ['quote']],
    ['a word in quotes is no operator', 'Patient?_filter=family eq "and"', []],
    ['a date', 'Patient?_filter=birthdate eq 1990', ['peter']],
    ['earlier', 'Patient?_filter=birthdate lt 1995', ['peter']],
    ['ends before', 'Patient?_filter=birthdate eb 2000', ['peter']],
    ['starts after', 'Patient?_filter=birthdate sa 2000', ['pet']],
    ['overlaps', 'Patient?_filter=birthdate po 2000-06', ['quote']],
    ['includes', 'Patient?_filter=birthdate co 2000-06', ['quote']],
    ['includes a year of which it is a part: no', 'Patient?_filter=birthdate co 1990', []],
    ['a number', 'RiskAssessment?_filter=probability gt 0.5', ['risk']],
    ['a number, equal', 'RiskAssessment?_filter=probability eq 0.7', ['risk']],
    ['an id', 'Patient?_filter=_id eq pet', ['pet']],
    ['not an id', 'Patient?_filter=_id ne pet', ['none', 'peter', 'quote']],
    ['the time of change', 'Patient?_filter=_lastUpdated ge 2024-06-01', ['none', 'pet', 'peter', 'quote']],
    ['beside another parameter', 'Patient?_filter=given sw pet&gender=female', ['pet']],
    ['a system by its name', 'Observation?_filter=code eq loinc|8480-6', ['systolic']],
    ['a unit by its name', 'Observation?_filter=value-quantity gt "130|ucum|mm[Hg]"', ['systolic']],
    ['a unit by its name, with the prefix of the operator', 'Observation?_filter=value-quantity le "14|ucum|cm[Hg]"', ['systolic']],
    ['a code with its system', 'Patient?_filter=gender eq http://hl7.org/fhir/administrative-gender|male', ['peter']],
  ],
};

export const combinedTables: readonly SearchTable[] = [composites, everyType, filters];

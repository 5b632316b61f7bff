/** Token searches. Spec: https://hl7.org/fhir/R4/search.html#token */
import type { SearchTable } from '../support/search-cases.ts';

const MR = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }], text: 'Medical record' };
const ACME = 'http://acme.org/conditions/codes';

const identifiers: SearchTable = {
  title: 'identifiers match by system and value [R4 search#token]',
  given: [
    { resourceType: 'Patient', id: 'a', identifier: [{ system: 'http://acme.org/patient', value: '2345' }], gender: 'male', active: true },
    { resourceType: 'Patient', id: 'b', identifier: [{ value: '2345' }], gender: 'female', active: false },
    { resourceType: 'Patient', id: 'c', identifier: [{ system: 'http://other.org', value: '2345', type: MR }], deceasedBoolean: true },
    { resourceType: 'Patient', id: 'd', identifier: [{ system: 'http://acme.org/patient' }], deceasedDateTime: '2020-01-01' },
    {
      resourceType: 'Patient',
      id: 'e',
      identifier: [
        { system: 'http://acme.org/patient', value: '99' },
        { system: 'http://other.org', value: '446053', type: MR },
      ],
      telecom: [
        { system: 'phone', value: '+4799999999' },
        { system: 'email', value: 'kari@example.no' },
      ],
      communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'nn' }] } }],
      deceasedBoolean: false,
    },
    { resourceType: 'Patient', id: 'f', identifier: [{ system: 'urn:bar|red', value: 'x,y$z' }] },
    { resourceType: 'Patient', id: 'g' },
  ],
  cases: [
    ["the spec's example: system and value", 'Patient?identifier=http://acme.org/patient|2345', ['a']],
    ['the value under any system or none', 'Patient?identifier=2345', ['a', 'b', 'c']],
    ['the value without a system', 'Patient?identifier=|2345', ['b']],
    ['any value of the system', 'Patient?identifier=http://acme.org/patient|', ['a', 'd', 'e']],
    ['the value of one and the system of another do not meet', 'Patient?identifier=http://acme.org/patient|446053', []],
    ['case counts in a value', 'Patient?identifier=X\\,y\\$z', []],
    ['escaped comma and dollar', 'Patient?identifier=x\\,y\\$z', ['f']],
    ['an escaped bar in the system', 'Patient?identifier=urn:bar\\|red|x\\,y\\$z', ['f']],
    ['not a beginning', 'Patient?identifier=23', []],
    ['either', 'Patient?identifier=http://acme.org/patient|2345,http://other.org|446053', ['a', 'e']],
    ['both', 'Patient?identifier=http://acme.org/patient|99&identifier=446053', ['e']],
    ["the spec's example: of type", 'Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|446053', ['e']],
    ['of type, another with the value', 'Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|2345', ['c']],
    ['of type, wrong type', 'Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|446053', []],
    ['the text of the type', 'Patient?identifier:text=medical', ['c', 'e']],
    ['missing', 'Patient?identifier:missing=true', ['g']],
    ['not this value', 'Patient?identifier:not=2345', ['d', 'e', 'f', 'g']],
    ['not this system', 'Patient?identifier:not=http://acme.org/patient|', ['b', 'c', 'f', 'g']],
    ["the spec's example: gender", 'Patient?gender=male', ['a']],
    ["the spec's example: not male includes those without a gender", 'Patient?gender:not=male', ['b', 'c', 'd', 'e', 'f', 'g']],
    ['neither of two', 'Patient?gender:not=male,female', ['c', 'd', 'e', 'f', 'g']],
    ['not one and not the other', 'Patient?gender:not=male&gender:not=female', ['c', 'd', 'e', 'f', 'g']],
    ['a code with the system of its value set', 'Patient?gender=http://hl7.org/fhir/administrative-gender|male', ['a']],
    ['a code with no system', 'Patient?gender=|male', ['a']],
    ['a code with another system', 'Patient?gender=http://snomed.info/sct|male', []],
    ['all codes of the value set', 'Patient?gender=http://hl7.org/fhir/administrative-gender|', ['a', 'b']],
    ['true', 'Patient?active=true', ['a']],
    ['false', 'Patient?active=false', ['b']],
    ['a boolean that is missing', 'Patient?active:missing=true', ['c', 'd', 'e', 'f', 'g']],
    ['dead by boolean or date', 'Patient?deceased=true', ['c', 'd']],
    ['not known to be dead', 'Patient?deceased=false', ['a', 'b', 'e', 'f', 'g']],
    ['when somebody died', 'Patient?death-date=2020', ['d']],
    ['any contact point', 'Patient?telecom=kari@example.no', ['e']],
    ['only phones', 'Patient?phone=kari@example.no', []],
    ['a phone number', 'Patient?phone=%2B4799999999', ['e']],
    ['an e-mail address', 'Patient?email=kari@example.no', ['e']],
    ['a language', 'Patient?language=nn', ['e']],
    ['a language with its system', 'Patient?language=urn:ietf:bcp:47|nn', ['e']],
  ],
};

const unknown = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };

const valueless: SearchTable = {
  title: 'an element that has extensions only is there, and has no value [R4 search#modifiers, Patient.deceased]',
  given: [
    { resourceType: 'Patient', id: 'some-day', _deceasedDateTime: unknown },
    { resourceType: 'Patient', id: 'perhaps', _deceasedBoolean: unknown },
    { resourceType: 'Patient', id: 'none', _birthDate: unknown, _gender: unknown },
  ],
  cases: [
    ['dead, it is not known when', 'Patient?deceased=true', ['some-day']],
    ['not known to be dead', 'Patient?deceased=false', ['none', 'perhaps']],
    ['when somebody died', 'Patient?death-date:missing=false', []],
    ['a code without a value is missing', 'Patient?gender:missing=false', []],
    ['a date without a value is missing', 'Patient?birthdate:missing=true', ['none', 'perhaps', 'some-day']],
  ],
};

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const numbered = (id: string, value: string, system = FNR) => ({ resourceType: 'Patient', id, identifier: [{ system, value }] });

const personalNumbers: SearchTable = {
  title: 'personal numbers match however they are written [R4 search#token]',
  given: [
    numbered('plain', '17834201585'),
    numbered('spaced', '178342 01585'),
    numbered('grouped', '17.83.42.015 85 '),
    numbered('other', '178342 01585', 'urn:other'),
    { resourceType: 'CarePlan', id: 'plan', subject: { identifier: { system: FNR, value: '178342-01585' } } },
  ],
  cases: [
    ['by its digits', `Patient?identifier=${FNR}|17834201585`, ['grouped', 'plain', 'spaced']],
    ['by another way to write it', `Patient?identifier=${FNR}|178342-01585`, ['grouped', 'plain', 'spaced']],
    ['without the system, where it passes the check', 'Patient?identifier=178342 01585', ['grouped', 'other', 'plain', 'spaced']],
    ['not one of them', 'Patient?identifier:not=178342 01585', []],
    ['under another system as written', 'Patient?identifier=urn:other|178342 01585', ['other']],
    ['under another system, by digits', 'Patient?identifier=urn:other|17834201585', []],
    ['in a logical reference', `CarePlan?subject:identifier=${FNR}|17834201585`, ['plan']],
  ],
};

const codes: SearchTable = {
  title: 'codes match by system, code and text [R4 search#token]',
  given: [
    {
      resourceType: 'Condition',
      id: 'headache',
      code: { coding: [{ system: ACME, code: 'ha125', display: 'Headache, chronic' }], text: 'Hodepine' },
      clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
    },
    {
      resourceType: 'Condition',
      id: 'two',
      code: {
        coding: [
          { system: 'http://snomed.info/sct', code: '25064002', display: 'Headache (finding)' },
          { code: 'ha125', userSelected: true },
        ],
      },
      meta: {
        tag: [{ system: 'urn:tags', code: 'demo' }],
        profile: ['http://p.example/sd'],
        security: [{ code: 'R' }],
        source: 'http://s.example',
      },
    },
    { resourceType: 'Condition', id: 'text', code: { text: 'Head ache since Tuesday' } },
    { resourceType: 'Condition', id: 'none' },
  ],
  cases: [
    ["the spec's example: code", `Condition?code=${ACME}|ha125`, ['headache']],
    ["the spec's example: code alone", 'Condition?code=ha125', ['headache', 'two']],
    ["the spec's example: text", 'Condition?code:text=headache', ['headache', 'two']],
    ['the text of the concept', 'Condition?code:text=hodep', ['headache']],
    ['text without case and accents', 'Condition?code:text=HEAD ÀCHE', ['text']],
    ['text of none', 'Condition?code:text=migraine', []],
    ['text is not a code', 'Condition?code:text=ha125', []],
    ['code is not a text', 'Condition?code=Hodepine', []],
    ['a coding without a system', 'Condition?code=|ha125', ['two']],
    ['the second coding', 'Condition?code=http://snomed.info/sct|25064002', ['two']],
    ['all of a system', 'Condition?code=http://snomed.info/sct|', ['two']],
    ['missing: a text alone is there', 'Condition?code:missing=true', ['none']],
    ['not', `Condition?code:not=${ACME}|ha125`, ['none', 'text', 'two']],
    ['the system of a coding is not implied', 'Condition?clinical-status=|active', []],
    [
      'a bound coding with its system',
      'Condition?clinical-status=http://terminology.hl7.org/CodeSystem/condition-clinical|active',
      ['headache'],
    ],
    ['a tag', 'Condition?_tag=urn:tags|demo', ['two']],
    ['not a tag', 'Condition?_tag:not=urn:tags|demo', ['headache', 'none', 'text']],
    ['a profile', 'Condition?_profile=http://p.example/sd', ['two']],
    ['a security label', 'Condition?_security=R', ['two']],
    ['a source', 'Condition?_source=http://s.example', ['two']],
    ['no tag', 'Condition?_tag:missing=true', ['headache', 'none', 'text']],
  ],
};

const concepts: Readonly<Record<string, { parents: string[]; children: string[] }>> = {
  animal: { parents: [], children: ['dog', 'cat'] },
  dog: { parents: ['animal'], children: ['poodle'] },
  cat: { parents: ['animal'], children: [] },
  poodle: { parents: ['dog'], children: [] },
};

const ZOO = 'http://zoo.example';
const PAGE = { offset: 0, versions: [], isOpen: false };
const CONCEPT = { name: 'Zoo', designations: [], properties: [], propertyNames: [], abstract: false, inactive: false };

const hierarchy: SearchTable = {
  title: 'value sets and hierarchies are asked of the terminology [R4 search#modifiers]',
  terminology: {
    expand: ({ valueSet }) =>
      valueSet === 'http://zoo.example/vs'
        ? { ...PAGE, total: 2, contains: ['dog', 'cat'].map((code) => ({ system: ZOO, code })) }
        : valueSet === 'http://zoo.example/genders'
          ? { ...PAGE, total: 1, contains: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'male' }] }
          : { ...PAGE, total: 0, contains: [] },
    lookup: ({ code }) => {
      const concept = concepts[code];
      return concept && { ...CONCEPT, ...concept };
    },
  },
  given: [
    ...Object.keys(concepts).map((code) => ({ resourceType: 'Observation', id: code, code: { coding: [{ system: ZOO, code }] } })),
    { resourceType: 'Observation', id: 'elsewhere', code: { coding: [{ system: 'http://farm.example', code: 'dog' }] } },
    { resourceType: 'Observation', id: 'none' },
    { resourceType: 'Patient', id: 'man', gender: 'male' },
    { resourceType: 'Patient', id: 'woman', gender: 'female' },
  ],
  cases: [
    ['in a value set', 'Observation?code:in=http://zoo.example/vs', ['cat', 'dog']],
    ['not in a value set', 'Observation?code:not-in=http://zoo.example/vs', ['animal', 'elsewhere', 'none', 'poodle']],
    ['in an empty value set', 'Observation?code:in=http://zoo.example/empty', []],
    [
      'not in an empty value set',
      'Observation?code:not-in=http://zoo.example/empty',
      ['animal', 'cat', 'dog', 'elsewhere', 'none', 'poodle'],
    ],
    ['codes of elements without a system', 'Patient?gender:in=http://zoo.example/genders', ['man']],
    ['below', `Observation?code:below=${ZOO}|dog`, ['dog', 'poodle']],
    ['below the top', `Observation?code:below=${ZOO}|animal`, ['animal', 'cat', 'dog', 'poodle']],
    ['above', `Observation?code:above=${ZOO}|poodle`, ['animal', 'dog', 'poodle']],
    ['above the top', `Observation?code:above=${ZOO}|animal`, ['animal']],
    ['by a filter: in', 'Observation?_filter=code in http://zoo.example/vs', ['cat', 'dog']],
    ['by a filter: not in', 'Observation?_filter=code ni http://zoo.example/vs', ['animal', 'elsewhere', 'none', 'poodle']],
    ['by a filter: the value subsumes', `Observation?_filter=code ss ${ZOO}|dog`, ['dog', 'poodle']],
    ['by a filter: the value is subsumed', `Observation?_filter=code sb ${ZOO}|cat`, ['animal', 'cat']],
  ],
};

const forms: SearchTable = {
  title: 'text, contact points, booleans and mime types match in forms of their own [R4 search#token]',
  given: [
    { resourceType: 'Questionnaire', id: 'beta', url: 'http://q.example/q', version: '2.0-Beta' },
    { resourceType: 'Questionnaire', id: 'first', url: 'http://q.example/q', version: '1.0' },
    {
      resourceType: 'Patient',
      id: 'p',
      active: true,
      deceasedBoolean: false,
      telecom: [
        { system: 'phone', value: '+47 (22) 33-44.55' },
        { system: 'email', value: 'Kari.Nordmann@Example.NO' },
      ],
    },
    { resourceType: 'Patient', id: 'q', active: false, telecom: [{ system: 'phone', value: '22334455' }] },
    { resourceType: 'DocumentReference', id: 'plain', content: [{ attachment: { contentType: 'text/xml' } }] },
    { resourceType: 'DocumentReference', id: 'charset', content: [{ attachment: { contentType: 'Text/XML; charset=UTF-8' } }] },
    { resourceType: 'DocumentReference', id: 'pdf', content: [{ attachment: { contentType: 'application/pdf' } }] },
  ],
  cases: [
    ['case does not count where the element is text', 'Questionnaire?version=2.0-BETA', ['beta']],
    ['but the whole text does', 'Questionnaire?version=2.0', []],
    ['an address in other case', 'Patient?email=kari.nordmann@example.no', ['p']],
    ['an address as written', 'Patient?telecom=Kari.Nordmann@Example.NO', ['p']],
    ['a phone number without what is between its digits', 'Patient?phone=%2B4722334455', ['p']],
    ['a phone number with something else between', 'Patient?phone=%2B47 22 33 44 55', ['p']],
    ['another way to write the other', 'Patient?phone=22 33 44 55', ['q']],
    ['a country code counts', 'Patient?phone=004722334455', []],
    ['true with its system', 'Patient?active=http://hl7.org/fhir/special-values|true', ['p']],
    ['not true', 'Patient?active:not=true', ['q']],
    ['a mime type as written', 'DocumentReference?contenttype=text/xml', ['plain']],
    ["the spec's example: below the base part of a mime type", 'DocumentReference?contenttype:below=text/xml', ['charset', 'plain']],
    ['below, in other case and with a parameter', 'DocumentReference?contenttype:below=TEXT/xml;q=1', ['charset', 'plain']],
    ['below either', 'DocumentReference?contenttype:below=text/xml,application/pdf', ['charset', 'pdf', 'plain']],
    ['a canonical URL', 'Questionnaire?url=http://q.example/q', ['beta', 'first']],
    ['a canonical URL with its version', 'Questionnaire?url=http://q.example/q|1.0', ['first']],
    ['a version in other case', 'Questionnaire?url=http://q.example/q|2.0-beta', ['beta']],
    ['a version that is not there', 'Questionnaire?url=http://q.example/q|3', []],
    ['either version', 'Questionnaire?url=http://q.example/q|1.0,http://q.example/q|2.0-beta', ['beta', 'first']],
  ],
};

export const tokenTables: readonly SearchTable[] = [identifiers, valueless, personalNumbers, codes, hierarchy, forms];

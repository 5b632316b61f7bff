/**
 * Terminology operations that other servers answered wrongly.
 *
 * Spec: https://hl7.org/fhir/R4/terminology-service.html
 */
import { type Answered, type Asked, type FaultTable, parameters, refuses } from './fault-table.ts';

const GENDER = 'http://hl7.org/fhir/administrative-gender';
const GENDERS = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const STATUS = 'http://hl7.org/fhir/publication-status';
const COLOUR = 'http://s.example/CodeSystem/colour';
const ZOO = 'http://s.example/CodeSystem/zoo';

const colour = (version: string, code: string) => ({
  resourceType: 'CodeSystem',
  id: `colour-${version}`,
  url: COLOUR,
  version,
  status: 'active',
  content: 'complete',
  concept: [{ code }],
});
const composed = (compose: object) => ({ resourceType: 'ValueSet', status: 'active', compose });
const sent = (compose: object, ...more: readonly object[]): Asked => [
  'POST',
  'ValueSet/$expand',
  parameters({ name: 'valueSet', resource: composed(compose) }, ...more),
];
const asked = (path: string): Asked => ['GET', path];
const lists = (...codes: readonly string[]): Answered => ({ status: 200, codes, total: codes.length });
const says = (values: Answered['values']): Answered => ({ status: 200, values: values ?? {} });

export const expansions: FaultTable = {
  title: 'expansions',
  given: [
    colour('1.0.0', 'vermilion'),
    colour('1.0.1', 'cerulean'),
    {
      resourceType: 'CodeSystem',
      id: 'zoo',
      url: ZOO,
      status: 'active',
      content: 'complete',
      caseSensitive: false,
      property: [{ code: 'inactive', uri: 'http://hl7.org/fhir/concept-properties#inactive', type: 'boolean' }],
      concept: [
        { code: 'Animal', concept: [{ code: 'Dog', designation: [{ language: 'de', value: 'Hund' }] }] },
        { code: 'Dodo', property: [{ code: 'inactive', valueBoolean: true }] },
      ],
    },
    {
      resourceType: 'ValueSet',
      id: 'zoo',
      url: 'http://s.example/ValueSet/zoo',
      status: 'active',
      compose: { include: [{ system: ZOO }] },
    },
  ],
  rows: [
    // HealthIntersections/FHIRsmith#88
    ['none asked for, none listed, all counted', asked(`ValueSet/$expand?url=${GENDERS}&count=0`), { status: 200, codes: [], total: 4 }],
    // hapifhir/hapi-fhir#6584
    [
      'the total is not that of the page',
      asked(`ValueSet/$expand?url=${GENDERS}&count=2`),
      { status: 200, codes: ['male', 'female'], total: 4 },
    ],
    // HealthIntersections/FHIRsmith#139, hapifhir/hapi-fhir#7049
    [
      'a page is asked for in the URL, and the value set in the body',
      ['POST', 'ValueSet/$expand?offset=1&count=1', parameters({ name: 'url', valueUri: GENDERS })],
      { status: 200, codes: ['female'], total: 4 },
    ],
    // hapifhir/hapi-fhir#1946
    [
      'words choose before pages are made',
      asked(`ValueSet/$expand?url=${GENDERS}&filter=unk&count=1`),
      { status: 200, codes: ['unknown'], total: 1 },
    ],
    // HealthIntersections/FHIRsmith#156
    [
      'codes of another value set are left out',
      sent({
        include: [{ valueSet: [GENDERS] }, { system: STATUS, concept: [{ code: 'active' }] }],
        exclude: [{ system: GENDER, concept: [{ code: 'other' }, { code: 'unknown' }] }],
      }),
      lists('male', 'female', 'active'),
    ],
    // HealthIntersections/FHIRsmith#93
    [
      'what is taken in and left out is not counted',
      sent({ include: [{ system: GENDER, concept: [{ code: 'male' }] }], exclude: [{ system: GENDER, concept: [{ code: 'male' }] }] }),
      lists(),
    ],
    // HealthIntersections/FHIRsmith#91
    [
      'what is left out is not counted',
      sent({ include: [{ system: GENDER }], exclude: [{ system: GENDER, concept: [{ code: 'male' }] }] }),
      lists('female', 'other', 'unknown'),
    ],
    // HealthIntersections/FHIRsmith#237
    [
      'codes of an unknown system are left out of nothing',
      sent({ include: [{ system: GENDER }], exclude: [{ system: 'http://none.example', concept: [{ code: 'x' }] }] }),
      lists('male', 'female', 'other', 'unknown'),
    ],
    // hapifhir/hapi-fhir#8391, hapifhir/hapi-fhir#2144
    ['codes are those of the version named', sent({ include: [{ system: COLOUR, version: '1.0.0' }] }), lists('vermilion')],
    // hapifhir/hapi-fhir#8391
    ['of none named, of the version changed last', sent({ include: [{ system: COLOUR }] }), lists('cerulean')],
    // hapifhir/hapi-fhir#5848
    ['of any version, of the version changed last', sent({ include: [{ system: COLOUR, version: '*' }] }), lists('cerulean')],
    // hapifhir/hapi-fhir#8391
    [
      'a version that is not held is told',
      sent({ include: [{ system: COLOUR, version: '2.0.0' }] }),
      { status: 422, issue: ['not-found', 'ValueSet.compose'] },
    ],
    // hapifhir/hapi-fhir#4974
    [
      'the version of FHIR itself is no other',
      asked('ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/task-code&count=0'),
      { status: 200, total: 7 },
    ],
    // FirelyTeam/firely-validator-api#424
    [
      'a hierarchy is followed from a code in any case, where that does not count',
      sent({ include: [{ system: ZOO, filter: [{ property: 'concept', op: 'is-a', value: 'animal' }] }] }),
      lists('Animal', 'Dog'),
    ],
    // wso2/open-healthcare-prebuilt-services#181
    ['codes that are no longer used are left out', asked('ValueSet/zoo/$expand?activeOnly=true'), lists('Animal', 'Dog')],
    // wso2/open-healthcare-prebuilt-services#181
    ['also where the value set says so', sent({ inactive: false, include: [{ system: ZOO }] }), lists('Animal', 'Dog')],
    // samply/blaze#3643
    [
      'words are sought in the language asked for, and shown in it',
      asked('ValueSet/zoo/$expand?displayLanguage=de&filter=hund'),
      { status: 200, codes: ['Dog'], body: { expansion: { contains: [{ display: 'Hund' }] } } },
    ],
    // HealthIntersections/fhirserver#12
    ['a value set that is not known is told', asked('ValueSet/$expand?url=http://none.example'), { status: 404, issue: ['not-found'] }],
  ],
};

export const codes: FaultTable = {
  title: 'codes and maps',
  given: [
    ...(expansions.given ?? []),
    {
      resourceType: 'ConceptMap',
      id: 'map',
      url: 'http://s.example/ConceptMap/map',
      status: 'draft',
      group: ['1', '2'].map((source) => ({
        source: `http://source.example/${source}`,
        target: 'http://target.example',
        element: [
          { code: 'Mouse', target: [{ code: 'm', equivalence: 'equal' }] },
          { code: 'Rat', target: [{ code: 'rodent', equivalence: 'wider' }] },
        ],
      })),
    },
  ],
  rows: [
    // hapifhir/hapi-fhir#8391
    [
      'a code of a version named is right',
      asked(`CodeSystem/$validate-code?url=${COLOUR}&version=1.0.0&code=vermilion`),
      says({ result: true }),
    ],
    // hapifhir/hapi-fhir#8391
    ['and wrong in another', asked(`CodeSystem/$validate-code?url=${COLOUR}&version=1.0.1&code=vermilion`), says({ result: false })],
    // FirelyTeam/firely-validator-api#424, LinuxForHealth/FHIR#1454
    ['a code is right in any case, where that does not count', asked('ValueSet/zoo/$validate-code?code=DOG'), says({ result: true })],
    // LinuxForHealth/FHIR#1454
    ['and wrong where it does', asked(`CodeSystem/$validate-code?url=${GENDER}&code=MALE`), says({ result: false })],
    // HealthIntersections/fhirserver#195
    ['the code system is named by url', asked(`CodeSystem/$validate-code?url=${GENDER}&code=male`), says({ result: true })],
    // hapifhir/hapi-fhir#4853
    [
      'a display that is not the one of the code is wrong',
      asked(`CodeSystem/$validate-code?url=${GENDER}&code=male&display=Female`),
      says({ result: false }),
    ],
    // hapifhir/hapi-fhir#4853
    ['a display in another case is right', asked(`CodeSystem/$validate-code?url=${GENDER}&code=male&display=MALE`), says({ result: true })],
    // HealthIntersections/FHIRsmith#162
    [
      'the code system is sent along',
      [
        'POST',
        'CodeSystem/$validate-code',
        parameters({ name: 'code', valueCode: 'a' }, { name: 'codeSystem', resource: { ...colour('3', 'a'), id: 'sent' } }),
      ],
      says({ result: true }),
    ],
    // wso2/open-healthcare-prebuilt-services#188
    [
      'a code of another system is not in the one that is sent along',
      [
        'POST',
        'CodeSystem/$validate-code',
        parameters(
          { name: 'coding', valueCoding: { system: 'http://other.example', code: 'a' } },
          { name: 'codeSystem', resource: { ...colour('3', 'a'), id: 'sent' } },
        ),
      ],
      says({ result: false }),
    ],
    // HealthIntersections/FHIRsmith#65
    [
      'an abstract code is none where none is asked for',
      asked('CodeSystem/$validate-code?url=http://terminology.hl7.org/CodeSystem/v3-ActCode&code=_ActAccountCode&abstract=false'),
      says({ result: false }),
    ],
    // HealthIntersections/FHIRsmith#235
    [
      'a value set without a definition has no codes',
      [
        'POST',
        'ValueSet/$validate-code',
        parameters(
          { name: 'valueSet', resource: { resourceType: 'ValueSet', status: 'active' } },
          { name: 'system', valueUri: GENDER },
          { name: 'code', valueCode: 'male' },
        ),
      ],
      says({ result: false }),
    ],
    // HealthIntersections/FHIRsmith#73
    [
      'a code above is told as parent',
      asked('CodeSystem/$lookup?system=http://terminology.hl7.org/CodeSystem/v3-ActCode&code=AMB&property=parent'),
      says({ 'property.code': ['parent'], 'property.value': ['_ActEncounterCode'] }),
    ],
    // HealthIntersections/fhirserver#91
    refuses('a code that is not known is 404', `CodeSystem/$lookup?system=${GENDER}&code=zzz`, 404, 'not-found'),
    // wso2/open-healthcare-prebuilt-services#178, ballerina-platform/ballerina-library#7935
    ['a code above another subsumes it', asked('CodeSystem/zoo/$subsumes?codeA=Animal&codeB=Dog'), says({ outcome: 'subsumes' })],
    // ballerina-platform/ballerina-library#7935
    ['and is subsumed the other way', asked(`CodeSystem/$subsumes?system=${ZOO}&codeA=Dog&codeB=Animal`), says({ outcome: 'subsumed-by' })],
    // FirelyTeam/firely-validator-api#424
    ['one code in two cases is one', asked(`CodeSystem/$subsumes?system=${ZOO}&codeA=dog&codeB=DOG`), says({ outcome: 'equivalent' })],
    // LinuxForHealth/FHIR#1756
    refuses('a code system that is not there is 404', 'CodeSystem/none/$subsumes?codeA=a&codeB=b', 404, 'not-found'),
    // hapifhir/hapi-fhir#4497
    [
      'a code that is mapped from two systems is mapped back to both',
      asked('ConceptMap/$translate?url=http://s.example/ConceptMap/map&code=m&system=http://target.example&reverse=true'),
      says({
        result: true,
        'match.concept': [
          { system: 'http://source.example/1', code: 'Mouse' },
          { system: 'http://source.example/2', code: 'Mouse' },
        ],
      }),
    ],
    // HealthIntersections/FHIRsmith#61
    [
      'a mapping to a wider code is one',
      asked('ConceptMap/map/$translate?code=Rat&system=http://source.example/1'),
      says({ result: true, 'match.equivalence': ['wider'] }),
    ],
  ],
};

import { describe, expect, it } from 'vitest';
import { errorsOf, rulesOf, warningsOf } from './issues-of.ts';

type Json = Record<string, unknown>;
const xhtml = 'xmlns="http://www.w3.org/1999/xhtml"';
const patient = (more: Json) => ({ resourceType: 'Patient', ...more });

describe('bindings [R4 terminologies#strength]', () => {
  it('a required one must hold, for codes and for concepts', () => {
    expect(errorsOf(patient({ gender: 'women' }))).toEqual(['code-invalid Patient.gender']);
    const allergy = (code: string) => ({
      resourceType: 'AllergyIntolerance',
      patient: { display: 'x' },
      clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code }] },
    });
    expect(errorsOf(allergy('active'))).toEqual([]);
    expect(errorsOf(allergy('asleep'))).toEqual([
      'code-invalid AllergyIntolerance.clinicalStatus.coding[0]',
      'code-invalid AllergyIntolerance.clinicalStatus',
    ]);
  });

  it('an extensible one is a warning, and a system that is not held here no error', () => {
    const married = (coding: Json) => patient({ maritalStatus: { coding: [coding] } });
    expect(warningsOf(married({ system: 'http://hl7.org/fhir/administrative-gender', code: 'male' }))).toEqual([
      'code-invalid Patient.maritalStatus',
    ]);
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '763264000' }] },
    };
    expect(errorsOf(observation)).toEqual([]);
  });

  it('a code that its system does not have is an error; another display a warning', () => {
    const coded = (coding: Json) => ({
      resourceType: 'Basic',
      code: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', ...coding }] },
    });
    expect(errorsOf(coded({ code: 'x' }))).toEqual(['code-invalid Basic.code.coding[0]']);
    expect(warningsOf(coded({ code: 'male', display: 'Woman' }))).toContain('invalid Basic.code.coding[0].display');
    expect(errorsOf(coded({ code: 'male', display: 'Woman' }), { wrongDisplays: 'error' })).toEqual([
      'invalid Basic.code.coding[0].display',
    ]);
    expect(warningsOf(coded({ code: 'male', display: 'male' }))).not.toContain('invalid Basic.code.coding[0].display');
  });

  it('a value set is not a code system', () => {
    const code = { coding: [{ system: 'http://hl7.org/fhir/ValueSet/observation-codes', code: 'x' }] };
    expect(errorsOf({ resourceType: 'Basic', code })).toEqual(['code-invalid Basic.code.coding[0]']);
  });

  it('units are checked by UCUM', () => {
    const measured = (code: string) => ({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code },
    });
    expect(errorsOf(measured('mg/dL'))).toEqual([]);
    const age = {
      resourceType: 'Condition',
      subject: { display: 'x' },
      onsetAge: { value: 3, system: 'http://unitsofmeasure.org', code: 'furlong' },
    };
    expect(warningsOf(age)).toContain('code-invalid Condition.onset.ofType(Age)');
  });
});

describe('references [R4 references]', () => {
  const plan = (reference: Json) => ({ resourceType: 'CarePlan', status: 'active', intent: 'plan', subject: reference });
  it.each<[reference: Json, errors: string[]]>([
    [{ reference: 'Patient/1' }, []],
    [{ reference: 'Patient/1/_history/2' }, []],
    [{ reference: 'https://other.example/fhir/Patient/1' }, []],
    [{ reference: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0' }, []],
    [{ identifier: { value: '1' }, type: 'Patient' }, []],
    [{ reference: 'Organization/1' }, ['structure CarePlan.subject']],
    [{ reference: 'patient' }, ['invalid CarePlan.subject']],
    [{ reference: 'Pasient/1' }, ['structure CarePlan.subject']],
    [{ reference: 'Patient/1', type: 'Group' }, ['structure CarePlan.subject']],
    [{ reference: '#nobody' }, ['invariant CarePlan.subject', 'structure CarePlan.subject']],
  ])('%j', (reference, errors) => {
    expect(errorsOf(plan(reference))).toEqual(errors);
  });
});

describe('extensions [R4 extensibility]', () => {
  const birthTime = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';
  it.each<[why: string, resource: Json, errors: string[]]>([
    [
      'known and right',
      patient({ birthDate: '2000-01-01', _birthDate: { extension: [{ url: birthTime, valueDateTime: '2000-01-01T10:00:00Z' }] } }),
      [],
    ],
    [
      'with a value of another type',
      patient({ birthDate: '2000-01-01', _birthDate: { extension: [{ url: birthTime, valueString: 'x' }] } }),
      ['structure Patient.birthDate.extension[0]'],
    ],
    ['where it is not allowed', patient({ extension: [{ url: birthTime, valueDateTime: '2000-01-01T10:00:00Z' }] }), ['structure Patient']],
    [
      'with a value and extensions',
      patient({ extension: [{ url: 'http://x.example/e', valueString: 'x', extension: [{ url: 'a', valueString: 'b' }] }] }),
      ['invariant Patient.extension[0]'],
    ],
    ['with a relative url', patient({ extension: [{ url: 'e', valueString: 'x' }] }), ['invalid Patient.extension[0]']],
    ['unknown, as a modifier', patient({ modifierExtension: [{ url: 'http://x.example/e', valueString: 'x' }] }), []],
    ['unknown, otherwise', patient({ extension: [{ url: 'http://x.example/e', valueString: 'x' }] }), []],
  ])('%s', (_why, resource, errors) => {
    expect(errorsOf(resource)).toEqual(errors);
  });
});

describe('Bundles [R4 bundle]', () => {
  const id = '0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0';
  const entry = (more: Json = {}) => ({ fullUrl: `urn:uuid:${id}`, resource: patient({ active: true }), ...more });
  const composition = {
    resourceType: 'Composition',
    status: 'final',
    type: { text: 'x' },
    date: '2020',
    title: 'x',
    author: [{ reference: `urn:uuid:${id}` }],
  };
  const document = (author: string) => ({
    resourceType: 'Bundle',
    type: 'document',
    identifier: { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:x' },
    timestamp: '2020-01-01T00:00:00Z',
    entry: [
      { fullUrl: 'http://a.example/Composition/c', resource: { ...composition, id: 'c', author: [{ reference: author }] } },
      { fullUrl: 'http://a.example/Patient/p', resource: patient({ id: 'p', active: true }) },
    ],
  });
  it.each<[why: string, bundle: Json, errors: string[]]>([
    ['a right collection', { resourceType: 'Bundle', type: 'collection', entry: [entry()] }, []],
    [
      'a relative fullUrl',
      { resourceType: 'Bundle', type: 'collection', entry: [entry({ fullUrl: 'Patient/1' })] },
      ['invalid Bundle.entry[0]'],
    ],
    [
      'no fullUrl',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient({ active: true }) }] },
      ['invalid Bundle.entry[0]'],
    ],
    [
      'a fullUrl of another resource',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [entry({ fullUrl: 'http://a.example/Patient/2', resource: patient({ id: '1' }) })],
      },
      ['invalid Bundle.entry[0]'],
    ],
    [
      'two self links',
      {
        resourceType: 'Bundle',
        type: 'searchset',
        link: [
          { relation: 'self', url: 'a' },
          { relation: 'self', url: 'b' },
        ],
      },
      ['invalid Bundle.link[1]'],
    ],
    [
      'a next link in a collection',
      { resourceType: 'Bundle', type: 'collection', link: [{ relation: 'next', url: 'a' }] },
      ['invalid Bundle.link[0].relation'],
    ],
    [
      'a match without an id',
      { resourceType: 'Bundle', type: 'searchset', entry: [entry({ search: { mode: 'match' } })] },
      ['invalid Bundle.entry[0].resource'],
    ],
    ['a document whose author is in it', document('Patient/p'), []],
    [
      'a document whose author is not',
      document('Patient/q'),
      ['not-found Bundle.entry[0].resource.author[0]', 'informational Bundle.entry[1]'],
    ],
  ])('%s', (_why, bundle, errors) => {
    expect(errorsOf(bundle)).toEqual(errors);
  });
});

describe('narrative [R4 narrative]', () => {
  it.each<[div: string, rules: string[]]>([
    [`<div ${xhtml}><p class="a">Hei &amp; hå <br/> &nbsp;x</p></div>`, []],
    [`<div ${xhtml}><img src="#a"/></div>`, ['xhtml-reference']],
    [`<div ${xhtml}><img src="data:image/png;base64,AAAA"/></div>`, []],
    [`<div ${xhtml}><img src="https://sporing.test/pixel.gif"/></div>`, ['xhtml-external-image']],
    [`<div ${xhtml}><img src="//sporing.test/pixel.gif"/></div>`, ['xhtml-external-image']],
    [`<div ${xhtml}><p><del>a</del><ins>b</ins></p></div>`, ['xhtml-element', 'xhtml-element', 'txt-1']],
    [`<div ${xhtml}><style>p { color: red }</style><p>x</p></div>`, ['xhtml-element', 'txt-1']],
    [`<div ${xhtml}><a href=" javascript:alert(1)">x</a></div>`, ['xhtml-script-link']],
    [`<div ${xhtml}><a href="java&#10;script&colon;alert(1)">x</a></div>`, ['xhtml-parse']],
    [`<div ${xhtml}><a href="java&#10;script:alert(1)">x</a></div>`, ['xhtml-script-link']],
    [`<div ${xhtml}><a href="http://s.example?a=1&b=2">x</a></div>`, ['xhtml-parse']],
    [`<div ${xhtml}><a href="http://s.example?a=1&amp;b=2">&aring;&Omega;</a></div>`, []],
    [`<div ${xhtml}>&bogus;</div>`, ['xhtml-parse']],
    [`<div ${xhtml}>&#0;</div>`, ['xhtml-parse']],
    [`<div ${xhtml}><a href="&#x6A;avascript:alert(1)">x</a></div>`, ['xhtml-script-link']],
    [`<div ${xhtml}><a href="https://helsenorge.test/javascript:x">x</a></div>`, []],
    ['<div>x</div>', ['xhtml-namespace']],
    [`<p ${xhtml}>x</p>`, ['xhtml-parse']],
    [`<div ${xhtml}><p>x</div>`, ['xhtml-parse']],
    [`<div ${xhtml}>a & b</div>`, ['xhtml-parse']],
    [`<div ${xhtml}> </div>`, ['txt-2']],
    [`<div ${xhtml}><script>x</script></div>`, ['xhtml-element', 'txt-1']],
    [`<div ${xhtml}><p onclick="x">x</p></div>`, ['xhtml-attribute', 'txt-1']],
    [`<div ${xhtml}><p name="x">x</p></div>`, ['xhtml-attribute', 'txt-1']],
    [`<div ${xhtml}><object value="x">x</object></div>`, ['xhtml-element', 'xhtml-attribute', 'txt-1']],
    [`<div ${xhtml}><a href="">x</a></div>`, ['xhtml-no-link']],
    [`<div ${xhtml}><a href="urn:uuid:1">x</a></div>`, ['xhtml-no-link']],
    [`<div ${xhtml}><ul><p>x</p></ul></div>`, ['xhtml-place']],
    [`<div ${xhtml}><li>x</li></div>`, ['xhtml-place']],
    [`<div ${xhtml}><table>x<tr><td><ul><li>y</li></ul></td></tr></table></div>`, ['xhtml-place']],
    [`<div ${xhtml}><b>x<b>y</b></b></div>`, ['xhtml-place']],
    [`<div ${xhtml}><span><div>x</div></span></div>`, ['xhtml-place']],
    [`<div ${xhtml}><br>x</br></div>`, ['xhtml-place']],
    [`<div ${xhtml}>x</div><div ${xhtml}>y</div>`, ['xhtml-parse']],
    [`<div ${xhtml}><a href="#a">x</a><a name="a"/></div>`, []],
    [`<div ${xhtml}><a href="#nowhere">x</a></div>`, ['xhtml-reference']],
    [`<div ${xhtml}><a href="javascript:x()">x</a></div>`, ['xhtml-script-link']],
    [`<div ${xhtml}><p><table><tr><td>x</td></tr></table></p></div>`, ['xhtml-block', 'xhtml-place', 'txt-1']],
  ])('%s', (div, rules) => {
    expect(rulesOf(patient({ text: { status: 'generated', div } }))).toEqual(rules);
  });
});

describe('conformance resources', () => {
  it('a profile whose differential leads nowhere has no snapshot', () => {
    const definition = (path: string) => ({
      resourceType: 'StructureDefinition',
      url: 'http://a.example/p',
      name: 'P',
      status: 'draft',
      kind: 'resource',
      abstract: false,
      type: 'Patient',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
      derivation: 'constraint',
      differential: { element: [{ id: path, path, min: 1 }] },
    });
    expect(errorsOf(definition('Patient.name'))).toEqual([]);
    expect(errorsOf(definition('Patient.nickname'))).toEqual(['exception StructureDefinition']);
  });

  it('enableWhen asks about a question that is there', () => {
    const item = [{ linkId: 'a', type: 'string', enableWhen: [{ question: 'b', operator: 'exists', answerBoolean: true }] }];
    expect(errorsOf({ resourceType: 'Questionnaire', status: 'draft', item })).toEqual([
      'business-rule Questionnaire.item[0].enableWhen[0]',
    ]);
  });

  it('two enableWhen need an enableBehavior, as the text of que-12 says', () => {
    const condition = { question: 'a', operator: 'exists', answerBoolean: true };
    const item = [
      { linkId: 'a', type: 'string' },
      { linkId: 'b', type: 'string', enableWhen: [condition, condition] },
    ];
    expect(errorsOf({ resourceType: 'Questionnaire', status: 'draft', item })).toEqual(['invariant Questionnaire.item[1]']);
  });
});

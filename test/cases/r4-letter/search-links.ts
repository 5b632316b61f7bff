/**
 * References, addresses, composites, escapes, chains and what is common to all resources.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#reference · #chaining · #all
 */
import { basic, coded, get, type Page, reference, SYSTEM, section } from './statement.ts';

const ref = section('search#reference');
const about = (id: string, subject: object) => basic(id, { subject });
const found = (...ids: readonly string[]) => ids.map((id) => `Basic/${id}`);

export const references: Page = {
  title: 'reference',
  given: [
    { resourceType: 'Patient', id: 'p', identifier: [{ system: SYSTEM, value: '1' }], name: [{ family: 'Berg' }] },
    { resourceType: 'Practitioner', id: 'p', name: [{ family: 'Berg' }] },
    about('relative', reference('Patient/p')),
    about('absolute', reference('{base}/Patient/p')),
    about('version', reference('Patient/p/_history/1')),
    about('elsewhere', reference('http://other.example/fhir/Patient/p')),
    about('doctor', reference('Practitioner/p')),
    about('logical', { identifier: { system: SYSTEM, value: '1' } }),
    about('words', { display: 'Somebody' }),
    about('urn', reference('urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7')),
    basic('nobody'),
  ],
  statements: [
    ref.finds('type and id: however the reference is written', 'Basic?subject=Patient/p', ...found('relative', 'absolute', 'version')),
    ref.departs(
      'SHOULD',
      'A search that works until somebody of another type has the same id would fail then; what is found says of what type it is, and a type may be said.',
      'an id that is there in several types finds all of them',
      ['GET', 'Basic?subject=p'],
      { status: 200, ids: found('relative', 'absolute', 'version', 'doctor') },
    ),
    ref.finds('an absolute URL of our own', 'Basic?subject={base}/Patient/p', ...found('relative', 'absolute', 'version')),
    ref.finds('an absolute URL of another server', 'Basic?subject=http://other.example/fhir/Patient/p', ...found('elsewhere')),
    ref.finds('a type as a modifier', 'Basic?subject:Patient=p', ...found('relative', 'absolute', 'version')),
    ref.finds('a type as a modifier, and said again', 'Basic?subject:Practitioner=Practitioner/p', ...found('doctor')),
    ref.finds('a urn', 'Basic?subject=urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7', ...found('urn')),
    ref.finds(':identifier is the reference by identifier', `Basic?subject:identifier=${SYSTEM}|1`, ...found('logical')),
    ref.finds(':missing=true, where there is no element at all', 'Basic?subject:missing=true', ...found('nobody')),
    ref.finds(
      ':missing=false',
      'Basic?subject:missing=false',
      ...found('relative', 'absolute', 'version', 'elsewhere', 'doctor', 'logical', 'words', 'urn'),
    ),
    ref.departs(
      'is',
      'The index knows which resource is meant, not which version of it: more is found than was asked for, never less.',
      'the version in what is sought is passed over',
      get('Basic?subject=Patient/p/_history/1'),
      { status: 200, ids: found('relative', 'absolute', 'version') },
    ),
    ref.finds('patient is a subject that is a Patient', 'Basic?patient=p', ...found('relative', 'absolute', 'version')),
    ref.finds(
      'several: one of them',
      'Basic?subject=Practitioner/p,urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7',
      ...found('doctor', 'urn'),
    ),
    ref.refuses('a modifier that is no type', 'Basic?subject:Nobody=p', 400, 'not-supported', 'subject:Nobody'),
    section('search#chaining').finds('a chain to one type', 'Basic?subject:Patient.name=berg', ...found('relative', 'absolute', 'version')),
    section('search#chaining').finds(
      'a chain to all types that have it',
      'Basic?subject.name=berg',
      ...found('relative', 'absolute', 'version', 'doctor'),
    ),
    section('search#chaining').finds(
      'the subject by its identifier',
      `Basic?subject:Patient.identifier=${SYSTEM}|1`,
      ...found('relative', 'absolute', 'version'),
    ),
    section('search#chaining').refuses('a parameter that no target has', 'Basic?subject.bogus=1', 400, 'not-supported', 'subject.bogus'),
    section('search#has').finds('who is pointed at', 'Patient?_has:Basic:subject:code:missing=true', ...[]),
    section('search#has').finds('by something about what points', 'Patient?_has:Basic:subject:_id=relative', 'Patient/p'),
    section('search#has').finds('or nobody', 'Patient?_has:Basic:subject:_id=nobody'),
    section('search#has').refuses('a parameter that is no reference', 'Patient?_has:Basic:code:_id=x', 400, 'not-supported'),
  ],
};

const uri = section('search#uri');
const canonical = section('references#canonical');
const valueSet = (id: string, url: string, version?: string) => ({
  resourceType: 'ValueSet',
  id,
  url,
  status: 'active',
  ...(version === undefined ? {} : { version }),
});
const sets = (...ids: readonly string[]) => ids.map((id) => `ValueSet/${id}`);

export const addresses: Page = {
  title: 'uri and canonical',
  given: [
    valueSet('fhir', 'http://acme.example/fhir'),
    valueSet('one', 'http://acme.example/fhir/ValueSet/123', '1'),
    valueSet('two', 'http://acme.example/fhir/ValueSet/123', '2'),
    valueSet('four', 'http://acme.example/fhir/ValueSet/1234'),
    valueSet('deep', 'http://acme.example/fhir/ValueSet/123/history/5'),
    valueSet('oid', 'urn:oid:1.2.3.4'),
    { resourceType: 'QuestionnaireResponse', id: 'v1', status: 'completed', questionnaire: 'http://acme.example/q|1' },
    { resourceType: 'QuestionnaireResponse', id: 'bare', status: 'completed', questionnaire: 'http://acme.example/q' },
  ],
  statements: [
    uri.finds('the whole', 'ValueSet?url=http://acme.example/fhir/ValueSet/123', ...sets('one', 'two')),
    uri.finds('with its case', 'ValueSet?url=http://acme.example/FHIR/ValueSet/123'),
    uri.finds('a part of it is none', 'ValueSet?url=http://acme.example/fhir/ValueSet'),
    uri.finds(
      ':below takes in what begins with it',
      'ValueSet?url:below=http://acme.example/fhir',
      ...sets('fhir', 'one', 'two', 'four', 'deep'),
    ),
    uri.finds(
      ':below goes by the parts of the path',
      'ValueSet?url:below=http://acme.example/fhir/ValueSet/123',
      ...sets('one', 'two', 'deep'),
    ),
    uri.finds(
      ':above takes in what it begins with',
      'ValueSet?url:above=http://acme.example/fhir/ValueSet/123/history/5',
      ...sets('fhir', 'one', 'two', 'deep'),
    ),
    uri.finds('a urn is a whole', 'ValueSet?url=urn:oid:1.2.3.4', ...sets('oid')),
    uri.finds('a urn has nothing below', 'ValueSet?url:below=urn:oid:1.2.3'),
    uri.finds('several', 'ValueSet?url=urn:oid:1.2.3.4,http://acme.example/fhir', ...sets('oid', 'fhir')),
    uri.finds(':missing', 'ValueSet?url:missing=true&_id=fhir'),
    canonical.finds(
      'a canonical without a version: whatever the version',
      'QuestionnaireResponse?questionnaire=http://acme.example/q',
      'QuestionnaireResponse/v1',
      'QuestionnaireResponse/bare',
    ),
    canonical.finds(
      'a canonical with a version: that one',
      'QuestionnaireResponse?questionnaire=http://acme.example/q|1',
      'QuestionnaireResponse/v1',
    ),
    canonical.finds('or none', 'QuestionnaireResponse?questionnaire=http://acme.example/q|2'),
  ],
};

const include = section('search#include');
const definition = (type: string, id: string, url: string, version?: string) => ({ ...valueSet(id, url, version), resourceType: type });
const naming = (id: string, ...instantiatesCanonical: readonly string[]) => ({
  resourceType: 'ServiceRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: reference('Patient/p'),
  instantiatesCanonical,
});
const bring = (id: string) => `ServiceRequest?_id=${id}&_include=ServiceRequest:instantiates-canonical`;

export const namedDefinitions: Page = {
  title: 'what canonicals lead to',
  given: [
    definition('PlanDefinition', 'one', 'http://acme.example/path', '1'),
    definition('PlanDefinition', 'two', 'http://acme.example/path', '2'),
    definition('ActivityDefinition', 'task', 'http://acme.example/task', '1'),
    definition('Questionnaire', 'task', 'http://acme.example/task', '1'),
    definition('Questionnaire', 'ours', '{base}/Questionnaire/ours'),
    naming('bare', 'http://acme.example/path'),
    naming('version', 'http://acme.example/path|2'),
    naming('each', 'http://acme.example/path|1', 'http://acme.example/task'),
    naming('twice', 'http://acme.example/path|1', 'http://acme.example/path'),
    naming('part', 'http://acme.example/path|2#goal', 'http://acme.example/task#part'),
    naming('place', '{base}/PlanDefinition/one'),
    naming('strange', '{base}/Questionnaire/ours'),
  ],
  statements: [
    include.finds(
      'a canonical without a version: each version',
      bring('bare'),
      'ServiceRequest/bare',
      'include:PlanDefinition/one',
      'include:PlanDefinition/two',
    ),
    include.finds('with a version: that one', bring('version'), 'ServiceRequest/version', 'include:PlanDefinition/two'),
    include.finds(
      'one with a version says nothing of another without, which leads to the types of the parameter',
      bring('each'),
      'ServiceRequest/each',
      'include:PlanDefinition/one',
      'include:ActivityDefinition/task',
    ),
    include.finds('beside a version of it, one without says no more', bring('twice'), 'ServiceRequest/twice', 'include:PlanDefinition/one'),
    include.finds(
      'a part of a definition is in the definition',
      bring('part'),
      'ServiceRequest/part',
      'include:PlanDefinition/two',
      'include:ActivityDefinition/task',
    ),
    include.finds('the place of a definition leads there', bring('place'), 'ServiceRequest/place', 'include:PlanDefinition/one'),
    include.finds(
      'also where the parameter has no such type, whatever the URL of what is there',
      bring('strange'),
      'ServiceRequest/strange',
      'include:Questionnaire/ours',
    ),
  ],
};

const composite = section('search#combining');
const escaping = section('search#escaping');
const component = (code: string, value: number) => ({
  code: coded(code),
  valueQuantity: { value, system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
});
const pressure = (id: string, systolic: number, diastolic: number) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: coded('bp'),
  component: [component('sys', systolic), component('dia', diastolic)],
});

export const composites: Page = {
  title: 'composites and escapes',
  given: [
    pressure('high', 160, 80),
    pressure('low', 100, 60),
    {
      resourceType: 'Patient',
      id: 'odd',
      identifier: [
        { system: SYSTEM, value: 'a,b' },
        { system: SYSTEM, value: 'c$d' },
        { system: SYSTEM, value: 'e|f' },
        { system: SYSTEM, value: 'g\\h' },
      ],
    },
    {
      resourceType: 'Patient',
      id: 'plain',
      identifier: [
        { system: SYSTEM, value: 'a' },
        { system: 'http://s.example', value: 'b' },
      ],
    },
  ],
  statements: [
    composite.finds('both parts are of one component', `Observation?component-code-value-quantity=${SYSTEM}|sys$gt150`, 'Observation/high'),
    composite.finds('not each of another', `Observation?component-code-value-quantity=${SYSTEM}|dia$gt150`),
    composite.finds(
      'several: one of them',
      `Observation?component-code-value-quantity=${SYSTEM}|sys$gt150,${SYSTEM}|dia$lt70`,
      'Observation/high',
      'Observation/low',
    ),
    composite.refuses(
      'a part is missing',
      `Observation?component-code-value-quantity=${SYSTEM}|sys`,
      400,
      'value',
      'component-code-value-quantity',
    ),
    composite.refuses(
      'a part too many',
      `Observation?component-code-value-quantity=${SYSTEM}|sys$1$2`,
      400,
      'value',
      'component-code-value-quantity',
    ),
    escaping.finds('a comma that is part of the value', 'Patient?identifier=a\\,b', 'Patient/odd'),
    escaping.finds('a comma that parts values', 'Patient?identifier=a,b', 'Patient/plain'),
    escaping.finds('percent makes no difference', 'Patient?identifier=a%2Cb', 'Patient/plain'),
    escaping.finds('a dollar sign', 'Patient?identifier=c\\$d', 'Patient/odd'),
    escaping.finds('a bar', 'Patient?identifier=e\\|f', 'Patient/odd'),
    escaping.finds('a bar with its system', `Patient?identifier=${SYSTEM}|e\\|f`, 'Patient/odd'),
    escaping.finds('a backslash', 'Patient?identifier=g\\\\h', 'Patient/odd'),
    composite.finds('different parameters: all of them', `Patient?identifier=a&_id=plain`, 'Patient/plain'),
    composite.finds('different parameters that do not go together', `Patient?identifier=c\\$d&_id=plain`),
  ],
};

const observed = (id: string, more: object) => ({ resourceType: 'Observation', id, status: 'final', code: coded('c'), ...more });
const observations = (...ids: readonly string[]) => ids.map((id) => `Observation/${id}`);
const sequence = (id: string, of: object) => ({
  resourceType: 'MolecularSequence',
  id,
  coordinateSystem: 0,
  referenceSeq: { ...of, windowStart: 1, windowEnd: 10, strand: 'watson' },
  variant: [
    { start: 3, end: 4 },
    { start: 7, end: 8 },
  ],
});

export const everyComposite: Page = {
  title: 'each composite that R4 defines',
  given: [
    observed('date', { valueDateTime: '2020-05-05' }),
    observed('period', { valuePeriod: { start: '2020-05-05', end: '2020-05-06' } }),
    observed('string', { valueString: 'Hello' }),
    observed('concept', { valueCodeableConcept: coded('v') }),
    observed('quantity', { valueQuantity: { value: 5 } }),
    observed('parts', {
      component: [
        { code: coded('k'), valueQuantity: { value: 5 } },
        { code: coded('l'), valueCodeableConcept: coded('v') },
      ],
    }),
    {
      resourceType: 'ActivityDefinition',
      id: 'a',
      status: 'active',
      useContext: [
        { code: { system: SYSTEM, code: 'age' }, valueQuantity: { value: 5 } },
        { code: { system: SYSTEM, code: 'focus' }, valueCodeableConcept: coded('f') },
      ],
    },
    {
      resourceType: 'Group',
      id: 'g',
      type: 'person',
      actual: false,
      characteristic: [
        { code: coded('k'), valueCodeableConcept: coded('v'), exclude: false },
        { code: coded('b'), valueBoolean: true, exclude: false },
      ],
    },
    sequence('m', { genomeBuild: 'GRCh37', chromosome: coded('1') }),
    sequence('n', { referenceSeqId: coded('NC') }),
  ],
  statements: [
    composite.finds('code-value-date', 'Observation?code-value-date=c$2020-05', ...observations('date', 'period')),
    composite.finds('code-value-date with a prefix', 'Observation?code-value-date=c$gt2020-05-05', ...observations('period')),
    composite.finds('code-value-date:missing', 'Observation?code-value-date:missing=false', ...observations('date', 'period')),
    composite.finds('code-value-string', 'Observation?code-value-string=c$hel', ...observations('string')),
    composite.finds('code-value-concept', 'Observation?code-value-concept=c$v', ...observations('concept')),
    composite.finds('code-value-quantity', 'Observation?code-value-quantity=c$5', ...observations('quantity')),
    composite.finds('combo-code-value-quantity: of the whole', 'Observation?combo-code-value-quantity=c$5', ...observations('quantity')),
    composite.finds('combo-code-value-quantity: of a component', 'Observation?combo-code-value-quantity=k$5', ...observations('parts')),
    composite.finds('combo-code-value-concept', 'Observation?combo-code-value-concept=l$v', ...observations('parts')),
    composite.finds('component-code-value-concept: of one component', 'Observation?component-code-value-concept=k$v'),
    composite.finds('component-code-value-quantity', 'Observation?component-code-value-quantity=k$ge5', ...observations('parts')),
    composite.finds('context-type-quantity', 'ActivityDefinition?context-type-quantity=age$5', 'ActivityDefinition/a'),
    composite.finds('context-type-value', 'ActivityDefinition?context-type-value=focus$f', 'ActivityDefinition/a'),
    composite.finds('context-type-value: of one context', 'ActivityDefinition?context-type-value=age$f'),
    composite.finds('characteristic-value', 'Group?characteristic-value=k$v', 'Group/g'),
    composite.finds('characteristic-value: a boolean', 'Group?characteristic-value=b$true', 'Group/g'),
    composite.finds('chromosome-variant-coordinate', 'MolecularSequence?chromosome-variant-coordinate=1$3$4', 'MolecularSequence/m'),
    composite.finds('chromosome-variant-coordinate: of one variant', 'MolecularSequence?chromosome-variant-coordinate=1$3$8'),
    composite.finds('chromosome-window-coordinate', 'MolecularSequence?chromosome-window-coordinate=1$lt5$gt5', 'MolecularSequence/m'),
    composite.finds(
      'referenceseqid-variant-coordinate',
      'MolecularSequence?referenceseqid-variant-coordinate=NC$7$8',
      'MolecularSequence/n',
    ),
    composite.finds(
      'referenceseqid-window-coordinate',
      'MolecularSequence?referenceseqid-window-coordinate=NC$1$10',
      'MolecularSequence/n',
    ),
  ],
};

const everything = section('search#all');
const tagged = (id: string, meta: object, more: object = {}) => ({ resourceType: 'Basic', id, meta, code: { text: 'x' }, ...more });

export const commonParameters: Page = {
  title: 'parameters for all resources',
  given: [
    tagged('tag', { tag: [{ system: SYSTEM, code: 'needs-review' }] }),
    tagged('label', { security: [{ system: SYSTEM, code: 'R' }], source: 'http://source.example/a' }),
    tagged('profile', { profile: ['http://hl7.org/fhir/StructureDefinition/Basic'] }),
    basic('worded', {
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">bone fracture</div>' },
      code: { text: 'liver' },
    }),
    {
      resourceType: 'List',
      id: 'l',
      status: 'current',
      mode: 'changes',
      entry: [{ item: reference('Basic/tag') }, { item: reference('Basic/label'), deleted: true }],
    },
  ],
  statements: [
    everything.finds('_id', 'Basic?_id=tag', 'Basic/tag'),
    everything.finds('_lastUpdated after', 'Basic?_lastUpdated=gt2100'),
    everything.finds('_lastUpdated before', 'Basic?_lastUpdated=lt2100&_id=tag', 'Basic/tag'),
    everything.finds('_tag', `Basic?_tag=${SYSTEM}|needs-review`, 'Basic/tag'),
    everything.finds('_security', `Basic?_security=${SYSTEM}|R`, 'Basic/label'),
    everything.finds('_profile', 'Basic?_profile=http://hl7.org/fhir/StructureDefinition/Basic', 'Basic/profile'),
    everything.finds('_profile is a uri', 'Basic?_profile:below=http://hl7.org/fhir', 'Basic/profile'),
    everything.finds('_source', 'Basic?_source=http://source.example/a', 'Basic/label'),
    everything.finds('_text: the narrative', 'Basic?_text=fracture', 'Basic/worded'),
    everything.finds('_text: not the data', 'Basic?_text=liver'),
    everything.finds('_content: all of it', 'Basic?_content=liver', 'Basic/worded'),
    everything.finds('_content: the narrative too', 'Basic?_content=fracture', 'Basic/worded'),
    section('search#list').finds('_list: what its entries refer to, whatever else they say', 'Basic?_list=l', 'Basic/tag', 'Basic/label'),
    everything.finds('_type at the base', '?_type=Basic,List&_id=tag,l', 'Basic/tag', 'List/l'),
    everything.refuses('_type of what is no type', '?_type=Basics', 400, 'value', '_type'),
    everything.finds('_tag at the base', `?_tag=${SYSTEM}|needs-review`, 'Basic/tag'),
    everything.refuses('_query of a name that is not known', 'Basic?_query=current', 400, 'not-supported', '_query'),
    everything.finds('_filter', 'Basic?_filter=_id eq tag or _id eq label', 'Basic/tag', 'Basic/label'),
    everything.refuses('a filter that cannot be read', 'Basic?_filter=(((', 400, 'value', '_filter'),
    section('search#special').departs(
      'is',
      'Nobody looks for care plans by distance; near is not among the parameters of the CapabilityStatement, and not passed over.',
      'near is refused',
      get('Location?near=59.9|10.7|5|km'),
      { status: 400, issue: ['not-supported', 'near'] },
    ),
    everything.is('what is changed', ['PUT', 'Basic/changed', basic('changed')], { status: 201 }),
    everything.finds('_lastUpdated: to the millisecond', 'Basic?_lastUpdated={lastUpdated}', 'Basic/changed'),
    everything.finds('ge takes it in', 'Basic?_lastUpdated=ge{lastUpdated}', 'Basic/changed'),
    everything.finds('gt does not', 'Basic?_lastUpdated=gt{lastUpdated}'),
    everything.finds('le takes it in', 'Basic?_lastUpdated=le{lastUpdated}&_id=changed', 'Basic/changed'),
    everything.finds('lt does not', 'Basic?_lastUpdated=lt{lastUpdated}&_id=changed'),
    section('http#history').is('_since takes it in', get('Basic/changed/_history?_since={lastUpdated}'), { status: 200, at: { total: 1 } }),
    section('http#history').departs(
      'MAY',
      'A list of versions is what a search with _list gives for each of them.',
      '_list of a history is refused',
      get('Basic/_history?_list=l'),
      { status: 400, issue: ['not-supported', '_list'] },
    ),
    section('search#errors').refuses('a parameter that is not known', 'Basic?bogus=1', 400, 'not-supported', 'bogus'),
    section('search#errors').is(
      'handling=lenient: passed over, told, and not in self',
      get('Basic?bogus=1&_id=tag', { Prefer: 'handling=lenient' }),
      {
        status: 200,
        ids: ['Basic/tag', 'outcome:OperationOutcome'],
        links: { self: '{base}/Basic?_id=tag' },
      },
    ),
    section('search#errors').is('handling=strict: refused', get('Basic?bogus=1&_id=tag', { Prefer: 'handling=strict' }), {
      status: 400,
      issue: ['not-supported', 'bogus'],
    }),
    section('search#errors').is(
      'a value that is none is refused though one is lenient',
      get('Basic?_lastUpdated=x', { Prefer: 'handling=lenient' }),
      {
        status: 400,
        issue: ['value', '_lastUpdated'],
      },
    ),
    section('search#errors').is('nothing found is no error', get('Basic?_id=none'), {
      status: 200,
      at: { type: 'searchset', entry: undefined, resourceType: 'Bundle' },
    }),
    section('search#errors').is('a reference that leads to nothing finds nothing', get('Basic?subject=Patient/none'), {
      status: 200,
      ids: [],
    }),
  ],
};

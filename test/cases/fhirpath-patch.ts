/**
 * FHIRPath Patch: what an operation makes of a resource. The situations of HL7's own test cases come first, then what they
 * leave out: what primitive values have beside them, choices, elements by their parts.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html · https://github.com/FHIR/fhir-test-cases (r4/patch)
 */
type Json = Readonly<Record<string, unknown>>;

export interface PatchCase {
  readonly why: string;
  /** The resource without its type. */
  readonly before: Json;
  readonly operations: readonly unknown[];
  /** The resource afterwards without its type, or the status, issue code and expression of the refusal. */
  readonly expected: Json | readonly [status: number, code: string, expression: string];
  readonly type?: string;
}

const part = (name: string, value: unknown): unknown => ({ name, ...(value as object) });
const PART_TYPES: Readonly<Record<string, string>> = { path: 'valueString', name: 'valueString' };

/** An operation; `value` is a part without its name, what else is a number is an integer. */
export function operation(type: string, parts: Json): unknown {
  const given = Object.entries(parts).map(([name, value]) =>
    name === 'value' ? part(name, value) : { name, [PART_TYPES[name] ?? 'valueInteger']: value },
  );
  return { name: 'operation', part: [{ name: 'type', valueCode: type }, ...given] };
}

const add = (path: string, name: string, value: Json) => operation('add', { path, name, value });
const insert = (path: string, index: number, value: Json) => operation('insert', { path, index, value });
const remove = (path: string) => operation('delete', { path });
const replace = (path: string, value: Json) => operation('replace', { path, value });
const move = (path: string, source: number, destination: number) => operation('move', { path, source, destination });

const numbers = (...values: readonly number[]): Json => ({
  identifier: values.map((value) => ({ system: 'http://example.org', value: `value ${value}` })),
});
const row = (why: string, before: Json, operations: unknown, expected: PatchCase['expected'], type = 'Patient'): PatchCase => ({
  why,
  before,
  operations: Array.isArray(operations) ? operations : [operations],
  expected,
  type,
});

const HL7: readonly PatchCase[] = [
  row('no difference', { birthDate: '1920-01-01' }, [], { birthDate: '1920-01-01' }),
  row('replaces a primitive', { birthDate: '1920-01-01' }, replace('Patient.birthDate', { valueDate: '1930-01-01' }), {
    birthDate: '1930-01-01',
  }),
  row('deletes a primitive', { birthDate: '1920-01-01' }, remove('Patient.birthDate'), {}),
  row('adds a primitive', {}, add('Patient', 'birthDate', { valueDate: '1930-01-01' }), { birthDate: '1930-01-01' }),
  row(
    'replaces a nested primitive',
    { contact: [{ name: { text: 'a name' }, gender: 'male' }] },
    replace('Patient.contact[0].gender', { valueCode: 'female' }),
    { contact: [{ name: { text: 'a name' }, gender: 'female' }] },
  ),
  row(
    'replaces a primitive two levels down',
    { contact: [{ name: { text: 'a name' }, gender: 'male' }] },
    replace('Patient.contact[0].name.text', { valueString: 'the name' }),
    { contact: [{ name: { text: 'the name' }, gender: 'male' }] },
  ),
  row('deletes a nested primitive', { contact: [{ name: { text: 'a' }, gender: 'male' }] }, remove('Patient.contact[0].gender'), {
    contact: [{ name: { text: 'a' } }],
  }),
  row(
    'deletes what is left empty as well',
    { contact: [{ name: { text: 'a' }, gender: 'male' }] },
    remove('Patient.contact[0].name.text'),
    { contact: [{ gender: 'male' }] },
  ),
  row('adds a nested primitive', { contact: [{ name: { text: 'a name' } }] }, add('Patient.contact[0]', 'gender', { valueCode: 'male' }), {
    contact: [{ name: { text: 'a name' }, gender: 'male' }],
  }),
  row('adds a complex element', {}, add('Patient', 'maritalStatus', { valueCodeableConcept: { text: 'married' } }), {
    maritalStatus: { text: 'married' },
  }),
  row(
    'replaces a complex element with its id',
    { maritalStatus: { id: '1', text: 'married' } },
    replace('Patient.maritalStatus', { valueCodeableConcept: { id: '2', text: 'not married' } }),
    { maritalStatus: { id: '2', text: 'not married' } },
  ),
  row('deletes a complex element', { maritalStatus: { text: 'married' } }, remove('Patient.maritalStatus'), {}),
  row(
    'adds an element without a type of its own',
    {},
    add('Patient', 'contact', { part: [part('name', { valueHumanName: { text: 'a name' } })] }),
    { contact: [{ name: { text: 'a name' } }] },
  ),
  row('deletes an element without a type of its own', { contact: [{ name: { text: 'a name' } }] }, remove('Patient.contact[0]'), {}),
  row(
    'changes the contents of a list',
    numbers(1, 2),
    [
      replace('Patient.identifier[0].value', { valueString: 'value 2' }),
      replace('Patient.identifier[1].value', { valueString: 'value 1' }),
    ],
    numbers(2, 1),
  ),
  ...[2, 1, 0].map((index) =>
    row(
      `inserts at place ${index}`,
      numbers(1, 2),
      insert('Patient.identifier', index, { valueIdentifier: { system: 'http://example.org', value: 'value 3' } }),
      numbers(...[1, 2].toSpliced(index, 0, 3)),
    ),
  ),
  ...[0, 1, 2].map((index) =>
    row(`deletes at place ${index}`, numbers(1, 2, 3), remove(`Patient.identifier[${index}]`), numbers(...[1, 2, 3].toSpliced(index, 1))),
  ),
  row('moves from 3 to 1', numbers(1, 2, 3, 4), move('Patient.identifier', 3, 1), numbers(1, 4, 2, 3)),
  row('moves from 3 to 0', numbers(1, 2, 3, 4), move('Patient.identifier', 3, 0), numbers(4, 1, 2, 3)),
  row('moves from 3 to 2', numbers(1, 2, 3, 4), move('Patient.identifier', 3, 2), numbers(1, 2, 4, 3)),
  row('moves from 0 to 3', numbers(1, 2, 3, 4), move('Patient.identifier', 0, 3), numbers(2, 3, 4, 1)),
  row('moves twice', numbers(1, 2, 3, 4), [move('Patient.identifier', 1, 0), move('Patient.identifier', 2, 1)], numbers(2, 3, 1, 4)),
  row(
    'turns a list round',
    numbers(1, 2, 3, 4),
    [move('Patient.identifier', 3, 0), move('Patient.identifier', 3, 1), move('Patient.identifier', 3, 2)],
    numbers(4, 3, 2, 1),
  ),
  row(
    'adds to what is not there',
    { identifier: [{ use: 'official', value: '123' }] },
    add("Patient.identifier.where(use = 'official').period", 'end', { valueDate: '2021-12-01' }),
    [422, 'processing', 'Parameters.parameter[0]'],
  ),
  row('adds the first of a list', {}, add('Patient', 'identifier', { valueIdentifier: { value: 'value 3' } }), {
    identifier: [{ value: 'value 3' }],
  }),
  row(
    'replaces a narrative and a name',
    { text: { status: 'generated', div: '<div>Jim</div>' }, name: [{ family: 'Chalmers', given: ['Peter', 'James'] }, { given: ['Jim'] }] },
    [replace('Patient.text.div', { valueString: '<div>Jim1</div>' }), replace('Patient.name[0].family', { valueString: 'Chalmers1' })],
    {
      text: { status: 'generated', div: '<div>Jim1</div>' },
      name: [{ family: 'Chalmers1', given: ['Peter', 'James'] }, { given: ['Jim'] }],
    },
  ),
];

const EXTENSION = { extension: [{ url: 'urn:e', valueString: 'e' }] };
const OTHER = { extension: [{ url: 'urn:f', valueString: 'f' }] };
const GIVEN = { name: [{ given: ['A', 'B'], _given: [null, EXTENSION] }] };
const given = (values: readonly unknown[], beside?: readonly unknown[]): Json => ({
  name: [{ given: values, ...(beside === undefined ? {} : { _given: beside }) }],
});
const BORN = { birthDate: '1920-01-01', _birthDate: EXTENSION };

const BESIDE_VALUES: readonly PatchCase[] = [
  row(
    'keeps what is beside a value with it: insert',
    GIVEN,
    insert('Patient.name[0].given', 0, { valueString: 'X' }),
    given(['X', 'A', 'B'], [null, null, EXTENSION]),
  ),
  row(
    'keeps what is beside a value with it: add',
    GIVEN,
    add('Patient.name[0]', 'given', { valueString: 'C' }),
    given(['A', 'B', 'C'], [null, EXTENSION, null]),
  ),
  row('keeps what is beside a value with it: move', GIVEN, move('Patient.name[0].given', 0, 1), given(['B', 'A'], [EXTENSION, null])),
  row('keeps what is beside a value with it: delete before it', GIVEN, remove('Patient.name[0].given[0]'), given(['B'], [EXTENSION])),
  row('takes what is beside a value with it: delete', GIVEN, remove('Patient.name[0].given[1]'), given(['A'])),
  row('takes what is beside a value with it: replace', GIVEN, replace('Patient.name[0].given[1]', { valueString: 'Z' }), given(['A', 'Z'])),
  row('takes what is beside a value with it: replace of one', BORN, replace('Patient.birthDate', { valueDate: '1930' }), {
    birthDate: '1930',
  }),
  row('takes what is beside a value with it: delete of one', BORN, remove('Patient.birthDate'), {}),
  row('brings what is beside the value', BORN, replace('Patient.birthDate', { valueDate: '1930', _valueDate: OTHER }), {
    birthDate: '1930',
    _birthDate: OTHER,
  }),
  row(
    'brings what is beside the value into a list',
    GIVEN,
    insert('Patient.name[0].given', 0, { valueString: 'X', _valueString: OTHER }),
    given(['X', 'A', 'B'], [OTHER, null, EXTENSION]),
  ),
  row('brings only what is beside a value', {}, add('Patient', 'birthDate', { _valueDate: OTHER }), { _birthDate: OTHER }),
  row('replaces an extension beside a value', BORN, replace("Patient.birthDate.extension('urn:e').value", { valueString: 'n' }), {
    birthDate: '1920-01-01',
    _birthDate: { extension: [{ url: 'urn:e', valueString: 'n' }] },
  }),
  row('deletes the only extension beside a value', BORN, remove('Patient.birthDate.extension[0]'), { birthDate: '1920-01-01' }),
  row('deletes the only extension beside a value of a list', GIVEN, remove('Patient.name[0].given[1].extension[0]'), given(['A', 'B'])),
  row(
    'adds an extension beside a value',
    { birthDate: '1920' },
    add('Patient.birthDate', 'extension', { valueExtension: OTHER.extension[0] }),
    {
      birthDate: '1920',
      _birthDate: OTHER,
    },
  ),
  row(
    'adds an extension beside a value of a list',
    GIVEN,
    add('Patient.name[0].given[0]', 'extension', { valueExtension: OTHER.extension[0] }),
    given(['A', 'B'], [OTHER, EXTENSION]),
  ),
  row('replaces an extension by a value', { _birthDate: EXTENSION }, replace('Patient.birthDate', { valueDate: '1930' }), {
    birthDate: '1930',
  }),
  row('adds a value where only an extension is', { _birthDate: EXTENSION }, add('Patient', 'birthDate', { valueDate: '1930' }), [
    422,
    'processing',
    'Parameters.parameter[0]',
  ]),
  row('deletes what has an extension only', { _birthDate: EXTENSION }, remove('Patient.birthDate'), {}),
];

const SHAPES: readonly PatchCase[] = [
  ...['value', 'value[x]', 'valueString'].map((name) =>
    row(
      `adds a choice within parts, named ${name}`,
      {},
      add('Patient', 'extension', { part: [part('url', { valueUri: 'urn:z' }), part(name, { valueString: 'v' })] }),
      {
        extension: [{ url: 'urn:z', valueString: 'v' }],
      },
    ),
  ),
  ...['value', 'value[x]', 'valueInteger'].map((name) =>
    row(`adds a choice, named ${name}`, {}, add('Observation', name, { valueInteger: 3 }), { valueInteger: 3 }, 'Observation'),
  ),
  row(
    'adds a choice of a type it cannot have',
    {},
    add('Observation', 'value', { valueMoney: {} }),
    [422, 'processing', 'Parameters.parameter[0]'],
    'Observation',
  ),
  row(
    'adds a choice that is there in another type',
    { valueString: 'x' },
    add('Observation', 'value', { valueInteger: 3 }),
    [422, 'processing', 'Parameters.parameter[0]'],
    'Observation',
  ),
  row(
    'replaces a choice by another type',
    { valueQuantity: { value: 1 } },
    replace('Observation.value', { valueString: 'y' }),
    { valueString: 'y' },
    'Observation',
  ),
  row(
    'replaces within a choice',
    { valueQuantity: { value: 1, unit: 'kg' } },
    replace('Observation.value.ofType(Quantity).unit', { valueString: 'g' }),
    { valueQuantity: { value: 1, unit: 'g' } },
    'Observation',
  ),
  row(
    'adds parts of parts, with lists where there are lists',
    {},
    add('Observation', 'component', {
      part: [
        part('code', { valueCodeableConcept: { text: 'c' } }),
        part('value', { valueInteger: 3 }),
        part('referenceRange', { part: [part('text', { valueString: 'r' }), part('appliesTo', { valueCodeableConcept: { text: '1' } })] }),
        part('referenceRange', { part: [part('text', { valueString: 's' })] }),
      ],
    }),
    { component: [{ code: { text: 'c' }, valueInteger: 3, referenceRange: [{ text: 'r', appliesTo: [{ text: '1' }] }, { text: 's' }] }] },
    'Observation',
  ),
  row(
    'puts a data type together by its parts',
    {},
    add('Patient', 'name', { part: [part('family', { valueString: 'F' }), part('given', { valueString: 'G' })] }),
    { name: [{ family: 'F', given: ['G'] }] },
  ),
  row('gives parts to what has none', {}, add('Patient', 'birthDate', { part: [part('year', { valueInteger: 1 })] }), [
    422,
    'processing',
    'Parameters.parameter[0]',
  ]),
  row(
    'gives a part twice that is there once',
    {},
    add('Patient', 'name', { part: [1, 2].map(() => part('family', { valueString: 'F' })) }),
    [422, 'processing', 'Parameters.parameter[0]'],
  ),
  row('gives a part that is unknown', {}, add('Patient', 'name', { part: [part('shoe', { valueString: 'F' })] }), [
    422,
    'processing',
    'Parameters.parameter[0]',
  ]),
  row('inserts by a path without the type', { name: [{ text: 'a' }] }, insert('name', 0, { valueHumanName: { text: 'b' } }), {
    name: [{ text: 'b' }, { text: 'a' }],
  }),
  row('inserts the first of a list', {}, insert('Patient.name', 0, { valueHumanName: { text: 'b' } }), { name: [{ text: 'b' }] }),
  row('inserts into what is no list', {}, insert('Patient.birthDate', 0, { valueDate: '1930' }), [
    422,
    'processing',
    'Parameters.parameter[0]',
  ]),
  row(
    'changes a contained resource',
    { contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }] },
    replace('Patient.contained[0].name', { valueString: 'y' }),
    {
      contained: [{ resourceType: 'Organization', id: 'o', name: 'y' }],
    },
  ),
  row('adds a contained resource', {}, add('Patient', 'contained', { resource: { resourceType: 'Organization', id: 'o', name: 'x' } }), {
    contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }],
  }),
  row(
    'fills again what was left empty',
    { contact: [{ name: { text: 'a' } }] },
    [remove('Patient.contact[0].name.text'), add('Patient.contact[0].name', 'family', { valueString: 'b' })],
    { contact: [{ name: { family: 'b' } }] },
  ),
  row(
    'takes what $diff tells beside a change',
    { birthDate: '1920' },
    {
      ...(replace('Patient.birthDate', { valueDate: '1930' }) as { part: unknown[] }),
      part: [
        ...(replace('Patient.birthDate', { valueDate: '1930' }) as { part: unknown[] }).part,
        { name: 'previousValue', valueDate: '1920' },
      ],
    },
    { birthDate: '1930' },
  ),
  row('deletes the whole resource', {}, remove('Patient'), [422, 'processing', 'Parameters.parameter[0]']),
  row('replaces the whole resource', {}, replace('Patient', { resource: { resourceType: 'Patient' } }), [
    422,
    'processing',
    'Parameters.parameter[0]',
  ]),
  row('has a part that is unknown', {}, operation('add', { path: 'Patient', name: 'active', value: { valueBoolean: true }, foo: 1 }), [
    400,
    'structure',
    'Parameters.parameter[0].part[4]',
  ]),
  row('has a part twice', {}, { name: 'operation', part: [1, 2].map(() => ({ name: 'type', valueCode: 'delete' })) }, [
    400,
    'structure',
    'Parameters.parameter[0].part[1]',
  ]),
  row('has two values', {}, add('Patient', 'active', { valueBoolean: true, valueString: 'x' }), [
    400,
    'structure',
    'Parameters.parameter[0].part[3]',
  ]),
  row('has a value and parts', {}, add('Patient', 'active', { valueBoolean: true, part: [] }), [
    400,
    'structure',
    'Parameters.parameter[0].part[3]',
  ]),
  row('has a value that is null', {}, add('Patient', 'name', { valueString: null }), [400, 'structure', 'Parameters.parameter[0].part[3]']),
  row('has a resource without a type', {}, add('Patient', 'contained', { resource: {} }), [
    400,
    'structure',
    'Parameters.parameter[0].part[3]',
  ]),
  row('has an index that is negative', {}, operation('insert', { path: 'Patient.name', index: -1, value: { valueHumanName: {} } }), [
    400,
    'value',
    'Parameters.parameter[0].part[2]',
  ]),
];

export const PATCH_CASES: readonly PatchCase[] = [...HL7, ...BESIDE_VALUES, ...SHAPES];

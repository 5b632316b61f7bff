/**
 * Patches that other servers applied wrongly.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html · RFC 6902
 */
import type { Asked, FaultRow, FaultTable } from './fault-table.ts';
import { parameters } from './fault-table.ts';

const PATIENT = 'Patient/p';
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };

function jsonPatch(...operations: readonly object[]): Asked {
  return ['PATCH', PATIENT, JSON.stringify(operations), JSON_PATCH];
}

type Part = { readonly name: string; readonly [value: string]: unknown };

function pathPatch(type: string, path: string, ...parts: readonly Part[]): Asked {
  const part = [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...parts];
  return ['PATCH', PATIENT, parameters({ name: 'operation', part })];
}

const gives = (holds: string, asked: Asked, body: object): FaultRow => [holds, asked, { status: 200, body }];
const fails = (holds: string, asked: Asked, status: number, code: string, expression: string): FaultRow => [
  holds,
  asked,
  { status, issue: [code, expression] },
];
const identifier = (value: string) => ({ system: 'http://s.example', value });
const FIRST = 'Parameters.parameter[0]';

export const patches: FaultTable = {
  title: 'patches',
  given: [
    {
      resourceType: 'Patient',
      id: 'p',
      name: [{ given: ['Jack', 'Jim'], family: 'X' }],
      identifier: [identifier('1'), identifier('2')],
      maritalStatus: { text: 'a', coding: [{ system: 'http://s.example', code: 'c' }] },
    },
  ],
  rows: [
    // LinuxForHealth/FHIR#2720
    fails('a test that fails is told', jsonPatch({ op: 'test', path: '/name/0/given/0', value: 'Bob' }), 422, 'processing', 'patch[0]'),
    // LinuxForHealth/FHIR#2712
    fails('an operation that is none is told', jsonPatch({ op: 'delete', path: '/name' }), 400, 'value', 'patch[0].op'),
    // microsoft/fhir-server#3032
    gives(
      'a test compares members in any order',
      jsonPatch({ op: 'test', path: '/maritalStatus', value: { coding: [{ code: 'c', system: 'http://s.example' }], text: 'a' } }),
      {},
    ),
    // json-patch/json-patch-tests#3
    fails('~01 is ~1, not a slash', jsonPatch({ op: 'test', path: '/~01', value: 1 }), 422, 'processing', 'patch[0]'),
    // LinuxForHealth/FHIR#172
    gives('a value is moved within its list', jsonPatch({ op: 'move', from: '/identifier/1', path: '/identifier/0' }), {
      identifier: [identifier('2'), identifier('1')],
    }),
    // microsoft/fhir-server#3875
    ['a Bundle is no patch', ['PATCH', PATIENT, { resourceType: 'Bundle', type: 'batch' }], { status: 400, issue: ['structure', 'patch'] }],
    // LinuxForHealth/FHIR#3505
    fails(
      'a move from where there is nothing is told',
      pathPatch('move', 'Patient.name[0].given', { name: 'source', valueInteger: 5 }, { name: 'destination', valueInteger: 0 }),
      422,
      'processing',
      FIRST,
    ),
    // LinuxForHealth/FHIR#2207
    fails(
      'a value of another type is refused',
      pathPatch('replace', 'Patient.identifier[0]', { name: 'value', valueString: 'x' }),
      400,
      'invalid',
      'Patient.identifier[0]',
    ),
    // hapifhir/hapi-fhir#1999
    gives(
      'an insertion stands at its place',
      pathPatch('insert', 'Patient.identifier', { name: 'index', valueInteger: 1 }, { name: 'value', valueIdentifier: identifier('new') }),
      { identifier: [identifier('2'), identifier('new'), identifier('1')] },
    ),
    // hapifhir/hapi-fhir#6106
    gives(
      'an insertion at the end is the last',
      pathPatch('insert', 'Patient.identifier', { name: 'index', valueInteger: 3 }, { name: 'value', valueIdentifier: identifier('last') }),
      { identifier: [{}, {}, {}, identifier('last')] },
    ),
    // medplum/medplum#9917
    fails(
      'an insertion beyond the end is told',
      pathPatch('insert', 'Patient.identifier', { name: 'index', valueInteger: 9 }, { name: 'value', valueIdentifier: identifier('x') }),
      422,
      'processing',
      FIRST,
    ),
    // hapifhir/hapi-fhir#6106
    gives(
      'an addition keeps what a list has',
      pathPatch('add', 'Patient', { name: 'name', valueString: 'identifier' }, { name: 'value', valueIdentifier: identifier('added') }),
      { identifier: [{}, {}, {}, {}, identifier('added')] },
    ),
    // hapifhir/hapi-fhir#6656
    gives(
      'one of a list is replaced',
      pathPatch('replace', 'Patient.identifier[1]', { name: 'value', valueIdentifier: identifier('other') }),
      { identifier: [identifier('2'), identifier('other'), {}, {}, {}] },
    ),
    // hapifhir/hapi-fhir#7001
    gives(
      'a text that a path finds is replaced',
      pathPatch('replace', "Patient.name.given.where(startsWith('Jim')).first()", { name: 'value', valueString: 'Jon' }),
      { name: [{ given: ['Jack', 'Jon'] }] },
    ),
    // hapifhir/hapi-fhir#7306, hapifhir/hapi-fhir#5771, hapifhir/hapi-fhir#4783
    gives(
      'an extension is added with all of its parts',
      pathPatch(
        'add',
        'Patient',
        { name: 'name', valueString: 'extension' },
        {
          name: 'value',
          part: [
            { name: 'url', valueUri: 'http://s.example/participant' },
            {
              name: 'extension',
              part: [
                { name: 'url', valueUri: 'function' },
                { name: 'value', valueCoding: { code: 'c' } },
              ],
            },
            {
              name: 'extension',
              part: [
                { name: 'url', valueUri: 'actor' },
                { name: 'value', valueReference: { reference: 'CareTeam/1' } },
              ],
            },
          ],
        },
      ),
      {
        extension: [
          {
            url: 'http://s.example/participant',
            extension: [
              { url: 'function', valueCoding: { code: 'c' } },
              { url: 'actor', valueReference: { reference: 'CareTeam/1' } },
            ],
          },
        ],
      },
    ),
    // hapifhir/hapi-fhir#7530
    gives(
      'the value of an extension may become one of another type',
      pathPatch('replace', "Patient.extension('http://s.example/participant').extension.where(url='function').value", {
        name: 'value',
        valueString: 'text',
      }),
      { extension: [{ extension: [{ url: 'function', valueString: 'text' }, { url: 'actor' }] }] },
    ),
    // hapifhir/hapi-fhir#7071
    fails(
      'a path that is not closed is told',
      pathPatch('replace', "Patient.name.family.where(startsWith('X')", { name: 'value', valueString: 'x' }),
      400,
      'value',
      FIRST,
    ),
  ],
};

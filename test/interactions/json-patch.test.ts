import { describe, expect, it } from 'vitest';
import { FhirError } from '../../server/fhir/errors.ts';
import { parseJson, stringifyJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { readJsonPatch } from '../../server/interactions/json-patch.ts';

const target = (): Resource => parseJson('{"resourceType":"X","a":1.00,"list":["p","q"],"deep":{"b/c":{"~d":1}},"n":null}') as Resource;
const patched = (...operations: unknown[]): unknown => JSON.parse(stringifyJson(readJsonPatch(operations)(target())));

function failure(...operations: unknown[]): unknown {
  try {
    patched(...operations);
  } catch (error) {
    if (error instanceof FhirError) return [error.status, error.issues[0]?.code, error.issues[0]?.expression?.[0]];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('JSON Patch', () => {
  it.each([
    ['adds a member', { op: 'add', path: '/x', value: 1 }, { x: 1 }],
    ['adds at the start of a list', { op: 'add', path: '/list/0', value: 'o' }, { list: ['o', 'p', 'q'] }],
    ['adds at the end of a list', { op: 'add', path: '/list/-', value: 'r' }, { list: ['p', 'q', 'r'] }],
    ['replaces by add', { op: 'add', path: '/a', value: 2 }, { a: 2 }],
    ['replaces', { op: 'replace', path: '/list/1', value: 'z' }, { list: ['p', 'z'] }],
    ['removes', { op: 'remove', path: '/list/0' }, { list: ['q'] }],
    ['unescapes pointers', { op: 'replace', path: '/deep/b~1c/~0d', value: 2 }, { deep: { 'b/c': { '~d': 2 } } }],
    ['unescapes ~01 as ~1', { op: 'add', path: '/~01', value: 2 }, { '~1': 2 }],
    ['replaces the whole', { op: 'replace', path: '', value: { resourceType: 'X', z: 1 } }, { z: 1 }],
    ['names a member by a number', { op: 'add', path: '/deep/0', value: 2 }, { deep: { '0': 2 } }],
    ['moves a value to where it is', { op: 'move', from: '/a', path: '/a' }, { a: 1 }],
    ['moves within a list', { op: 'move', from: '/list/0', path: '/list/1' }, { list: ['q', 'p'] }],
    ['moves', { op: 'move', from: '/list/0', path: '/y' }, { list: ['q'], y: 'p' }],
    ['copies', { op: 'copy', from: '/list', path: '/y' }, { y: ['p', 'q'] }],
  ])('%s [RFC 6902]', (_what, operation, expected) => {
    expect(patched(operation)).toMatchObject(expected);
  });

  it.each([
    ['an operation that is unknown', { op: 'twist', path: '/a' }, [400, 'value', 'patch[0].op']],
    ['an operation that is no object', 1, [400, 'structure', 'patch[0]']],
    ['a pointer without a slash', { op: 'remove', path: 'a' }, [400, 'value', 'patch[0].path']],
    ['a pointer that is missing', { op: 'remove' }, [400, 'structure', 'patch[0].path']],
    ['a value that is missing', { op: 'add', path: '/a' }, [400, 'structure', 'patch[0].value']],
    ['a prototype', { op: 'add', path: '/__proto__/x', value: 1 }, [400, 'value', 'patch[0].path']],
    ['an escape that is none', { op: 'remove', path: '/a~2' }, [400, 'value', 'patch[0].path']],
    ['an escape that is cut off', { op: 'remove', path: '/a~' }, [400, 'value', 'patch[0].path']],
    ['the place behind a list where something is to be', { op: 'remove', path: '/list/-' }, [422, 'processing', 'patch[0]']],
    ['the place behind a list as where to move from', { op: 'move', from: '/list/-', path: '/y' }, [422, 'processing', 'patch[0]']],
    ['a parent that is not there', { op: 'add', path: '/zz/x', value: 1 }, [422, 'processing', 'patch[0]']],
    ['removing the whole', { op: 'remove', path: '' }, [422, 'processing', 'patch[0]']],
    ['a test of another type', { op: 'test', path: '/a', value: '1.00' }, [422, 'processing', 'patch[0]']],
    ['a test of a list in another order', { op: 'test', path: '/list', value: ['q', 'p'] }, [422, 'processing', 'patch[0]']],
    [
      'copies of copies without an end',
      Array.from({ length: 40 }, () => ({ op: 'copy', from: '/list', path: '/list/-' })),
      [422, 'too-costly', 'patch[17]'],
    ],
    ['a move into itself', { op: 'move', from: '/deep', path: '/deep/x' }, [400, 'value', 'patch[0].path']],
    ['removing what is not there', { op: 'remove', path: '/zz' }, [422, 'processing', 'patch[0]']],
    ['replacing what is not there', { op: 'replace', path: '/zz', value: 1 }, [422, 'processing', 'patch[0]']],
    ['a place beyond the list', { op: 'add', path: '/list/3', value: 1 }, [422, 'processing', 'patch[0]']],
    ['a place with a leading zero', { op: 'remove', path: '/list/01' }, [422, 'processing', 'patch[0]']],
    ['a parent that is a text', { op: 'add', path: '/list/0/x', value: 1 }, [422, 'processing', 'patch[0]']],
    ['a test that fails', { op: 'test', path: '/a', value: 2 }, [422, 'processing', 'patch[0]']],
  ])('refuses %s', (_what, operation, expected) => {
    expect(failure(...[operation].flat())).toEqual(expected);
  });

  it.each([
    ['/deep', { 'b/c': { '~d': 1 } }],
    ['/a', 1],
    ['/n', null],
    ['/list', ['p', 'q']],
  ])('finds %s equal to %j: members in any order, numbers by value [RFC 6902 4.6]', (path, value) => {
    expect(patched({ op: 'test', path, value })).toBeDefined();
  });

  it('keeps decimals as they were written, and the resource it was given', () => {
    const before = target();
    const after = readJsonPatch([{ op: 'move', from: '/a', path: '/z' }])(before);
    expect(stringifyJson(after)).toContain('"z":1.00');
    expect(stringifyJson(before)).toContain('"a":1.00');
  });
});

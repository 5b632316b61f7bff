import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { parseJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { readFhirPathPatch } from '../../server/interactions/fhirpath-patch.ts';
import { changesBetween } from '../../server/operations/diff/changes.ts';
import { pairUp } from '../../server/operations/diff/pair-up.ts';
import { operationOf } from '../../server/operations/diff/patch-operation.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';
import { bearer, type TestAnswer } from '../support/test-server.ts';

const definitions = loadDefinitions();
const EXAMPLES = join(import.meta.dirname, '../../profiles/generated');

/** The changes as `kind path`, with the index or name where there is one. */
function briefly(before: Resource, after: Resource): string[] {
  return changesBetween(definitions, before, after).map((change) => {
    const extra = change.kind === 'add' ? ` ${change.name}` : change.kind === 'insert' ? ` ${change.index}` : '';
    return `${change.kind} ${change.path}${extra}`;
  });
}

function patchOf(before: Resource, after: Resource): Resource {
  const parameter = changesBetween(definitions, before, after).map((change) => operationOf(definitions, change));
  return { resourceType: 'Parameters', parameter };
}

const person = (over: object = {}): Resource => ({ resourceType: 'Patient', id: 'p', ...over });
const name = (family: string, given: string[] = []) => ({ use: 'official', family, given });
const contact = (phone: string, family = 'Vik') => ({ name: { family }, telecom: [{ system: 'phone', value: phone }] });

describe('changesBetween', () => {
  it.each<[string, Resource, Resource, string[]]>([
    ['nothing', person({ active: true }), person({ active: true }), []],
    [
      'nothing, but the order of elements',
      person({ name: [{ family: 'A', use: 'usual' }] }),
      person({ name: [{ use: 'usual', family: 'A' }] }),
      [],
    ],
    ['a value', person({ gender: 'male' }), person({ gender: 'other' }), ['replace Patient.gender']],
    ['a value that comes', person(), person({ gender: 'other' }), ['add Patient gender']],
    ['a value that goes', person({ gender: 'other' }), person(), ['delete Patient.gender']],
    ['a part of an element', person({ name: [name('A')] }), person({ name: [name('B')] }), ['replace Patient.name[0].family']],
    ['a list that comes', person(), person({ name: [name('A'), name('B')] }), ['add Patient name', 'add Patient name']],
    ['a list that goes', person({ name: [name('A'), name('B')] }), person(), ['delete Patient.name[1]', 'delete Patient.name[0]']],
    ['the first of a list that goes', person({ name: [name('A'), name('B')] }), person({ name: [name('B')] }), ['delete Patient.name[0]']],
    [
      'one put between',
      person({ name: [name('A'), name('C')] }),
      person({ name: [name('A'), { text: 'B' }, name('C')] }),
      ['insert Patient.name 1'],
    ],
    [
      'one instead of another',
      person({ contact: [contact('1')] }),
      person({ contact: [contact('2', 'Li')] }),
      ['delete Patient.contact[0]', 'insert Patient.contact 0'],
    ],
    ['a choice', person({ deceasedBoolean: true }), person({ deceasedDateTime: '2026-01-01' }), ['replace Patient.deceased']],
    ['a decimal by its digits', decimal('1.0'), decimal('1.00'), ['replace Observation.value.value']],
    [
      'what stands beside a primitive',
      person({ birthDate: '1990', _birthDate: { id: 'a' } }),
      person({ birthDate: '1990' }),
      ['replace Patient.birthDate'],
    ],
    [
      'given names',
      person({ name: [name('A', ['B', 'C'])] }),
      person({ name: [name('A', ['C', 'D'])] }),
      ['delete Patient.name[0].given[0]', 'insert Patient.name[0].given 1'],
    ],
  ])('tells %s', (_what, before, after, expected) => {
    expect(briefly(before, after)).toEqual(expected);
  });

  function decimal(text: string): Resource {
    return parseJson(`{"resourceType":"Observation","valueQuantity":{"value":${text}}}`) as Resource;
  }

  it('gives a patch that makes the one version into the other, for all examples of a type', () => {
    const files = readdirSync(EXAMPLES).filter((file) => !/^(StructureDefinition|CapabilityStatement)-/.test(file));
    const examples = files.map((file) => parseJson(readFileSync(join(EXAMPLES, file), 'utf8')) as Resource);
    let compared = 0;
    for (const before of examples) {
      for (const after of examples.filter((each) => each.resourceType === before.resourceType && each !== before).slice(0, 4)) {
        const target = { ...after, id: before.id! };
        const patch = patchOf(before, target);
        const patched = readFhirPathPatch(definitions, before.resourceType, patch)(before);
        expect(patched, `${before.resourceType} ${before.id} to ${after.id}`).toEqual(target);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(100);
  }, 60_000);

  it('keeps what stands beside primitives in elements that are given by their parts', () => {
    const unknown = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };
    const before: Resource = { resourceType: 'Questionnaire', status: 'draft' };
    const item = {
      linkId: 'a',
      type: 'string',
      _text: unknown,
      code: [{ code: 'x' }, { code: 'y' }],
      item: [{ linkId: 'b', _type: unknown }],
    };
    const measure: Resource = { resourceType: 'Communication', status: 'completed' };
    for (const [old, now] of [
      [before, { ...before, item: [item] }],
      [measure, { ...measure, payload: [{ contentString: 'a', _contentString: { id: 'c' } }] }],
      [
        { resourceType: 'ValueSet', status: 'draft', compose: { include: [{ system: 'urn:x' }] } },
        {
          resourceType: 'ValueSet',
          status: 'draft',
          compose: { include: [{ system: 'urn:x' }, { valueSet: ['urn:a', null], _valueSet: [{ id: 'i' }, unknown] }] },
        },
      ],
    ] as [Resource, Resource][]) {
      expect(readFhirPathPatch(definitions, old.resourceType, patchOf(old, now))(old)).toEqual(now);
    }
  });

  it('pairs equal and like elements in their order, whatever the length of the lists', () => {
    expect(pairUp(['a', 'b', 'c'], ['b', 'x', 'c'], () => false)).toEqual([
      [1, 0],
      [2, 2],
    ]);
    expect(pairUp(['a', 'b'], ['c', 'd'], (before, after) => before === 1 && after === 0)).toEqual([[1, 0]]);
    const long = Array.from({ length: 5000 }, (_, place) => String(place));
    expect(pairUp(long, long.slice(1), () => true).length).toBeLessThanOrEqual(4999);
  });
});

type Part = { name: string; [value: string]: unknown };
const partsOf = (answer: TestAnswer): Record<string, unknown>[] => {
  expect([answer.status, answer.body.resourceType], answer.text).toEqual([200, 'Parameters']);
  const operations = (answer.body.parameter ?? []) as { part: Part[] }[];
  return operations.map(({ part }) => Object.fromEntries(part.map(({ name: key, ...value }) => [key, Object.values(value)[0]])));
};

onEachServer('$diff', (start) => {
  it('tells what changed between two versions, with the values before and after', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', gender: 'female', birthDate: '1941-05-17' }));
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', gender: 'other', birthDate: '1941-05-17' }));
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', gender: 'other', active: true, meta: { tag: [{ code: 'x' }] } }));
    const answer = await server.request('GET', 'Patient/p1/$diff');
    expect(partsOf(answer)).toEqual([
      { type: 'add', path: 'Patient', name: 'meta', value: { tag: [{ code: 'x' }] } },
      { type: 'add', path: 'Patient', name: 'active', value: true },
    ]);
    expect(partsOf(await server.request('GET', 'Patient/p1/%24diff?from=1&to=2&includeMeta=false'))).toEqual([
      { type: 'replace', path: 'Patient.gender', value: 'other', previousValue: 'female' },
    ]);
    const back = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'from', valueString: '3' },
        { name: 'to', valueString: '1' },
      ],
    };
    expect(partsOf(await server.request('POST', 'Patient/p1/$diff', back)).map(({ type, path }) => [type, path])).toEqual([
      ['delete', 'Patient.meta'],
      ['delete', 'Patient.active'],
      ['replace', 'Patient.gender'],
    ]);
    expect(server.services.validator.validate(answer.body).filter(({ severity }) => severity === 'error')).toEqual([]);
    const same = await server.request('GET', 'Patient/p1/$diff?from=2&to=2');
    expect([same.status, same.body]).toEqual([200, { resourceType: 'Parameters' }]);
  });

  it('refuses versions that are not there, and resources that are hidden', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const get = (path: string, headers = {}) => server.request('GET', `Patient/${path}`, undefined, headers);
    expectRefusal(await get('none/$diff'), 404, 'not-found');
    expectRefusal(await get('p1/$diff'), 404, 'not-found');
    expectRefusal(await get('p1/$diff?from=1&to=9'), 404, 'not-found');
    expectRefusal(await get('p1/$diff?from=x'), 400, 'value', 'from');
    expectRefusal(await get('p1/$diff?odd=1'), 400, 'not-supported', 'odd');
    expectRefusal(await get('$diff'), 404, 'not-found');
    await server.request('DELETE', 'Patient/p1');
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expectRefusal(await get('p1/$diff'), 410, 'deleted');
    const scope = { level: 'patient', type: '*', create: false, read: true, update: false, delete: false, search: false } as const;
    expectRefusal(await get('p1/$diff?from=1', { Authorization: bearer({ scopes: [scope], patientId: 'p2' }) }), 404, 'not-found');
    expectRefusal(await get('p1/$diff?from=1', { Authorization: bearer({ scopes: [] }) }), 403, 'forbidden');
  });
});

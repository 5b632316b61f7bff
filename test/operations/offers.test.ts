import { describe, expect, it } from 'vitest';
import type { OperationLevel } from '../../server/operations/operation.ts';
import { OPERATIONS, operationWrites } from '../../server/operations/run-operation.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bearer } from '../support/test-server.ts';

interface Stated {
  readonly rest: readonly {
    readonly operation: readonly { name: string; definition: string }[];
    readonly resource: readonly { readonly type: string; readonly operation?: readonly { name: string; definition: string }[] }[];
  }[];
}

const placeOf = (level: OperationLevel, type: string): string => ({ system: '', type: `${type}/`, instance: `${type}/some-id/` })[level];
const nobody = { Authorization: bearer({ scopes: [] }) };

onEachServer('operations', (start) => {
  it('are offered where the capability statement says, by the methods that it may be called with', async () => {
    const server = await start();
    for (const { name, levels, types, methods } of OPERATIONS) {
      for (const level of levels) {
        const path = `${placeOf(level, types?.[0] ?? 'Patient')}$${name}`;
        for (const method of ['GET', 'POST', 'DELETE'] as const) {
          const answer = await server.request(method, path, undefined, nobody);
          const isOffered = methods.includes(method) && !(name === 'validate' && level === 'type' && method === 'GET');
          expect(answer.status === 405, `${method} ${path}: ${answer.status}`).toBe(!isOffered);
          expect(answer.text, path).not.toContain('is not offered here');
          if (!isOffered) expect(answer.headers.get('Allow')).toContain(methods.at(-1));
        }
      }
    }
  });

  it('stand in the capability statement, each at its own level', async () => {
    const server = await start();
    const { rest } = (await server.request('GET', 'metadata')).body as unknown as Stated;
    const of = (type: string) =>
      rest[0]?.resource
        .find((each) => each.type === type)
        ?.operation?.map(({ name }) => name)
        .toSorted();
    expect(rest[0]?.operation.map(({ name }) => name).toSorted()).toEqual([
      'break-the-glass',
      'bulk-file',
      'bulk-status',
      'export',
      'import',
      'meta',
    ]);
    expect(of('Goal')).toEqual(['diff', 'meta', 'meta-add', 'meta-delete', 'validate']);
    expect(of('QuestionnaireResponse')).toContain('extract');
    expect(of('Patient')).toEqual(expect.arrayContaining(['everything', 'export']));
    expect(of('CodeSystem')).toEqual(expect.arrayContaining(['lookup', 'subsumes', 'validate-code']));
  });

  it('that are mistyped are answered with the one that is offered there', async () => {
    const server = await start();
    const told = async (path: string) => {
      const answer = await server.request('GET', path);
      expectRefusal(answer, 404, 'not-found');
      return answer.body.issue?.[0]?.diagnostics;
    };
    expect(await told('Patient/a/$everthing')).toBe('The operation $everthing is not offered here. Did you mean $everything?');
    expect(await told('ValueSet/$Expand')).toBe('The operation $Expand is not offered here. Did you mean $expand?');
    expect(await told('Task/a/$everthing')).toBe('The operation $everthing is not offered here');
    expect(await told('Patient/a/$break-the-glass')).toBe(
      'The operation $break-the-glass is not offered here: it is called at $break-the-glass',
    );
    expect(await told('Task/a/$access-log')).toBe(
      'The operation $access-log is not offered here: it is called at Patient/[id]/$access-log',
    );
    expect(await told('$diff')).toBe('The operation $diff is not offered here: it is called at [type]/[id]/$diff');
  });

  it('tell which parameter was meant', async () => {
    const server = await start();
    const answer = await server.request('GET', 'ValueSet/$expand?ulr=http://x.example/a');
    expectRefusal(answer, 400, 'not-supported', 'ulr');
    expect(answer.text).toContain('The parameter ulr is not known here. Did you mean url?');
  });

  it('are refused with nothing but a client error, whatever is sent', async () => {
    const server = await start();
    const bodies = [
      { resourceType: 'Parameters', parameter: 'x' },
      { resourceType: 'Parameters', parameter: [null] },
      { resourceType: 'Patient' },
      [],
      7,
      null,
    ];
    for (const { name, levels, types, methods } of OPERATIONS.filter((operation) => operation.methods.includes('POST'))) {
      for (const level of levels) {
        for (const body of bodies) {
          const path = `${placeOf(level, types?.[0] ?? 'Patient')}$${name}?odd=1`;
          const answer = await server.request('POST', path, body, { Prefer: 'respond-async' });
          expect(answer.status, `${path} ${JSON.stringify(body)} ${methods}: ${answer.text}`).toBeGreaterThanOrEqual(400);
          expect(answer.status, `${path} ${JSON.stringify(body)}: ${answer.text}`).toBeLessThan(500);
        }
      }
    }
  });
});

describe('operationWrites', () => {
  it.each([
    ['$extract', 'QuestionnaireResponse', 'r1', true],
    ['$meta-add', 'Patient', 'p1', true],
    ['$export', undefined, undefined, true],
    ['$validate', 'Patient', undefined, false],
    ['$everything', 'Patient', 'p1', false],
    ['$none', undefined, undefined, false],
  ])('knows whether %s writes', (operation, type, id, writes) => {
    const interaction = {
      name: 'operation',
      operation,
      ...(type === undefined ? {} : { type }),
      ...(id === undefined ? {} : { id }),
    } as const;
    expect(operationWrites(interaction)).toBe(writes);
  });
});

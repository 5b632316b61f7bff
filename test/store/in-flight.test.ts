import { expect, it } from 'vitest';
import type { Clause } from '../../server/search/query.ts';
import { InFlight } from '../../server/store/sqlite/in-flight.ts';
import { version } from './version.ts';

const token = (param: string, code: string): Clause => ({ op: 'match', param, test: { kind: 'token', code } });
const search = (where: Clause, types: readonly string[] = ['Patient']) => ({
  searches: [{ types, where, sort: [], limit: 2, total: 'none' as const }],
});
const created = version('Patient', 'new', 1, [{ kind: 'token', param: 'identifier', system: 's', code: '42' }]);
const changed = version('Patient', 'old', 7);
const other = version('Task', 'task', 1);

/** What a plan looks up, what is in flight, and whether the one concerns the other. */
const ROWS: readonly (readonly [title: string, lookups: Parameters<InFlight['concerns']>[0], isConcerned: boolean])[] = [
  ['the version of a resource that is written', { versions: [{ type: 'Patient', id: 'old' }] }, true],
  ['the version of another', { versions: [{ type: 'Patient', id: 'else' }] }, false],
  ['a search of a type that is written', search(token('active', 'true')), true],
  ['a search of another type', search(token('active', 'true'), ['Goal']), false],
  ['a search of all types', search(token('active', 'true'), []), true],
  ['a search by id for what is not written', search({ op: 'and', clauses: [{ op: 'id', ids: ['else'] }, token('active', 'true')] }), false],
  ['a search by id for what is written', search({ op: 'id', ids: ['x', 'new'] }), true],
  [
    'a search by id that asks about a type that is written',
    search({
      op: 'and',
      clauses: [
        { op: 'id', ids: ['else'] },
        { op: 'referencedBy', type: 'Task', param: 'for', where: { op: 'all' } },
      ],
    }),
    true,
  ],
  [
    'a chain to a type that is written',
    search({ op: 'chain', param: 'subject', types: ['Patient'], where: { op: 'all' } }, ['Goal']),
    true,
  ],
];

it.each(ROWS)('%s', (_title, lookups, isConcerned) => {
  const inFlight = new InFlight();
  const counted = inFlight.add([created, changed, other]);
  expect(inFlight.concerns(lookups)).toBe(isConcerned);
  inFlight.remove(counted);
  expect(inFlight.concerns(lookups)).toBe(false);
  expect(inFlight.isEmpty).toBe(true);
});

it('a search by identifier passes a resource that is created with another one, and none that is changed', () => {
  const inFlight = new InFlight();
  inFlight.add([created]);
  expect(inFlight.concerns(search(token('identifier', '42')))).toBe(true);
  expect(inFlight.concerns(search(token('identifier', '43')))).toBe(false);
  const either: Clause = { op: 'or', clauses: [token('identifier', '43'), token('identifier', '42')] };
  expect(inFlight.concerns(search(either))).toBe(true);
  expect(inFlight.concerns(search({ op: 'or', clauses: [token('identifier', '43'), token('active', 'true')] }))).toBe(true);
  inFlight.add([changed]);
  expect(inFlight.concerns(search(token('identifier', '43')))).toBe(true);
});

it('a search of what is about one patient passes what is created about another', () => {
  const inFlight = new InFlight();
  const about = (id: string, type = 'Patient'): Clause => ({ op: 'match', param: 'patient', test: { kind: 'reference', type, id } });
  const plansOf = (id: string) => search({ op: 'and', clauses: [about(id), token('status', 'active')] }, ['CarePlan']);
  inFlight.add([version('CarePlan', 'new', 1, [{ kind: 'reference', param: 'patient', type: 'Patient', id: 'kari', url: null }])]);
  expect(inFlight.concerns(plansOf('kari'))).toBe(true);
  expect(inFlight.concerns(plansOf('ola'))).toBe(false);
  const either: Clause = { op: 'or', clauses: [about('ola'), token('status', 'active')] };
  expect(inFlight.concerns(search(either, ['CarePlan']))).toBe(true);
  expect(inFlight.concerns(search({ op: 'not', clause: about('ola') }, ['CarePlan']))).toBe(true);
  expect(inFlight.concerns(search(about('ola', 'Group'), ['CarePlan']))).toBe(true);
  inFlight.add([version('CarePlan', 'old', 2)]);
  expect(inFlight.concerns(plansOf('ola'))).toBe(true);
});

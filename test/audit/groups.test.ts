import { expect, it } from 'vitest';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { onEachDatabase } from '../support/stores.ts';
import { bearer, startTestServer } from '../support/test-server.ts';

interface LogLine {
  readonly outcome: string;
  readonly subtype: readonly { readonly code: string; readonly display?: string }[];
  readonly agent: readonly { readonly who: { readonly display?: string } }[];
  readonly entity?: readonly { readonly what?: { readonly reference: string } }[];
}

const group = (id: string, ...patients: readonly string[]) => ({
  resourceType: 'Group',
  id,
  type: 'person',
  actual: true,
  member: patients.map((patient) => ({ entity: { reference: `Patient/${patient}` } })),
});

onEachDatabase('the access log of a group', (open) => {
  async function start() {
    const { resources, state } = await open();
    const faults: unknown[] = [];
    const reportFault = (error: unknown) => faults.push(error);
    const audit = openAuditLog({
      store: resources,
      journal: journalInTable(state, Date.now),
      index: indexer,
      nowMs: Date.now,
      reportFault,
    });
    const server = await startTestServer({
      store: resources,
      services: { audit, state, writeValidation: 'off', newId: crypto.randomUUID.bind(crypto) },
    });
    const as =
      (clientId: string) =>
      (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
        server.request(method, path, body, { Authorization: bearer({ clientId }), ...headers });
    for (const id of ['p1', 'p2', 'p3']) await as('filler')('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
    await as('filler')('PUT', 'Group/g', group('g', 'p1', 'p2'));
    /** What the log tells of the system, as `what was done: who is named`. */
    const told = async (): Promise<readonly string[]> => {
      const answer = await as('auditor')('GET', 'AuditEvent?_count=1000&type=rest');
      const lines = ((answer.body.entry ?? []) as { resource: LogLine }[]).map(({ resource }) => resource);
      return lines
        .filter(({ agent }) => agent.some(({ who }) => who.display === 'system'))
        .map(({ outcome, subtype, entity = [] }) => {
          const named = entity.flatMap(({ what }) => (what?.reference.startsWith('Patient/') === true ? what.reference.slice(8) : []));
          return `${outcome} ${subtype.map(({ code, display }) => display ?? code).join()}: ${named.join()}`;
        })
        .sort();
    };
    const close = async () => {
      await server.close();
      await audit.close();
      expect(faults).toEqual([]);
    };
    return { system: as('system'), told, close };
  }

  it.each([
    ['read', 'Group/g'],
    ['vread', 'Group/g/_history/1'],
    ['history-instance', 'Group/g/_history'],
    ['search-type', 'Group?type=person'],
    ['search-type', 'Group?_elements=type'],
  ])('names its members where it is shown, by %s of %s', async (interaction, path) => {
    const { system, told, close } = await start();
    expect((await system('GET', path)).status).toBe(200);
    expect(await told()).toEqual([`0 ${interaction}: p1`, `0 ${interaction}: p2`]);
    await close();
  });

  it('names them where it is written, and who is taken out of it', async () => {
    const { system, told, close } = await start();
    expect((await system('PUT', 'Group/g', group('g', 'p2', 'p3'), { 'If-Match': 'W/"1"' })).status).toBe(200);
    expect(await told()).toEqual(['0 update: p1', '0 update: p2', '0 update: p3']);
    await close();
  });

  it('names them where an export of the group is asked for', async () => {
    const { system, told, close } = await start();
    const wait = { Prefer: 'respond-async' };
    expect((await system('GET', 'Group/g/$export', undefined, wait)).status).toBe(202);
    expect(await told()).toEqual(['0 $export: p1', '0 $export: p2']);
    await close();
  });

  it('names whoever is asked for alone', async () => {
    const { system, told, close } = await start();
    const parameter = [{ name: 'patient', valueReference: { reference: 'Patient/p2' } }];
    const body = { resourceType: 'Parameters', parameter };
    const answer = await system('POST', 'Patient/$export', body, { Prefer: 'respond-async' });
    expect(answer.status, answer.text).toBe(202);
    expect(await told()).toEqual(['0 $export: p2']);
    await close();
  });

  it('names whoever else is in an answer with a large group', async () => {
    const { system, close } = await start();
    const members = Array.from({ length: 1000 }, (_, place) => `m${place}`);
    const participant = ['ax', 'ay'].map((patient) => ({ actor: { reference: `Patient/${patient}` }, status: 'accepted' }));
    expect((await system('PUT', 'Group/a', group('a', ...members))).status).toBe(201);
    const appointment = { resourceType: 'Appointment', id: 'a', status: 'booked', participant };
    expect((await system('PUT', 'Appointment/a', appointment)).status).toBe(201);
    expect((await system('GET', '?_type=Group,Appointment&_sort=_lastUpdated')).body.entry).toHaveLength(3);
    for (const patient of ['ax', 'ay']) {
      const found = await system('GET', `AuditEvent?patient=Patient/${patient}&subtype=search-system&_total=accurate`);
      expect(found.body.total).toBe(1);
    }
    await close();
  });

  it('names a thousand of all groups of one answer, and not more', async () => {
    const { system, told, close } = await start();
    const members = (from: number) => Array.from({ length: 700 }, (_, place) => `m${from + place}`);
    await system('POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { request: { method: 'PUT', url: 'Group/a' }, resource: group('a', ...members(0)) },
        { request: { method: 'PUT', url: 'Group/b' }, resource: group('b', ...members(700)) },
      ],
    });
    expect((await system('GET', 'Group')).status).toBe(200);
    const searched = (await told()).filter((line) => line.startsWith('0 search-type'));
    expect([searched.length, new Set(searched).size]).toEqual([1000, 1000]);
    await close();
  });
});

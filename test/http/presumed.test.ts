/** Who has just been known is not asked for again before the answer is found, and told nothing until it is. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AccessRecord, NO_INTERACTION } from '../../server/audit/access-record.ts';
import type { AuditLog } from '../../server/audit/audit-log.ts';
import type { Principal } from '../../server/auth/principal.ts';
import { unauthorized, unavailable } from '../../server/fhir/errors.ts';
import { dispatch } from '../../server/interactions/dispatch.ts';
import { onEachStore } from '../support/stores.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const EVERYTHING = { level: 'system', type: '*', create: true, read: true, update: true, delete: true, search: true } as const;
const PRINCIPAL: Principal = { clientId: 'presumed', subject: 'test', scopes: [EVERYTHING], scope: 'system/*.cruds' };

onEachStore('a presumed principal', (open) => {
  let server: TestServer;
  let records: AccessRecord[];
  /** What was asked of the store, and what came of the confirmation, as it happened. */
  let course: string[];
  let confirmation: PromiseWithResolvers<void>;

  beforeEach(async () => {
    [records, course, confirmation] = [[], [], Promise.withResolvers()];
    const audit: AuditLog = {
      record: async (some) => {
        for (const record of some) course.push(`recorded ${record.interaction} ${record.outcome}`);
        records.push(...some);
      },
      transact: async (store, plan) => ({ result: await store.transact(plan), count: 1 }),
      shownAlone: () => undefined,
      waiting: () => 0,
      damaged: () => 0,
      settle: async () => undefined,
      close: async () => undefined,
    };
    const stored = await open();
    const read: typeof stored.read = async (type, id) => {
      const version = await stored.read(type, id);
      course.push('read');
      return version;
    };
    server = await startTestServer({
      store: { ...stored, read },
      services: { audit },
      authenticator: () => ({
        authenticate: async () => {
          course.push('asked');
          return { ...PRINCIPAL };
        },
        presume: () => ({ principal: { ...PRINCIPAL }, confirmed: confirmation.promise }),
      }),
    });
    confirmation.resolve();
    await server.request('PUT', 'Patient/p1', { resourceType: 'Patient', id: 'p1' });
    confirmation = Promise.withResolvers();
    [records.length, course.length] = [0, 0];
  });
  afterEach(() => server.close());

  /** Asks, and lets the confirmation come when the store has answered. */
  async function asking(path: string, confirm: () => void) {
    const answer = server.request('GET', path);
    while (!course.includes('read')) await new Promise(setImmediate);
    confirm();
    return answer;
  }

  it('is answered when it is confirmed, and in the access log after that', async () => {
    const confirm = () => {
      course.push('confirmed');
      confirmation.resolve();
    };
    expect((await asking('Patient/p1', confirm)).status).toBe(200);
    expect(course).toEqual(['read', 'confirmed', 'recorded read 0']);
    expect(records[0]?.caller.clientId).toBe('presumed');
  });

  it.each(['Patient/p1', 'Patient/missing'])('is told nothing of %s when it is not confirmed', async (path) => {
    const answer = await asking(path, () => confirmation.reject(unauthorized('The access token is revoked')));
    expect([answer.status, answer.body.issue?.[0]?.code]).toEqual([401, 'login']);
    expect(records.map(({ caller, interaction, outcome, reason }) => [caller.clientId, interaction, outcome, reason])).toEqual([
      ['none', NO_INTERACTION, '8', '401 login'],
    ]);
  });

  it.each([
    ['the register of tokens is out of reach', unavailable('The database is out of reach.'), 503, '503 transient'],
    ['the server has a fault', new TypeError('x is undefined'), 500, '500'],
  ])('is told as a fault of ours, and as no refused login, when %s', async (_why, fault, status, reason) => {
    const answer = await asking('Patient/p1', () => confirmation.reject(fault));
    expect(answer.status).toBe(status);
    expect(records.map(({ caller, outcome, reason: told }) => [caller.clientId, outcome, told])).toEqual([['none', '12', reason]]);
  });

  it.each([
    ['PUT', 'Patient/p1', { resourceType: 'Patient', id: 'p1', active: true }],
    ['PUT', 'Patient/p1', { resourceType: 'Patient', id: 'other' }],
    ['POST', 'Patient', '{'],
    ['DELETE', 'Patient/p1', undefined],
  ])('writes nothing by %s %s %j when it is not confirmed', async (method, path, body) => {
    const answering = server.request(method, path, body);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(records).toEqual([]);
    confirmation.reject(unauthorized('The access token is revoked'));
    const answer = await answering;
    expect([answer.status, answer.body.issue?.[0]?.code]).toEqual([401, 'login']);
    expect(records.map(({ reason }) => reason)).toEqual(['401 login']);
    expect(await server.services.store.read('Patient', 'p1')).toMatchObject({ versionId: 1 });
  });

  it.each(['batch', 'transaction'])('answers no entry of a %s when it is not confirmed', async (type) => {
    const entry = [
      { request: { method: 'GET', url: 'Patient/p1' } },
      { request: { method: 'PUT', url: 'Patient/p1' }, resource: { resourceType: 'Patient', id: 'p1', active: true } },
    ];
    const answering = server.request('POST', '', { resourceType: 'Bundle', type, entry });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([records, course]).toEqual([[], []]);
    confirmation.reject(unauthorized('The access token is revoked'));
    expect((await answering).status).toBe(401);
    expect(records.map(({ reason }) => reason)).toEqual(['401 login']);
    expect(await server.services.store.read('Patient', 'p1')).toMatchObject({ versionId: 1 });
  });

  it('begins no entry of a batch before it is confirmed where there is no access log either', async () => {
    const { audit: _audit, ...unlogged } = server.services;
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient/p1' } }] };
    const ctx = { ...unlogged, principal: PRINCIPAL, requestId: 'r', reportFault: () => undefined };
    const answering = dispatch(ctx, { method: 'POST', path: [], query: [], headers: {}, body: batch }, confirmation.promise);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(course).toEqual([]);
    confirmation.resolve();
    expect((await answering).status).toBe(200);
    expect(course).toEqual(['read']);
  });

  it('writes when it is confirmed', async () => {
    const answering = server.request('PUT', 'Patient/p1', { resourceType: 'Patient', id: 'p1', active: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await server.services.store.read('Patient', 'p1')).toMatchObject({ versionId: 1 });
    confirmation.resolve();
    expect((await answering).status).toBe(200);
    expect(await server.services.store.read('Patient', 'p1')).toMatchObject({ versionId: 2 });
  });

  it.each([
    ['GET', 'Patient/p1/$everything'],
    ['GET', 'Patient/p1/%24everything'],
  ])('is asked for before %s %s, which may do anything', async (method, path) => {
    expect((await server.request(method, path)).status).toBe(200);
    expect(course[0]).toBe('asked');
  });
});

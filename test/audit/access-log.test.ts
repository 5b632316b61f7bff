import { afterEach, describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import type { AuditLog } from '../../server/audit/audit-log.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { PEOPLE } from '../auth/access-rule/people.ts';
import { startAmongPeople } from '../auth/access-rule/server-among-people.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { onEachDatabase } from '../support/stores.ts';
import type { TestServer } from '../support/test-server.ts';

const NUMBER_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.1';
const PERSONAL_NUMBER = '17834201585';
const validator = createValidator({ terminology: createTerminology() });

interface LogLine extends Resource {
  action: string;
  outcome: string;
  subtype?: { code: string }[];
  agent: { who: { reference?: string; identifier?: { value: string }; display?: string }; requestor: boolean }[];
  entity?: { what?: { reference: string }; query?: string; detail?: { type: string; valueString: string }[] }[];
}

onEachDatabase('the access log', (open) => {
  let server: TestServer | undefined;
  let audit: AuditLog | undefined;
  afterEach(async () => {
    await server?.close();
    await audit?.close();
  });

  async function start() {
    const { resources, state } = await open();
    const { server: started, audit: log, faults, admin, by } = await startAmongPeople({ resources, state });
    [server, audit] = [started, log];
    const as = (who: string) => by(PEOPLE[who]!);
    /** What stands in the log, without the administrator's own reading of it. */
    const events = async (): Promise<LogLine[]> => {
      const answer = await admin('GET', 'AuditEvent?_count=1000&type=rest');
      expect(answer.status, answer.text).toBe(200);
      return ((answer.body.entry ?? []) as { resource: LogLine }[])
        .map(({ resource }) => resource)
        .filter(({ agent }) => agent.every(({ who }) => who.display !== 'admin'));
    };
    return { resources, state, log, faults, as, admin, events, started };
  }
  const references = ({ entity }: LogLine): readonly string[] =>
    (entity ?? []).flatMap(({ what }) => (what === undefined ? [] : [what.reference]));

  describe('of what was allowed', () => {
    it('tells a read: who, for whom, from which client, which version, whose', async () => {
      const { as, events } = await start();
      expect((await as('team nurse')('GET', 'CarePlan/plan')).status).toBe(200);
      const [event, another] = await events();
      expect(another).toBeUndefined();
      expect(event).toMatchObject({
        action: 'R',
        outcome: '0',
        purposeOfEvent: [{ coding: [{ code: 'TREAT' }] }],
        agent: [
          { who: { reference: 'Practitioner/nurse' }, requestor: true },
          { who: { display: 'app' }, requestor: false },
          { who: { identifier: { value: '100000002' } }, requestor: false },
        ],
      });
      expect(references(event!)).toEqual(['Patient/ida', 'CarePlan/plan/_history/1']);
    });

    it('tells a search with its query and the patients it touched, and gathers what belongs together', async () => {
      const { as, events } = await start();
      const nurse = as('team nurse');
      for (const path of ['CarePlan?status=active', 'Goal?subject=Patient/ida', 'Goal?_summary=count', 'Patient/ida/Goal'])
        await nurse('GET', path);
      const found = await events();
      const ofIda = found.filter((event) => references(event).includes('Patient/ida'));
      expect(ofIda).toHaveLength(1);
      const queries = ofIda[0]!.entity!.flatMap(({ query }) => (query === undefined ? [] : Buffer.from(query, 'base64').toString()));
      expect(queries).toEqual(['CarePlan?status=active', 'Goal?subject=Patient/ida', 'Patient/ida/Goal?']);
    });

    it('tells of a write with the same commit, and in events a moment later, entries of a transaction and conditional ones alike', async () => {
      const { as, log, resources, state } = await start();
      const goal = { resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'x' }, subject: { reference: 'Patient/ida' } };
      const bundle = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          { request: { method: 'POST', url: 'Goal' }, resource: goal },
          { request: { method: 'PUT', url: 'Goal/mine' }, resource: { ...goal, id: 'mine' } },
          { request: { method: 'DELETE', url: 'Goal/goal', ifMatch: 'W/"1"' } },
        ],
      };
      expect((await as('coordinator')('POST', '', bundle)).status).toBe(200);
      // The stores themselves are asked: nothing has been settled since.
      const rows = (await state.list('audit-journal', 10)).map(({ value }) => value.records as readonly AccessRecord[]);
      expect(rows.map((records) => records.map(({ interaction }) => interaction).sort())).toEqual([['create', 'delete', 'update']]);
      await log.settle();
      const page = await resources.search({ types: ['AuditEvent'], where: { op: 'all' }, sort: [], limit: 50, total: 'none' });
      const written = page.matches.filter(({ id }) => !id.startsWith('fp-seal-')).map((match) => JSON.parse(match.json) as LogLine);
      expect(written.map(({ action }) => action).sort()).toEqual(['C', 'D']);
      for (const event of written) expect(references(event)).toContain('Patient/ida');
      expect(written.flatMap(references)).toEqual(expect.arrayContaining(['Goal/mine/_history/1', 'Goal/goal/_history/2']));
    });

    it('tells of a count, and of a search that finds nothing, to whom it was about', async () => {
      const { as, events } = await start();
      const nurse = as('team nurse');
      const asked = ['Goal?subject=Patient/ida&_summary=count', 'Goal?patient=ida&lifecycle-status=rejected', 'Goal?_id=goal&_count=0'];
      for (const path of asked) expect((await nurse('GET', path)).status).toBe(200);
      const [event, another] = await events();
      expect(another).toBeUndefined();
      expect(event).toMatchObject({ outcome: '0' });
      expect(references(event!)).toEqual(['Patient/ida']);
    });

    it('tells each read of a transaction once, with what was read', async () => {
      const { as, events } = await start();
      const entry = [{ request: { method: 'GET', url: 'CarePlan/plan' } }, { request: { method: 'GET', url: 'Goal?subject=Patient/ida' } }];
      expect((await as('team nurse')('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
      const found = await events();
      expect(found.map(({ subtype }) => subtype?.[0]?.code).sort()).toEqual(['read', 'search-type']);
      expect(found.flatMap(references)).toEqual(expect.arrayContaining(['CarePlan/plan/_history/1']));
      const shown = found.flatMap(({ entity }) => entity!.flatMap(({ detail }) => detail ?? [])).filter(({ type }) => type === 'shown');
      expect(shown.map(({ valueString }) => valueString)).toEqual(['1', '1']);
    });

    it('tells each entry of a batch', async () => {
      const { as, events } = await start();
      const entry = [{ request: { method: 'GET', url: 'CarePlan/plan' } }, { request: { method: 'GET', url: 'CarePlan/other-plan' } }];
      await as('team nurse')('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
      expect((await events()).map(({ outcome }) => outcome).sort()).toEqual(['0', '8']);
    });
  });

  describe('of what was refused', () => {
    it('knows that a hidden resource was asked for, which the caller is told is not there', async () => {
      const { as, events } = await start();
      expectRefusal(await as('outsider nurse, same unit')('GET', 'CarePlan/plan'), 404, 'not-found');
      expectRefusal(await as('outsider nurse, same unit')('GET', 'CarePlan/nobody'), 404, 'not-found');
      const found = await events();
      const hidden = found.find(({ outcome }) => outcome === '8');
      expect(references(hidden!)).toEqual(['Patient/ida', 'CarePlan/plan']);
      expect(found.find(({ outcome }) => outcome === '4')).toMatchObject({ entity: [{ what: { reference: 'CarePlan/nobody' } }] });
    });

    it('knows which entry a transaction was refused for, and whose data that asked for', async () => {
      const { as, events } = await start();
      const outsider = as('outsider nurse, same unit');
      const asking = (url: string) => ({ resourceType: 'Bundle', type: 'transaction', entry: [{ request: { method: 'GET', url } }] });
      expectRefusal(await outsider('POST', '', asking('CarePlan/plan')), 404, 'not-found', 'Bundle.entry[0]');
      expectRefusal(await outsider('POST', '', asking('CarePlan/nobody')), 404, 'not-found', 'Bundle.entry[0]');
      const found = await events();
      expect(references(found.find(({ outcome }) => outcome === '8')!)).toEqual(['Patient/ida', 'CarePlan/plan']);
      expect(references(found.find(({ outcome }) => outcome === '4')!)).toEqual(['CarePlan/nobody']);
    });

    it('names of very many those first for whom a transaction was refused', async () => {
      const { as, events } = await start();
      const contained = Array.from({ length: 1200 }, (_, place) => ({
        resourceType: 'Basic',
        subject: { reference: `Patient/p${place}` },
      }));
      const goal = (patient: string, more: object = {}) => ({
        request: { method: 'POST', url: 'Goal' },
        resource: {
          resourceType: 'Goal',
          lifecycleStatus: 'active',
          description: { text: 'x' },
          subject: { reference: `Patient/${patient}` },
          ...more,
        },
      });
      const entry = [goal('ida', { contained }), goal('other')];
      const refused = await as('team nurse')('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
      expectRefusal(refused, 403, 'forbidden', 'Bundle.entry[1]');
      const named = (await events()).map((event) => references(event)[0]);
      expect(named).toHaveLength(1000);
      expect(named).toEqual(expect.arrayContaining(['Patient/other', 'Patient/ida']));
    });

    it('knows whom a search by number asked for, which is in no log itself', async () => {
      const { as, admin, events } = await start();
      const ida = { resourceType: 'Patient', id: 'ida', identifier: [{ system: NUMBER_SYSTEM, value: PERSONAL_NUMBER }] };
      expect((await admin('PUT', 'Patient/ida', ida)).status).toBe(200);
      // A number that nobody has is not that of anybody who has a likely id.
      expect((await admin('PUT', 'Patient/unknown', { resourceType: 'Patient', id: 'unknown' })).status).toBe(201);
      const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const searches = [
        ['Patient/_search', `identifier=${NUMBER_SYSTEM}|${PERSONAL_NUMBER}`],
        ['Patient/_search', 'identifier=178342 01585'],
        ['CarePlan/_search', `subject:Patient.identifier=${PERSONAL_NUMBER}`],
        ['Patient/_search', `identifier=${NUMBER_SYSTEM}|18834201543`],
      ] as const;
      for (const [path, body] of searches) {
        const answer = await as('outsider nurse, same unit')('POST', path, body, form);
        expect(answer.body.entry ?? []).toEqual([]);
      }
      const misplaced = await as('outsider nurse, same unit')('POST', 'Patient/_search', `${PERSONAL_NUMBER}=x`, form);
      expect(misplaced.status).toBe(400);
      expect(
        (await as('team nurse')('POST', 'Goal/_search', `patient.identifier=${PERSONAL_NUMBER}&lifecycle-status=rejected`, form)).status,
      ).toBe(200);
      const found = await events();
      const whom = (outcome: string) => [...new Set(found.filter((event) => event.outcome === outcome).flatMap(references))];
      expect(whom('8')).toEqual(['Patient/ida']);
      expect(whom('0')).toEqual(['Patient/ida']);
      expect(JSON.stringify(found)).not.toContain(PERSONAL_NUMBER);
    });

    it.each([
      ['a delete', 'DELETE', 'CarePlan?subject=Patient/ida', undefined, {}],
      ['a patch', 'PATCH', 'Goal?subject=Patient/ida', [], { 'Content-Type': 'application/json-patch+json' }],
      ['an update', 'PUT', 'Goal?subject=Patient/ida', { resourceType: 'Goal' }, {}],
      ['a create', 'POST', 'Goal', { resourceType: 'Goal' }, { 'If-None-Exist': 'subject=Patient/ida' }],
    ] as const)('knows whom the condition of %s asked for', async (_what, method, path, body, headers) => {
      const { as, events } = await start();
      await as('outsider nurse, same unit')(method, path, body, { 'If-Match': 'W/"1"', ...headers });
      const [event, another] = await events();
      expect(another).toBeUndefined();
      expect(event!.outcome).toBe('8');
      expect(references(event!)).toEqual(['Patient/ida']);
    });

    it('names nobody where a person without an id is refused', async () => {
      const { as, events } = await start();
      expectRefusal(await as('team nurse')('POST', 'Patient', { resourceType: 'Patient' }), 403, 'forbidden');
      expect((await events()).flatMap(references)).toEqual([]);
    });

    it('tells writes that the rule or the scopes forbid, and that nothing was written', async () => {
      const { as, events } = await start();
      const team = { resourceType: 'CareTeam', id: 'team', status: 'inactive', subject: { reference: 'Patient/ida' } };
      expectRefusal(await as('team nurse')('PUT', 'CareTeam/team', team, { 'If-Match': 'W/"1"' }), 403, 'forbidden', 'CareTeam');
      expectRefusal(await as('team nurse without a scope')('GET', 'CarePlan/plan'), 403, 'forbidden');
      const found = await events();
      expect(found.map(({ outcome }) => outcome)).toEqual(['8', '8']);
      expect(found.flatMap(references)).toEqual(expect.arrayContaining(['CareTeam/team', 'CarePlan/plan', 'Patient/ida']));
    });

    it('tells a request without a token', async () => {
      const { started, events } = await start();
      expectRefusal(await started.request('GET', 'CarePlan/plan', undefined, { Authorization: '' }), 401, 'login');
      expect(await events()).toMatchObject([{ outcome: '8', agent: [{ who: { display: 'Ukjent' }, requestor: true }] }]);
    });

    it('does not answer what it cannot tell', async () => {
      const { as, log } = await start();
      log.record = () => Promise.reject(new Error('disk full'));
      expect((await as('team nurse')('GET', 'CarePlan/plan')).status).toBe(500);
    });
  });

  describe('as it stands', () => {
    it('conforms to fp-audit-event, seals as well, and holds no personal number', async () => {
      const { as, admin, log, resources } = await start();
      const nurse = as('team nurse');
      await nurse('GET', 'CarePlan/plan');
      await nurse('POST', 'Patient/_search', `identifier=${NUMBER_SYSTEM}|${PERSONAL_NUMBER}`, {
        'Content-Type': 'application/x-www-form-urlencoded',
      });
      await nurse('POST', 'Observation', {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'x' },
        subject: { reference: 'Patient/ida' },
      });
      await as('outsider nurse, same unit')('GET', 'CarePlan/plan');
      await as('patient')('GET', 'CarePlan/plan/_history');
      await as('mother')('GET', 'Patient/ida/$everything');
      await as('system of the municipality')('GET', 'CarePlan');
      await admin('GET', 'CarePlan');
      await server?.request('GET', 'CarePlan', undefined, { Authorization: 'Bearer x' });
      await log.settle();
      const page = await resources.search({ types: ['AuditEvent'], where: { op: 'all' }, sort: [], limit: 100, total: 'none' });
      expect(page.matches.length).toBeGreaterThan(8);
      for (const { json } of page.matches) {
        const errors = validator
          .validate(JSON.parse(json) as Resource)
          .filter(({ severity }) => severity === 'error' || severity === 'fatal');
        expect(errors, json).toEqual([]);
        expect(json).not.toContain(PERSONAL_NUMBER);
        expect(json).not.toContain(Buffer.from(PERSONAL_NUMBER).toString('base64').slice(0, 14));
      }
    });

    it('is never written by a client, however it is tried', async () => {
      const { admin, as, events } = await start();
      await as('team nurse')('GET', 'CarePlan/plan');
      const [event] = await events();
      const made = { resourceType: 'AuditEvent', id: event!.id };
      const key = `AuditEvent/${event!.id}`;
      const text = 'The access log is written by this service alone';
      for (const [method, path, body] of [
        ['POST', 'AuditEvent', made],
        ['PUT', key, made],
        ['PUT', 'AuditEvent/new', { ...made, id: 'new' }],
        ['DELETE', key, undefined],
        ['DELETE', 'AuditEvent?action=R', undefined],
        ['PUT', 'AuditEvent?action=R', made],
      ] as const) {
        const answer = await admin(method, path, body, { 'If-Match': 'W/"1"' });
        expectRefusal(answer, 403, 'forbidden');
        expect(answer.text).toContain(text);
      }
      for (const type of ['batch', 'transaction']) {
        const answer = await admin('POST', '', { resourceType: 'Bundle', type, entry: [{ request: { method: 'DELETE', url: key } }] });
        expect(answer.text, type).toContain(text);
      }
      expect((await admin('GET', `${key}/_history`)).body.total).toBe(1);
    });

    it('is read by the patient and the coordinator, and by nobody else of the team', async () => {
      const { as } = await start();
      await as('team nurse')('GET', 'CarePlan/plan');
      const total = async (who: string) => (await as(who)('GET', 'AuditEvent?patient=Patient/ida&_total=accurate')).body.total;
      expect(await total('patient')).toBeGreaterThan(0);
      expect(await total('coordinator')).toBeGreaterThan(0);
      for (const who of [
        'team nurse',
        'mother',
        'another patient',
        'outsider nurse, same unit',
        'coordinating unit',
        'owner outside the team',
      ]) {
        expect(await total(who), who).toBe(0);
      }
    });
  });
});

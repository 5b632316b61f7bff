/** Patient/$everything without an id: whose records it gives, in pages, and what the access log tells [R4 patient-operation-everything]. */
import { expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { createScopeAccess } from '../../server/auth/access.ts';
import type { Access } from '../../server/auth/access-decision.ts';
import { createPlanAccess } from '../../server/auth/access-rule/plan-access.ts';
import type { Principal } from '../../server/auth/principal.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import type { Clause } from '../../server/search/query.ts';
import { CONSENTS, fill, NOW_MS, PEOPLE } from '../auth/access-rule/people.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf, linkOf } from '../support/expect-answer.ts';
import { carePlan, observation, patient, task } from '../support/fixtures.ts';
import { onEachDatabase } from '../support/stores.ts';
import { bearer, startTestServer, type TestServer, type TestServerOptions } from '../support/test-server.ts';

const of = (id: string) => ({ subject: { reference: `Patient/${id}` } });
const to = (reference: string) => ({ reference });

const RESOURCES: readonly Resource[] = [
  { resourceType: 'Practitioner', id: 'nurse' },
  { resourceType: 'Practitioner', id: 'other' },
  patient({ id: 'p1', generalPractitioner: [to('Practitioner/nurse')] }),
  patient({ id: 'p2' }),
  patient({ id: 'p3' }),
  { resourceType: 'Goal', id: 'g1', lifecycleStatus: 'active', description: { text: 'Gå' }, startDate: '2026-01-01', ...of('p1') },
  observation({ id: 'o1', effectiveDateTime: '2026-02-01', ...of('p1') }),
  observation({ id: 'o2', effectiveDateTime: '2026-03-01', ...of('p2') }),
  observation({ id: 'nobodys', subject: to('Group/g'), focus: [to('Patient/p2')] }),
  carePlan({ id: 'c2', ...of('p2') }),
  task({ id: 't3', for: to('Patient/p3') }),
  {
    resourceType: 'Provenance',
    id: 'v2',
    target: [to('CarePlan/c2')],
    recorded: '2026-01-01T00:00:00Z',
    agent: [{ who: to('Practitioner/other') }],
  },
  { resourceType: 'Organization', id: 'kommune', name: 'Solvik' },
];
const OF_P1 = ['Goal/g1', 'Observation/o1', 'Patient/p1'];
const OF_P2 = ['CarePlan/c2', 'Observation/o2', 'Patient/p2', 'Provenance/v2'];
const OF_P3 = ['Patient/p3', 'Task/t3'];
const OF_ALL = [...OF_P1, ...OF_P2, ...OF_P3].toSorted();

const scope = (level: 'patient' | 'user' | 'system', type: string) =>
  ({ level, type, create: false, read: true, update: false, delete: false, search: true }) as const;
const as = (over: Partial<Principal>) => ({ Authorization: bearer(over) });

onEachServer('Patient/$everything', (start) => {
  const begin = async (services: TestServerOptions['services'] = {}): Promise<TestServer> => {
    const server = await start({ services: { writeValidation: 'off', ...services } });
    for (const resource of RESOURCES) {
      const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
      expect(answer.status, answer.text).toBe(201);
    }
    return server;
  };
  const found = async (server: TestServer, query = '', headers?: Record<string, string>): Promise<string[]> =>
    keysOf(await server.request('GET', `Patient/$everything${query}`, undefined, headers)).toSorted();

  it('gives all patients with all that is about them, and what that refers to', async () => {
    const server = await begin();
    const answer = await server.request('GET', 'Patient/$everything');
    expect(keysOf(answer).toSorted()).toEqual(OF_ALL);
    expect(keysOf(answer, 'include').toSorted()).toEqual(['Practitioner/nurse', 'Practitioner/other']);
    expect(keysOf(await server.request('POST', 'Patient/%24everything')).toSorted()).toEqual(OF_ALL);
  });

  it.each([
    ['?_type=Observation,Goal', ['Goal/g1', 'Observation/o1', 'Observation/o2']],
    ['?_type=Patient', ['Patient/p1', 'Patient/p2', 'Patient/p3']],
    ['?_type=Task', ['Task/t3']],
    ['?_type=Practitioner', ['Practitioner/nurse', 'Practitioner/other']],
    ['?_type=Organization', []],
    ['?_type=Observation&start=2026-02-15', ['Observation/o2']],
    ['?_type=Observation,Goal&end=2026-02-15', ['Goal/g1', 'Observation/o1']],
  ])('is narrowed as that of one patient is: %s', async (query, expected) => {
    expect(await found(await begin(), query)).toEqual(expected);
  });

  it('is narrowed to what has changed since', async () => {
    const server = await begin();
    const since = (await server.request('GET', 'Task/t3')).body.meta?.lastUpdated ?? '';
    expect(await found(server, `?_since=${encodeURIComponent(since)}`)).toEqual(['Provenance/v2', 'Task/t3']);
    const body = { resourceType: 'Parameters', parameter: [{ name: '_since', valueInstant: since }] };
    expect(keysOf(await server.request('POST', 'Patient/$everything', body)).toSorted()).toEqual(['Provenance/v2', 'Task/t3']);
  });

  it('comes in pages, each resource once, and the pages are for who asked', async () => {
    const server = await begin();
    const pages: string[][] = [];
    for (let url: string | undefined = 'Patient/$everything?_count=2'; url !== undefined; ) {
      const answer = await server.request('GET', url);
      pages.push(keysOf(answer));
      url = linkOf(answer, 'next');
    }
    expect(pages.every((page) => page.length <= 2)).toBe(true);
    expect(pages.flat().toSorted()).toEqual(OF_ALL);
    const next = linkOf(await server.request('GET', 'Patient/$everything?_count=2'), 'next') ?? '';
    expectRefusal(await server.request('GET', next, undefined, as({ subject: 'another' })), 400, 'invalid', '_page');
    expectRefusal(await server.request('GET', next.replace('Patient/$', 'Patient/p1/$')), 400, 'invalid', '_page');
  });

  it('is that of the patient in the context of the token, where there is one', async () => {
    const server = await begin();
    expect(await found(server, '', as({ patientId: 'p1', scopes: [scope('patient', '*')] }))).toEqual(OF_P1);
    expect(await found(server, '', as({ patientId: 'p2', scopes: [scope('user', '*')] }))).toEqual(OF_P2);
    expect(await found(server, '?_type=Task', as({ patientId: 'p3', scopes: [scope('patient', '*')] }))).toEqual(['Task/t3']);
    const nobodys = as({ patientId: 'none', scopes: [scope('patient', '*')] });
    expectRefusal(await server.request('GET', 'Patient/$everything', undefined, nobodys), 404, 'not-found');
  });

  it('has of each patient what the scopes let be read, and nobody where they let no patient be read', async () => {
    const server = await begin();
    const goals = as({ scopes: [scope('system', 'Patient'), scope('system', 'Goal')] });
    expect(await found(server, '', goals)).toEqual(['Goal/g1', 'Patient/p1', 'Patient/p2', 'Patient/p3']);
    for (const scopes of [[scope('system', 'Goal')], [scope('patient', '*')], []])
      expectRefusal(await server.request('GET', 'Patient/$everything', undefined, as({ scopes })), 403, 'forbidden');
  });

  it('has nothing of a patient whom the caller may not read', async () => {
    const scopes = createScopeAccess({ readQuery: (type) => (type === 'Patient' ? { op: 'id', ids: ['p2', 'p3'] } : { op: 'all' }) });
    const narrow: Access = { decide: (asked) => scopes.decide(asked) };
    const server = await begin({ access: narrow });
    const some = as({
      scopes: [
        { ...scope('system', 'Patient'), query: 'x' },
        ...['Observation', 'CarePlan', 'Provenance', 'Task'].map((type) => scope('system', type)),
      ],
    });
    expect(await found(server, '', some)).toEqual([...OF_P2, ...OF_P3].toSorted());
    expect(await found(server, '?_type=Provenance', some)).toEqual(['Provenance/v2']);
  });

  it.each([1, 5_000])('has what belongs to patients who are known by what they are, also where %i would be named', async (includedMax) => {
    const others: Clause = { op: 'not', clause: { op: 'id', ids: ['p1'] } };
    const scopes = createScopeAccess({ readQuery: (type) => (type === 'Patient' ? others : { op: 'all' }) });
    const limits = { bodyBytes: 1e6, bundleEntries: 100, pageSizeDefault: 50, pageSizeMax: 1000, includedMax };
    const server = await begin({ access: { decide: (asked) => scopes.decide(asked) }, limits });
    const types = ['Observation', 'CarePlan', 'Provenance', 'Task'];
    const some = as({ scopes: [{ ...scope('system', 'Patient'), query: 'x' }, ...types.map((type) => scope('system', type))] });
    expect(await found(server, '', some)).toEqual([...OF_P2, ...OF_P3].toSorted());
    expect(await found(server, '?_type=Provenance,Task', some)).toEqual(['Provenance/v2', 'Task/t3']);
  });

  it.each([
    ['a patient whom they may not read', 'subject', ['p1', 'p2']],
    ['what says otherwise of a patient than that it is theirs', 'focus', ['p2']],
  ])('has of what the caller reaches by %s only what belongs to those they may read', async (_why, param, of) => {
    const aboutThem: Clause = {
      op: 'or',
      clauses: of.map((id) => ({ op: 'match', param, test: { kind: 'reference', type: 'Patient', id } })),
    };
    const reached: Readonly<Record<string, Clause>> = { Patient: { op: 'id', ids: ['p2', 'p3'] }, Observation: aboutThem };
    const access: Access = {
      decide: ({ type, right }) => {
        const clause = reached[type];
        if (right !== 'read' && right !== 'search') return { kind: 'allow' };
        return clause === undefined ? { kind: 'deny', reason: 'not of this type' } : { kind: 'narrow', clause };
      },
    };
    const server = await begin({ access });
    const about = param === 'subject' ? ['Observation/o2'] : [];
    expect(await found(server)).toEqual([...about, 'Patient/p2', 'Patient/p3']);
  });

  it('refuses what is not asked of it, and what would have to be sought in too much', async () => {
    const server = await begin({ limits: { bodyBytes: 1e6, bundleEntries: 100, pageSizeDefault: 50, pageSizeMax: 1000, includedMax: 3 } });
    expectRefusal(await server.request('GET', 'Patient/$everything?odd=1'), 400, 'not-supported', 'odd');
    expectRefusal(await server.request('GET', 'Patient/$everything?_contained=true'), 400, 'not-supported', '_contained');
    expectRefusal(await server.request('GET', 'Patient/$everything?_type=Practitioner'), 403, 'too-costly');
    expectRefusal(await server.request('DELETE', 'Patient/$everything'), 405, 'not-supported');
  });
});

interface Event extends Resource {
  readonly outcome?: string;
  readonly agent: { readonly who: { readonly display?: string } }[];
  readonly entity?: { readonly what?: { readonly reference: string } }[];
}

onEachDatabase('Patient/$everything under the access rule', (open) => {
  it('gives what the rule gives, and the log tells of each patient that was shown', async () => {
    const { resources, state } = await open();
    await fill(resources, CONSENTS['active for all']!);
    const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
    const access = createPlanAccess({ scopes, store: resources, nowMs: () => NOW_MS });
    const { services: made, close } = await startTestServer({ store: resources });
    await close();
    const reportFault = (error: unknown) => expect(error).toBeUndefined();
    const audit: AuditLog = openAuditLog({
      store: resources,
      journal: journalInTable(state, Date.now),
      index: made.index,
      nowMs: Date.now,
      reportFault,
    });
    const ruled = await startTestServer({
      store: resources,
      services: { access, audit, state, writeValidation: 'off', newId: () => crypto.randomUUID() },
    });
    const unruled = await startTestServer({ store: resources, services: { audit, state } });
    try {
      const ask = (who: string, path: string) => ruled.request('GET', path, undefined, { Authorization: bearer(PEOPLE[who]!) });
      for (const who of ['team nurse', 'coordinator', 'patient']) {
        const ofIda = keysOf(await ask(who, 'Patient/ida/$everything')).toSorted();
        expect(ofIda, who).toEqual(expect.arrayContaining(['CarePlan/plan', 'Patient/ida']));
        expect(keysOf(await ask(who, 'Patient/$everything')).toSorted(), who).toEqual(ofIda);
        expect(keysOf(await ask(who, 'Patient/$everything?_type=CarePlan,Provenance')), who).toContain('CarePlan/plan');
      }
      expect(keysOf(await ask('outsider nurse, same unit', 'Patient/$everything'))).toEqual([]);
      const hidden = as({ ...PEOPLE['outsider nurse, same unit']!, clientId: 'refused', patientId: 'ida' });
      expectRefusal(await ruled.request('GET', 'Patient/$everything', undefined, hidden), 404, 'not-found');
      expect((await unruled.request('GET', 'Patient/$everything?_type=Patient', undefined, as({ clientId: 'everyone' }))).status).toBe(200);
      await audit.settle();
      const events = ((await unruled.request('GET', 'AuditEvent?_count=1000')).body.entry ?? []) as { resource: Event }[];
      const toldOf = (clientId: string, outcome: string): string[] => {
        const own = events.map(({ resource }) => resource).filter(({ agent }) => agent.some(({ who }) => who.display === clientId));
        const entities = own.filter((event) => event.outcome === outcome).flatMap(({ entity }) => entity ?? []);
        return entities.flatMap(({ what }) => what?.reference ?? []).filter((each) => each.startsWith('Patient/'));
      };
      const patients = keysOf(await unruled.request('GET', 'Patient'));
      expect(patients).toContain('Patient/ida');
      expect(new Set(toldOf('everyone', '0'))).toEqual(new Set(patients));
      expect(new Set(toldOf('refused', '8'))).toEqual(new Set(['Patient/ida']));
    } finally {
      await Promise.all([ruled.close(), unruled.close()]);
      await audit.close();
    }
  });
});

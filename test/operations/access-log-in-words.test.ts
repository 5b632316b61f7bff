import { afterEach, expect, it } from 'vitest';
import { auditEvents, firstVersion } from '../../server/audit/audit-event.ts';
import { type AuditLog, openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { createScopeAccess } from '../../server/auth/access.ts';
import { createPlanAccess } from '../../server/auth/access-rule/plan-access.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { CONSENTS, fill, indexer, NOW_MS, PEOPLE } from '../auth/access-rule/people.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { onEachDatabase } from '../support/stores.ts';
import { bearer, startTestServer, type TestServer } from '../support/test-server.ts';

interface ToldEvent extends Resource {
  language: string;
  text: { div: string };
  action: string;
  outcome: string;
  outcomeDesc: string;
  recorded: string;
  purposeOfEvent?: { text: string }[];
  agent: { name?: string; role?: { text: string }[]; requestor: boolean }[];
  entity: { what?: { reference: string }; description?: string }[];
}

/** People of the directory by name, so that there is something to tell. */
const NAMED: readonly Resource[] = [
  { resourceType: 'Practitioner', id: 'nurse', name: [{ given: ['Kari'], family: 'Nordmann' }], birthDate: '1980-01-01' },
  {
    resourceType: 'PractitionerRole',
    id: 'nurse-role',
    practitioner: { reference: 'Practitioner/nurse' },
    organization: { reference: 'Organization/home-care' },
    code: [{ text: 'Sykepleier' }],
  },
  {
    resourceType: 'Organization',
    id: 'home-care',
    name: 'Hjemmetjenesten & natt',
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.101', value: '100000002' }],
    partOf: { reference: 'Organization/solvik' },
  },
  { resourceType: 'RelatedPerson', id: 'mother', patient: { reference: 'Patient/ida' }, name: [{ text: 'Hemmelig Mor' }] },
];

onEachDatabase('Patient/[id]/$access-log', (open) => {
  let server: TestServer | undefined;
  let audit: AuditLog | undefined;
  afterEach(async () => {
    await server?.close();
    await audit?.close();
  });

  async function start() {
    const { resources, state } = await open();
    await fill(resources, CONSENTS['active for all']!);
    await resources.transact({
      lookups: { versions: NAMED.map(({ resourceType: type, id }) => ({ type, id: id! })) },
      build: (found) => ({
        result: undefined,
        writes: NAMED.map((resource) => ({
          ...firstVersion(resource, NOW_MS, indexer),
          versionId: found.version(resource.resourceType, resource.id!)!.versionId + 1,
        })),
      }),
    });
    const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
    const access = createPlanAccess({ scopes, store: resources, nowMs: () => NOW_MS });
    const faults: unknown[] = [];
    const log = openAuditLog({
      store: resources,
      journal: journalInTable(state, Date.now),
      index: indexer,
      nowMs: Date.now,
      reportFault: (error) => faults.push(error),
    });
    audit = log;
    const clientName = (id: string) => (id === 'app' ? 'Fellesplan-appen' : undefined);
    const started = await startTestServer({ store: resources, services: { access, audit: log, writeValidation: 'off', clientName } });
    server = started;
    const as =
      (who: string) =>
      (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
        started.request(method, path, body, { Authorization: bearer(PEOPLE[who]!), 'Accept-Language': 'nb', ...headers });
    /** What somebody is told. */
    const told = async (who: string, language = 'nb', query = ''): Promise<ToldEvent[]> => {
      const answer = await as(who)('GET', `Patient/ida/$access-log${query}`, undefined, { 'Accept-Language': language });
      expect(answer.status, answer.text).toBe(200);
      return ((answer.body.entry ?? []) as { resource: ToldEvent }[]).map(({ resource }) => resource);
    };
    return { resources, as, told, faults };
  }

  it('tells who, for which organisation, what, why and through which app, in three languages', async () => {
    const { as, told, faults } = await start();
    const nurse = as('team nurse');
    for (const path of ['CarePlan/plan', 'Goal?subject=Patient/ida', 'CareTeam?subject=Patient/ida']) await nurse('GET', path);
    const [event, another] = await told('patient');
    expect(another).toBeUndefined();
    expect(event).toMatchObject({
      language: 'nb',
      outcome: '0',
      outcomeDesc: 'åpnet planen og leste oppfølgingsteamet og mål',
      purposeOfEvent: [{ text: 'helsehjelp' }],
      agent: [
        { name: 'Kari Nordmann', role: [{ text: 'Sykepleier' }], requestor: true },
        { name: 'Fellesplan-appen', requestor: false },
        { name: 'Hjemmetjenesten & natt', requestor: false },
      ],
    });
    expect(event!.text.div).toContain(
      'Kari Nordmann, sykepleier, Hjemmetjenesten &amp; natt, åpnet planen og leste oppfølgingsteamet og mål. Formål: helsehjelp. Via: Fellesplan-appen.',
    );
    const sentences = async (language: string) => (await told('patient', language)).map(({ outcomeDesc }) => outcomeDesc);
    expect(await sentences('nn')).toContain('opna planen og las oppfølgingsteamet og mål');
    expect(await sentences('en')).toContain('opened the plan and read the care team and goals');
    expect(faults).toEqual([]);
  });

  it('tells of writes, refusals and emergencies, and of the reading of the log itself', async () => {
    const { as, told, resources } = await start();
    const goal = { resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'x' }, subject: { reference: 'Patient/ida' } };
    expect((await as('coordinator')('POST', 'Goal', goal)).status).toBe(201);
    expectRefusal(await as('nurse of another hospital')('GET', 'CarePlan/plan'), 404, 'not-found');
    const caller = { clientId: 'app', user: 'Practitioner/stranger', organizationNumber: '300000001', purpose: 'BTG' };
    const record = { atMs: Date.now(), caller, interaction: 'read', action: 'R', outcome: '0', patients: ['ida'], requestId: 'r' } as const;
    const [emergency] = auditEvents([{ ...record, what: 'CarePlan/plan/_history/1' }], () => 'emergency') as [Resource];
    const entity = (emergency.entity as object[]).map((each, at) =>
      at === 0 ? { ...each, description: 'Bevisstløs <ved> ankomst' } : each,
    );
    await resources.transact({
      lookups: {},
      build: ({ nowMs }) => ({ result: undefined, writes: [firstVersion({ ...emergency, entity }, nowMs, indexer)] }),
    });
    await told('patient');
    const events = await told('patient');
    const sentence = (text: string) => events.find(({ outcomeDesc }) => outcomeDesc === text);
    expect(sentence('opprettet mål')).toMatchObject({ action: 'C', outcome: '0' });
    expect(sentence('prøvde å åpne planen, men fikk ikke tilgang')).toMatchObject({ outcome: '8' });
    expect(sentence('brukte nødtilgang og åpnet planen')!.text.div).toContain('Begrunnelse: Bevisstløs &lt;ved&gt; ankomst.');
    expect(sentence('leste tilgangsloggen')).toMatchObject({ agent: [{ name: 'Du' }, {}] });
  });

  it('names no private person, and shows no number, query or request', async () => {
    const { as, told } = await start();
    expect((await as('mother')('GET', 'CarePlan/plan')).status).toBe(200);
    await as('patient')('GET', 'CarePlan?status=active');
    await as('another patient')('GET', 'CarePlan/plan');
    const events = await told('coordinator');
    expect(events.map(({ agent }) => agent[0]!.name).sort()).toEqual(['En privatperson', 'Pasienten', 'Pårørende']);
    expect(events.map(({ agent }) => agent[0]!.name)).not.toContain('Du');
    const text = JSON.stringify(events);
    for (const secret of ['Hemmelig', '1980', '100000002', 'Practitioner/', 'RelatedPerson/', 'query', 'requestId', 'Patient/other']) {
      expect(text, secret).not.toContain(secret);
    }
  });

  it('gathers what somebody did without a pause, and tells what belongs to another person nowhere', async () => {
    const { as, told } = await start();
    const everybody = as('system bound by its scopes alone');
    await everybody('GET', 'CarePlan');
    await everybody('GET', 'Patient/other');
    for (let times = 0; times < 3; times += 1) await as('team nurse')('GET', 'Goal?subject=Patient/ida');
    expect((await told('patient')).map(({ outcomeDesc }) => outcomeDesc).sort()).toEqual(['leste mål', 'åpnet planen']);
  });

  it('is told to the person, a relative with access, the coordinator and the coordinating unit of the team; to others it is refused [403, 404]', async () => {
    const { as, resources } = await start();
    for (const who of ['patient', 'mother', 'coordinator', 'coordinating unit in the team', 'system of the municipality']) {
      expect((await as(who)('GET', 'Patient/ida/$access-log')).status, who).toBe(200);
    }
    for (const who of ['team nurse', 'owner of an accepted task', 'coordinating unit', 'nurse of a ward in the team']) {
      expectRefusal(await as(who)('GET', 'Patient/ida/$access-log'), 403, 'forbidden');
    }
    expectRefusal(await as('team nurse without a scope')('GET', 'Patient/ida/$access-log'), 403, 'forbidden');
    for (const who of ['another patient', 'father', 'outsider nurse, same unit', 'former member', 'system of another hospital']) {
      expectRefusal(await as(who)('GET', 'Patient/ida/$access-log'), 404, 'not-found');
    }
    expectRefusal(await as('coordinator')('GET', 'Patient/nobody/$access-log'), 404, 'not-found');
    const withdrawn = CONSENTS.withdrawn![0]!;
    await resources.transact({
      lookups: { versions: [{ type: 'Consent', id: 'consent' }] },
      build: () => ({ result: undefined, writes: [{ ...firstVersion(withdrawn, NOW_MS, indexer), versionId: 2 }] }),
    });
    expectRefusal(await as('mother')('GET', 'Patient/ida/$access-log'), 404, 'not-found');
  });

  it('tells nobody as refused who saw what they asked for, and asked for a part that is not there', async () => {
    const { as, told } = await start();
    await as('team nurse')('GET', 'CarePlan/plan');
    for (const path of ['CarePlan/plan/_history/99', 'CarePlan/plan/$diff', 'CarePlan/nobody'])
      expectRefusal(await as('team nurse')('GET', path), 404, 'not-found');
    expectRefusal(await as('outsider nurse, same unit')('GET', 'CarePlan/plan/_history/99'), 404, 'not-found');
    const events = await told('patient');
    expect(events.map(({ outcome, agent }) => [outcome, agent[0]!.name]).sort()).toEqual([
      ['0', 'Kari Nordmann'],
      ['8', 'Ansatt uten navn her'],
    ]);
  });

  it('leaves out requests that could not be understood: they showed nothing, and kept nobody out', async () => {
    const { resources, told } = await start();
    const caller = { clientId: 'clumsy', purpose: 'COC' };
    const record = {
      atMs: Date.now(),
      caller,
      interaction: 'read',
      action: 'R',
      what: 'Patient/ida',
      patients: [],
      requestId: 'r',
    } as const;
    const events = (['4', '8', '12'] as const).flatMap((outcome) => auditEvents([{ ...record, outcome }], () => `e${outcome}`));
    await resources.transact({
      lookups: {},
      build: ({ nowMs }) => ({ result: undefined, writes: events.map((event) => firstVersion(event, nowMs, indexer)) }),
    });
    expect((await told('patient')).map(({ id }) => id).sort()).toEqual(['e12', 'e8']);
  });

  it('takes a period in Norwegian days, by GET and by POST', async () => {
    const { resources, told, as } = await start();
    const events = ['2026-01-01T22:59:59Z', '2026-01-01T23:00:00Z', '2026-01-02T22:59:59Z', '2026-01-02T23:00:00Z'].map((at, n) => {
      const caller = { clientId: `client-${n}`, purpose: 'COC' };
      const access = {
        atMs: Date.parse(at),
        caller,
        interaction: 'read',
        action: 'R',
        outcome: '0',
        patients: ['ida'],
        requestId: 'r',
      } as const;
      return auditEvents([access], () => `e${n}`)[0]!;
    });
    await resources.transact({
      lookups: {},
      build: ({ nowMs }) => ({ result: undefined, writes: events.map((event) => firstVersion(event, nowMs, indexer)) }),
    });
    expect((await told('patient', 'nb', '?start=2026-01-02&end=2026-01-02')).map(({ id }) => id)).toEqual(['e2', 'e1']);
    expect((await told('patient', 'nb', '?end=2026-01-01')).map(({ id }) => id)).toEqual(['e0']);
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'start', valueDate: '2026-01-02' },
        { name: 'end', valueDateTime: '2026-01-02T12:00:00Z' },
      ],
    };
    const answer = await as('patient')('POST', 'Patient/ida/$access-log', parameters);
    expect((answer.body.entry as { resource: Resource }[]).map(({ resource }) => resource.id)).toEqual(['e1']);
    for (const [query, at] of [
      ['start=yesterday', 'start'],
      ['_count=0', '_count'],
      ['_count=x', '_count'],
    ] as const) {
      expectRefusal(await as('patient')('GET', `Patient/ida/$access-log?${query}`), 400, 'value', at);
    }
    expectRefusal(await as('patient')('GET', 'Patient/ida/$access-log?who=x'), 400, 'not-supported', 'who');
  });

  it('gives every access once over its pages, while the log grows, and takes no link of another log [400 invalid]', async () => {
    const { resources, as } = await start();
    const write = (ids: readonly number[]) =>
      resources.transact({
        lookups: {},
        build: ({ nowMs }) => ({
          result: undefined,
          writes: ids.flatMap((n) => {
            const caller = { clientId: `client-${n % 4}`, purpose: 'COC' };
            const atMs = Date.UTC(2026, 2, 1) + n * 420_000;
            const access = { atMs, caller, interaction: 'read', action: 'R', outcome: '0', patients: ['ida'], requestId: 'r' } as const;
            return auditEvents([{ ...access, what: `Goal/g${n}` }], () => `e${n}`).map((event) => firstVersion(event, nowMs, indexer));
          }),
        }),
      });
    await write(Array.from({ length: 30 }, (_, n) => n));
    const seen: string[] = [];
    let next: string | undefined = 'Patient/ida/$access-log?_count=4&end=2026-03-02';
    let link = '';
    for (let pages = 0; next !== undefined; pages += 1) {
      expect(pages).toBeLessThan(20);
      const answer = await as('patient')('GET', next);
      expect(answer.status, answer.text).toBe(200);
      const entries = (answer.body.entry ?? []) as { resource: Resource }[];
      expect(entries.length).toBeLessThanOrEqual(4);
      seen.push(...entries.map(({ resource }) => resource.id!));
      next = (answer.body.link as { relation: string; url: string }[]).find(({ relation }) => relation === 'next')?.url;
      if (next !== undefined) link = next;
      await write([100 + pages]);
    }
    // Each of the four clients came every 28 minutes: no two accesses are one visit.
    expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => `e${29 - n}`));
    const other = link.replace('Patient/ida', 'Patient/other');
    expectRefusal(await as('another patient')('GET', other), 400, 'invalid', '_page');
  });
});

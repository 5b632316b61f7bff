import { afterEach, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { patient } from '../support/fixtures.ts';
import { onEachDatabase } from '../support/stores.ts';
import { bearer, startTestServer, type TestServer } from '../support/test-server.ts';
import { goal, ingrid, psfs } from './forms.ts';

interface Event extends Resource {
  subtype?: { code: string }[];
  agent: { who: { display?: string } }[];
  entity?: { what?: { reference: string } }[];
}

onEachDatabase('operations in the access log', (open) => {
  let server: TestServer | undefined;
  let audit: AuditLog | undefined;
  afterEach(async () => {
    await server?.close();
    await audit?.close();
  });

  it('tell whose data was shown or written', async () => {
    const { resources, state } = await open();
    const faults: unknown[] = [];
    const reportFault = (error: unknown) => faults.push(error);
    const services = { state, nowMs: Date.now, newId: () => crypto.randomUUID() };
    const { services: made, close } = await startTestServer({ store: resources });
    await close();
    audit = openAuditLog({ store: resources, journal: journalInTable(state, Date.now), index: made.index, nowMs: Date.now, reportFault });
    const started = await startTestServer({ store: resources, services: { ...services, audit } });
    server = started;
    const filler = { Authorization: bearer({ clientId: 'filler' }) };
    for (const resource of [ingrid, { ...ingrid, active: true }, goal('g1', 'Gå'), psfs('r1', 1, [['Gå', 3]]), patient({ id: 'other' })]) {
      expect((await started.request('PUT', `${resource.resourceType}/${resource.id}`, resource, filler)).status).toBeLessThan(300);
    }
    /** The patients named in the events of one client. */
    const shownTo = async (clientId: string): Promise<string[]> => {
      const answer = await started.request('GET', 'AuditEvent?_count=1000', undefined, filler);
      const events = ((answer.body.entry ?? []) as { resource: Event }[]).map(({ resource }) => resource);
      const own = events.filter(({ agent }) => agent.some(({ who }) => who.display === clientId));
      return [...new Set(own.flatMap(({ entity }) => entity ?? []).flatMap(({ what }) => what?.reference ?? []))].filter((each) =>
        /^Patient\/\w+$/.test(each),
      );
    };
    const as = (clientId: string, method: string, path: string, headers = {}) =>
      started.request(method, path, undefined, { Authorization: bearer({ clientId }), ...headers });
    for (const [client, method, path] of [
      ['meta', 'GET', 'Patient/ingrid/$meta'],
      ['diff', 'GET', 'Patient/ingrid/$diff'],
      ['validate', 'GET', 'Goal/g1/$validate'],
      ['everything', 'GET', 'Patient/ingrid/$everything'],
      ['extract', 'POST', 'QuestionnaireResponse/r1/$extract'],
    ] as const) {
      expect((await as(client, method, path)).status, path).toBe(200);
      expect(await shownTo(client), path).toEqual(['Patient/ingrid']);
    }
    const kickOff = await as('bulk', 'GET', '$export?_type=Goal', { Prefer: 'respond-async' });
    const status = kickOff.headers.get('Content-Location') ?? '';
    let answer = await as('bulk', 'GET', status);
    while (answer.status === 202) answer = await as('bulk', 'GET', status);
    expect(await shownTo('bulk')).toEqual([]);
    expect((await as('bulk', 'GET', (answer.body.output as { url: string }[])[0]!.url)).status).toBe(200);
    expect(await shownTo('bulk')).toEqual(['Patient/ingrid']);
    expect(faults).toEqual([]);
  });
});

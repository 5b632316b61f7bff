import { expect, it } from 'vitest';
import { openAuditLog } from '../../../server/audit/audit-log.ts';
import { journalInTable } from '../../../server/audit/journal-table.ts';
import { createScopeAccess } from '../../../server/auth/access.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { bearer, startTestServer } from '../../support/test-server.ts';
import { CONSENTS, fill, NOW_MS, PEOPLE } from './people.ts';

interface Event extends Resource {
  readonly agent: { readonly who: { readonly display?: string } }[];
  readonly entity?: { readonly what?: { readonly reference: string } }[];
}

/** What Ida's observation contains is Ida's: for who sees that, and in the log. */
const OBSERVATION: Resource = {
  resourceType: 'Observation',
  id: 'whole',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'Patient/ida' },
  contained: [{ resourceType: 'Specimen', id: 'part', status: 'available' }],
  specimen: { reference: '#part' },
};

onEachDatabase('what a resource contains, under the access rule', (open) => {
  it('is found by whoever sees the resource, and told of as that is', async () => {
    const { resources, state } = await open();
    await fill(resources, CONSENTS['active for all']!);
    const access = createPlanAccess({
      scopes: createScopeAccess({ readQuery: () => ({ op: 'none' }) }),
      store: resources,
      nowMs: () => NOW_MS,
    });
    const { services: made, close } = await startTestServer({ store: resources });
    await close();
    const reportFault = (error: unknown) => expect(error).toBeUndefined();
    const audit = openAuditLog({
      store: resources,
      journal: journalInTable(state, Date.now),
      index: made.index,
      nowMs: Date.now,
      reportFault,
    });
    const filler = await startTestServer({ store: resources, services: { writeValidation: 'off' } });
    const ruled = await startTestServer({
      store: resources,
      services: { access, audit, state, writeValidation: 'off', newId: () => crypto.randomUUID() },
    });
    try {
      expect((await filler.request('PUT', 'Observation/whole', OBSERVATION)).status).toBe(201);
      const ask = async (who: string, query: string, clientId: string) => {
        const headers = { Authorization: bearer({ ...PEOPLE[who]!, clientId }) };
        const answer = await ruled.request('GET', `Specimen?_contained=${query}&_total=accurate`, undefined, headers);
        expect(answer.status, answer.text).toBe(200);
        const entries = (answer.body.entry ?? []) as { fullUrl: string }[];
        return [answer.body.total, ...entries.map(({ fullUrl }) => fullUrl.replace(`${ruled.url}/`, ''))];
      };
      /** The patients that the log names for one client. */
      const toldOf = async (clientId: string): Promise<string[]> => {
        await audit.settle();
        const events = ((await filler.request('GET', 'AuditEvent?_count=1000')).body.entry ?? []) as { resource: Event }[];
        const own = events.map(({ resource }) => resource).filter(({ agent }) => agent.some(({ who }) => who.display === clientId));
        const named = own.flatMap(({ entity }) => entity ?? []).flatMap(({ what }) => what?.reference ?? []);
        return [...new Set(named)].filter((each) => each.startsWith('Patient/'));
      };
      for (const [query, found] of [
        ['true', 'Observation/whole'],
        ['both', 'Observation/whole'],
        ['true&_containedType=contained', 'Observation/whole#part'],
        ['both&_containedType=contained&_sort=-status', 'Observation/whole#part'],
      ] as const) {
        expect(await ask('team nurse', query, `nurse ${query}`), query).toEqual([1, found]);
        expect(await ask('patient', query, 'app'), query).toEqual([1, found]);
        expect(await ask('outsider nurse, same unit', query, `outsider ${query}`), query).toEqual([0]);
        expect(await toldOf(`nurse ${query}`), query).toEqual(['Patient/ida']);
        expect(await toldOf(`outsider ${query}`), query).toEqual([]);
      }
    } finally {
      await Promise.all([ruled.close(), filler.close()]);
      await audit.close();
    }
  });
});

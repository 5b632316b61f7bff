import { afterEach, describe, expect, it } from 'vitest';
import { createScopeAccess } from '../../../server/auth/access.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { bearer, startTestServer, type TestServer } from '../../support/test-server.ts';
import { CONSENTS, fill, NOW_MS, PEOPLE } from './people.ts';

/** The rule where it works: behind the FHIR API, for one who is of the team and one who is not. */
onEachDatabase('the access rule behind the FHIR API', (open) => {
  let server: TestServer | undefined;
  afterEach(() => server?.close());

  async function start(consent = 'active for all') {
    const { resources } = await open();
    await fill(resources, CONSENTS[consent]!);
    const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
    const access = createPlanAccess({ scopes, store: resources, nowMs: () => NOW_MS });
    const started = await startTestServer({ store: resources, services: { access, writeValidation: 'off' } });
    server = started;
    const as =
      (who: string) =>
      (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
        started.request(method, path, body, { Authorization: bearer(PEOPLE[who]!), ...headers });
    return { nurse: as('team nurse'), outsider: as('outsider nurse, same unit'), patient: as('patient'), unit: as('coordinating unit') };
  }
  const ids = (answer: { body: unknown }) =>
    ((answer.body as { entry?: { resource?: { resourceType: string; id: string } }[] }).entry ?? []).map(
      ({ resource }) => `${resource?.resourceType}/${resource?.id}`,
    );
  const score = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'PSFS' },
    subject: { reference: 'Patient/ida' },
    valueInteger: 4,
  };

  describe('for one who is not of the team', () => {
    it('a plan is as if it were not there: read, version, history', async () => {
      const { outsider, nurse } = await start();
      for (const path of ['CarePlan/plan', 'CarePlan/plan/_history/1', 'CarePlan/plan/_history', 'Patient/ida', 'Goal/goal']) {
        const [hidden, missing] = [await outsider('GET', path), await outsider('GET', path.replace(/(plan|ida|goal)\b/, 'nobody'))];
        expect(hidden.status, path).toBe(404);
        expect(hidden.body.issue?.[0]?.code).toBe(missing.body.issue?.[0]?.code);
        expect((await nurse('GET', path)).status, path).toBe(200);
      }
    });

    it('searches find nothing, whatever they ask: total, count, chain, reverse chain, include', async () => {
      const { outsider, nurse } = await start();
      const searches = [
        'CarePlan?_total=accurate',
        'CarePlan?subject=Patient/ida&_total=accurate',
        'CarePlan?_summary=count',
        'CarePlan?subject:Patient._id=ida&_total=accurate',
        'Patient?_has:CarePlan:subject:status=active&_total=accurate',
        'CarePlan?_include=CarePlan:subject&_revinclude=Goal:subject&_total=accurate',
        'Patient/ida/CarePlan?_total=accurate',
        'CareTeam?participant=PractitionerRole/nurse-role&_total=accurate',
      ];
      for (const search of searches) {
        const answer = await outsider('GET', search);
        if (answer.status === 404 && search.startsWith('Patient/ida/')) continue;
        expect(answer.status, search).toBe(200);
        expect(answer.body.total, search).toBe(0);
        expect(ids(answer), search).toEqual([]);
        expect(Number((await nurse('GET', search)).body.total), search).toBeGreaterThan(0);
      }
    });

    it('the directory does not lead to the record by reverse includes', async () => {
      const { outsider } = await start();
      const answer = await outsider('GET', 'PractitionerRole?_id=nurse-role&_revinclude=CareTeam:participant&_revinclude=Task:owner');
      expect(answer.status).toBe(200);
      expect(ids(answer)).toEqual(['PractitionerRole/nurse-role']);
    });

    it('nothing can be written about the person', async () => {
      const { outsider, nurse } = await start();
      expect([403, 404]).toContain((await outsider('POST', 'Observation', score)).status);
      expect([403, 404]).toContain((await outsider('DELETE', 'Goal/goal')).status);
      expect((await nurse('GET', 'Goal/goal')).status).toBe(200);
      expect((await nurse('GET', 'Observation?subject=Patient/ida&_total=accurate')).body.total).toBe(0);
    });

    it('nothing gets through in a batch or a transaction', async () => {
      const { outsider, nurse } = await start();
      const entry = [{ request: { method: 'POST', url: 'Observation' }, resource: score }];
      const transaction = await outsider('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
      expect([403, 404]).toContain(transaction.status);
      const batch = await outsider('POST', '', {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [...entry, { request: { method: 'GET', url: 'CarePlan/plan' } }],
      });
      const statuses = (batch.body as unknown as { entry: { response: { status: string } }[] }).entry.map(({ response }) =>
        response.status.slice(0, 3),
      );
      for (const status of statuses) expect(['403', '404']).toContain(status);
      expect((await nurse('GET', 'Observation?subject=Patient/ida&_total=accurate')).body.total).toBe(0);
    });
  });

  describe('for one of the team', () => {
    it('a score can be added, and nothing about anyone else', async () => {
      const { nurse } = await start();
      expect((await nurse('POST', 'Observation', score)).status).toBe(201);
      expect([403, 404]).toContain((await nurse('POST', 'Observation', { ...score, subject: { reference: 'Patient/other' } })).status);
    });

    it('a resource cannot be moved to the record of another person', async () => {
      const { nurse } = await start();
      const moved = {
        resourceType: 'Goal',
        id: 'goal',
        lifecycleStatus: 'active',
        description: { text: 'x' },
        subject: { reference: 'Patient/other' },
      };
      expect([403, 404]).toContain((await nurse('PUT', 'Goal/goal', moved, { 'If-Match': 'W/"1"' })).status);
      expect((await nurse('GET', 'Goal/goal')).body.subject).toEqual({ reference: 'Patient/ida' });
    });

    it('withdrawn consent closes everything at the next request, and the patient still sees their own', async () => {
      const { nurse, patient, unit } = await start('withdrawn');
      expect((await nurse('GET', 'CarePlan/plan')).status).toBe(404);
      expect((await patient('GET', 'CarePlan/plan')).status).toBe(200);
      expect((await unit('GET', 'ServiceRequest/need')).status).toBe(200);
      expect((await unit('GET', 'CarePlan/plan')).status).toBe(404);
    });
  });
});

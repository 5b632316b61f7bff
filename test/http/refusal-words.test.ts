import { expect, it } from 'vitest';
import type { Issue } from '../../server/fhir/outcome.ts';
import { onEachServer } from '../support/each-server.ts';
import { carePlan, patient } from '../support/fixtures.ts';
import { BAD_REQUESTS } from './bad-requests.ts';

onEachServer('the words of refusals', (start) => {
  it('are in the language asked for, whatever is refused, beside diagnostics that stay as they are', async () => {
    const server = await start();
    for (const id of ['p1', 'p2', 'gone']) await server.request('PUT', `Patient/${id}`, patient({ id }));
    await server.request('DELETE', 'Patient/gone');
    await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }));
    const untold: string[] = [];
    for (const { why, method, path, body, headers } of BAD_REQUESTS) {
      const issuesIn = async (language: string) => {
        const answer = await server.request(method, path, body, { ...headers, 'Accept-Language': language });
        const issues = (answer.body.issue ?? []) as readonly Issue[];
        return issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
      };
      const [en, nb, nn] = [await issuesIn('en'), await issuesIn('nb-NO, en;q=0.5'), await issuesIn('nn')];
      const texts = [nb, nn].map((issues) => issues.map(({ details }) => details?.text));
      const isTold = texts.every((each) => each.length > 0 && each.every((text) => text !== undefined));
      if (!isTold || JSON.stringify(texts[0]) === JSON.stringify(texts[1])) untold.push(`${why}: ${JSON.stringify(texts)}`);
      expect(nb.map(({ diagnostics }) => diagnostics)).toEqual(en.map(({ diagnostics }) => diagnostics));
    }
    expect(untold).toEqual([]);
    await server.close();
  }, 60_000);

  it('are told of an entry of a batch, and of one that a transaction failed at', async () => {
    const server = await start();
    const entry = [{ request: { method: 'GET', url: 'Patient/nobody' } }];
    const nynorsk = { 'Accept-Language': 'nn' };
    const batch = await server.request('POST', '', { resourceType: 'Bundle', type: 'batch', entry }, nynorsk);
    const [first] = (batch.body as unknown as { entry: { response: { status: string; outcome: { issue: object[] } } }[] }).entry;
    expect(first?.response.status).toMatch(/^404/);
    const text = 'Dette finst ikkje, eller du har ikkje tilgang til å sjå det.';
    expect(first?.response.outcome.issue).toMatchObject([{ code: 'not-found', details: { text }, expression: ['Bundle.entry[0]'] }]);
    const update = [{ request: { method: 'PUT', url: 'Patient/p1', ifMatch: 'W/"7"' }, resource: patient({ id: 'p1' }) }];
    const refused = await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry: update }, nynorsk);
    expect([refused.status, refused.body.issue?.[0]?.code, refused.body.issue?.[0]?.expression]).toEqual([
      412,
      'conflict',
      ['Bundle.entry[0].request.ifMatch'],
    ]);
    expect(refused.text).toContain('Ressursen er ein annan enn den du gjekk ut frå.');
    await server.close();
  });
});

import { describe, expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { carePlan, patient } from '../support/fixtures.ts';
import { BAD_REQUESTS } from './bad-requests.ts';

describe('the table of bad requests', () => {
  it('has a name of its own for each row', () => {
    expect(BAD_REQUESTS.length).toBeGreaterThanOrEqual(150);
    expect(new Set(BAD_REQUESTS.map(({ why, method, path }) => `${why} ${method} ${path}`)).size).toBe(BAD_REQUESTS.length);
  });
});

onEachServer('bad requests', (start) => {
  it('refuses each with its status, code and expression, and changes nothing', async () => {
    const logged: string[] = [];
    const server = await start({ logLine: (line) => logged.push(line) });
    for (const id of ['p1', 'p2', 'gone']) await server.request('PUT', `Patient/${id}`, patient({ id }));
    await server.request('DELETE', 'Patient/gone');
    await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }));
    const before = (await server.request('GET', '_history')).text.replace(
      /"id":"id-\d+","meta":\{"lastUpdated":"[^"]+"\},"type":"history"/,
      '',
    );
    const differences: unknown[] = [];
    for (const { why, method, path, body, headers, status, code, expression } of BAD_REQUESTS) {
      const answer = await server.request(method, path, body, headers);
      const issue = answer.body.issue?.find(({ severity }) => severity === 'error' || severity === 'fatal');
      const got = { status: answer.status, code: issue?.code, expression: issue?.expression?.[0] };
      const same = got.status === status && got.code === code && got.expression === expression;
      if (!same || answer.body.resourceType !== 'OperationOutcome')
        differences.push({ why, expected: { status, code, expression }, got, text: answer.text.slice(0, 300) });
      expect(answer.text).not.toMatch(/ at \S+ \(|node_modules|\.ts:\d/);
    }
    expect(differences).toEqual([]);
    const after = (await server.request('GET', '_history')).text.replace(
      /"id":"id-\d+","meta":\{"lastUpdated":"[^"]+"\},"type":"history"/,
      '',
    );
    expect(after).toBe(before);
    expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  }, 60_000);
});

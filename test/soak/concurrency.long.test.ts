/** Several server processes on one PostgreSQL database, and many clients that want the same thing at once. */
import { afterEach, describe, expect, it } from 'vitest';
import { freshPostgresUrl } from '../support/stores.ts';
import { ask, basic } from './clients.ts';
import { Cluster } from './cluster.ts';

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

async function started(processes: number): Promise<Cluster> {
  cluster = new Cluster(await freshPostgresUrl());
  await cluster.start(processes);
  return cluster;
}

const tally = (values: readonly (number | undefined)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

describe('at three servers over one PostgreSQL database', { timeout: 60_000 }, () => {
  it('500 conditional creates of one identifier make one resource: one 201, and 200 for all others', async () => {
    const servers = await started(3);
    const body = { ...basic('ignored', 'one'), id: undefined };
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => ask(`${servers.url}/Basic`, 'POST', body, { 'If-None-Exist': 'identifier=urn:soak|ignored' })),
    );
    expect(tally(answers.map((answer) => answer?.status))).toEqual({ 200: 499, 201: 1 });
    const found = await ask(`${servers.url}/Basic?identifier=urn:soak|ignored&_total=accurate`, 'GET');
    expect(found?.body.total).toBe(1);
  });

  it('200 clients that update one CarePlan with If-Match give versions without a gap, each accepted one in the history', async () => {
    const servers = await started(3);
    const plan = (title: string): object => ({
      resourceType: 'CarePlan',
      id: 'shared',
      status: 'draft',
      intent: 'plan',
      subject: { display: 'Kari' },
      title,
    });
    expect((await ask(`${servers.url}/CarePlan/shared`, 'PUT', plan('start')))?.status).toBe(201);
    const accepted = new Map<number, string>([[1, 'start']]);
    const refusals: (number | undefined)[] = [];
    /** Reads, changes, and begins anew when another was first. */
    const client = async (n: number): Promise<void> => {
      for (;;) {
        const { version = 0 } = (await ask(`${servers.url}/CarePlan/shared`, 'GET')) ?? {};
        const title = `client ${n}`;
        const answer = await ask(`${servers.url}/CarePlan/shared`, 'PUT', plan(title), { 'If-Match': `W/"${version}"` });
        if (answer?.status !== 200) {
          refusals.push(answer?.status);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
          continue;
        }
        expect(answer.version).toBe(version + 1);
        expect(accepted.has(answer.version)).toBe(false);
        accepted.set(answer.version, title);
        return;
      }
    };
    await Promise.all(Array.from({ length: 200 }, (_, n) => client(n)));
    expect(refusals.filter((status) => status !== 412 && status !== 409)).toEqual([]);
    expect([...accepted.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 201 }, (_, n) => n + 1));
    const history = await ask(`${servers.url}/CarePlan/shared/_history?_count=500`, 'GET');
    const kept = (history?.body.entry ?? []).map(({ resource }) => resource as unknown as { meta: { versionId: string }; title: string });
    expect(new Map(kept.map(({ meta, title }) => [Number(meta.versionId), title]))).toEqual(accepted);
  });
});

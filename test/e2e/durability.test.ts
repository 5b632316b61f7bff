import { afterEach, describe, expect, it } from 'vitest';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';

const WRITES = 200;
const KILL_AFTER_ANSWERS = 60;

let demo: DemoProcess | undefined;

afterEach(async () => {
  if (demo === undefined) return;
  await demo.kill();
  await removeData(demo);
  demo = undefined;
});

describe('a process that is killed', () => {
  it('has lost no write that was answered 2xx, and keeps each at its version', { timeout: 120_000 }, async () => {
    demo = await startDemo({ env: { FELLESPLAN_LOG: 'silent' } });
    const headers = { Authorization: `Bearer ${await demo.token('admin-system')}`, 'Content-Type': 'application/fhir+json' };
    const { url } = demo;
    const acknowledged = new Map<string, number>();
    let answers = 0;
    let killed: Promise<void> | undefined;
    // Twenty resources, each written ten times over: creates and updates are under way side by side when the end comes.
    const write = async (id: string): Promise<void> => {
      for (let version = 1; version <= WRITES / 20; version++) {
        const body = JSON.stringify({ resourceType: 'Basic', id, code: { text: `version ${version}` } });
        const response = await fetch(`${url}/fhir/Basic/${id}`, { method: 'PUT', headers, body }).catch(() => undefined);
        if (response === undefined) return;
        expect(response.status).toBe(version === 1 ? 201 : 200);
        acknowledged.set(id, Number(/W\/"(\d+)"/.exec(response.headers.get('etag') ?? '')?.[1]));
        answers += 1;
        if (answers === KILL_AFTER_ANSWERS) killed = demo?.kill();
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, at) => write(`crash-${at}`)));
    await killed;
    expect(answers).toBeGreaterThanOrEqual(KILL_AFTER_ANSWERS);
    expect(answers).toBeLessThan(WRITES);

    demo = await startDemo({ dataDir: demo.dataDir, env: { FELLESPLAN_LOG: 'silent' } });
    const again = { Authorization: `Bearer ${await demo.token('admin-system')}` };
    for (const [id, version] of acknowledged) {
      const kept = await fetch(`${demo.url}/fhir/Basic/${id}/_history/${version}`, { headers: again });
      expect(kept.status, `${id} version ${version}`).toBe(200);
      expect(await kept.json()).toMatchObject({ id, meta: { versionId: String(version) }, code: { text: `version ${version}` } });
    }
  });
});

describe('a process that is asked to stop', () => {
  it('says that it lives and can serve, finishes an open request and exits 0', { timeout: 60_000 }, async () => {
    demo = await startDemo({ env: { FELLESPLAN_LOG: 'silent' } });
    const { url } = demo;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const headers = { Authorization: `Bearer ${await demo.token('admin-system')}`, 'Content-Type': 'application/fhir+json' };
    const slow = new TransformStream<Uint8Array, Uint8Array>();
    const writer = slow.writable.getWriter();
    const open = fetch(`${url}/fhir/Basic/slow`, { method: 'PUT', headers, body: slow.readable, duplex: 'half' } as RequestInit);
    const text = new TextEncoder().encode(JSON.stringify({ resourceType: 'Basic', id: 'slow', code: { text: 'sent in two parts' } }));
    await writer.write(text.slice(0, 10));
    await new Promise((done) => setTimeout(done, 300));
    const exit = demo.stop();
    await new Promise((done) => setTimeout(done, 300));
    await writer.write(text.slice(10));
    await writer.close();
    expect((await open).status).toBe(201);
    expect(await exit).toBe(0);
  });
});

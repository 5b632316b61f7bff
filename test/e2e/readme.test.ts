import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SECTION = 'Read and write a plan with curl';

let demo: DemoProcess;

beforeAll(async () => {
  demo = await startDemo({ env: { FELLESPLAN_LOG: 'silent' } });
});

afterAll(async () => {
  await demo.stop();
  await removeData(demo);
});

describe('the calls that the README shows', () => {
  it('work as they are written, one after the other', { timeout: 60_000 }, async () => {
    const calls = callsOf(readFileSync(resolve(ROOT, 'README.md'), 'utf8'));
    expect(calls).toHaveLength(5);
    const [, found, plan, written, placed] = await run(calls);
    expect(found).toMatchObject({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [{ resource: { resourceType: 'Patient', id: 'ingrid-solberg' } }],
    });
    const types = (plan as { entry: { resource: { resourceType: string } }[] }).entry.map(({ resource }) => resource.resourceType);
    expect(new Set(types)).toEqual(new Set(['CarePlan', 'CareTeam', 'Goal']));
    expect(written).toMatchObject({
      type: 'transaction-response',
      entry: [{ response: { status: expect.stringContaining('201') } }, { response: { status: expect.stringContaining('201') } }],
    });
    expect(placed).toMatchObject({ resourceType: 'CarePlan', id: 'ingrid-solberg-plan', meta: { versionId: '2' } });
    expect((placed as { activity: unknown[] }).activity.at(-1)).toEqual({ reference: { reference: 'Task/gangtrening' } });
  });
});

/** The shell blocks of the section, in order. */
function callsOf(readme: string): string[] {
  const section = readme.slice(readme.indexOf(`### ${SECTION}`)).split(/\n#{2,3} /)[0] ?? '';
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
}

/** What each call prints as JSON; the first sets a variable and prints nothing. */
async function run(calls: readonly string[]): Promise<readonly unknown[]> {
  const marker = '=====';
  const script = calls.join(`\necho; echo '${marker}'\n`).replaceAll('http://localhost:8080', demo.url);
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env: demo.env });
  return stdout.split(marker).map((text) => (text.trim() === '' ? undefined : (JSON.parse(text) as unknown)));
}

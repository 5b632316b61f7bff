/**
 * The commands that the pages below docs show, run as they are written, one after the other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocksOf } from '../docs/blocks.ts';
import { runBlocks } from '../docs/run-blocks.ts';
import { freePort } from '../support/free-port.ts';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SERVER = join(ROOT, 'server');
const PAGE = readFileSync(join(ROOT, 'docs', 'operating.md'), 'utf8');
let demo: DemoProcess;

beforeAll(async () => {
  demo = await startDemo({ env: { FELLESPLAN_LOG: 'silent', FELLESPLAN_METRICS_LISTEN: `127.0.0.1:${await freePort()}` } });
});
afterAll(async () => {
  await demo.stop();
  await removeData(demo);
});

it('the commands of docs/validating.md do what the page says', { timeout: 120_000 }, async () => {
  const { printed, folder } = await runBlocks(blocksOf('docs/validating.md', 'sh'), demo);
  const [, files = '', outcome = '', listed = ''] = printed;
  expect(files.match(/0 invalid/g)).toHaveLength(2);
  expect(readFileSync(join(folder, 'report.xml'), 'utf8')).toMatch(/<testsuites?[^>]* failures="0"/);
  expect(JSON.parse(outcome)).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: expect.arrayContaining([
      expect.objectContaining({ severity: 'error', details: expect.objectContaining({ text: expect.any(String) }) }),
    ]),
  });
  expect(listed.split('\n').length).toBeGreaterThan(400);
  expect(readFileSync(join(folder, 'smart.xml'), 'utf8')).toMatch(/<testsuites?[^>]* failures="0"/);
});

it('the commands of docs/operating.md do what the page says', { timeout: 120_000 }, async () => {
  const { printed, folder } = await runBlocks(blocksOf('docs/operating.md', 'sh'), demo);
  const [nightly = '', drill = ''] = printed;
  const size = /is whole: (\d+ versions, \d+ entries of state)/.exec(nightly)?.[1];
  expect(drill.split('\n')[0]).toBe(`${folder}/drill/fellesplan.sqlite: ${size}`);
  expect(drill).toMatch(/^\S+ {2}signs from \S+$/m);
  expect(readFileSync(join(folder, 'backup', 'seals.txt'), 'utf8')).toContain('newest seal');
});

it('the commands of docs/launching.md do what the page says', { timeout: 120_000 }, async () => {
  const { printed } = await runBlocks(blocksOf('docs/launching.md', 'sh'), demo);
  expect(printed).toEqual([`The configuration can be used: ${demo.url}/fhir`, `The configuration can be used: ${demo.url}/fhir`]);
});

it('every metric that docs/operating.md names is told', async () => {
  const named = [...PAGE.matchAll(/^\| `([a-z0-9]+_[a-z0-9_]+)` \|/gm)].map((match) => match[1] ?? '');
  const told = await (await fetch(`http://${demo.env.FELLESPLAN_METRICS_LISTEN}/metrics`)).text();
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !new RegExp(`^# HELP ${name} `, 'm').test(told))).toEqual([]);
});

it('docs/operating.md names every event of the log', () => {
  const files = readdirSync(SERVER, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.d)\.ts$/.test(name));
  const written = files
    .flatMap((name) => [...readFileSync(join(SERVER, name), 'utf8').matchAll(/\bevent: '([a-z-]+)'/g)])
    .map((match) => match[1]);
  const named = [...PAGE.matchAll(/^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \| (?:info|debug|error)/gm)].flatMap((match) => [
    ...(match[1] ?? '').matchAll(/`([a-z-]+)`/g),
  ]);
  expect(named.map((match) => match[1]).sort()).toEqual([...new Set(written)].sort());
});

it('the commands of docs/access-and-log.md do what the page says', { timeout: 120_000 }, async () => {
  // The page is for a service that has run for some seconds: by now, it nearly has.
  const verify = async () => (await runBlocks(['npx fellesplan audit verify'], demo)).printed[0];
  await expect.poll(verify, { timeout: 30_000, interval: 500 }).toMatch(/newest seal \d+:/);
  const { printed, folder } = await runBlocks(blocksOf('docs/access-and-log.md', 'sh'), demo);
  const [verified = '', exported = ''] = printed;
  expect(verified).toMatch(/: \d+ events, \d+ not yet sealed; newest seal \d+:[0-9a-f]{64}$/);
  expect(exported).toMatch(/^period\.ndjson: \d+ events, \d+ seals?, 0 events under these seals are not in the file/);
  expect(readFileSync(join(folder, 'ingrid.csv'), 'utf8').split('\n').length).toBeGreaterThan(2);
});

/**
 * The commands that the pages below docs show, run as they are written, one after the other.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocksOf } from '../docs/blocks.ts';
import { runBlocks } from '../docs/run-blocks.ts';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';

let demo: DemoProcess;

beforeAll(async () => {
  demo = await startDemo({ env: { FELLESPLAN_LOG: 'silent' } });
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

it('the commands of docs/access-and-log.md do what the page says', { timeout: 120_000 }, async () => {
  // The page is for a service that has run for some seconds.
  const verify = async () => (await runBlocks(['npx fellesplan audit verify'], demo)).printed[0];
  await expect.poll(verify, { timeout: 30_000, interval: 500 }).toMatch(/newest seal \d+:/);
  const { printed, folder } = await runBlocks(blocksOf('docs/access-and-log.md', 'sh'), demo);
  const [verified = '', exported = ''] = printed;
  expect(verified).toMatch(/: \d+ events, \d+ not yet sealed; newest seal \d+:[0-9a-f]{64}$/);
  expect(exported).toMatch(/^period\.ndjson: \d+ events, \d+ seals?, 0 events under these seals are not in the file/);
  expect(readFileSync(join(folder, 'ingrid.csv'), 'utf8').split('\n').length).toBeGreaterThan(2);
});

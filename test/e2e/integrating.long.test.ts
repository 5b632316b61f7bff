/**
 * The client that docs/integrating.md shows, put together and run as it is written, against the demo.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../cli/run-cli.ts';
import { blocksOf } from '../docs/blocks.ts';
import { COMMAND } from '../support/command.ts';
import { removeData, startDemo } from './demo-process.ts';

const PAGE = 'docs/integrating.md';

it('the client of the page does all that the page says', { timeout: 120_000 }, async () => {
  const cwd = temporaryFolder();
  const run = promisify(execFile);
  const command = (text: string) => text.replaceAll('npx fellesplan', `'${process.execPath}' '${COMMAND}'`);
  const registered = await run('bash', ['-euo', 'pipefail', '-c', command(blocksOf(PAGE, 'sh').join('\n'))], { cwd });
  expect(registered.stdout).toBe('clients.json: 1 client\n');

  const demo = await startDemo({ env: { FELLESPLAN_LOG: 'silent', FELLESPLAN_CLIENTS: join(cwd, 'clients.json') } });
  onTestFinished(async () => {
    await demo.stop();
    await removeData(demo);
  });
  const client = blocksOf(PAGE, 'js').join('\n').replace('http://localhost:8080', demo.url);
  writeFileSync(join(cwd, 'client.mjs'), client);
  const { stdout } = await run(process.execPath, ['client.mjs'], { cwd });
  expect(stdout.trimEnd().split('\n')).toEqual([
    'plan: CarePlan CareTeam Goal Observation Organization Patient Practitioner PractitionerRole RelatedPerson Task',
    'measure: in the plan',
    'psfs: 2 observations',
    expect.stringMatching(/^changes: more than a page, and next time from \d{4} on$/),
    'export: CarePlan whole',
    'export: Task whole',
    'begun: 201 Created, 201 Created, 201 Created',
  ]);
});

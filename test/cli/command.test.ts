/** `fellesplan` itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SOFTWARE } from '../../server/interactions/software.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('fellesplan', { timeout: 60_000 }, () => {
  it('tells its version, which is that of the package, the profiles and the capability statement', async () => {
    const run = await runCli(['--version'], { cwd: temporaryFolder() });
    expect(run).toMatchObject({ exitCode: 0, stdout: `${SOFTWARE.version}\n` });
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(version).toBe(SOFTWARE.version);
    expect(readFileSync(join(ROOT, 'profiles/sushi-config.yaml'), 'utf8')).toContain(`\nversion: ${SOFTWARE.version}\n`);
  });

  it('exits 2 with its help when there is no such command', async () => {
    const run = await runCli(['vaildate', 'x.json'], { cwd: temporaryFolder() });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("unknown command 'vaildate'");
    expect(run.stderr).toContain('Did you mean validate?');
    expect(run.stderr).toContain('Usage: fellesplan');
  });
});

it.each(['backup', 'restore', 'reindex', 'check', 'keys', 'profiles', 'clients check', 'audit verify', 'validate'])(
  'tells in the help of %s what its exit codes mean',
  async (command) => {
    const { stdout, exitCode } = await runCli([...command.split(' '), '--help'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/exits 0 .* 1 when/i);
  },
);

it('reaches its word on an old Node.js there: nothing is imported by a name that one of them lacks', () => {
  const text = readFileSync(join(ROOT, 'bin/fellesplan.js'), 'utf8');
  const named = [...text.matchAll(/^import \{ (.*) \} from/gm)].flatMap((match) => (match[1] ?? '').split(', '));
  expect(named).toEqual(['existsSync', 'fileURLToPath']);
});

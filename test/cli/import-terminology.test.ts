import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeSnomed } from '../terminology/made-releases.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

const observation = (code: string): string =>
  JSON.stringify({ resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'http://snomed.info/sct', code }] } });

describe('import-terminology', () => {
  it('loads a release that validate then checks codes with', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'good.json'), observation('100000002'));
    writeFileSync(join(cwd, 'bad.json'), observation('123456789'));
    expect((await runCli(['validate', 'good.json', 'bad.json'], { cwd })).exitCode).toBe(0);

    const loaded = await runCli(['import-terminology', '--system', 'snomed', writeSnomed(cwd)], { cwd });
    expect(loaded.stdout).toMatch(
      /^SNOMED CT: 7 concepts loaded into .*\(http:\/\/snomed\.info\/sct\|http:\/\/snomed\.info\/sct\/51000202101\/version\/20260115\)\n$/,
    );
    expect(loaded.exitCode).toBe(0);

    const { exitCode, stdout } = await runCli(['validate', 'good.json', 'bad.json'], { cwd });
    expect(stdout).toMatch(/^good\.json: valid/);
    expect(stdout).toMatch(/\nbad\.json: 1 error/);
    expect(exitCode).toBe(1);
  });

  it('exits 2 when the files are not a release, or not there', async () => {
    const cwd = temporaryFolder();
    expect(await runCli(['import-terminology', '--system', 'loinc', '.'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: 'fellesplan: .: there is no Loinc.csv here\n',
    });
    expect(await runCli(['import-terminology', '--system', 'snomed', 'nowhere'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: 'fellesplan: there is no file or folder nowhere\n',
    });
  });
});

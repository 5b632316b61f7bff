/** `fellesplan check`: what an operator runs before a start or a SIGHUP. */
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtimeWarnings } from '../../server/commands/runtime.ts';
import { runCli, temporaryFolder } from '../cli/run-cli.ts';
import { certificateFiles } from '../support/certificates.ts';

/** What is said of the Node.js that the tests run on. */
const RUNTIME = runtimeWarnings(process.versions.node)
  .map((warning) => `fellesplan: ${warning}\n`)
  .join('');

/** The variables of a service with a certificate of its own, in a new folder. */
function service(): { folder: string; env: Record<string, string> } {
  const folder = temporaryFolder();
  const keyFile = join(folder, 'key.pem');
  copyFileSync(certificateFiles('first').keyFile, keyFile);
  chmodSync(keyFile, 0o600);
  const env = {
    NODE_ENV: 'production',
    FELLESPLAN_URL: 'https://localhost:8443',
    FELLESPLAN_DATA: join(folder, 'data'),
    FELLESPLAN_TLS_CERT: certificateFiles('first').certFile,
    FELLESPLAN_TLS_KEY: keyFile,
    DATABASE_URL: '',
  };
  return { folder, env };
}

describe('fellesplan check', () => {
  it('says that all can be used, and changes nothing', async () => {
    const { folder, env } = service();
    const run = await runCli(['check'], { cwd: folder, env });
    expect(run).toEqual({ exitCode: 0, stdout: 'The configuration can be used: https://localhost:8443/fhir\n', stderr: RUNTIME });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('tells what is misspelt in the URL of the database, without asking it', async () => {
    const { folder, env } = service();
    const url = 'postgres://fellesplan:secret@localhost:1/none?shcema=plans';
    const run = await runCli(['check'], { cwd: folder, env: { ...env, DATABASE_URL: url } });
    const stdout = 'DATABASE_URL: the parameter shcema is not known. Did you mean schema?\n';
    expect(run).toEqual({ exitCode: 1, stdout, stderr: RUNTIME });
  });

  it('tells what is wrong with each file at once, with the variable that names it', async () => {
    const { folder, env } = service();
    writeFileSync(join(folder, 'clients.json'), '[{ "clientId": "a" }]');
    writeFileSync(join(folder, 'ehrs.json'), '{');
    const { exitCode, stdout } = await runCli(['check'], {
      cwd: folder,
      env: {
        ...env,
        FELLESPLAN_TLS_KEY: certificateFiles('second').keyFile,
        FELLESPLAN_CLIENTS: join(folder, 'clients.json'),
        FELLESPLAN_TRUSTED_ISSUERS: join(folder, 'ehrs.json'),
        FELLESPLAN_IDENTITY_PROVIDER: join(folder, 'none.json'),
        FELLESPLAN_BRANDS: join(folder, 'ehrs.json'),
      },
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('FELLESPLAN_TLS_CERT and FELLESPLAN_TLS_KEY: ');
    expect(stdout).toContain(`FELLESPLAN_CLIENTS: ${folder}/clients.json cannot be used:\n  [0].name: a name for people is wanted`);
    expect(stdout).toContain(`FELLESPLAN_TRUSTED_ISSUERS: ${folder}/ehrs.json is not JSON\n`);
    expect(stdout).toContain(`FELLESPLAN_IDENTITY_PROVIDER: ${folder}/none.json cannot be read (ENOENT)\n`);
    expect(stdout).toContain(`FELLESPLAN_BRANDS: ${folder}/ehrs.json is not JSON\n`);
  });

  it('tells what is wrong with the variables', async () => {
    const { folder, env } = service();
    const run = await runCli(['check'], { cwd: folder, env: { ...env, PORT: '0', FELLESPLAN_LOG: 'warn' } });
    expect(run).toMatchObject({
      exitCode: 1,
      stdout: 'PORT=0: a port is a whole number from 1 to 65535\nFELLESPLAN_LOG=warn: one of silent, error, info, debug is wanted\n',
    });
  });

  it('tells of a folder for the data that cannot be made', async () => {
    const { folder, env } = service();
    const run = await runCli(['check'], { cwd: folder, env: { ...env, FELLESPLAN_DATA: join(env.FELLESPLAN_TLS_CERT!, 'data') } });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/^FELLESPLAN_DATA: (EACCES|ENOTDIR)/);
  });

  it('warns of a certificate that is not made out to the host of the URL', async () => {
    const { folder, env } = service();
    const run = await runCli(['check'], { cwd: folder, env: { ...env, FELLESPLAN_URL: 'https://plan.example' } });
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('is not made out to plan.example, the host of FELLESPLAN_URL'),
    });
  });
});

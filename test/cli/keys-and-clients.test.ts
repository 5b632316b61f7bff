/** `fellesplan keys` and `fellesplan clients` as people run them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JWK, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { hashOfSecret } from '../../server/auth/clients.ts';
import { canSign } from '../../server/composition/signing-jwk.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

const LINE = /^([\w-]{43}) {2}(signs|will sign|verifies)( from [\d:.TZ-]+)?( until [\d:.TZ-]+)?$/;
const linesOf = (text: string) => text.trimEnd().split('\n');

describe('fellesplan keys', { timeout: 60_000 }, () => {
  it.each(['SQLite', 'PostgreSQL'])('lists, rotates and retires on %s, while the store is open elsewhere', async (store) => {
    const folder = temporaryFolder();
    const url = store === 'SQLite' ? '' : await freshPostgresUrl();
    const database =
      url === ''
        ? await openSqliteStore({ file: join(folder, 'data', 'fellesplan.sqlite') })
        : await openPostgresStore({ url, connections: 1 });
    const run = (...args: string[]) =>
      runCli(['keys', ...args], { cwd: folder, env: { FELLESPLAN_DATA: join(folder, 'data'), DATABASE_URL: url } });
    const first = LINE.exec(linesOf((await run('list')).stdout)[0]!);
    expect(first?.[2]).toBe('signs');
    const rotated = await run('rotate');
    expect(rotated).toMatchObject({ exitCode: 0, stderr: '' });
    expect(linesOf(rotated.stdout).map((line) => LINE.exec(line)?.[2])).toEqual(['signs', 'will sign']);
    const retired = await run('retire', first![1]!);
    expect(retired.exitCode).toBe(0);
    expect(retired.stdout).not.toContain(first![1]);
    expect(linesOf(retired.stdout).map((line) => LINE.exec(line)?.[2])).toEqual(['signs']);
    expect((await database.state.list('auth/shared/signing-key', 10)).length).toBe(1);
    expect(await run('retire', first![1]!)).toMatchObject({ exitCode: 1, stderr: `fellesplan: there is no key ${first![1]}\n` });
    await database.close();
  });

  it('could not run where there is no database', async () => {
    const folder = temporaryFolder();
    const run = await runCli(['keys', 'list'], { cwd: folder, env: { FELLESPLAN_DATA: join(folder, 'data'), DATABASE_URL: '' } });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('there is no database');
  });
});

describe('fellesplan clients', () => {
  it('makes a secret, and its hash lets the client in', async () => {
    const { exitCode, stdout } = await runCli(['clients', 'secret'], { cwd: temporaryFolder() });
    const [secret = '', hash] = linesOf(stdout).map((line) => line.split(/ +/)[1]);
    expect([exitCode, hash]).toEqual([0, hashOfSecret(secret)]);
    expect(secret).toHaveLength(43);
  });

  it.each(['ES384', 'RS256'])('makes a key for %s, and what its private half signs its public half verifies', async (algorithm) => {
    const args = algorithm === 'ES384' ? [] : ['--algorithm', algorithm];
    const { exitCode, stdout } = await runCli(['clients', 'key', ...args], { cwd: temporaryFolder() });
    const [privateKey, publicKey] = linesOf(stdout).map((line) => JSON.parse(line.replace(/^\w+ +/, '')) as JWK);
    expect([exitCode, privateKey?.alg, publicKey?.alg, publicKey?.d]).toEqual([0, algorithm, algorithm, undefined]);
    expect(await canSign(privateKey)).toBe(true);
    const token = await new SignJWT({}).setProtectedHeader({ alg: algorithm, kid: publicKey!.kid! }).sign(privateKey!);
    expect((await jwtVerify(token, publicKey!)).protectedHeader.kid).toBe(privateKey?.kid);
  });

  it('checks a file: exit code 0 good, 1 not, 2 not to be read', async () => {
    const cwd = temporaryFolder();
    const client = {
      clientId: 'a',
      name: 'A',
      authentication: { method: 'client_secret_basic', secretHash: hashOfSecret('x') },
      grants: ['client_credentials'],
      scopes: ['system/CarePlan.rs'],
      organizationNumber: '310001376',
    };
    const check = async (content: string) => {
      writeFileSync(join(cwd, 'clients.json'), content);
      return runCli(['clients', 'check', 'clients.json'], { cwd });
    };
    expect(await check(JSON.stringify([client]))).toMatchObject({ exitCode: 0, stdout: 'clients.json: 1 client\n' });
    expect(await check(JSON.stringify([{ ...client, scopes: ['system/Careplan.rs'] }, client]))).toMatchObject({
      exitCode: 1,
      stdout: '[0].scopes[0]: Careplan is no resource type\n[1].clientId: a is taken\n',
    });
    expect(await check('[{"secret":')).toMatchObject({ exitCode: 2, stdout: '', stderr: 'fellesplan: clients.json is not JSON\n' });
    expect(await runCli(['clients', 'check', 'none.json'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: 'fellesplan: none.json cannot be read (ENOENT)\n',
    });
  });
});

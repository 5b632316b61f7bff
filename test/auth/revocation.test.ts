/** A revoked access token is refused from the next request on, whoever revoked it [RFC 7009 section 2]. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { launch, post, type SmartServer, startSmartServer } from './smart-server.ts';

let folder: string;
let databases: readonly Database[];
let smart: SmartServer;

describe.each([
  ['on the main thread', 1_000_000],
  ['on a thread of its own', 0],
])('an access token that was accepted before, with a writer %s', (_where, threadAfterGroups) => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fellesplan-revocation-'));
    const open = () => openSqliteStore({ file: join(folder, 'state.db'), threadAfterGroups });
    databases = [await open(), await open()];
    smart = await startSmartServer(databases[0]!.state);
  });
  afterEach(async () => {
    await smart.close();
    for (const database of databases) await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const accepted = async (): Promise<string> => {
    const token = String((await launch(smart)).body.access_token);
    for (let times = 0; times < 3; times += 1) await expect(smart.authenticator.authenticate(`Bearer ${token}`)).resolves.toBeDefined();
    return token;
  };
  const refused = (token: string) =>
    expect(smart.authenticator.authenticate(`Bearer ${token}`)).rejects.toMatchObject({ status: 401, issues: [{ code: 'login' }] });

  it('is refused when its client has revoked it, and others live on', async () => {
    const [token, other] = [await accepted(), await accepted()];
    await post(smart, '/revoke', { token, client_id: 'public-app' });
    await refused(token);
    await expect(smart.authenticator.authenticate(`Bearer ${other}`)).resolves.toBeDefined();
  });

  it('is not confirmed when it is presumed, and is not presumed again', async () => {
    const token = await accepted();
    await post(smart, '/revoke', { token, client_id: 'public-app' });
    await expect(smart.authenticator.presume?.(`Bearer ${token}`)?.confirmed).rejects.toMatchObject({
      status: 401,
      issues: [{ code: 'login' }],
    });
    expect(smart.authenticator.presume?.(`Bearer ${token}`)).toBeUndefined();
  });

  it('is refused when another process on the same database has taken it out of the register', async () => {
    const token = await accepted();
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { readonly jti: string };
    const another = databases[1]!.state;
    expect(await another.take('auth/test/AccessToken', jti)).toBeDefined();
    await refused(token);
  });
});

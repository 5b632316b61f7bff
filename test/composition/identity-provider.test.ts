import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIdentityProvider } from '../../server/composition/identity-provider.ts';

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' });
const PROVIDER = { name: 'HelseID', issuer: 'https://idp.example', clientId: 'c', privateKey: KEY };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-provider-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(content: unknown) {
  const file = join(folder, 'provider.json');
  await writeFile(file, JSON.stringify(content));
  return readIdentityProvider(file);
}

describe('the file of the identity provider', () => {
  it('is read', async () => {
    expect(await read(PROVIDER)).toEqual(PROVIDER);
  });

  it.each([
    ['a list', [], 'an object is wanted'],
    ['a member that means nothing', { ...PROVIDER, client_id: 'c' }, 'client_id: there is no such member. Did you mean clientId?'],
    ['no name', { ...PROVIDER, name: '' }, 'name is missing'],
    ['no client', { ...PROVIDER, clientId: undefined }, 'clientId is missing'],
    ['an issuer without TLS', { ...PROVIDER, issuer: 'http://idp.example' }, 'issuer is no https URL'],
    ['no key', { ...PROVIDER, privateKey: 'x' }, 'privateKey'],
    ['a public key', { ...PROVIDER, privateKey: { ...KEY, d: undefined } }, 'privateKey: a private JWK that can sign is wanted'],
    ['the key of another algorithm', { ...PROVIDER, privateKey: { ...KEY, alg: 'ES256' } }, 'with its alg'],
    [
      'several faults, all told at once',
      { issuer: 'idp', privateKey: {}, clientID: 'c' },
      /clientID: there is no such member.*\n {2}name is missing\n {2}clientId is missing\n {2}issuer is no https URL\n {2}privateKey: /,
    ],
  ])('is refused with %s', async (_why, content, text) => {
    await expect(read(content)).rejects.toThrow(text);
  });
});

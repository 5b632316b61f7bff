import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSuiteConfig } from '../../../server/conformance/smart/suite-config.ts';
import { temporaryFolder } from '../../cli/run-cli.ts';

function read(content: unknown) {
  const file = join(temporaryFolder(), 'smart.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return () => readSuiteConfig(file, 'https://ehr.example/fhir/');
}

const redirectUri = 'https://app.example/callback';

describe('the configuration of the suite', () => {
  it('writes nothing and waits for nothing unless it is told to, and takes the base without the slash', () => {
    expect(read({ redirectUri, clients: {} })()).toEqual({
      fhirBaseUrl: 'https://ehr.example/fhir',
      redirectUri,
      clients: {},
      mayWrite: false,
      waitAtMostSeconds: 0,
    });
  });

  it.each<readonly [missing: string, content: object, message: string]>([
    ['a redirect URI', { clients: {} }, 'redirectUri is missing'],
    ['the id of a client', { redirectUri, clients: { public: {} } }, 'clients.public.clientId is missing'],
    ['a secret', { redirectUri, clients: { symmetric: { clientId: 'a' } } }, 'clients.symmetric.secret is missing'],
    ['a key', { redirectUri, clients: { asymmetric: { clientId: 'a' } } }, 'clients.asymmetric.privateKeyFile is missing'],
    [
      'the URL of a key',
      { redirectUri, clients: { backendByUrl: { clientId: 'a', scope: 'x', privateKey: {} } } },
      'clients.backendByUrl.jwksUri',
    ],
    [
      'the key of a URL',
      { redirectUri, clients: { asymmetricByUrl: { clientId: 'a', jwksUri: 'x' } } },
      'clients.asymmetricByUrl.privateKeyFile',
    ],
    ['a certificate for keys', { redirectUri, clients: {}, keySet: { url: 'x', keyFile: 'x' } }, 'keySet.certFile is missing'],
    ['a scope', { redirectUri, clients: { backend: { clientId: 'a', privateKey: {} } } }, 'clients.backend.scope is missing'],
    ['the scope of a launch', { redirectUri, clients: {}, standaloneLaunch: {} }, 'standaloneLaunch.scope is missing'],
  ])('is refused without %s', (_missing, content, message) => {
    expect(read(content)).toThrow(message);
  });

  it('wants neither key nor URL for clients of the key set that the suite publishes', () => {
    const clients = { asymmetricByUrl: { clientId: 'a' }, backendByUrl: { clientId: 'b', scope: 'system/*.rs' } };
    const keySet = { url: 'https://suite.example/jwks', certFile: 'a', keyFile: 'b' };
    expect(read({ redirectUri, clients, keySet })()).toMatchObject({ clients, keySet });
  });

  it('is refused with a word that is not known, since that may be one that was spelt wrong', () => {
    expect(read({ redirectUri, clients: {}, patient: {} })).toThrow('patient is not known. Did you mean patients?');
    expect(read({ redirectUri, clients: { backned: { clientId: 'a' } } })).toThrow('clients.backned is not known. Did you mean backend?');
    expect(read({ redirectUri, clients: { public: { clientId: 'a', redirectUrl: 'x' } } })).toThrow(
      'clients.public.redirectUrl is not known. Did you mean redirectUri?',
    );
    expect(read({ redirectUri, clients: {}, ehrLaunch: { scope: 'x', provider: { knid: 'url' } } })).toThrow(
      'ehrLaunch.provider.knid is not known. Did you mean kind?',
    );
    expect(read({ redirectUri, clients: {}, ehrLaunch: { scope: 'x', refused: 'x' } })).toThrow('ehrLaunch.refused is not known');
  });

  it('is refused when it is no JSON', () => {
    expect(read('{"secret": "hush-hush')).toThrow(/smart\.json is not JSON$/);
    expect(read('[]')).toThrow('smart.json: an object is wanted');
    expect(() => readSuiteConfig('nowhere.json', 'https://ehr.example/fhir')).toThrow('nowhere.json cannot be read (ENOENT)');
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRegisteredEhrs } from '../../server/composition/trusted-issuers.ts';

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' });
const EHR = {
  name: 'Fjordheim sykehus',
  issuer: 'https://ehr.example/auth',
  fhirBaseUrl: 'https://ehr.example/fhir',
  clientId: 'fellesplan-app',
  frameOrigin: 'https://ehr.example',
  service: { clientId: 'fellesplan-service', privateKey: KEY },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-ehrs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(content: unknown) {
  const file = join(folder, 'ehrs.json');
  await writeFile(file, JSON.stringify(content));
  return readRegisteredEhrs(file);
}

describe('the file of trusted EHRs', () => {
  it('is read in its order', async () => {
    const other = { ...EHR, name: 'Solvik kommune', issuer: 'https://ehr.example/other', organizationNumbers: ['310001376'] };
    const found = await read([EHR, other]);
    expect(found.map(({ name }) => name)).toEqual(['Fjordheim sykehus', 'Solvik kommune']);
  });

  it.each(['issuer', 'fhirBaseUrl', 'frameOrigin'])('is refused when %s is not https', async (name) => {
    await expect(read([EHR, { ...EHR, [name]: 'http://ehr.example' }])).rejects.toThrow(`[1].${name} is no https URL`);
    await expect(read([{ ...EHR, [name]: 'ehr.example' }])).rejects.toThrow(`[0].${name} is no https URL`);
  });

  it.each([
    ['something else than a list', {}, 'an array of EHRs is wanted'],
    ['an entry that is no object', ['x'], '[0] is not an object'],
    ['an entry without a client', [{ ...EHR, clientId: '' }], '[0].clientId is missing'],
    ['an EHR that is there twice', [EHR, { ...EHR, name: 'Another' }], '[1].issuer is there twice'],
    ['organisations that are no numbers', [{ ...EHR, organizationNumbers: ['Solvik'] }], '[0].organizationNumbers wants'],
    ['organisations that are none', [{ ...EHR, organizationNumbers: [] }], '[0].organizationNumbers wants'],
    [
      'a key that cannot sign',
      [EHR, { ...EHR, issuer: 'https://other.example', service: { clientId: 'x', privateKey: { kty: 'EC' } } }],
      '[1].service.privateKey: a private JWK that can sign is wanted',
    ],
    [
      'a limit that is misspelt, and so would be none',
      [{ ...EHR, organisationNumbers: ['310001376'] }],
      '[0].organisationNumbers: there is no such member. Did you mean organizationNumbers?',
    ],
    [
      'a member of the service that means nothing',
      [{ ...EHR, service: { ...EHR.service, secret: 'hush-hush' } }],
      /\[0\]\.service\.secret: there is no such member$/,
    ],
    ['an entry without a key of the service', [{ ...EHR, service: { clientId: 'x' } }], '[0].service wants'],
  ])('is refused with %s', async (_why, content, text) => {
    await expect(read(content)).rejects.toThrow(text);
  });

  it('tells everything that is wrong at once', async () => {
    const unfit = { clientId: 'x', privateKey: { kty: 'EC' } };
    await expect(read([EHR, { ...EHR, name: '', frameOrigin: 'http://ehr.example', service: unfit }, 7])).rejects.toThrow(
      /\[1\]\.name is missing\n {2}\[1\]\.frameOrigin is no https URL\n {2}\[1\]\.service\.privateKey: .*\n {2}\[1\]\.issuer is there twice\n {2}\[2\] is not an object/,
    );
  });

  it('is never repeated, since it holds a key', async () => {
    const file = join(folder, 'ehrs.json');
    await writeFile(file, '[{"privateKey":{"d":"hush-hush" oops');
    await expect(readRegisteredEhrs(file)).rejects.toThrow(`${file} is not JSON`);
    await expect(readRegisteredEhrs(file)).rejects.not.toThrow('hush');
    await expect(readRegisteredEhrs(join(folder, 'none.json'))).rejects.toThrow('cannot be read (ENOENT)');
  });
});

import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBrands } from '../../server/composition/brands.ts';

const brand = (id: string, more: object = {}) => ({
  resourceType: 'Organization',
  id,
  name: `Brand ${id}`,
  identifier: [{ system: 'urn:ietf:rfc:3986', value: `https://${id}.example` }],
  telecom: [{ system: 'url', value: `https://${id}.example` }],
  ...more,
});
const FILE = { developers: 'https://developers.example', organizations: [brand('a'), brand('b')] };
const PORTAL = 'http://hl7.org/fhir/StructureDefinition/organization-portal';
const portal = (reference: string) => ({
  extension: [{ url: PORTAL, extension: [{ url: 'portalEndpoint', valueReference: { reference } }] }],
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-brands-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(content: unknown) {
  const file = join(folder, 'brands.json');
  await writeFile(file, JSON.stringify(content));
  await utimes(file, 1_700_000_000, 1_700_000_000);
  return readBrands(file);
}

describe('the file of brands', () => {
  it('is read, and has changed when the file has', async () => {
    expect(await read(FILE)).toEqual({ ...FILE, changedAt: '2023-11-14T22:13:20.000Z' });
  });

  it('takes a brand that has its access from another, and portals at the endpoint of the service', async () => {
    const organizations = [brand('a', portal('Endpoint/fellesplan')), brand('b', { partOf: { reference: 'Organization/a' } })];
    expect((await read({ ...FILE, organizations })).organizations).toEqual(organizations);
  });

  it.each<[why: string, content: object, problem: string]>([
    ['when it is a list', [], 'an object is wanted'],
    ['with a word that is not known', { ...FILE, brands: [] }, 'brands: there is no such member'],
    ['without a place for developers', { ...FILE, developers: 'http://x.example' }, 'developers: an https URL is wanted'],
    ['without brands', { ...FILE, organizations: [] }, 'organizations: a list with one or more is wanted'],
    ['with something else', { ...FILE, organizations: [brand('a', { resourceType: 'Patient' })] }, '[0].resourceType'],
    ['with an id twice', { ...FILE, organizations: [brand('a'), brand('b', { id: 'a' })] }, '[1].id: a is taken'],
    ['with no id', { ...FILE, organizations: [brand('a', { id: 'a b' })] }, '[0].id: an id is wanted'],
    ['with no name', { ...FILE, organizations: [brand('a', { name: ' ' })] }, '[0].name'],
    [
      'with no website',
      { ...FILE, organizations: [brand('a', { telecom: [{ system: 'url', value: 'http://a.example' }] })] },
      '[0].telecom',
    ],
    ['with no identifier', { ...FILE, organizations: [brand('a', { identifier: [{ system: 'x' }] })] }, '[0].identifier: one with a value'],
    [
      'with one identifier for two',
      { ...FILE, organizations: [brand('a'), brand('b', { identifier: brand('a').identifier })] },
      '[1].identifier: another brand has the same',
    ],
    ['with an endpoint of its own', { ...FILE, organizations: [brand('a', { endpoint: [] })] }, '[0].endpoint'],
    ['with access from nobody', { ...FILE, organizations: [brand('a', { partOf: { reference: 'Organization/x' } })] }, '[0].partOf'],
    [
      'with access from one that has it from another',
      {
        ...FILE,
        organizations: [
          brand('a'),
          brand('b', { partOf: { reference: 'Organization/a' } }),
          brand('c', { partOf: { reference: 'Organization/b' } }),
        ],
      },
      '[2].partOf',
    ],
    ['with a portal elsewhere', { ...FILE, organizations: [brand('a', portal('Endpoint/other'))] }, '[0].extension: portalEndpoint'],
  ])('is refused %s', async (_why, content, problem) => {
    await expect(read(content)).rejects.toThrow(problem);
  });

  it('is refused with everything that is wrong at once', async () => {
    const refused = read({ organizations: [{}, brand('b', { name: '' })] });
    await expect(refused).rejects.toThrow(/developers[\s\S]+organizations\[0\]\.resourceType[\s\S]+organizations\[1\]\.name/);
  });
});

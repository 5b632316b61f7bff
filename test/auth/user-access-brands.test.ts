import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Brands, brandBundle, brandHandler, publishedBrands } from '../../server/auth/user-access-brands.ts';
import { DEMO_BRANDS } from '../../server/demo/brands.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { nodeRouter } from '../../server/http/node-router.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';

const URL = 'https://plan.example/brands';
const BASE = 'https://plan.example/fhir';

describe('the Bundle of brands', () => {
  it.each(Object.entries(DEMO_BRANDS))('is valid R4: %s of the demo', (_name, brands) => {
    const validator = createValidator({ terminology: createTerminology() });
    const serious = validator.validate(brandBundle(brands, URL, BASE)).filter(({ severity }) => severity === 'error');
    expect(serious).toEqual([]);
  });

  it('has one Endpoint, which every brand refers to that has its access from no other', () => {
    const [municipality, hospital] = DEMO_BRANDS.shared.organizations as [Resource, Resource];
    const partOf = { reference: `Organization/${municipality.id}` };
    const brands: Brands = { ...DEMO_BRANDS.shared, organizations: [municipality, { ...hospital, partOf }] };
    const { entry, timestamp } = brandBundle(brands, URL, BASE) as unknown as {
      entry: { fullUrl: string; resource: Resource }[];
      timestamp: string;
    };
    expect(timestamp).toBe(brands.changedAt);
    expect(entry.map(({ fullUrl, resource }) => [fullUrl, resource.endpoint ?? resource.address ?? resource.partOf])).toEqual([
      [`${URL}/Organization/solvik`, [{ reference: 'Endpoint/fellesplan' }]],
      [`${URL}/Organization/fjordheim`, partOf],
      [`${URL}/Endpoint/fellesplan`, BASE],
    ]);
  });

  it('is told with the first identifier of the first brand', () => {
    expect(publishedBrands(DEMO_BRANDS.shared, URL)).toEqual({
      bundle: URL,
      identifier: { system: 'urn:ietf:rfc:3986', value: 'https://solvik.example' },
    });
  });
});

describe('brands over HTTP', () => {
  let server: Server;
  let origin: string;
  let bundle: Resource | undefined;
  beforeEach(async () => {
    bundle = brandBundle(DEMO_BRANDS.hospital, URL, BASE);
    server = createServer(express().use('/brands', nodeRouter(brandHandler(() => bundle))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = (method = 'GET', headers = {}, path = '/brands') => fetch(origin + path, { method, headers });

  it('are there for any page, with a weak ETag', async () => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('application/fhir+json; charset=utf-8');
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.headers.get('Access-Control-Expose-Headers')).toBe('ETag');
    expect(answer.headers.get('ETag')).toMatch(/^W\/"[\w-]{22}"$/);
    expect(await answer.json()).toEqual(bundle);
  });

  it('are not sent again to who has them, and are when they have changed', async () => {
    const etag = (await ask()).headers.get('ETag')!;
    for (const known of [etag, `"x", ${etag}`, etag.slice(2), '*']) {
      const answer = await ask('GET', { 'If-None-Match': known });
      expect([answer.status, answer.headers.get('ETag'), await answer.text()]).toEqual([304, etag, '']);
    }
    bundle = brandBundle(DEMO_BRANDS.municipality, URL, BASE);
    expect((await ask('GET', { 'If-None-Match': etag })).status).toBe(200);
  });

  it('may be asked for with If-None-Match by a page of any origin', async () => {
    const answer = await ask('OPTIONS', { Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Access-Control-Allow-Headers')).toContain('If-None-Match');
  });

  it('are told without content at HEAD, refused by other methods, and missing at other paths and while there are none', async () => {
    const head = await ask('HEAD');
    expect([head.status, Number(head.headers.get('Content-Length')), await head.text()]).toEqual([200, JSON.stringify(bundle).length, '']);
    const post = await ask('POST');
    expect([post.status, post.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await ask('GET', {}, '/brands/other')).status).toBe(404);
    bundle = undefined;
    expect((await ask()).status).toBe(404);
  });
});

import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';

onEachServer('methods and media types', (start) => {
  it.each([
    ['', 'GET, HEAD, POST, OPTIONS'],
    ['metadata', 'GET, HEAD, OPTIONS'],
    ['Patient', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    ['Patient/p1', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
    ['Patient/p1/_history/1', 'GET, HEAD, OPTIONS'],
    ['Patient/_search', 'POST, OPTIONS'],
    ['Patient/p1/_search', 'POST, OPTIONS'],
    ['Patient/p1/Task/_search', 'POST, OPTIONS'],
    ['Odd/1', 'OPTIONS'],
    ['Patient/p1/$everything', 'GET, HEAD, POST, OPTIONS'],
    ['Patient/p1/$meta-add', 'POST, OPTIONS'],
    ['$bulk-status', 'GET, HEAD, DELETE, OPTIONS'],
    ['$export', 'GET, POST, OPTIONS'],
    ['Patient/$validate', 'POST, OPTIONS'],
    ['Patient/p1/$validate', 'GET, HEAD, POST, OPTIONS'],
    ['$odd', 'OPTIONS'],
  ])('tells by OPTIONS what /%s offers [RFC 9110 allow]', async (path, allow) => {
    const server = await start();
    const answer = await server.request('OPTIONS', path);
    expect([answer.status, answer.headers.get('Allow')]).toEqual([204, allow]);
    expect(answer.headers.get('Accept-Patch') !== null).toBe(allow.includes('PATCH'));
  });

  it.each([
    ['POST', 'metadata'],
    ['DELETE', 'metadata'],
    ['POST', '.well-known/smart-configuration'],
    ['DELETE', '.well-known/smart-configuration'],
    ['PROPFIND', '.well-known/smart-configuration'],
  ])('answers %s of /%s with 405, and reads nothing of what nobody has sent', async (method, path) => {
    const server = await start({ smartConfiguration: () => ({}) });
    const body = method === 'POST' ? 'no JSON' : undefined;
    const answer = await server.request(method, path, body, { Authorization: '' });
    expectRefusal(answer, 405, 'not-supported');
    expect(answer.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
  });

  it.each(['application/xml', 'application/merge-patch+json', 'application/x-www-form-urlencoded', 'text/plain'])(
    'says of a PATCH as %s what it takes [RFC 5789 accept-patch]',
    async (type) => {
      const server = await start();
      await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
      const answer = await server.request('PATCH', 'Patient/p1', '{}', { 'Content-Type': type });
      expectRefusal(answer, 415, 'not-supported');
      expect(answer.headers.get('Accept-Patch')).toBe('application/json-patch+json, application/fhir+json');
      expect(answer.body.issue?.[0]?.diagnostics).toContain('application/json-patch+json');
    },
  );
});

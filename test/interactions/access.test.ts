import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ResourceScope } from '../../server/auth/principal.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf } from '../support/expect-answer.ts';
import { bundle, entry, observation, patient } from '../support/fixtures.ts';
import { onEachStore } from '../support/stores.ts';
import { bearer, startTestServer, type TestServer } from '../support/test-server.ts';

const scope = (level: ResourceScope['level'], type: string, letters: string): ResourceScope => ({
  level,
  type,
  create: letters.includes('c'),
  read: letters.includes('r'),
  update: letters.includes('u'),
  delete: letters.includes('d'),
  search: letters.includes('s'),
});

/** A launch for patient `mine` with everything that a patient scope can give. */
const mine = { Authorization: bearer({ scopes: [scope('patient', '*', 'cruds')], patientId: 'mine' }) };

async function fill(server: TestServer): Promise<void> {
  const entries = ['mine', 'other'].flatMap((id) => [
    entry('PUT', `Patient/${id}`, patient({ id, generalPractitioner: [{ reference: 'Practitioner/gp' }] })),
    entry(
      'PUT',
      `Observation/of-${id}`,
      observation({ id: `of-${id}`, subject: { reference: `Patient/${id}` }, focus: [{ reference: 'Patient/other' }] }),
    ),
  ]);
  const gp = entry('PUT', 'Practitioner/gp', { resourceType: 'Practitioner', id: 'gp' });
  const answer = await server.request('POST', '', bundle('transaction', gp, ...entries));
  expect(answer.status, answer.text).toBe(200);
}

onEachStore('what is moved out of reach while it is read', (open) => {
  it.each(['Observation/of-mine', 'Observation/of-mine/_history/2'])('is not shown by GET %s', async (path) => {
    const store = await open();
    const plain = await startTestServer({ store });
    await fill(plain);
    const moved = async (): Promise<void> => {
      const about = observation({ id: 'of-mine', subject: { reference: 'Patient/other' } });
      expect((await plain.request('PUT', 'Observation/of-mine', about)).status).toBe(200);
    };
    // Between the question of who sees it, and the reading.
    let looking: Promise<unknown> = Promise.resolve();
    const late =
      <Args extends readonly unknown[], Answer>(read: (...args: Args) => Promise<Answer>) =>
      async (...args: Args): Promise<Answer> => {
        await setImmediate();
        await looking;
        await moved();
        return read(...args);
      };
    const slow: ResourceStore = {
      ...store,
      read: late(store.read),
      readVersion: late(store.readVersion),
      search: (query) => {
        const page = store.search(query);
        looking = page;
        return page;
      },
    };
    const server = await startTestServer({ store: slow });
    try {
      expectRefusal(await server.request('GET', path, undefined, mine), 404, 'not-found');
    } finally {
      await Promise.all([plain.close(), server.close()]);
    }
  });
});

onEachServer('access', (start) => {
  it('asks for a token everywhere but at the capability statement', async () => {
    const server = await start();
    for (const [method, path] of [
      ['GET', 'Patient/p1'],
      ['GET', 'Odd'],
      ['POST', ''],
      ['GET', 'nothing/here/at/all'],
    ] as const) {
      const answer = await server.request(method, path, method === 'POST' ? {} : undefined, { Authorization: '' });
      expectRefusal(answer, 401, 'login');
      expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
    }
    expect((await server.request('GET', 'metadata', undefined, { Authorization: '' })).status).toBe(200);
  });

  it.each([
    ['GET', 'Patient/mine', 's'],
    ['GET', 'Patient/mine/_history/1', 'cuds'],
    ['GET', 'Patient/mine/_history', 'cuds'],
    ['GET', 'Patient', 'crud'],
    ['GET', 'Patient/_history', 'crud'],
    ['GET', '', 'crud'],
    ['GET', '_history', 'crud'],
    ['GET', 'Patient/mine/Observation', 'crud'],
    ['GET', 'Patient/mine/*', 'crud'],
    ['POST', 'Patient', 'ruds'],
    ['PUT', 'Patient/mine', 'crds'],
    ['PATCH', 'Patient/mine', 'crds'],
    ['DELETE', 'Patient/mine', 'crus'],
    ['DELETE', 'Patient?family=x', 'crud'],
    ['GET', 'Patient/mine/$everything', 'cuds'],
    ['GET', 'Patient/mine/$validate', 'cuds'],
  ])('refuses %s %s to a scope *.%s', async (method, path, letters) => {
    const server = await start();
    await fill(server);
    const headers = { Authorization: bearer({ scopes: [scope('user', '*', letters)] }) };
    const body =
      method === 'POST' || method === 'PUT' ? patient({ id: 'mine' }) : method === 'PATCH' ? { resourceType: 'Parameters' } : undefined;
    expectRefusal(await server.request(method, path, body, headers), 403, 'forbidden');
  });

  it('shows a patient what is theirs, and nothing that others have', async () => {
    const server = await start();
    await fill(server);
    const get = (path: string) => server.request('GET', path, undefined, mine);
    expect((await get('Patient/mine')).status).toBe(200);
    for (const path of ['Patient/other', 'Observation/of-other', 'Observation/of-other/_history', 'Observation/of-other/_history/1']) {
      expectRefusal(await get(path), 404, 'not-found');
    }
    const found = await get('Observation?_total=accurate');
    expect([keysOf(found), found.body.total]).toEqual([['Observation/of-mine'], 1]);
    expect(keysOf(await get('Patient/other/Observation'))).toEqual([]);
    expect(keysOf(await get('?_type=Patient,Observation')).toSorted()).toEqual(['Observation/of-mine', 'Patient/mine']);
    const history = await get('Observation/_history');
    expectRefusal(history, 403, 'forbidden');
    expect(history.text).toContain('A search with _lastUpdated finds what has changed');
    expectRefusal(await get('Patient/other/$everything'), 404, 'not-found');
  });

  it('includes only what the caller may read', async () => {
    const server = await start();
    await fill(server);
    const get = (path: string) => server.request('GET', path, undefined, mine);
    const answer = await get(
      'Observation?_include=Observation:focus&_include=Observation:subject&_include:iterate=Patient:general-practitioner',
    );
    expect(keysOf(answer, 'include').toSorted()).toEqual(['Patient/mine', 'Practitioner/gp']);
    const reverse = await get('Patient?_revinclude=Observation:focus');
    expect(keysOf(reverse, 'include')).toEqual([]);
  });

  it('lets nothing be written into, or out of, the record of another', async () => {
    const server = await start();
    await fill(server);
    const send = (method: string, path: string, body?: unknown, headers = {}) =>
      server.request(method, path, body, { ...mine, ...headers });
    const into = observation({ subject: { reference: 'Patient/other' } });
    const hidden = await send('POST', 'Observation', into);
    expectRefusal(hidden, 403, 'forbidden');
    expect(hidden.body.issue?.[0]?.diagnostics).toContain('about somebody who is not known here or not within your reach');
    // Somebody who is hidden and nobody at all are told in the same words.
    const nobody = await send('POST', 'Observation', observation({ subject: { reference: 'Patient/nobody' } }));
    expect(nobody.body.issue).toEqual(hidden.body.issue);
    expectRefusal(await send('PUT', 'Observation/of-mine', { ...into, id: 'of-mine' }), 403, 'forbidden');
    expectRefusal(
      await send('PUT', 'Observation/of-other', observation({ id: 'of-other', subject: { reference: 'Patient/mine' } })),
      404,
      'not-found',
    );
    const patch = [{ op: 'replace', path: '/subject/reference', value: 'Patient/other' }];
    expectRefusal(await send('PATCH', 'Observation/of-mine', patch, { 'Content-Type': 'application/json-patch+json' }), 403, 'forbidden');
    expectRefusal(await send('DELETE', 'Observation/of-other'), 404, 'not-found');
    expectRefusal(await send('POST', '', bundle('transaction', entry('POST', 'Observation', into))), 403, 'forbidden', 'Bundle.entry[0]');
    expect((await send('POST', 'Observation', observation({ subject: { reference: 'Patient/mine' } }))).status).toBe(201);
    expect((await send('DELETE', 'Observation?status=final')).status).toBe(204);
    expect((await server.request('GET', 'Observation/of-other')).status).toBe(200);
  });

  it('does not find what others have by a condition', async () => {
    const server = await start();
    await fill(server);
    const person = patient({ identifier: [{ system: 'urn:x', value: 'other' }] });
    await server.request('PUT', 'Patient/other', { ...person, id: 'other' });
    const answer = await server.request('PUT', 'Patient?identifier=urn:x|other', person, mine);
    expectRefusal(answer, 403, 'forbidden');
    const reference = observation({ subject: { reference: 'Patient/mine' }, focus: [{ reference: 'Patient?identifier=urn:x|other' }] });
    const whole = await server.request('POST', '', bundle('transaction', entry('POST', 'Observation', reference)), mine);
    expectRefusal(whole, 400, 'not-found', 'Bundle.entry[0].resource');
  });
});

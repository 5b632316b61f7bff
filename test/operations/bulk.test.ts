import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import type { Database } from '../../server/store/database.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { observation, patient, task } from '../support/fixtures.ts';
import { onEachDatabase } from '../support/stores.ts';
import { bearer, startTestServer, type TestAnswer, type TestServer } from '../support/test-server.ts';

const ASYNC = { Prefer: 'respond-async' };
const of = (id: string) => ({ subject: { reference: `Patient/${id}` } });
const reader = { level: 'system', create: false, read: true, update: false, delete: false, search: true } as const;

interface Listed {
  readonly type: string;
  readonly url: string;
  readonly count: number;
}

interface Manifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly requiresAccessToken: boolean;
  readonly output: readonly Listed[];
  readonly deleted?: readonly Listed[];
  readonly error: readonly Listed[];
}

onEachDatabase('bulk data', (open) => {
  const servers: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const serve = async (database: Database, nowMs: () => number = Date.now): Promise<TestServer> => {
    const server = await startTestServer({
      store: database.resources,
      services: { state: database.state, nowMs, newId: () => crypto.randomUUID() },
    });
    servers.push(server);
    return server;
  };
  const begin = async (): Promise<TestServer> => {
    const server = await serve(await open());
    await put(server, patient({ id: 'p1' }), patient({ id: 'p2' }), { resourceType: 'Organization', id: 'o1', name: 'Solvik' });
    await put(server, observation({ id: 'v1', ...of('p1') }), observation({ id: 'v2', ...of('p2') }), observation({ id: 'v3' }));
    await put(server, task({ id: 't1', for: { reference: 'Patient/p1' } }));
    const ended = { start: '2020-01-01', end: '2020-12-31' };
    const member = [
      { entity: { reference: 'Patient/p1' }, period: { start: '2020-01-01' } },
      { entity: { reference: 'Patient/p2' }, inactive: true },
      { entity: { reference: 'Patient/p2' }, period: ended },
    ];
    await put(server, { resourceType: 'Group', id: 'g1', type: 'person', actual: true, member });
    return server;
  };
  const put = async (server: TestServer, ...resources: readonly Resource[]): Promise<void> => {
    for (const resource of resources) {
      const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
      expect(answer.status, answer.text).toBeLessThan(300);
    }
  };
  const kickOff = async (server: TestServer, path: string, headers = {}): Promise<string> => {
    const answer = await server.request('GET', path, undefined, { ...ASYNC, ...headers });
    expect(answer.status, answer.text).toBe(202);
    return answer.headers.get('Content-Location') ?? '';
  };
  const finished = async (server: TestServer, status: string, headers = {}): Promise<Manifest> => {
    for (let tries = 0; tries < 500; tries += 1) {
      const answer = await server.request('GET', status, undefined, headers);
      if (answer.status === 200) return answer.body as unknown as Manifest;
      expect([answer.status, answer.headers.get('X-Progress') !== null, answer.headers.get('Retry-After')], answer.text).toEqual([
        202,
        true,
        '2',
      ]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The job did not end');
  };
  const linesOf = async (server: TestServer, listed: readonly Listed[], headers = {}): Promise<Resource[]> => {
    const files = await Promise.all(
      listed.map(({ url }) => server.request('GET', url, undefined, { Accept: 'application/fhir+ndjson', ...headers })),
    );
    return files.flatMap((file, place) => {
      expect([file.status, file.headers.get('Content-Type')]).toEqual([200, 'application/fhir+ndjson']);
      const lines = file.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Resource);
      expect(lines).toHaveLength(listed[place]?.count ?? -1);
      return lines;
    });
  };
  const exported = async (server: TestServer, path: string, headers = {}): Promise<string[]> => {
    const { output } = await finished(server, await kickOff(server, path, headers), headers);
    const resources = await linesOf(server, output, headers);
    for (const { type, url } of output) expect(url).toContain(type);
    return resources.map(({ resourceType, id }) => `${resourceType}/${id}`).toSorted();
  };

  it('exports the whole system as NDJSON files [Bulk Data STU2 export]', async () => {
    const server = await begin();
    const manifest = await finished(server, await kickOff(server, '$export'));
    expect(manifest).toMatchObject({ request: `${server.url}/$export`, requiresAccessToken: true, error: [] });
    expect(Date.parse(manifest.transactionTime)).toBeGreaterThan(0);
    expect(manifest.output.map(({ type, count }) => [type, count])).toEqual([
      ['Group', 1],
      ['Observation', 3],
      ['Organization', 1],
      ['Patient', 2],
      ['Task', 1],
    ]);
    const lines = await linesOf(server, manifest.output);
    expect(lines.find(({ id }) => id === 'p1')).toEqual((await server.request('GET', 'Patient/p1')).body);
  });

  it('promises its files no longer than the first of them is kept [Bulk Data STU2 export#response---complete-status]', async () => {
    const server = await begin();
    const status = await kickOff(server, '$export');
    const { transactionTime } = await finished(server, status);
    const expires = (await server.request('GET', status)).headers.get('Expires') ?? '';
    const secondsKept = (Date.parse(expires) - Date.parse(transactionTime)) / 1000;
    expect([secondsKept > 24 * 3600 - 1, secondsKept <= 24 * 3600]).toEqual([true, true]);
  });

  it('exports what belongs to patients, and to the active members of a group', async () => {
    const server = await begin();
    expect(await exported(server, 'Patient/$export')).toEqual([
      'Group/g1',
      'Observation/v1',
      'Observation/v2',
      'Patient/p1',
      'Patient/p2',
      'Task/t1',
    ]);
    expect(await exported(server, 'Group/g1/%24export')).toEqual(['Group/g1', 'Observation/v1', 'Patient/p1', 'Task/t1']);
  });

  it('narrows an export to types and to what has changed since, also when asked by POST', async () => {
    const server = await begin();
    expect(await exported(server, '$export?_type=Patient,Task&_outputFormat=application/fhir%2Bndjson')).toEqual([
      'Patient/p1',
      'Patient/p2',
      'Task/t1',
    ]);
    const since = (await server.request('GET', 'Task/t1')).body.meta?.lastUpdated ?? '';
    await new Promise((resolve) => setTimeout(resolve, 5));
    await put(server, patient({ id: 'p2', active: true }));
    expect(await exported(server, `$export?_since=${encodeURIComponent(since)}&_type=Patient,Observation`)).toEqual(['Patient/p2']);
    const parameter = [
      { name: '_type', valueString: 'Organization' },
      { name: '_since', valueInstant: '2000-01-01T00:00:00Z' },
    ];
    const answer = await server.request('POST', '$export', { resourceType: 'Parameters', parameter }, ASYNC);
    expect((await finished(server, answer.headers.get('Content-Location') ?? '')).output.map(({ type }) => type)).toEqual(['Organization']);
  });

  it('narrows an export to what searches find', async () => {
    const server = await begin();
    const filter = (text: string) => `_typeFilter=${encodeURIComponent(text)}`;
    const filters = [filter('Observation?subject=Patient/p1'), filter('Observation?_id=v3,none'), filter('Patient?active=true')];
    expect(await exported(server, `$export?_type=Observation,Patient,Task&${filters.join('&')}`)).toEqual([
      'Observation/v1',
      'Observation/v3',
      'Task/t1',
    ]);
  });

  it('makes several files of a type with many resources, each resource once', async () => {
    const server = await begin();
    for (let at = 0; at < 3; at += 1) {
      const entry = Array.from({ length: 450 }, (_, place) => ({
        request: { method: 'PUT', url: `Observation/m${at}-${place}` },
        resource: observation({ id: `m${at}-${place}` }),
      }));
      expect((await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
    }
    const { output } = await finished(server, await kickOff(server, '$export?_type=Observation'));
    expect(output.map(({ count }) => count)).toEqual([1000, 353]);
    expect(new Set((await linesOf(server, output)).map(({ id }) => id)).size).toBe(1353);
  }, 30_000);

  it('makes a file of its own of what would not fit into another', async () => {
    const server = await begin();
    const data = 'A'.repeat(9_000_000);
    for (const id of ['b1', 'b2']) await put(server, { resourceType: 'Binary', id, contentType: 'text/plain', data });
    await put(server, { resourceType: 'Binary', id: 'c1', contentType: 'text/plain' });
    const { output } = await finished(server, await kickOff(server, '$export?_type=Binary'));
    expect(output.map(({ count }) => count)).toEqual([1, 2]);
    expect((await linesOf(server, output)).map(({ id }) => id).toSorted()).toEqual(['b1', 'b2', 'c1']);
  });

  it('exports only what the caller may read', async () => {
    const server = await begin();
    const tasks = { Authorization: bearer({ scopes: [{ ...reader, type: 'Task' }] }) };
    expect(await exported(server, '$export', tasks)).toEqual(['Task/t1']);
    const own = { Authorization: bearer({ scopes: [{ ...reader, level: 'patient', type: 'Observation' }], patientId: 'p2' }) };
    expect(await exported(server, 'Patient/$export', own)).toEqual(['Observation/v2']);
    const get = (path: string, headers: object) => server.request('GET', path, undefined, { ...ASYNC, ...headers });
    expectRefusal(await get('$export?_type=Patient', tasks), 403, 'forbidden');
    expectRefusal(await get('$export', { Authorization: bearer({ scopes: [] }) }), 403, 'forbidden');
    expectRefusal(await get('Group/g1/$export', tasks), 403, 'forbidden');
  });

  it('answers for a job from another process, and to nobody but the one who asked', async () => {
    const database = await open();
    const [one, other] = [await serve(database), await serve(database)];
    await put(one, patient({ id: 'p1' }));
    const job = (await kickOff(one, '$export')).split('?')[1];
    const { output } = await finished(other, `$bulk-status?${job}`);
    const file = output[0]?.url.split('/').at(-1) ?? '';
    expect((await other.request('GET', file)).status).toBe(200);
    const stranger = { Authorization: bearer({ clientId: 'someone-else' }) };
    expectRefusal(await one.request('GET', `$bulk-status?${job}`, undefined, stranger), 404, 'not-found');
    expectRefusal(await one.request('GET', file, undefined, stranger), 404, 'not-found');
    expectRefusal(await one.request('DELETE', `$bulk-status?${job}`, undefined, stranger), 404, 'not-found');
    expect((await one.request('GET', file, undefined, { Authorization: '' })).status).toBe(401);
    expectRefusal(await one.request('GET', `$bulk-file?${job}&file=none`), 404, 'not-found');
  });

  it('cancels a job, running or done, with its files', async () => {
    const server = await begin();
    const status = await kickOff(server, '$export');
    const { output } = await finished(server, status);
    expect((await server.request('DELETE', status)).status).toBe(202);
    expectRefusal(await server.request('GET', status), 404, 'not-found');
    expectRefusal(await server.request('GET', output[0]?.url ?? ''), 404, 'not-found');
    expectRefusal(await server.request('DELETE', status), 404, 'not-found');
    const running = await kickOff(server, '$export');
    expect((await server.request('DELETE', running)).status).toBe(202);
    expectRefusal(await server.request('GET', running), 404, 'not-found');
  });

  it('takes over an export whose process died, and tells that an import stopped', async () => {
    const database = await open();
    const server = await serve(database, () => Date.now() + 120_000);
    await put(server, patient({ id: 'p1' }));
    const dead = (id: string, kind: string) => ({
      id,
      kind,
      status: 'running',
      request: 'x',
      transactionTimeMs: Date.now(),
      principal: { clientId: 'test-client', subject: 'test', scope: '', scopes: [{ ...reader, type: '*' }] },
      attempt: 1,
      aliveMs: Date.now(),
      progress: '3 of 9 lines',
      output: [],
      errors: [],
      plan: { level: 'system', types: [], filters: [] },
    });
    const options = { group: 'e', expiresAtMs: Date.now() + 3_600_000 };
    await database.state.put('bulk-job', 'e', dead('e', 'export'), options);
    await database.state.put('bulk-job', 'i', dead('i', 'import'), { ...options, group: 'i' });
    const answers = await Promise.all([1, 2, 3].map(() => server.request('GET', '$bulk-status?job=e')));
    expect(answers.every(({ status }) => status === 202 || status === 200)).toBe(true);
    expect((await finished(server, '$bulk-status?job=e')).output.map(({ count }) => count)).toEqual([1]);
    const stopped = await server.request('GET', '$bulk-status?job=i');
    expectRefusal(stopped, 500, 'exception');
    expect(stopped.text).toContain('3 of 9 lines');
  });

  it('takes over an export again when the process died that was about to', async () => {
    let [nowMs, isDead] = [Date.now(), false];
    const database = await open({ nowMs: () => nowMs });
    const { state, resources } = database;
    const search: typeof resources.search = async (query) => (isDead ? new Promise(() => undefined) : resources.search(query));
    const dying = await serve({ ...database, resources: { ...resources, search } }, () => nowMs);
    await put(dying, patient({ id: 'p1' }));
    isDead = true;
    const status = await kickOff(dying, '$export');
    nowMs += 70_000;
    const removeGroup: typeof state.removeGroup = () => Promise.reject(new Error('killed'));
    const next = await serve({ ...database, state: { ...state, removeGroup } }, () => nowMs);
    const [, job] = status.split('?');
    expect((await next.request('GET', `$bulk-status?${job}`)).status).toBe(500);
    nowMs += 70_000;
    const last = await serve(database, () => nowMs);
    expect((await finished(last, `$bulk-status?${job}`)).output.map(({ count }) => count)).toEqual([1]);
  });

  it('refuses what it cannot begin', async () => {
    const server = await begin();
    const get = (path: string, headers = {}) => server.request('GET', path, undefined, { ...ASYNC, ...headers });
    expectRefusal(await server.request('GET', '$export'), 400, 'invalid', 'Prefer');
    expectRefusal(await get('$export?_type=Nothing'), 400, 'value', '_type');
    expectRefusal(await get('$export?_since=then'), 400, 'value', '_since');
    expectRefusal(await get('$export?_outputFormat=text/csv'), 400, 'value', '_outputFormat');
    expectRefusal(await get('$export?includeAssociatedData=x'), 400, 'not-supported', 'includeAssociatedData');
    expectRefusal(await get('$export?_typeFilter=Patient'), 400, 'value', '_typeFilter');
    expectRefusal(await get('$export?_type=Task&_typeFilter=Patient%3Factive%3Dtrue'), 400, 'value', '_typeFilter');
    expectRefusal(await get('$export?_typeFilter=Patient%3Fshoe-size%3D43'), 400, 'not-supported', 'shoe-size');
    expectRefusal(await get('$export?_elements=name.family'), 400, 'value', '_elements');
    expectRefusal(await get('$export?_elements=Nothing.id'), 400, 'value', '_elements');
    expectRefusal(await get('$export?_elements=Patient.naem'), 400, 'value', '_elements');
    expectRefusal(await get('$export?_typeFilter=Patient%3F_sort%3Dname'), 400, 'not-supported', '_typeFilter');
    expectRefusal(await get('$export?_typeFilter=Patient%3F_include%3APatient%3Alink'), 400, 'not-supported', '_typeFilter');
    expectRefusal(await get('$export?_typeFilter=Patient%3Fname%3D'), 400, 'value', 'name');
    expectRefusal(await get('Patient/$export?_type=Organization,Practitioner'), 400, 'value', '_type');
    expectRefusal(await get('Patient/$export?patient=Patient/p1'), 400, 'value', 'patient');
    expectRefusal(await get('Group/none/$export'), 404, 'not-found');
    expectRefusal(await get('Patient/p1/$export'), 404, 'not-found');
    expectRefusal(await get('Observation/$export'), 404, 'not-found');
    expectRefusal(await get('$bulk-status'), 400, 'value', 'job');
    expectRefusal(await get('$bulk-status?job=none'), 404, 'not-found');
    expectRefusal(await server.request('POST', '$bulk-status?job=none'), 405, 'not-supported');
    expectRefusal(await server.request('DELETE', '$export'), 405, 'not-supported');
    expect((await server.request('HEAD', '$export', undefined, ASYNC)).status).toBe(405);
    const without = await startTestServer({ store: server.services.store });
    servers.push(without);
    expectRefusal(await without.request('GET', '$export', undefined, ASYNC), 400, 'not-supported');
  });

  const kickOffFor = (server: TestServer, path: string, patients: readonly string[], more: readonly object[] = [], headers = {}) => {
    const parameter = [...patients.map((reference) => ({ name: 'patient', valueReference: { reference } })), ...more];
    return server.request('POST', path, { resourceType: 'Parameters', parameter }, { ...ASYNC, ...headers });
  };
  const ofKickOff = async (server: TestServer, answer: TestAnswer): Promise<string[]> => {
    expect(answer.status, answer.text).toBe(202);
    const { output } = await finished(server, answer.headers.get('Content-Location') ?? '');
    return (await linesOf(server, output)).map(({ resourceType, id }) => `${resourceType}/${id}`).toSorted();
  };

  it('narrows an export to the patients named [Bulk Data STU2 patient]', async () => {
    const server = await begin();
    // Not the group, which is of others as well.
    const first = ['Observation/v1', 'Patient/p1', 'Task/t1'];
    expect(await ofKickOff(server, await kickOffFor(server, 'Patient/$export', ['Patient/p1']))).toEqual(first);
    expect(await ofKickOff(server, await kickOffFor(server, 'Patient/$export', [`${server.url}/Patient/p1`, 'Patient/p1']))).toEqual(first);
    expect(await ofKickOff(server, await kickOffFor(server, 'Group/g1/$export', ['Patient/p1']))).toEqual(first);
    const typed = [{ name: '_type', valueString: 'Observation' }];
    expect(await ofKickOff(server, await kickOffFor(server, 'Patient/$export', ['Patient/p1', 'Patient/p2'], typed))).toEqual([
      'Observation/v1',
      'Observation/v2',
    ]);
  });

  it('refuses patients who are not there, or not in the group', async () => {
    const server = await begin();
    expectRefusal(await kickOffFor(server, 'Patient/$export', ['Patient/p1', 'Patient/none']), 400, 'value', 'patient');
    expectRefusal(await kickOffFor(server, 'Patient/$export', ['Group/g1']), 400, 'value', 'patient');
    expectRefusal(await kickOffFor(server, 'Patient/$export', ['http://elsewhere.example/Patient/p1']), 400, 'value', 'patient');
    expectRefusal(await kickOffFor(server, 'Group/g1/$export', ['Patient/p2']), 400, 'value', 'patient');
    expectRefusal(await kickOffFor(server, '$export', ['Patient/p1']), 400, 'value', 'patient');
    const text = [{ name: 'patient', valueString: 'Patient/p1' }];
    expectRefusal(await kickOffFor(server, 'Patient/$export', [], text), 400, 'value', 'Parameters.parameter[0]');
    const own = { Authorization: bearer({ scopes: [{ ...reader, level: 'patient', type: '*' }], patientId: 'p2' }) };
    expectRefusal(await kickOffFor(server, 'Patient/$export', ['Patient/p1'], [], own), 400, 'value', 'patient');
  });

  it('exports the elements asked for, marked as a part [Bulk Data STU2 _elements]', async () => {
    const server = await begin();
    const { output } = await finished(
      server,
      await kickOff(server, '$export?_type=Patient,Observation,Task&_elements=id,Patient.gender,Task.for'),
    );
    const lines = await linesOf(server, output);
    expect(lines.filter(({ meta }) => (meta as { tag?: { code: string }[] }).tag?.[0]?.code !== 'SUBSETTED')).toEqual([]);
    const keysOf = (id: string) => Object.keys(lines.find((line) => line.id === id) ?? {});
    expect(keysOf('v1')).toEqual(['resourceType', 'id', 'meta', 'status', 'code']);
    expect(keysOf('t1')).toEqual(expect.arrayContaining(['for', 'status', 'intent']));
    expect(keysOf('p1')).not.toContain('name');
  });

  it('exports whole resources where no element is named, and knows the wish in any case', async () => {
    const server = await begin();
    const status = await kickOff(server, '$export?_type=Task&_elements=&_typeFilter=Task%3Fcode:missing%3Dtrue', {
      Prefer: 'Respond-Async',
    });
    const [task1] = await linesOf(server, (await finished(server, status)).output);
    expect(task1).toEqual((await server.request('GET', 'Task/t1')).body);
  });

  it('takes several searches in one _typeFilter [Bulk Data STU2 _typeFilter]', async () => {
    const server = await begin();
    const filters = encodeURIComponent('Observation?subject=Patient/p1,Observation?_id=v3,none,Patient?_id=p2');
    expect(await exported(server, `$export?_type=Observation,Patient&_typeFilter=${filters}`)).toEqual([
      'Observation/v1',
      'Observation/v3',
      'Patient/p2',
    ]);
  });

  it('tells what was deleted since, and only then [Bulk Data STU2 deleted]', async () => {
    const server = await begin();
    await put(server, observation({ id: 'old', ...of('p1') }));
    await server.request('DELETE', 'Observation/old');
    const { transactionTime } = await finished(server, await kickOff(server, '$export'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const place of ['Observation/v1', 'Observation/v2', 'Observation/v3', 'Organization/o1']) {
      expect((await server.request('DELETE', place)).status).toBe(204);
    }
    await put(server, observation({ id: 'v3' }), observation({ id: 'short', ...of('p1') }));
    await server.request('DELETE', 'Observation/short');
    const since = `_since=${encodeURIComponent(transactionTime)}`;
    const deletedBy = async (path: string): Promise<string[]> => {
      const { deleted, output } = await finished(server, await kickOff(server, path));
      expect((deleted ?? []).every(({ type }) => type === 'Bundle')).toBe(true);
      const bundles = (await linesOf(server, deleted ?? [])) as unknown as {
        type: string;
        entry: { request: { method: string; url: string } }[];
      }[];
      const requests = bundles.flatMap(({ type, entry }) => entry.map(({ request }) => `${type} ${request.method} ${request.url}`));
      const there = (await linesOf(server, output)).map(({ resourceType, id }) => `transaction DELETE ${resourceType}/${id}`);
      expect(requests.filter((request) => there.includes(request))).toEqual([]);
      return requests.map((request) => request.replace('transaction DELETE ', '')).toSorted();
    };
    expect(await deletedBy(`$export?${since}`)).toEqual(['Observation/short', 'Observation/v1', 'Observation/v2', 'Organization/o1']);
    expect(await deletedBy(`Patient/$export?${since}`)).toEqual(['Observation/short', 'Observation/v1', 'Observation/v2']);
    expect(await deletedBy(`Group/g1/$export?${since}&_type=Observation`)).toEqual(['Observation/short', 'Observation/v1']);
    expect(await deletedBy(`$export?${since}&_type=Organization`)).toEqual(['Organization/o1']);
    const filter = encodeURIComponent('Observation?subject=Patient/p2');
    expect(await deletedBy(`$export?${since}&_type=Observation&_typeFilter=${filter}`)).toEqual(['Observation/v2']);
    expect(await deletedBy('$export')).toEqual([]);
  });

  it('tells of deletions only those who see all of a type', async () => {
    const server = await begin();
    await server.request('DELETE', 'Observation/v2');
    const own = { Authorization: bearer({ scopes: [{ ...reader, level: 'patient', type: 'Observation' }], patientId: 'p2' }) };
    const manifest = await finished(server, await kickOff(server, 'Patient/$export?_since=2000-01-01T00:00:00Z', own), own);
    expect([manifest.output, manifest.deleted]).toEqual([[], undefined]);
  });

  it('exports what says where resources of patients come from', async () => {
    const server = await begin();
    await put(server, {
      resourceType: 'Provenance',
      id: 'trace',
      target: [{ reference: 'Task/t1' }],
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: { reference: 'Organization/o1' } }],
    });
    expect(await exported(server, 'Patient/$export?_type=Provenance')).toEqual(['Provenance/trace']);
  });

  it('leaves out what it does not know when asked to, and tells so [Bulk Data STU2 kick-off]', async () => {
    const server = await begin();
    const lenient = { Prefer: 'respond-async, handling=lenient' };
    const query =
      'includeAssociatedData=LatestProvenanceResources&_type=Patient,Nothing&_elements=name.family,Patient.active,Patient.naem&_foo=1';
    const status = await kickOff(server, `$export?${query}`, lenient);
    const { output, error } = await finished(server, status);
    expect(output.map(({ type, count }) => [type, count])).toEqual([['Patient', 2]]);
    const told = (await linesOf(server, error)) as unknown as {
      issue: { severity: string; code: string; expression: string[]; diagnostics: string }[];
    }[];
    expect(told.map(({ issue }) => [issue[0]?.severity, issue[0]?.code, issue[0]?.expression?.[0]])).toEqual([
      ['warning', 'not-supported', 'includeAssociatedData'],
      ['warning', 'not-supported', '_foo'],
      ['warning', 'value', '_type'],
      ['warning', 'value', '_elements'],
      ['warning', 'value', '_elements'],
    ]);
    expect(told.map(({ issue }) => issue[0]?.diagnostics).slice(1)).toEqual([
      'The parameter _foo is not known here. It was left out.',
      'Unknown resource type: Nothing. It was left out.',
      'name.family is not the name of an element at the top of a resource. It was left out.',
      'Patient.naem is not the name of an element at the top of Patient. Did you mean name? It was left out.',
    ]);
  });

  it('lets out no more than was asked for when asked to be lenient', async () => {
    const server = await begin();
    const lenient = { Prefer: 'respond-async, handling=lenient' };
    expectRefusal(await server.request('GET', '$export?_type=Patiant', undefined, lenient), 400, 'value', '_type');
    expectRefusal(await kickOffFor(server, '$export', ['Patient/p1'], [], lenient), 400, 'value', 'patient');
    expect(await ofKickOff(server, await kickOffFor(server, 'Patient/$export', ['Patient/none'], [], lenient))).toEqual([]);
    expect(await ofKickOff(server, await kickOffFor(server, 'Patient/$export', ['Patient/none', 'Patient/p2'], [], lenient))).toEqual([
      'Observation/v2',
      'Patient/p2',
    ]);
  });

  it('exports resources as they were at the time of the request', async () => {
    const database = await open();
    const server = await serve(database);
    await put(server, patient({ id: 'p1', active: false }));
    const status = await kickOff(server, '$export?_type=Patient');
    await put(server, patient({ id: 'p1', active: true }), patient({ id: 'p2' }));
    const { output } = await finished(server, status);
    expect((await linesOf(server, output)).map(({ id, active }) => [id, active])).toEqual([['p1', false]]);
  });

  /** A server whose exports come to no end, and make no room for others, before they are let. */
  const serveHeld = async (database: Database): Promise<{ server: TestServer; letEnd: () => void }> => {
    const { promise, resolve: letEnd } = Promise.withResolvers<void>();
    const { resources } = database;
    const search: typeof resources.search = (query) => promise.then(() => resources.search(query));
    return { server: await serve({ ...database, resources: { ...resources, search } }), letEnd };
  };

  it('runs no more jobs at a time than it may, however many have been done', async () => {
    const database = await open();
    const done = { status: 'done', attempt: 1, aliveMs: Date.now(), principal: { clientId: 'x' } };
    const options = { expiresAtMs: Date.now() + 60_000 };
    await Promise.all(Array.from({ length: 1001 }, (_, at) => database.state.put('bulk-job', `0-${at}`, done, options)));
    const { server, letEnd } = await serveHeld(database);
    const begun = [];
    for (let count = 0; count < 5; count += 1) begun.push(await kickOff(server, '$export'));
    const answer = await server.request('GET', '$export', undefined, ASYNC);
    expectRefusal(answer, 429, 'throttled');
    expect(answer.headers.get('Retry-After')).toBe('30');
    letEnd();
    for (const status of begun) await finished(server, status);
  });

  it('makes room for another when a job is cancelled', async () => {
    const { server, letEnd } = await serveHeld(await open());
    const begun = [];
    for (let count = 0; count < 5; count += 1) begun.push(await kickOff(server, '$export'));
    expect((await server.request('DELETE', begun[0]!)).status).toBe(202);
    begun[0] = await kickOff(server, '$export');
    letEnd();
    for (const status of begun) await finished(server, status);
  });

  it('keeps no file of a job that is cancelled while the file is on its way', async () => {
    const database = await open();
    const { state } = database;
    const status = Promise.withResolvers<string>();
    const isPut = Promise.withResolvers<void>();
    const put: typeof state.put = async (kind, id, value, options) => {
      if (kind === 'bulk-file') expect((await server.request('DELETE', await status.promise)).status).toBe(202);
      await state.put(kind, id, value, options);
      if (kind === 'bulk-file') isPut.resolve();
    };
    const server = await serve({ ...database, state: { ...state, put } });
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    status.resolve(await kickOff(server, '$export'));
    await isPut.promise;
    await expect.poll(() => state.list('bulk-file', 10)).toEqual([]);
  });

  it('runs no more jobs than it may of many that are asked for at the same moment', async () => {
    const { server, letEnd } = await serveHeld(await open());
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.request('GET', '$export', undefined, ASYNC)));
    letEnd();
    const begun = answers.filter(({ status }) => status === 202);
    expect(begun.length).toBeGreaterThan(0);
    expect(begun.length).toBeLessThanOrEqual(5);
    for (const answer of answers) if (answer.status !== 202) expectRefusal(answer, 429, 'throttled');
    for (const { headers } of begun) await finished(server, headers.get('Content-Location') ?? '');
    expect((await server.request('GET', '$export', undefined, ASYNC)).status).toBe(202);
  });

  const sendLines = (server: TestServer, lines: readonly unknown[], headers: Record<string, string> = {}): Promise<TestAnswer> => {
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    return server.request('POST', '$import', text, { 'Content-Type': 'application/fhir+ndjson', ...ASYNC, ...headers });
  };

  it('imports NDJSON, and tells of each line that was not stored why', async () => {
    const server = await serve(await open());
    const lines = [
      patient({ id: 'p1' }),
      observation(of('p1')),
      '',
      '{"resourceType":"Patient","id":"bad","gender":"odd"}',
      '{not json',
      '[]',
      '{"resourceType":"Nothing"}',
      '{"resourceType":"Patient","id":"nul","name":[{"family":"a\\u0000b"}]}',
      '{"resourceType":"Patient","id":"p8","active":true,"active":false}',
    ];
    const answer = await sendLines(server, lines);
    expect(answer.status, answer.text).toBe(202);
    const { output, error } = await finished(server, answer.headers.get('Content-Location') ?? '');
    const stored = (await linesOf(server, output)) as unknown as { issue: { diagnostics: string }[] }[];
    expect(stored.map(({ issue }) => issue[0]?.diagnostics).toSorted()).toEqual(['1 Observation stored', '1 Patient stored']);
    const faults = (await linesOf(server, error)) as unknown as { issue: { diagnostics: string; code: string }[] }[];
    expect(faults.map(({ issue }) => issue[0]?.diagnostics.split(':')[0]).toSorted()).toEqual([
      'Line 4',
      'Line 5',
      'Line 6',
      'Line 7',
      'Line 8',
      'Line 9',
    ]);
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(1);
    const again = await sendLines(server, [patient({ id: 'p1', active: true })]);
    await finished(server, again.headers.get('Content-Location') ?? '');
    expect((await server.request('GET', 'Patient/p1')).body).toMatchObject({ active: true, meta: { versionId: '2' } });
  });

  it('imports within what the caller may write, and what was exported', async () => {
    const server = await begin();
    const { output } = await finished(server, await kickOff(server, '$export?_type=Patient,Organization'));
    const lines = await linesOf(server, output);
    const target = await serve(await open());
    const scopes = [{ ...reader, type: 'Patient', create: true, update: true }];
    const limited = { Authorization: bearer({ scopes }) };
    const answer = await sendLines(target, lines, limited);
    const { error } = await finished(target, answer.headers.get('Content-Location') ?? '', limited);
    const faults = (await linesOf(target, error, limited)) as unknown as { issue: { code: string }[] }[];
    expect(faults.map(({ issue }) => issue[0]?.code)).toEqual(['forbidden']);
    expect((await target.request('GET', 'Patient?_summary=count')).body.total).toBe(2);
  });

  it('takes an import of any length, and tells of a line that is too long', async () => {
    const database = await open();
    const limits = { bodyBytes: 2_000, bundleEntries: 5000, pageSizeDefault: 50, pageSizeMax: 1000, includedMax: 5000 };
    const services = { state: database.state, newId: () => crypto.randomUUID(), nowMs: Date.now, limits };
    const server = await startTestServer({ store: database.resources, services });
    servers.push(server);
    const long = { resourceType: 'Basic', id: 'long', code: { text: 'a'.repeat(3_000) } };
    const lines = Array.from({ length: 2_500 }, (_, place) => (place === 1_200 ? long : { resourceType: 'Nothing', id: `å${place}` }));
    const answer = await sendLines(server, [...lines, patient({ id: 'last' })]);
    expect(answer.status, answer.text).toBe(202);
    const { output, error } = await finished(server, answer.headers.get('Content-Location') ?? '');
    expect([output.map(({ count }) => count), error.map(({ count }) => count)]).toEqual([[1], [1000, 1000, 500]]);
    const faults = (await linesOf(server, error)) as unknown as { issue: { diagnostics: string; code: string }[] }[];
    expect(faults.filter(({ issue }) => issue[0]?.code === 'too-long').map(({ issue }) => issue[0]?.diagnostics)).toEqual([
      'Line 1201: The line is longer than 2000 characters',
    ]);
    const job = answer.headers.get('Content-Location')?.split('?')[1];
    expectRefusal(await server.request('GET', `$bulk-file?${job}&file=received-1`), 404, 'not-found');
    expectRefusal(await sendLines(server, [`${'x'.repeat(400_001)}`]), 413, 'too-long');
    expect((await database.state.list('bulk-job', 10)).length).toBe(1);
    expect(await database.state.list('bulk-file', 10)).toHaveLength(4);
  }, 30_000);

  it('leaves nothing of an import that broke off or is not UTF-8', async () => {
    const database = await open();
    const server = await serve(database);
    const send = (body: NonNullable<RequestInit['body']>, over: RequestInit = {}) => {
      const headers = { Authorization: bearer(), 'Content-Type': 'application/fhir+ndjson', ...ASYNC };
      return fetch(`${server.url}/$import`, { method: 'POST', headers, body, ...over });
    };
    expect((await send(Buffer.from([0x7b, 0xff, 0x0a]))).status).toBe(400);
    const given = new AbortController();
    const endless = new ReadableStream({
      async pull(controller) {
        controller.enqueue(new TextEncoder().encode(`{"resourceType":"Patient"}\n`.repeat(1000)));
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
    setTimeout(() => given.abort(), 150);
    await expect(send(endless, { signal: given.signal, duplex: 'half' } as RequestInit)).rejects.toThrow();
    await expect.poll(async () => (await database.state.list('bulk-job', 10)).length).toBe(0);
    expect(await database.state.list('bulk-file', 10)).toEqual([]);
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(0);
  });

  it('refuses an import by who may write nothing', async () => {
    const server = await serve(await open());
    const reading = { Authorization: bearer({ scopes: [{ ...reader, type: '*' }] }) };
    expectRefusal(await sendLines(server, [patient()], reading), 403, 'forbidden');
  });

  it('refuses an import that is no NDJSON', async () => {
    const server = await serve(await open());
    expectRefusal(await server.request('POST', '$import', patient(), ASYNC), 415, 'not-supported');
    expectRefusal(await sendLines(server, [' ', '']), 400, 'structure');
    expectRefusal(await sendLines(server, [patient()], { Prefer: 'return=minimal' }), 400, 'invalid', 'Prefer');
    const elsewhere = await server.request('POST', 'Patient', '{}', { 'Content-Type': 'application/fhir+ndjson' });
    expectRefusal(elsewhere, 415, 'not-supported');
    expectRefusal(await server.request('GET', '$import'), 405, 'not-supported');
  });
});

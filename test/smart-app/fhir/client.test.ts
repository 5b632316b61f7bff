import type { Patient } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { type Connection, FhirClient } from '../../../smart-app/src/fhir/client.ts';
import { findPerson } from '../../../smart-app/src/fhir/find-person.ts';
import { loadPlanData } from '../../../smart-app/src/fhir/plan-data.ts';
import { AppError } from '../../../smart-app/src/smart/app-error.ts';
import { ehrPatient, patient, people, plan, team } from '../sample-plan.ts';
import { answers } from '../smart/scripted-fetch.ts';

const BASE = 'https://shared.test/fhir';

function clientWith(script: readonly unknown[]) {
  const { fetcher, calls } = answers(script);
  const connections: Connection[] = [];
  const tokens: (boolean | undefined)[] = [];
  const client = new FhirClient({
    baseUrl: BASE,
    fetcher,
    retryWaitsMs: [1, 1],
    onConnection: (connection) => connections.push(connection),
    token: (renew) => {
      tokens.push(renew);
      return Promise.resolve(`token-${tokens.length}`);
    },
  });
  return { client, calls, connections, tokens };
}

const bundle = (resources: readonly unknown[], next?: string) => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
  link: next === undefined ? [] : [{ relation: 'next', url: next }],
});

const errorOf = (attempt: Promise<unknown>): Promise<AppError> =>
  attempt.then(
    () => new AppError('unexpected', 'no error'),
    (thrown: unknown) => thrown as AppError,
  );

describe('reading', () => {
  test('sends the bearer token and asks for FHIR JSON', async () => {
    const { client, calls } = clientWith([patient]);
    expect(await client.read('Patient/1')).toEqual(patient);
    expect(calls[0]?.url).toBe(`${BASE}/Patient/1`);
    expect(calls[0]?.headers.get('authorization')).toBe('Bearer token-1');
    expect(calls[0]?.headers.get('accept')).toBe('application/fhir+json');
  });

  test.each([
    [403, 'no-access'],
    [404, 'no-access'],
    [410, 'no-access'],
    [400, 'unexpected'],
    [500, 'unexpected'],
  ])('a %d is the error %s, with the outcome’s own words', async (status, kind) => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid', details: { text: 'not so' } }] };
    const error = await errorOf(clientWith([[status, outcome]]).client.read('Patient/1'));
    expect(error.kind).toBe(kind);
    expect(error.message).toBe(`HTTP ${status} · invalid: not so`);
  });

  test('the request id is kept for support staff', async () => {
    const response = new Response('{}', { status: 500, headers: { 'x-request-id': 'r-9' } });
    expect((await errorOf(clientWith([response]).client.read('Patient/1'))).requestId).toBe('r-9');
  });

  test('a refused token is renewed once', async () => {
    const { client, calls, tokens } = clientWith([401, patient]);
    expect(await client.read('Patient/1')).toEqual(patient);
    expect(tokens).toEqual([undefined, true]);
    expect(calls[1]?.headers.get('authorization')).toBe('Bearer token-2');
  });

  test('a token refused twice is the end of the session', async () => {
    expect((await errorOf(clientWith([401, 401]).client.read('Patient/1'))).kind).toBe('expired');
  });
});

describe('a bad connection', () => {
  test('is tried again, and said to be', async () => {
    const { client, calls, connections } = clientWith([new TypeError('fetch failed'), 503, patient]);
    expect(await client.read('Patient/1')).toEqual(patient);
    expect(calls).toHaveLength(3);
    expect(connections).toEqual(['retrying', 'retrying', 'ok']);
  });

  test.each([
    ['no answer', new TypeError('fetch failed')],
    ['503', 503],
    ['504', 504],
  ])('%s to the last attempt is given up as lost', async (_why, answer) => {
    const { client, calls, connections } = clientWith([answer]);
    expect((await errorOf(client.read('Patient/1'))).kind).toBe('connection');
    expect(calls).toHaveLength(3);
    expect(connections.at(-1)).toBe('lost');
  });

  test('a 4xx is not tried again', async () => {
    const { client, calls } = clientWith([404]);
    await errorOf(client.read('Patient/1'));
    expect(calls).toHaveLength(1);
  });
});

describe('searching', () => {
  test('follows the pages to the end', async () => {
    const { client, calls } = clientWith([
      bundle([{ id: 'a' }], `${BASE}?page=2`),
      bundle([{ id: 'b' }], 'Task?page=3'),
      bundle([{ id: 'c' }]),
    ]);
    expect((await client.search('Task', [['patient', 'p|1']])).map((one) => one.id)).toEqual(['a', 'b', 'c']);
    expect(calls.map((call) => call.url)).toEqual([`${BASE}/Task?patient=p%7C1`, `${BASE}?page=2`, `${BASE}/Task?page=3`]);
  });

  test('a next page at another address is refused before the token is sent there', async () => {
    const { client, calls } = clientWith([bundle([], 'https://evil.test/fhir/Task?page=2')]);
    expect((await errorOf(client.search('Task', []))).kind).toBe('unexpected');
    expect(calls).toHaveLength(1);
  });

  test('a server that runs in a circle is left', async () => {
    const { client } = clientWith([bundle([{ id: 'a' }], `${BASE}/Task?page=2`)]);
    expect((await errorOf(client.search('Task', []))).message).toBe('the search has too many pages');
  });

  test('an outcome among the entries is not a result', async () => {
    const page = { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'OperationOutcome' }, search: { mode: 'outcome' } }] };
    expect(await clientWith([page]).client.search('Task', [])).toEqual([]);
  });
});

describe('finding the person', () => {
  const find = async (atEhr: Patient, atShared: readonly unknown[], sharedPatientId: string | undefined = patient.id) => {
    const shared = clientWith([bundle(atShared)]);
    const found = await findPerson({
      ehr: clientWith([atEhr]).client,
      ehrPatientId: 'ehr-7',
      shared: shared.client,
      sharedPatientId,
    }).catch((thrown: unknown) => (thrown as AppError).kind);
    return { found, calls: shared.calls };
  };

  test('the number goes in a body, never in an address', async () => {
    const { found, calls } = await find(ehrPatient, [patient]);
    expect(found).toEqual(patient);
    expect(calls[0]).toMatchObject({ method: 'POST', url: `${BASE}/Patient/_search` });
    expect(calls[0]?.body.get('identifier')).toBe(`urn:oid:2.16.578.1.12.4.1.4.1|${ehrPatient.identifier?.[0]?.value}`);
  });

  test('a person with a D-number is found by it', async () => {
    const dNumber = [{ system: 'urn:oid:2.16.578.1.12.4.1.4.2', value: '57884512345' }];
    const { calls } = await find({ ...ehrPatient, identifier: dNumber }, [{ ...patient, identifier: dNumber }]);
    expect(calls[0]?.body.get('identifier')).toBe('urn:oid:2.16.578.1.12.4.1.4.2|57884512345');
  });

  test.each([
    ['the EHR has no number', { ...ehrPatient, identifier: [] }, [patient], 'no-identity'],
    [
      'only an old number',
      { ...ehrPatient, identifier: [{ ...ehrPatient.identifier?.[0], use: 'old' as const }] },
      [patient],
      'no-identity',
    ],
    ['nobody is found though the token has a patient', ehrPatient, [], 'no-access'],
    ['another person is found', ehrPatient, [{ ...patient, id: 'someone-else' }], 'wrong-person'],
    ['two persons are found', ehrPatient, [patient, { ...patient, id: 'twin' }], 'wrong-person'],
    [
      'the person found has another number',
      ehrPatient,
      [{ ...patient, identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '1' }] }],
      'wrong-person',
    ],
  ])('refused when %s', async (_why, atEhr, atShared, kind) => {
    expect((await find(atEhr as Patient, atShared)).found).toBe(kind);
  });

  test('a token without patient means that there is nobody this user may see', async () => {
    const ehr = clientWith([ehrPatient]).client;
    const shared = clientWith([bundle([])]);
    const error = await errorOf(findPerson({ ehr, ehrPatientId: 'ehr-7', shared: shared.client, sharedPatientId: undefined }));
    expect(error.kind).toBe('no-access');
    expect(shared.calls).toEqual([]);
  });
});

describe('fetching the plan', () => {
  /** Answers each search by its type from a list of resources; statuses by type come first. */
  function serverOf(
    resources: readonly { resourceType: string; id?: string | undefined }[],
    statuses: Readonly<Record<string, number>> = {},
  ) {
    const urls: string[] = [];
    const fetcher = (async (input: RequestInfo | URL) => {
      const url = new URL(String(input));
      urls.push(url.pathname + url.search);
      const type = url.pathname.split('/').at(-1) ?? '';
      if (statuses[type] !== undefined) return Response.json({}, { status: statuses[type] });
      const ids = url.searchParams.get('_id')?.split(',');
      return Response.json(bundle(resources.filter((one) => one.resourceType === type && (ids?.includes(one.id ?? '') ?? true))));
    }) as typeof fetch;
    return { client: new FhirClient({ baseUrl: BASE, fetcher, token: () => Promise.resolve('t'), retryWaitsMs: [] }), urls };
  }

  test('people that no search brought are read by id, until the team has names', async () => {
    const closed = people.filter((one) => one.resourceType !== 'Organization');
    const { client, urls } = serverOf([plan, team, ...people]);
    const data = await loadPlanData(client, patient, Date.now);
    expect(data.index.all('Practitioner')).toHaveLength(closed.filter((one) => one.resourceType === 'Practitioner').length);
    expect(data.index.get('Organization', 'Organization/legekontor')?.name).toBe('Solvik legesenter');
    expect(urls.length).toBeLessThanOrEqual(18);
  });

  test('of the changes of what is shown, the latest alone are asked for', async () => {
    const made = { resourceType: 'Provenance', id: 'made', target: [{ reference: `CarePlan/${plan.id}/_history/1` }] };
    const { client, urls } = serverOf([plan, team, made as unknown as typeof plan]);
    const data = await loadPlanData(client, patient, Date.now);
    expect(data.changes.map(({ id }) => id)).toEqual(['made']);
    const asked = urls.filter((url) => url.includes('/Provenance?')).map((url) => new URL(url, BASE).searchParams);
    expect(asked.map((each) => [each.get('target'), each.get('_sort'), each.get('_count')])).toEqual([
      [`CarePlan/${plan.id},CareTeam/${team.id}`, '-recorded', '50'],
    ]);
    expect(urls.filter((url) => url.includes('_revinclude'))).toEqual([]);
  });

  test('reports of need, meetings and messages that are closed to the user are simply absent; closed consents are unknown, not none', async () => {
    const { client } = serverOf([plan, team], { Consent: 403, ServiceRequest: 404, Appointment: 403, Communication: 403 });
    const data = await loadPlanData(client, patient, Date.now);
    expect([data.plans.length, data.needReports, data.meetings, data.messages]).toEqual([1, [], [], []]);
    expect(data.consents).toBeUndefined();
  });

  test('plans that are closed to the user are an error', async () => {
    expect((await errorOf(loadPlanData(serverOf([], { CarePlan: 403 }).client, patient, Date.now))).kind).toBe('no-access');
  });

  test('what was entered in error is left out', async () => {
    const { client } = serverOf([{ ...plan, status: 'entered-in-error' } as typeof plan, team]);
    expect((await loadPlanData(client, patient, Date.now)).plans).toEqual([]);
  });
});

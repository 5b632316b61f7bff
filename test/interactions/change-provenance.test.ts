import { describe, expect, it } from 'vitest';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { ingrid, psfs } from '../operations/forms.ts';
import { onEachServer } from '../support/each-server.ts';
import { bearer, type TestServer } from '../support/test-server.ts';

interface Provenance {
  readonly target: readonly { readonly reference: string }[];
  readonly activity: { readonly coding: readonly { readonly code: string }[] };
  readonly agent: readonly { readonly who: unknown; readonly onBehalfOf?: unknown }[];
  readonly reason: unknown;
}

const TRACED = { services: { leavesProvenance: true } };
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };
const about = (patient: string) => ({ subject: { reference: `Patient/${patient}` } });
const goal = (id: string, patient = 'p1', more: object = {}) => ({
  resourceType: 'Goal',
  id,
  lifecycleStatus: 'active',
  description: { text: 'Gå til postkassen' },
  ...about(patient),
  ...more,
});
const entry = (method: string, url: string, resource?: object, request: object = {}) => ({
  ...(resource === undefined ? {} : { resource }),
  request: { method, url, ...request },
});
const transaction = (...entries: readonly object[]) => ({ resourceType: 'Bundle', type: 'transaction', entry: entries });

async function provenances(server: TestServer, query = '_sort=_id'): Promise<readonly Provenance[]> {
  const answer = await server.request('GET', `Provenance?_count=1000&${query}`);
  return ((answer.body.entry ?? []) as { resource: Provenance }[]).map(({ resource }) => resource);
}

/** Of each Provenance: what was done, and to which versions. */
const told = (found: readonly Provenance[]) =>
  found.map(({ activity, target }) => [activity.coding[0]?.code, ...target.map(({ reference }) => reference)]);

const ok = async (answer: Promise<{ readonly status: number; readonly text: string }>): Promise<void> => {
  const { status, text } = await answer;
  expect(status, text).toBeLessThan(300);
};

onEachServer('the Provenance of a change', (start) => {
  it('is left by every way of writing, valid against its profile, and found by its target', async () => {
    const server = await start(TRACED);
    await ok(server.request('PUT', 'Goal/g1', goal('g1')));
    await ok(server.request('PUT', 'Goal/g1', goal('g1', 'p1', { lifecycleStatus: 'on-hold' }), { 'If-Match': 'W/"1"' }));
    const operations = [{ op: 'replace', path: '/lifecycleStatus', value: 'completed' }];
    await ok(server.request('PATCH', 'Goal/g1', operations, { ...JSON_PATCH, 'If-Match': 'W/"2"' }));
    const labels = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ system: 'urn:x', code: 'y' }] } }] };
    await ok(server.request('POST', 'Goal/g1/$meta-add', labels));
    await ok(server.request('DELETE', 'Goal/g1', undefined, { 'If-Match': 'W/"4"' }));
    const found = await provenances(server, 'target=Goal/g1&_sort=_lastUpdated');
    expect(told(found)).toEqual([
      ['CREATE', 'Goal/g1/_history/1'],
      ['UPDATE', 'Goal/g1/_history/2'],
      ['UPDATE', 'Goal/g1/_history/3'],
      ['UPDATE', 'Goal/g1/_history/4'],
      ['DELETE', 'Goal/g1/_history/5'],
    ]);
    for (const each of found) {
      expect(server.services.validator.validate(each).filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    const created = await server.request('POST', 'Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'PSFS' },
      ...about('p1'),
    });
    const [only] = await provenances(server, `target=Observation/${created.body.id}`);
    expect(told(only === undefined ? [] : [only])).toEqual([['CREATE', `Observation/${created.body.id}/_history/1`]]);
    const withGoals = await server.request('GET', 'Observation?_revinclude=Provenance:target');
    expect((withGoals.body.entry as readonly unknown[]).length).toBe(2);
  });

  it('says who, for which organisation and for what purpose', async () => {
    const server = await start({ services: { ...TRACED.services, clientName: () => 'Solvik kommune' } });
    const as = (principal: object) => ({ Authorization: bearer(principal) });
    await ok(
      server.request(
        'PUT',
        'Goal/a',
        goal('a'),
        as({ fhirUser: 'Practitioner/n1', organizationNumber: '310043842', purposeOfUse: 'TREAT' }),
      ),
    );
    await ok(server.request('PUT', 'Goal/b', goal('b'), as({ fhirUser: 'Patient/p1' })));
    await ok(server.request('PUT', 'Goal/c', goal('c'), as({ organizationNumber: '310043842' })));
    await ok(server.request('PUT', 'Goal/d', goal('d'), as({ fhirUser: 'Practitioner/n1' })));
    await ok(server.request('PUT', 'Goal/e', goal('e')));
    const of = async (id: string) => (await provenances(server, `target=Goal/${id}`))[0];
    const organization = { type: 'Organization', identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.101', value: '310043842' } };
    expect(await of('a')).toMatchObject({
      agent: [{ who: { reference: 'Practitioner/n1' }, onBehalfOf: organization }],
      reason: [{ coding: [{ code: 'TREAT' }] }],
    });
    const byPatient = (await of('b'))?.agent;
    expect(byPatient).toMatchObject([{ who: { reference: 'Patient/p1' } }]);
    expect(byPatient?.[0]?.onBehalfOf).toBeUndefined();
    expect((await of('c'))?.agent).toMatchObject([{ who: { ...organization, display: 'Solvik kommune' } }]);
    expect((await of('d'))?.agent).toMatchObject([{ onBehalfOf: { extension: [{ valueCode: 'unknown' }] } }]);
    expect(await of('e')).toMatchObject({
      agent: [{ who: { identifier: { value: 'test-client' } } }],
      reason: [{ coding: [{ code: 'COC' }] }],
    });
  });

  it('tells of a transaction together, but of each person and each kind of change apart', async () => {
    const server = await start(TRACED);
    await ok(server.request('POST', '', transaction(entry('PUT', 'Goal/old', goal('old')), entry('PUT', 'Goal/gone', goal('gone')))));
    const mixed = transaction(
      entry('PUT', 'Goal/g1', goal('g1')),
      entry('PUT', 'Goal/g2', goal('g2')),
      entry('PUT', 'Goal/g3', goal('g3', 'p2')),
      entry('PUT', 'Organization/o1', { resourceType: 'Organization', id: 'o1', name: 'Solvik' }),
      entry('PUT', 'Goal/old', goal('old', 'p1', { lifecycleStatus: 'on-hold' }), { ifMatch: 'W/"1"' }),
      entry('DELETE', 'Goal/gone', undefined, { ifMatch: 'W/"1"' }),
    );
    await ok(server.request('POST', '', mixed));
    const all = told(await provenances(server)).map(([code, ...targets]) => [code, ...targets.toSorted()].join(' '));
    expect(all.toSorted()).toEqual([
      'CREATE Goal/g1/_history/1 Goal/g2/_history/1',
      'CREATE Goal/g3/_history/1',
      'CREATE Goal/gone/_history/1 Goal/old/_history/1',
      'CREATE Organization/o1/_history/1',
      'DELETE Goal/gone/_history/2',
      'UPDATE Goal/old/_history/2',
    ]);
  });

  it('tells apart what is about different persons in whatever way they are named, and what names more than one', async () => {
    const server = await start(TRACED);
    const appointment = (id: string, ...patients: readonly string[]) => {
      const participant = patients.map((each) => ({ actor: { reference: `Patient/${each}` }, status: 'accepted' }));
      return entry('PUT', `Appointment/${id}`, { resourceType: 'Appointment', id, status: 'proposed', participant });
    };
    const message = (id: string, subject: string, recipient: string) => {
      const resource = { resourceType: 'Communication', id, status: 'completed', ...about(subject) };
      return entry('PUT', `Communication/${id}`, { ...resource, recipient: [{ reference: `Patient/${recipient}` }] });
    };
    const person = { resourceType: 'Person', id: 'x', link: [{ target: { reference: 'Patient/p1' } }] };
    const mixed = transaction(
      appointment('a1', 'p1'),
      appointment('a2', 'p2'),
      appointment('a3', 'p1', 'p2'),
      message('c1', 'p1', 'p2'),
      message('c2', 'p2', 'p1'),
      entry('PUT', 'Person/x', person),
      entry('PUT', 'Goal/g1', goal('g1')),
    );
    await ok(server.request('POST', '', mixed));
    const all = told(await provenances(server)).map(([, ...targets]) => targets.toSorted().join(' '));
    expect(all.toSorted()).toEqual([
      'Appointment/a1/_history/1 Goal/g1/_history/1',
      'Appointment/a2/_history/1',
      'Appointment/a3/_history/1',
      'Communication/c1/_history/1',
      'Communication/c2/_history/1',
      'Person/x/_history/1',
    ]);
  });

  it('tells of what is brought back after a deletion as made anew', async () => {
    const server = await start(TRACED);
    await ok(server.request('PUT', 'Goal/g1', goal('g1')));
    await ok(server.request('DELETE', 'Goal/g1', undefined, { 'If-Match': 'W/"1"' }));
    await ok(server.request('PUT', 'Goal/g1', goal('g1')));
    expect(told(await provenances(server, 'target=Goal/g1&_sort=-_lastUpdated'))[0]).toEqual(['CREATE', 'Goal/g1/_history/3']);
  });

  it('is left by $extract for the response and its scores', async () => {
    const server = await start({ services: { leavesProvenance: true, terminology: createTerminology() } });
    await ok(server.request('PUT', 'Patient/ingrid', ingrid));
    const sent = psfs('r1', 1, [['Gå til butikken', 3]]);
    const answer = await server.request('POST', 'QuestionnaireResponse/$extract', sent);
    const written = (answer.body.entry as { resource: { resourceType: string; id: string } }[]).map(({ resource }) => resource);
    expect(written.length, answer.text).toBeGreaterThan(1);
    const names = written.map(({ resourceType, id }) => `${resourceType}/${id}/_history/1`);
    const all = told(await provenances(server)).filter(([, first]) => !first?.startsWith('Patient/'));
    expect(all).toEqual([['CREATE', ...names]]);
  });

  it('names a hundred versions at most', async () => {
    const server = await start(TRACED);
    await ok(server.request('POST', '', transaction(...Array.from({ length: 250 }, (_, n) => entry('PUT', `Goal/g${n}`, goal(`g${n}`))))));
    expect((await provenances(server)).map(({ target }) => target.length).toSorted((a, b) => a - b)).toEqual([50, 100, 100]);
  });

  it('is not left beside one that the same Bundle brings, nor where nothing is written', async () => {
    const server = await start(TRACED);
    const own = (reference: string) => ({
      resourceType: 'Provenance',
      target: [{ reference }],
      recorded: '2026-03-02T09:00:00Z',
      agent: [{ who: { display: 'Vår egen' } }],
    });
    await ok(
      server.request('POST', '', transaction(entry('PUT', 'Goal/g1', goal('g1')), entry('POST', 'Provenance', own('Goal/g1/_history/1')))),
    );
    expect(await provenances(server)).toHaveLength(1);
    await ok(server.request('POST', '', transaction(entry('PUT', 'Goal/g2', goal('g2')), entry('POST', 'Provenance', own('Goal/g3')))));
    expect(await provenances(server)).toHaveLength(3);
    const ofTheOld = transaction(
      entry('PUT', 'Goal/g1', goal('g1', 'p1', { lifecycleStatus: 'on-hold' }), { ifMatch: 'W/"1"' }),
      entry('POST', 'Provenance', own('Goal/g1/_history/1')),
    );
    await ok(server.request('POST', '', ofTheOld));
    const left = await provenances(server, 'target=Goal/g1&_sort=_lastUpdated');
    expect(left.flatMap(({ target }) => target.map(({ reference }) => reference)).toSorted()).toEqual([
      'Goal/g1/_history/1',
      'Goal/g1/_history/1',
      'Goal/g1/_history/2',
    ]);
    await ok(server.request('POST', 'Goal', goal('g1'), { 'If-None-Exist': '_id=g1' }));
    expect((await server.request('PUT', 'Goal/g1', goal('g1'), { 'If-Match': 'W/"7"' })).status).toBe(412);
    expect(await provenances(server)).toHaveLength(5);
  });
});

describe('a base that leaves no Provenance', () => {
  onEachServer('without being asked to', (start) => {
    it('writes what it is sent alone', async () => {
      const server = await start();
      await ok(server.request('PUT', 'Goal/g1', goal('g1')));
      expect(await provenances(server)).toEqual([]);
    });
  });
});

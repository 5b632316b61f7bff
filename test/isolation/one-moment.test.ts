/**
 * A page is of one moment, with all that it includes: who writes two resources together is never seen to have written one.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#include · https://hl7.org/fhir/R4/http.html#transaction
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { TestServer } from '../support/test-server.ts';
import { type Services, STORES, startServices } from './services.ts';

const closing: Services[] = [];
afterEach(async () => {
  for (const services of closing.splice(0)) await services.close();
});

const ROUNDS = 25;
const OBSERVATION = { resourceType: 'Observation', status: 'final', code: { text: 'one of three' }, subject: { reference: 'Patient/p' } };
const THREE = [
  { resourceType: 'Patient', id: 'p', name: [{ text: 'Person' }] },
  { ...OBSERVATION, id: 'o', hasMember: [{ reference: 'Observation/m' }] },
  { ...OBSERVATION, id: 'm' },
];

/** Writes all three together, again and again. */
async function write(server: TestServer): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const entry = THREE.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
    expect((await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
  }
}

interface Entry {
  readonly resource: { readonly meta: { readonly versionId: string } };
}

describe.each(STORES.slice(1))('on %s', (store) => {
  it.each([
    'Observation?_id=o&_include=Observation:subject&_include=Observation:has-member',
    'Patient?_id=p&_revinclude=Observation:subject',
    'Patient/p/$everything',
  ])('%s shows what was written together together', async (path) => {
    const services = await startServices(store);
    closing.push(services);
    const [writing, ...others] = services.servers as [TestServer, ...TestServer[]];
    let isOver = false;
    const work = write(writing).finally(() => {
      isOver = true;
    });
    const halves: string[] = [];
    for (let round = 0; !isOver; round += 1) {
      const { body } = await (others[round % 2] ?? writing).request('GET', path);
      const versions = ((body.entry ?? []) as readonly Entry[]).map(({ resource }) => resource.meta.versionId);
      if (new Set(versions).size > 1 || (versions.length !== 3 && versions.length !== 0)) halves.push(versions.join(' '));
    }
    await work;
    expect(halves).toEqual([]);
  });

  it.each(['Observation?subject=Patient/p&_count=200&_include=Observation:subject'])(
    '%s shows all that was added together with what it includes',
    async (path) => {
      const services = await startServices(store);
      closing.push(services);
      const [writing, ...others] = services.servers as [TestServer, ...TestServer[]];
      await add(writing, 1);
      let isOver = false;
      const work = (async () => {
        for (let round = 2; round <= 2 * ROUNDS; round += 1) await add(writing, round);
      })().finally(() => {
        isOver = true;
      });
      const halves: string[] = [];
      for (let round = 0; !isOver; round += 1) {
        const { body } = await (others[round % 2] ?? writing).request('GET', path);
        const entries = (body.entry ?? []) as readonly (Entry & { readonly resource: { readonly resourceType: string } })[];
        const version = entries.find(({ resource }) => resource.resourceType === 'Patient')?.resource.meta.versionId;
        if (version !== String(entries.length - 1)) halves.push(`${entries.length - 1} and version ${version}`);
      }
      await work;
      expect(halves).toEqual([]);
    },
  );

  it('CarePlan/[id]/$everything shows a plan with the goal that it has just then', async () => {
    const services = await startServices(store);
    closing.push(services);
    const [writing, ...others] = services.servers as [TestServer, ...TestServer[]];
    await putPlan(writing, 1);
    let isOver = false;
    const work = (async () => {
      for (let round = 2; round < ROUNDS; round += 1) await putPlan(writing, round);
    })().finally(() => {
      isOver = true;
    });
    const wrong: string[] = [];
    for (let round = 0; !isOver; round += 1) {
      const { body } = await (others[round % 2] ?? writing).request('GET', 'CarePlan/c/$everything');
      const resources = ((body.entry ?? []) as readonly { readonly resource: Planned }[]).map(({ resource }) => resource);
      const goal = resources.find(({ resourceType }) => resourceType === 'CarePlan')?.goal?.[0]?.reference;
      const there = resources.filter(({ resourceType }) => resourceType === 'Goal').map(({ id }) => `Goal/${id}`);
      if (there.join() !== goal) wrong.push(`${goal} with ${there.join(' ')}`);
    }
    await work;
    expect(wrong).toEqual([]);
  });

  it.each(['_sort=created&_total=accurate', '_total=accurate&_count=1'])(
    'Basic?%s shows once what gets and loses what it is sorted by',
    async (query) => {
      const services = await startServices(store);
      closing.push(services);
      const [writing, ...others] = services.servers as [TestServer, ...TestServer[]];
      await put(writing, 0);
      let isOver = false;
      const work = (async () => {
        for (let round = 1; round < 2 * ROUNDS; round += 1) await put(writing, round);
      })().finally(() => {
        isOver = true;
      });
      const wrong: string[] = [];
      for (let round = 0; !isOver; round += 1) {
        const { body } = await (others[round % 2] ?? writing).request('GET', `Basic?${query}`);
        const ids = ((body.entry ?? []) as readonly { readonly resource: { readonly id: string } }[]).map(({ resource }) => resource.id);
        const expected = query.includes('_count=1') ? 1 : 2;
        if (ids.length !== expected || new Set(ids).size !== expected || (body.total ?? 2) !== 2)
          wrong.push(`${ids.join(' ')} of ${body.total}`);
      }
      await work;
      expect(wrong).toEqual([]);
    },
  );
});

/** One more observation of a person, whose version says how many there are. */
async function add(server: TestServer, round: number): Promise<void> {
  const resources = [
    { resourceType: 'Patient', id: 'p', name: [{ text: `Person of ${round}` }] },
    { ...OBSERVATION, id: `o${round}` },
  ];
  const entry = resources.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const { status, text } = await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  expect(status, text).toBe(200);
}

interface Planned {
  readonly resourceType: string;
  readonly id: string;
  readonly goal?: readonly { readonly reference: string }[];
}

/** A plan with a new goal in place of the one before. */
async function putPlan(server: TestServer, round: number): Promise<void> {
  const subject = { reference: 'Patient/p' };
  const goal = { resourceType: 'Goal', id: `g${round}`, lifecycleStatus: 'active', description: { text: 'A goal' }, subject };
  const plan = { resourceType: 'CarePlan', id: 'c', status: 'draft', intent: 'plan', subject, goal: [{ reference: `Goal/g${round}` }] };
  const after = (version: number) => (version > 0 ? { ifMatch: `W/"${version}"` } : {});
  const entry = [
    { resource: plan, request: { method: 'PUT', url: 'CarePlan/c', ...after(round - 1) } },
    { resource: goal, request: { method: 'PUT', url: `Goal/g${round}` } },
    ...(round > 1 ? [{ request: { method: 'DELETE', url: `Goal/g${round - 1}`, ...after(1) } }] : []),
  ];
  const { status, text } = await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  expect(status, text).toBe(200);
}

/** Two, of which one has a date, now this one and now the other. */
async function put(server: TestServer, round: number): Promise<void> {
  const entry = ['x', 'y'].map((id, n) => ({
    resource: { resourceType: 'Basic', id, code: { text: 'either' }, ...((round + n) % 2 === 0 ? { created: '2026-01-01' } : {}) },
    request: { method: 'PUT', url: `Basic/${id}` },
  }));
  expect((await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
}

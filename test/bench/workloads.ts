/**
 * The workloads of the benchmark: what is asked, what it is compared with, and the least ratio that is wanted.
 */
import type { Answer, BenchRequest } from './load.ts';
import { BENCH_SYSTEM, personId } from './population.ts';

export interface Workload {
  readonly name: string;
  /** At least this ratio to the yardstick; 0 where none is wanted. */
  readonly target: number;
  /** A bare server sending the same bytes, a bare server parsing the same body, or the raw store making the same commits. */
  readonly against: 'get' | 'post' | 'store';
  readonly next: (n: number, client: number, last: Answer | undefined) => BenchRequest;
}

/** Somebody of those who are there, spread evenly. */
export const somebody = (n: number, people: number): number => (n * 7919) % people;

const search = (path: string): BenchRequest => ({ method: 'GET', path: `/${path}` });

/** Workloads over a service that holds `people` of the population. New people are numbered from `people` on. */
export function workloads(people: number, planOf: (n: number) => string, bundleOf: (n: number) => string): readonly Workload[] {
  const id = (n: number) => personId(somebody(n, people));
  const json = { 'Content-Type': 'application/fhir+json' };
  return [
    { name: 'read by id', target: 0.6, against: 'get', next: (n) => search(`CarePlan/${id(n)}-plan`) },
    {
      name: 'search by identifier',
      target: 0.45,
      against: 'get',
      next: (n) => search(`Patient?identifier=${BENCH_SYSTEM}|${id(n)}`),
    },
    {
      name: 'patient + code, newest 20',
      target: 0.25,
      against: 'get',
      next: (n) => search(`Observation?patient=${id(n)}&code=what-matters&_sort=-date&_count=20`),
    },
    { name: 'chained', target: 0.25, against: 'get', next: (n) => search(`Goal?subject:Patient.identifier=${BENCH_SYSTEM}|${id(n)}`) },
    { name: '_has', target: 0.25, against: 'get', next: (n) => search(`Patient?_has:CarePlan:patient:_id=${id(n)}-plan`) },
    {
      name: '_include',
      target: 0.25,
      against: 'get',
      next: (n) => search(`CarePlan?patient=${id(n)}&_include=CarePlan:care-team&_include=CarePlan:goal`),
    },
    { name: 'page of 100', target: 0.5, against: 'get', next: () => search('Task?_sort=-_lastUpdated&_count=100') },
    {
      name: 'create CarePlan',
      target: 0.3,
      against: 'post',
      next: (n) => ({ method: 'POST', path: '/CarePlan', headers: json, body: planOf(somebody(n, people)) }),
    },
    {
      name: 'update CarePlan',
      target: 0.3,
      against: 'post',
      // Each client changes a plan of its own, which it reads once.
      next: (_n, client, last) => {
        const path = `/CarePlan/${personId(client)}-plan`;
        if (last === undefined) return { method: 'GET', path };
        return { method: 'PUT', path, headers: { ...json, 'If-Match': String(last.headers.etag) }, body: planOf(client) };
      },
    },
    { name: 'mixed CRUD', target: 0, against: 'post', next: (n, _client, last) => nextOfLife(last, planOf(somebody(n, people)), json) },
    {
      name: 'transaction of 20',
      target: 0.5,
      against: 'store',
      next: (n) => ({ method: 'POST', path: '', headers: { ...json, Prefer: 'return=minimal' }, body: bundleOf(n) }),
    },
  ];
}

/**
 * What comes next in the life of a plan: it is created, read, updated and deleted, a quarter of the requests each, as in
 * published benchmarks of mixed CRUD. Where in it a client is, its last answer tells.
 */
function nextOfLife(last: Answer | undefined, plan: string, json: Readonly<Record<string, string>>): BenchRequest {
  const id = last === undefined || last.status === 204 ? undefined : /"id":"([^"]+)"/.exec(last.body)?.[1];
  if (last === undefined || id === undefined) return { method: 'POST', path: '/CarePlan', headers: json, body: plan };
  const path = `/CarePlan/${id}`;
  const etag = String(last.headers.etag);
  if (last.status === 201) return { method: 'GET', path };
  if (etag === 'W/"1"') return { method: 'PUT', path, headers: { ...json, 'If-Match': etag }, body: last.body };
  return { method: 'DELETE', path, headers: { 'If-Match': etag } };
}

/** The one of that name. @throws Error when there is none. */
export function workloadNamed(name: string, ...over: Parameters<typeof workloads>): Workload {
  const found = workloads(...over).find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`There is no workload ${name}`);
  return found;
}

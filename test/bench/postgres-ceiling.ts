/**
 * How much of a bare server's speed is left when the least is asked of PostgreSQL that an answer needs: what no request on
 * this machine and this database can be faster than, whatever is done besides. All take turns, as everywhere in the benchmark.
 */
import type { Resource } from '../../server/fhir/resource.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { createDatabase } from '../support/postgres-setup.ts';
import type { Course } from './compare.ts';
import type { Load } from './load.ts';
import { personBundle, personId, personPlan } from './population.ts';
import { rawStore } from './raw-store.ts';
import type { Report } from './report.ts';
import { takeTurns } from './turns.ts';
import { somebody, workloadNamed } from './workloads.ts';
import { bareGet, barePost, barePostgres, type LoadedYardstick } from './yardsticks.ts';

/**
 * Adds a row for each bare server that asks PostgreSQL for one row by its key, for the same with a line committed before it
 * answers, for a search with one hit, and for the rows of a create and of an update, held against those that ask nobody.
 * @param postgres URL of the server, without a database; in a database of its own it is given `people`.
 */
export async function measurePostgresCeiling(
  report: Report,
  folder: string,
  postgres: string,
  people: number,
  course: Course,
): Promise<void> {
  const { clients, warmUpMs } = course;
  await createDatabase(postgres, 'ceiling', 'template0');
  const url = `${postgres}/ceiling`;
  const loading = rawStore(await openPostgresStore({ url }), clients, 0);
  await loading.write(people);
  await loading.close();
  const asking = (next: Load['next']): Promise<LoadedYardstick> => barePostgres(url, clients, next, warmUpMs);
  const getting = (path: (person: string) => string) => asking((n) => ({ method: 'GET', path: path(personId(somebody(n, people))) }));
  const storing = (name: string) => asking(workloadNamed(name, people, personPlan, personBundle).next);
  const plan = personPlan(0);
  const patient = JSON.stringify(
    (JSON.parse(personBundle(0)) as { entry: readonly { resource: Resource }[] }).entry.find(
      ({ resource }) => resource.resourceType === 'Patient',
    )?.resource,
  );
  const [getPlan, getPatient, post] = [
    await bareGet(folder, clients, plan, warmUpMs),
    await bareGet(folder, clients, patient, warmUpMs),
    await barePost(folder, clients, plan, warmUpMs),
  ];
  const turns = [
    {
      workload: 'bare GET of one row of PostgreSQL by its key',
      server: await getting((id) => `/row/CarePlan/${id}-plan`),
      against: getPlan,
    },
    { workload: 'the same, a line committed first', server: await getting((id) => `/logged/CarePlan/${id}-plan`), against: getPlan },
    {
      workload: 'bare GET of what one index of PostgreSQL leads to',
      server: await getting((id) => `/hit?value=${id}`),
      against: getPatient,
    },
    { workload: 'bare POST that stores the rows of a create', server: await storing('create CarePlan'), against: post },
    { workload: 'bare PUT that stores the rows of an update', server: await storing('update CarePlan'), against: post },
  ];
  await takeTurns(report, turns, course);
}

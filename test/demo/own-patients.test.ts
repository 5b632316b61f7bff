import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScopeAccess } from '../../server/auth/access.ts';
import { createPlanAccess } from '../../server/auth/access-rule/plan-access.ts';
import { parseResourceScopes } from '../../server/auth/scopes.ts';
import { ANCHOR_INSTANT } from '../../server/demo/author/calendar.ts';
import { EHR_ONLY_PERSONS, EHR_RECORDS } from '../../server/demo/author/ehr-records.ts';
import { syntheticNationalId } from '../../server/demo/author/numbers.ts';
import { STORIES } from '../../server/demo/author/stories/index.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { bearer, startTestServer, type TestServer } from '../support/test-server.ts';
import { bundlesOf } from './bundles.ts';

const HPR = 'urn:oid:2.16.578.1.12.4.1.4.4';
const ORGANIZATION = 'urn:oid:2.16.578.1.12.4.1.4.101';
const NATIONAL = 'urn:oid:2.16.578.1.12.4.1.4.1';
/** The day on which the stories stand still; the loader moves them to today. */
const NOW_MS = Date.parse(ANCHOR_INSTANT);
/** The leader of the municipality's coordinating unit: sees a need that was reported, and is in no team. */
const LEADER_OF_UNIT = 'Practitioner/tilsatt-104';
/** He has withdrawn his consent: his team has him in the record, and sees no plan. */
const WITHDRAWN = 'tor-egil-myrvang';
const SCOPE = 'user/*.rs';

let database: Database;
let server: TestServer;

beforeAll(async () => {
  database = await openSqliteStore({ file: ':memory:' });
  const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
  const access = createPlanAccess({ scopes, store: database.resources, nowMs: () => NOW_MS });
  server = await startTestServer({ store: database.resources, services: { access, writeValidation: 'off' } });
  for (const bundle of bundlesOf('shared')) {
    const answer = await server.request('POST', '', bundle, { Authorization: bearer({ scopesAlone: true }) });
    expect(answer.status, answer.text).toBe(200);
  }
});
afterAll(async () => {
  await server?.close();
  await database?.close();
});

const numberOf = (resource: Resource | undefined, system: string) =>
  (resource?.identifier as { system: string; value: string }[] | undefined)?.find((each) => each.system === system)?.value ?? '';

/** The users of an EHR and, by its own data, whom each takes part with. */
function usersOf(ehr: 'hospital' | 'municipality') {
  const all = bundlesOf(ehr).flatMap((bundle) => (bundle.entry as { resource: Resource }[]).map((entry) => entry.resource));
  const byKey = new Map(all.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  const at = (reference: unknown) => byKey.get((reference as { reference: string }).reference);
  return all
    .filter((resource) => resource.resourceType === 'PractitionerRole')
    .map((role) => {
      const user = role.practitioner as { reference: string };
      const visits = all.filter(
        (resource) =>
          resource.resourceType === 'Encounter' &&
          ((resource.participant ?? []) as { individual: { reference: string } }[]).some(
            (part) => part.individual.reference === user.reference,
          ),
      );
      return {
        name: user.reference,
        hpr: numberOf(at(user), HPR),
        organizationNumber: numberOf(at(role.organization), ORGANIZATION),
        mine: [...new Set(visits.map((visit) => numberOf(at(visit.subject), NATIONAL)))],
      };
    });
}

async function found(path: string, as: Record<string, string>): Promise<readonly Resource[]> {
  const answer = await server.request('GET', path, undefined, as);
  expect(answer.status, answer.text).toBe(200);
  return ((answer.body.entry ?? []) as { resource: Resource }[]).map((entry) => entry.resource);
}

const personOf = (id: string) =>
  Object.values(STORIES)
    .flat()
    .find((person) => person.id === id);

describe.each(['hospital', 'municipality'] as const)('the list "mine" of the %s', (ehr) => {
  it('holds somebody for every user, and only people whom the access rule lets them see', async () => {
    const alone: string[] = [];
    const hidden: string[] = [];
    for (const { name, hpr, organizationNumber, mine } of usersOf(ehr)) {
      const [practitioner] = await found(`Practitioner?identifier=${HPR}|${hpr}`, { Authorization: bearer({ scopesAlone: true }) });
      const as = {
        Authorization: bearer({
          fhirUser: `Practitioner/${practitioner?.id}`,
          organizationNumber,
          scope: SCOPE,
          scopes: parseResourceScopes(SCOPE),
        }),
      };
      const seen = new Set((await found('Patient?_count=500', as)).map((patient) => numberOf(patient, NATIONAL)));
      const plans = await found('CarePlan?_count=500', as);
      if (mine.length === 0 || (plans.length === 0 && name !== LEADER_OF_UNIT)) alone.push(name);
      hidden.push(...mine.filter((number) => !seen.has(number)).map((number) => `${name} ${number}`));
    }
    expect(alone, 'have nobody').toEqual([]);
    const withdrawn = syntheticNationalId(personOf(WITHDRAWN)!.birthDate, WITHDRAWN);
    expect(
      hidden.filter((line) => !line.endsWith(withdrawn)),
      'are in the list and not seen',
    ).toEqual([]);
  });

  it('leaves somebody in the record for whom there is no plan to show', () => {
    const record = EHR_RECORDS.find(({ name }) => name === ehr)!;
    const persons = record.visits.map((visit) => visit.person);
    expect(persons).toContain(EHR_ONLY_PERSONS[0]?.id);
    expect(persons).toContain(WITHDRAWN);
  });
});

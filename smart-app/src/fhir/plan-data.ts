/**
 * Fetches all that the screen shows about one person: seven searches at once, then what they point at and did not bring.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#include
 */
import type { CarePlan, CareTeam, Consent, Goal, Observation, Patient, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { CFS_CODE, CODE_SYSTEM, EXTENSION, SNOMED } from './canonicals.ts';
import type { FhirClient, SearchParameters } from './client.ts';
import { ResourceIndex, referenceKey } from './resource-index.ts';

/** A person's plan and what belongs to it; nothing that was entered in error. */
export interface PlanData {
  readonly patient: Patient;
  readonly index: ResourceIndex;
  readonly plans: readonly CarePlan[];
  readonly teams: readonly CareTeam[];
  readonly goals: readonly Goal[];
  readonly tasks: readonly Task[];
  readonly observations: readonly Observation[];
  readonly consents: readonly Consent[];
  readonly needReports: readonly ServiceRequest[];
  readonly fetchedAtMs: number;
}

const PAGE: readonly [string, string] = ['_count', '200'];

const OBSERVATION_CODES = [
  `${CODE_SYSTEM.observation}|what-matters`,
  `${CODE_SYSTEM.score}|psfs-activity`,
  `${CODE_SYSTEM.score}|psfs-panel`,
  `${SNOMED}|${CFS_CODE}`,
].join(',');

const PARTICIPANTS: SearchParameters = [
  ['_include:iterate', 'CareTeam:participant'],
  ['_include:iterate', 'PractitionerRole:practitioner'],
  ['_include:iterate', 'PractitionerRole:organization'],
];

const searches = (patientId: string): readonly (readonly [string, SearchParameters])[] => {
  const patient = ['patient', patientId] as const;
  return [
    ['CarePlan', [patient, ['_include', 'CarePlan:care-team'], ...PARTICIPANTS, PAGE]],
    ['CareTeam', [patient, PAGE]],
    ['Goal', [patient, PAGE]],
    ['Task', [patient, PAGE]],
    ['Observation', [patient, ['code', OBSERVATION_CODES], PAGE]],
    ['Consent', [patient, PAGE]],
    ['ServiceRequest', [patient, PAGE]],
  ];
};

/** Types that carry names and phones; others are found by the searches or not shown. */
const NAMED = new Set(['Practitioner', 'PractitionerRole', 'Organization', 'RelatedPerson', 'CareTeam']);
/** Role → practitioner and organisation → parent organisation. */
const MISSING_ROUNDS = 3;
const IDS_PER_SEARCH = 50;

const isValid = (resource: { status?: string | undefined }): boolean => resource.status !== 'entered-in-error';

/**
 * @returns everything about the person.
 * @throws AppError as `FhirClient.search`; consents and reports of need may be closed to the user, and are then empty.
 */
export async function loadPlanData(client: FhirClient, patient: Patient, nowMs: () => number): Promise<PlanData> {
  const optional = new Set(['Consent', 'ServiceRequest']);
  const found = await Promise.all(
    searches(patient.id ?? '').map(([type, parameters]) => {
      const search = client.search(type, parameters);
      return optional.has(type) ? search.catch(emptyWhenClosed) : search;
    }),
  );
  const index = new ResourceIndex([patient, ...found.flat()]);
  for (let round = 0; round < MISSING_ROUNDS; round += 1) {
    const missing = missingByType(index);
    if (missing.size === 0) break;
    const more = await Promise.all(
      [...missing].map(([type, ids]) => client.search(type, [['_id', ids.join(',')], PAGE]).catch(emptyWhenClosed)),
    );
    if (more.every((resources) => resources.length === 0)) break;
    index.add(more.flat());
  }
  return {
    patient,
    index,
    plans: index.all('CarePlan').filter(isValid),
    teams: index.all('CareTeam').filter(isValid),
    goals: index.all('Goal').filter((goal) => goal.lifecycleStatus !== 'entered-in-error'),
    tasks: index.all('Task').filter(isValid),
    observations: index.all('Observation').filter((observation) => isValid(observation) && observation.status !== 'cancelled'),
    consents: index.all('Consent').filter(isValid),
    needReports: index.all('ServiceRequest').filter(isValid),
    fetchedAtMs: nowMs(),
  };
}

function emptyWhenClosed(thrown: unknown): Resource[] {
  if (thrown instanceof Error && 'kind' in thrown && thrown.kind === 'no-access') return [];
  throw thrown;
}

/** @returns ids, by type, of named resources that something points at and that are not here. */
function missingByType(index: ResourceIndex): Map<string, string[]> {
  const missing = new Map<string, string[]>();
  const want = (key: string | undefined): void => {
    if (key === undefined || index.has(key)) return;
    const [type = '', id = ''] = key.split('/');
    const ids = missing.get(type) ?? [];
    if (NAMED.has(type) && !ids.includes(id) && ids.length < IDS_PER_SEARCH) missing.set(type, [...ids, id]);
  };
  for (const reference of pointers(index)) want(referenceKey(reference));
  return missing;
}

function* pointers(index: ResourceIndex) {
  for (const plan of index.all('CarePlan')) {
    yield* plan.careTeam ?? [];
    yield plan.author;
    yield plan.extension?.find((extension) => extension.url === EXTENSION.custodian)?.valueReference;
  }
  for (const team of index.all('CareTeam')) {
    yield* team.managingOrganization ?? [];
    for (const participant of team.participant ?? []) {
      yield participant.member;
      yield participant.onBehalfOf;
    }
  }
  for (const task of index.all('Task')) yield task.owner;
  for (const goal of index.all('Goal')) yield goal.expressedBy;
  for (const observation of index.all('Observation')) yield* observation.performer ?? [];
  for (const report of index.all('ServiceRequest')) yield* report.performer ?? [];
  for (const role of index.all('PractitionerRole')) {
    yield role.practitioner;
    yield role.organization;
  }
}

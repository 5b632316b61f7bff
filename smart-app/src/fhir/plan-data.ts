/**
 * Fetches all that the screen shows about one person: nine searches at once, then what they point at and did not bring.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#include
 */
import type {
  Appointment,
  CarePlan,
  CareTeam,
  Communication,
  Consent,
  Goal,
  Observation,
  Patient,
  Provenance,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
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
  /** Undefined when they are closed to the user: the server alone decides then. */
  readonly consents: readonly Consent[] | undefined;
  readonly needReports: readonly ServiceRequest[];
  readonly meetings: readonly Appointment[];
  /** Traces of messages between the services. */
  readonly messages: readonly Communication[];
  /** The latest changes of plan, team, goals and measures, and who made them. */
  readonly changes: readonly Provenance[];
  readonly fetchedAtMs: number;
}

const PAGE: readonly [string, string] = ['_count', '200'];

const OBSERVATION_CODES = [
  `${CODE_SYSTEM.observation}|what-matters`,
  `${CODE_SYSTEM.score}|psfs-activity`,
  `${CODE_SYSTEM.score}|psfs-panel`,
  `${SNOMED}|${CFS_CODE}`,
].join(',');

/** What is shown with who changed it last. */
const TRACED = ['CarePlan', 'CareTeam', 'Goal', 'Task'] as const;
/** Of every so many of these, the latest changes are asked for. */
const TRACED_PER_SEARCH = 40;
const LATEST: SearchParameters = [
  ['_sort', '-recorded'],
  ['_count', '50'],
];

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
    ['Appointment', [patient, PAGE]],
    ['Communication', [patient, PAGE]],
  ];
};

/** Types that carry names and phones; others are found by the searches or not shown. */
const NAMED = new Set(['Practitioner', 'PractitionerRole', 'Organization', 'RelatedPerson', 'CareTeam']);
/** Role → practitioner and organisation → parent organisation. */
const MISSING_ROUNDS = 3;
const IDS_PER_SEARCH = 50;

const isValid = (resource: { status?: string | undefined }): boolean => resource.status !== 'entered-in-error';

const OPTIONAL = new Set(['Consent', 'ServiceRequest', 'Appointment', 'Communication']);

/**
 * @returns everything about the person.
 * @throws AppError as `FhirClient.search`; consents, reports of need, meetings and messages may be closed to the user.
 */
export async function loadPlanData(client: FhirClient, patient: Patient, nowMs: () => number): Promise<PlanData> {
  const closed = new Set<string>();
  const found = await Promise.all(
    searches(patient.id ?? '').map(([type, parameters]) => {
      const search = client.search(type, parameters);
      if (!OPTIONAL.has(type)) return search;
      return search.catch((thrown: unknown) => {
        closed.add(type);
        return emptyWhenClosed(thrown);
      });
    }),
  );
  const index = new ResourceIndex([patient, ...found.flat()]);
  index.add(await latestChanges(client, index));
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
    consents: closed.has('Consent') ? undefined : index.all('Consent').filter(isValid),
    needReports: index.all('ServiceRequest').filter(isValid),
    meetings: index.all('Appointment').filter(isValid),
    messages: index.all('Communication').filter(isValid),
    changes: index.all('Provenance'),
    fetchedAtMs: nowMs(),
  };
}

async function latestChanges(client: FhirClient, index: ResourceIndex): Promise<Resource[]> {
  const targets = TRACED.flatMap((type) => index.all(type).map(({ id }) => `${type}/${id}`));
  const searches: Promise<Resource[]>[] = [];
  for (let at = 0; at < targets.length; at += TRACED_PER_SEARCH) {
    const some = targets.slice(at, at + TRACED_PER_SEARCH).join(',');
    searches.push(client.searchFirst('Provenance', [['target', some], ...LATEST]).catch(emptyWhenClosed));
  }
  return (await Promise.all(searches)).flat();
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
  for (const message of index.all('Communication')) yield* [message.sender, ...(message.recipient ?? [])];
  for (const meeting of index.all('Appointment')) yield* meeting.participant?.map((participant) => participant.actor) ?? [];
  for (const change of index.all('Provenance')) yield* change.agent?.map((agent) => agent.who) ?? [];
  for (const role of index.all('PractitionerRole')) {
    yield role.practitioner;
    yield role.organization;
  }
}

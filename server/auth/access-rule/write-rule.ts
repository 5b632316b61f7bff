/**
 * Who may change what. Letters are c(reate), u(pdate), d(elete); whoever is several things to a patient may do what any
 * of them may. What nobody here is named for is not changed by anyone but systems that their scopes alone bind.
 *
 * | what | is |
 * |---|---|
 * | plan | a CarePlan as a whole, and its header: everything but the lists below |
 * | plan's lists | of a CarePlan only goal, activity, supportingInfo or note |
 * | own task, goal, words | the owner, who expressed it, or who said it, is the caller, before and after |
 * | asked task | a Task that is draft or requested of somebody else |
 * | score | QuestionnaireResponse, and any Observation but words |
 * | directory, shared | people who work here and their numbers, organisations, definitions and places: see shared-rule.ts |
 * | person | a Patient or RelatedPerson, but for the number they are known by: see identity-rule.ts |
 * | block | a Consent that changes who is blocked: no parent takes back the objection of their child |
 * | other | all else; of a meeting (Appointment) with several patients, whoever may for each of them |
 *
 * Spec: profiles/README.md
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { parseReference } from '../../fhir/reference.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { isSharedType } from '../access.ts';
import type { Change } from '../access-decision.ts';
import { blocksOf } from './consent.ts';
import { whyNotIdentity } from './identity-rule.ts';
import { namesOne } from './links.ts';
import { PERSON } from './person-access.ts';
import type { BoundReach } from './reach.ts';
import { whyNotShared } from './shared-rule.ts';
import type { Standing } from './standing.ts';

type Row = Readonly<Partial<Record<Standing, 'c' | 'u' | 'cu' | 'cud'>>>;

const LEADS = { coordinator: 'cud', unit: 'cud' } as const;

/** The whole policy of writing. */
export const MAY_WRITE = {
  'care team': { ...LEADS, duty: 'c' },
  plan: { ...LEADS, duty: 'c' },
  "plan's lists": { ...LEADS, member: 'u', patient: 'u' },
  'own task': { ...LEADS, member: 'cu', owner: 'u', patient: 'u', parent: 'u', relative: 'u' },
  'asked task': { ...LEADS, member: 'c' },
  task: { ...LEADS },
  score: { ...LEADS, member: 'c' },
  'own words': { ...LEADS, member: 'c', patient: 'cu', parent: 'cu', relative: 'cu' },
  words: { ...LEADS, member: 'c' },
  'own goal': { ...LEADS, member: 'cu', patient: 'cu', parent: 'cu', relative: 'cu' },
  goal: { ...LEADS, member: 'cu' },
  consent: { ...LEADS, patient: 'cu', parent: 'cu', duty: 'c' },
  block: { ...LEADS, patient: 'cu', duty: 'c' },
  person: { coordinator: 'cu', unit: 'cu' },
  need: { ...LEADS, member: 'c', reported: 'u' },
  other: { ...LEADS, member: 'cu' },
} as const satisfies Readonly<Record<string, Row>>;

type Thing = keyof typeof MAY_WRITE;

const NAMES: Readonly<Record<Standing, string>> = {
  coordinator: 'the coordinator',
  unit: 'the coordinating unit in the team',
  member: 'others of the team',
  owner: 'who has accepted a task',
  patient: 'the patient',
  relative: 'relatives by consent',
  parent: 'parents of a child under 16',
  reported: 'whom a need was reported to',
  duty: 'the coordinating unit a need was reported to',
  glass: 'who has emergency access',
};
const DEEDS = { c: 'create', u: 'update', d: 'delete' } as const;
const LISTS_OF_A_PLAN: ReadonlySet<string> = new Set(['goal', 'activity', 'supportingInfo', 'note', 'meta']);
const APPOINTMENT = 'Appointment';
const WORDS = `${CANONICAL_BASE}/CodeSystem/fp-observation`;
const OPEN_TASKS = ['draft', 'requested'];

/** Why a change is not the caller's to make; undefined when it is. */
export function whyNot(reach: BoundReach, change: Change): string | undefined {
  const { before, after } = change;
  const type = (after ?? before)?.resourceType ?? '';
  if (isSharedType(type) || type === PERSON) return whyNotShared(reach, change);
  const letter = before === undefined ? 'c' : after === undefined ? 'd' : 'u';
  const thing = thingOf(change, reach.references);
  const row: Row = MAY_WRITE[thing];
  const may = (standing: Standing): boolean => row[standing]?.includes(letter) ?? false;
  // What names no patient belongs to nobody here, and is reached by no one whom the rule binds.
  const named = [before, after].flatMap((resource) => (resource === undefined ? [] : patientsOf(resource)));
  const everyPatient = change.about ?? named;
  if (everyPatient.length > 0 && everyPatient.every((patient) => [...(reach.patients.get(patient ?? '') ?? [])].some(may))) {
    if (leavesMeeting(change)) return `By the access rule "${thing}", a patient stays in an Appointment: cancel it, and make another`;
    return whyNotIdentity(change, reach.service !== undefined && reach.service.practitionerId === undefined);
  }
  const allowed = (Object.keys(NAMES) as Standing[]).filter(may).map((standing) => NAMES[standing]);
  const who = allowed.length === 0 ? 'nobody' : allowed.join(', ');
  const whose = change.about === undefined && named.includes(undefined) ? '; it is to name the patient it is about, as Patient/[id]' : '';
  return `By the access rule "${thing}", to ${DEEDS[letter]} this ${type} is for ${who}${whose}`;
}

/** Which row of the table a change falls under. */
function thingOf({ before, after }: Change, references: ReadonlySet<string>): Thing {
  const resource = (after ?? before)!;
  const isOwn = (element: string): boolean => [before, after].every((each) => each === undefined || namesOne(each[element], references));
  switch (resource.resourceType) {
    case 'CareTeam':
      return 'care team';
    case 'CarePlan':
      return before !== undefined && after !== undefined && sameHeader(before, after) ? "plan's lists" : 'plan';
    case 'Task':
      if (isOwn('owner')) return 'own task';
      return before === undefined && OPEN_TASKS.includes(String(after?.status)) ? 'asked task' : 'task';
    case 'Goal':
      return isOwn('expressedBy') ? 'own goal' : 'goal';
    case 'Observation':
      if (!isWords(resource) || (before !== undefined && !isWords(before))) return 'score';
      return isOwn('performer') ? 'own words' : 'words';
    case 'QuestionnaireResponse':
      return 'score';
    case 'Consent':
      return sameBlocks(before, after) ? 'consent' : 'block';
    case 'Patient':
    case 'RelatedPerson':
      return 'person';
    case 'ServiceRequest':
      return 'need';
    default:
      return 'other';
  }
}

/** True when nothing but the lists of a plan differs. */
function sameHeader(before: Resource, after: Resource): boolean {
  const elements = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...elements].every((element) => LISTS_OF_A_PLAN.has(element) || text(before[element]) === text(after[element]));
}

function sameBlocks(before: Resource | undefined, after: Resource | undefined): boolean {
  return text(blocksOf(before)) === text(blocksOf(after));
}

function text(value: unknown): string | undefined {
  return JSON.stringify(value);
}

function isWords({ code }: Resource): boolean {
  const coding = (code as { coding?: readonly { system?: string; code?: string }[] } | undefined)?.coding ?? [];
  return coding.some((each) => each.system === WORDS && each.code === 'what-matters');
}

/** Whoever sees a meeting reads its history: those who follow one patient would see who came before them. */
function leavesMeeting({ before, after }: Change): boolean {
  if (before?.resourceType !== APPOINTMENT || after === undefined) return false;
  const now = patientsOf(after);
  return patientsOf(before).some((patient) => !now.includes(patient));
}

/** The ids of the patients that a resource is about: one undefined where it names none. */
function patientsOf(resource: Resource): readonly (string | undefined)[] {
  if (resource.resourceType === 'Patient') return [resource.id];
  if (resource.resourceType === APPOINTMENT) {
    const actors = [resource.participant].flat().map((each) => (isObject(each) ? each.actor : undefined));
    const patients = actors.filter(isPatient).map(idOfPatient);
    return patients.length === 0 ? [undefined] : patients;
  }
  const elements = ['subject', 'patient', 'for', 'beneficiary', 'securityContext', 'actor'];
  return [elements.map((element) => idOfPatient(resource[element])).find((id) => id !== undefined)];
}

/** True for a Patient at any server: it is for the next function to say whether it is known by a relative reference. */
function isPatient(value: unknown): boolean {
  const reference = isObject(value) ? value.reference : undefined;
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  return (parsed?.kind === 'local' || parsed?.kind === 'absolute') && parsed.type === 'Patient';
}

/** Undefined for all but a relative reference to a Patient. */
function idOfPatient(value: unknown): string | undefined {
  const reference = isObject(value) ? value.reference : undefined;
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  return parsed?.kind === 'local' && parsed.type === 'Patient' ? parsed.id : undefined;
}

/**
 * Who made and changed what: one Provenance where a plan was made, a measure ended, or a consent was withdrawn.
 *
 * Spec: https://hl7.org/fhir/R4/provenance.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { at } from './calendar.ts';
import { inLanguage, organizationOf, organizationReference, type Reference, refer, whoReference } from './cast.ts';
import { concept, hl7, profile } from './codes.ts';
import { consentId, goalId, measureId, planId } from './ids.ts';
import { lastChangeDay } from './measures.ts';
import { measuresOf } from './plan.ts';
import type { ConsentSpec, MeasureSpec, PersonSpec, PlanSpec, Who } from './spec.ts';
import { coordinatorOf, teamReference } from './team.ts';

/** Codes of v3-DataOperation with their displays. */
const ACTIVITIES = { CREATE: 'create', UPDATE: 'revise' } as const;
const ENDED = ['completed', 'cancelled', 'failed', 'rejected', 'on-hold'];
/** What was done, in the language of the story. */
const WORDS = {
  nb: {
    made: 'Planen er opprettet',
    withdrawn: 'Samtykket til innsyn er trukket tilbake',
    status: 'Status satt til',
    completed: 'utført',
    cancelled: 'avbrutt',
    failed: 'ikke gjennomført',
    rejected: 'avvist',
    'on-hold': 'på vent',
  },
  nn: {
    made: 'Planen er oppretta',
    withdrawn: 'Samtykket til innsyn er trekt tilbake',
    status: 'Status sett til',
    completed: 'utført',
    cancelled: 'avbrote',
    failed: 'ikkje gjennomført',
    rejected: 'avvist',
    'on-hold': 'på vent',
  },
} as const;

const wordsOf = (person: PersonSpec) => WORDS[person.language ?? 'nb'];

interface Change {
  readonly id: string;
  /** What was changed; the stories' resources all stand at their first version. */
  readonly target: readonly Reference[];
  readonly recorded: string;
  readonly who: Who;
  readonly activity: keyof typeof ACTIVITIES;
  readonly what: string;
}

/** The plan is made with its team, goals and measures, by the coordinator. */
export function planMade(person: PersonSpec, spec: PlanSpec): Resource {
  const team = person.team === undefined ? [] : [teamReference(person)];
  return provenance(person, {
    id: `${planId(person, spec.key)}-opprettet`,
    target: [
      refer('CarePlan', planId(person, spec.key)),
      ...team,
      ...spec.goals.map((key) => refer('Goal', goalId(person, key))),
      ...measuresOf(person, spec).map(({ key }) => refer('Task', measureId(person, key))),
    ],
    recorded: at(spec.from, '13:00'),
    who: spec.author,
    activity: 'CREATE',
    what: wordsOf(person).made,
  });
}

/** True for a measure whose status has changed in a way that leaves a trace. */
export function hasEnded(spec: MeasureSpec): boolean {
  return ENDED.includes(spec.status);
}

/** The status of a measure was changed by its owner; for kin and patient the coordinator wrote it down. */
export function measureEnded(person: PersonSpec, spec: MeasureSpec): Resource {
  const words: Readonly<Record<string, string>> = wordsOf(person);
  const who = organizationOf(spec.owner) === undefined ? (coordinatorOf(person) ?? spec.owner) : spec.owner;
  return provenance(person, {
    id: `${measureId(person, spec.key)}-status`,
    target: [refer('Task', measureId(person, spec.key))],
    recorded: at(lastChangeDay(spec), '15:00'),
    who,
    activity: 'UPDATE',
    what: `${words.status} ${words[spec.status]}`,
  });
}

/** The consent that others may see the plan was withdrawn. */
export function consentWithdrawn(person: PersonSpec, spec: ConsentSpec & { withdrawn: number }): Resource {
  return provenance(person, {
    id: `${consentId(person, 'innsyn')}-trukket`,
    target: [refer('Consent', consentId(person, 'innsyn'))],
    recorded: at(spec.withdrawn, '10:15'),
    who: spec.by ?? 'patient',
    activity: 'UPDATE',
    what: wordsOf(person).withdrawn,
  });
}

function provenance(person: PersonSpec, change: Change): Resource {
  const organization = organizationOf(change.who);
  return {
    resourceType: 'Provenance',
    id: change.id,
    meta: profile('fp-provenance'),
    ...inLanguage(person),
    target: change.target.map(({ reference }) => ({ reference: `${reference}/_history/1` })),
    occurredDateTime: change.recorded,
    recorded: change.recorded,
    reason: [concept(hl7('v3-ActReason', 'TREAT', 'treatment'))],
    activity: concept(hl7('v3-DataOperation', change.activity, ACTIVITIES[change.activity]), change.what),
    agent: [
      {
        type: concept(hl7('provenance-participant-type', 'author', 'Author')),
        who: whoReference(person, change.who),
        ...(organization === undefined ? {} : { onBehalfOf: organizationReference(organization) }),
      },
    ],
  };
}

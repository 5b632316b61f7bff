/**
 * A whole story: one person, or a couple, as one transaction.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { transactionBundle } from './bundle.ts';
import { consents } from './consent.ts';
import { meeting, messageTrace, needReport } from './contact.ts';
import { measureTask } from './measures.ts';
import { patient, relatedPerson } from './people.ts';
import { carePlan, goal, whatMatters } from './plan.ts';
import { consentWithdrawn, hasEnded, measureEnded, planMade } from './provenance.ts';
import { cfs, psfs } from './scores.ts';
import type { PersonSpec } from './spec.ts';
import { careTeam } from './team.ts';

/** The base that the stories' full URLs are written under. */
export const SHARED_BASE = 'https://fellesplan.example/fhir';

/** The Bundle of a story, with everything about its persons in the order a reader would want. */
export function storyBundle(name: string, persons: readonly PersonSpec[]): Resource {
  return transactionBundle(`demo-${name}`, SHARED_BASE, persons.flatMap(personResources));
}

function personResources(person: PersonSpec): Resource[] {
  const { consent } = person;
  const withdrawn = consent?.withdrawn;
  return [
    patient(person),
    ...(person.kin ?? []).map((kin) => relatedPerson(person, kin)),
    ...(consent === undefined ? [] : consents(person, consent)),
    ...(person.team === undefined ? [] : [careTeam(person, person.team)]),
    ...(person.whatMatters ?? []).map((words) => whatMatters(person, words)),
    ...(person.goals ?? []).map((spec) => goal(person, spec)),
    ...(person.plans ?? []).map((plan) => carePlan(person, plan)),
    ...(person.measures ?? []).map((measure) => measureTask(person, measure)),
    ...(person.psfs === undefined ? [] : psfs(person, person.psfs)),
    ...(person.cfs ?? []).flatMap((rating, index) => cfs(person, rating, index)),
    ...(person.needs ?? []).map((need) => needReport(person, need)),
    ...(person.messages ?? []).map((message) => messageTrace(person, message)),
    ...(person.meetings ?? []).map((spec) => meeting(person, spec)),
    ...(person.plans ?? []).map((plan) => planMade(person, plan)),
    ...(person.measures ?? []).filter(hasEnded).map((measure) => measureEnded(person, measure)),
    ...(consent === undefined || withdrawn === undefined ? [] : [consentWithdrawn(person, { ...consent, withdrawn })]),
  ];
}

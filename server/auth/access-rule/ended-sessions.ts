/**
 * Ends the sessions that lived by what was just taken back: after a change of consent, team or relation, every grant with
 * that patient in context whose user no longer reaches them. Access itself ends with the change: this makes sure that
 * no token and no window of it outlives it.
 *
 * Spec: https://hl7.org/fhir/R4/consent.html
 */
import type { Resource } from '../../fhir/resource.ts';
import type { ResourceWrite } from '../../store/resource-store.ts';
import type { GrantsOfPatient } from '../grants-of-patient.ts';
import { idOf } from './directory.ts';
import { type ReachSources, reachesPatient } from './reach.ts';

/** By the element that names the patient. */
const ELEMENTS: Readonly<Record<string, string>> = { Consent: 'patient', RelatedPerson: 'patient', CareTeam: 'subject' };

export interface EndedSessionsOptions {
  readonly sources: ReachSources;
  readonly grants: GrantsOfPatient;
  readonly nowMs: () => number;
}

/** Ends what the writes have taken the ground from. @returns how many grants were ended. */
export async function endSessions(writes: readonly ResourceWrite[], { sources, grants, nowMs }: EndedSessionsOptions): Promise<number> {
  const patients = new Set((await Promise.all(writes.map((write) => patientOf(write, sources)))).filter((id) => id !== undefined));
  let ended = 0;
  for (const patient of patients) {
    // One user has a grant for each window, and in an exchange for each renewal: they are judged once.
    const byUser = Map.groupBy(await grants.of(patient), ({ user }) => JSON.stringify(user));
    for (const theirs of byUser.values()) {
      if (await reachesPatient(theirs[0]!.user, patient, sources, nowMs())) continue;
      await Promise.all(theirs.map(({ grantId }) => grants.end(grantId)));
      ended += theirs.length;
    }
  }
  return ended;
}

/** A deletion says of whom it was no longer: the version before it does. */
async function patientOf({ type, id, versionId, json }: ResourceWrite, { store }: ReachSources): Promise<string | undefined> {
  const element = ELEMENTS[type];
  if (element === undefined || (versionId === 1 && type !== 'Consent')) return undefined;
  const text = json ?? (await store.readVersion(type, id, versionId - 1))?.json;
  return text == null ? undefined : idOf((JSON.parse(text) as Resource)[element], 'Patient');
}

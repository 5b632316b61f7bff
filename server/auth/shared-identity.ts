/**
 * The same people at the shared service: resources found by the numbers an EHR vouched for.
 */
import { keptIdentifier } from '../search/personal-number.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { EhrIdentity, Identifier } from './ehr-identity.ts';
import { refusal } from './exchange-refusal.ts';

/** Logical ids at the shared service. */
export interface SharedIdentity {
  readonly practitionerId: string;
  /** Absent when no patient is in context, or the person is not known here. */
  readonly patientId?: string;
}

/**
 * Finds practitioner and patient by number.
 * @throws `invalid_request` when the practitioner is not known, or a number belongs to more than one resource.
 */
export async function findSharedIdentity(store: ResourceStore, identity: EhrIdentity): Promise<SharedIdentity> {
  const [practitionerId, patientId] = await Promise.all([
    findByIdentifier(store, 'Practitioner', identity.hpr),
    identity.patient === undefined ? undefined : findByIdentifier(store, 'Patient', identity.patient),
  ]);
  if (practitionerId === undefined) throw refusal('unknownUser');
  return { practitionerId, ...(patientId === undefined ? {} : { patientId }) };
}

async function findByIdentifier(store: ResourceStore, type: string, identifier: Identifier): Promise<string | undefined> {
  const ids = await idsByIdentifier(store, type, identifier);
  if (ids.length > 1) throw refusal('ambiguous');
  return ids[0];
}

/** Ids of the resources with this identifier; of more than two, two. */
export async function idsByIdentifier(store: ResourceStore, type: string, { system, value }: Identifier): Promise<readonly string[]> {
  const page = await store.search({
    types: [type],
    where: { op: 'match', param: 'identifier', test: { kind: 'token', system, code: keptIdentifier(system, value) } },
    sort: [],
    limit: 2,
    total: 'none',
  });
  return page.matches.map(({ id }) => id);
}

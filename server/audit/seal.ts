/**
 * Seals: every few seconds the fingerprints of the AuditEvents written since are put into one more AuditEvent, which
 * also holds the fingerprint of the seal before. Seals are numbered by their ids, and an id is given once, so that all
 * processes of a database write one chain without waiting for each other at each access.
 */
import type { Resource } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { Clause } from '../search/query.ts';
import type { ResourceStore, StoredVersion } from '../store/resource-store.ts';
import { AUDIT_EVENT_PROFILE, fingerprint, firstVersion, OBSERVER } from './audit-event.ts';

const SEAL_TYPE = {
  system: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
  code: 'attest',
  display: 'Attest Record Lifecycle Event',
};
/** Finds seals, and with `not` all others. */
export const IS_SEAL: Clause = { op: 'match', param: 'type', test: { kind: 'token', system: SEAL_TYPE.system, code: SEAL_TYPE.code } };
const FIRST = '0'.repeat(64);

/** One AuditEvent under a seal. */
export interface Sealed {
  readonly id: string;
  readonly fingerprint: string;
}

/** A seal as its text says. */
export interface Seal {
  readonly number: number;
  readonly previous: string;
  readonly events: readonly Sealed[];
}

export interface SealPorts {
  readonly store: ResourceStore;
  readonly index: (resource: Resource) => readonly IndexEntry[];
}

/** `fp-seal-000000000001`: sorted as text they stand in the order of their numbers. */
export function sealId(number: number): string {
  return `fp-seal-${String(number).padStart(12, '0')}`;
}

/** The number in an id. @throws Error when it is not that of a seal. */
function sealNumber(id: string): number {
  const number = Number(id.slice(id.lastIndexOf('-') + 1));
  if (sealId(number) !== id) throw new Error(`${id} is not a seal`);
  return number;
}

/**
 * The seal that was written last, or undefined before the first; where the clocks of several processes differ, one of the
 * last. Asked by time and not by number: in that order an index holds them, however many there are.
 */
export async function latestSeal(store: ResourceStore): Promise<StoredVersion | undefined> {
  const page = await store.search({
    types: ['AuditEvent'],
    where: IS_SEAL,
    sort: [{ by: 'lastUpdated', descending: true }],
    limit: 1,
    total: 'none',
  });
  return page.matches[0];
}

/** A seal as it stands in the store. */
export type StoredSeal = Pick<StoredVersion, 'id' | 'json'>;

/**
 * Writes the next seal over these events; when another process was first with that number, the one after. `known` is one
 * that was written before: should a clock have been set back, the search begins there.
 * @returns the seal.
 */
export async function seal({ store, index }: SealPorts, events: readonly Sealed[], known?: StoredSeal): Promise<StoredSeal> {
  // Nobody searches for a seal by the events under it, and there are hundreds.
  const indexHead = (resource: Resource) => index({ ...resource, entity: [] });
  const latest = await latestSeal(store);
  let before: StoredSeal | undefined = known !== undefined && known.id > (latest?.id ?? '') ? known : latest;
  for (;;) {
    const number = before === undefined ? 1 : sealNumber(before.id) + 1;
    const previous = before === undefined ? FIRST : fingerprint(before.json!);
    const key = { type: 'AuditEvent', id: sealId(number) };
    const next = await store.transact<{ readonly seal: StoredSeal; readonly isOurs: boolean }>({
      lookups: { versions: [key] },
      build(found) {
        const theirs = found.version(key.type, key.id);
        if (theirs !== undefined) return { writes: [], result: { seal: theirs, isOurs: false } };
        const ours = firstVersion(sealEvent({ number, previous, events }, found.nowMs), found.nowMs, indexHead);
        return { writes: [ours], result: { seal: ours, isOurs: true } };
      },
    });
    if (next.isOurs) return next.seal;
    before = next.seal;
  }
}

function sealEvent({ number, previous, events }: Seal, nowMs: number): Resource {
  const text = (type: string, valueString: string) => ({ type, valueString });
  return {
    resourceType: 'AuditEvent',
    id: sealId(number),
    meta: { profile: [AUDIT_EVENT_PROFILE] },
    type: SEAL_TYPE,
    action: 'E',
    recorded: new Date(nowMs).toISOString(),
    outcome: '0',
    purposeOfEvent: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HSYSADMIN' }] }],
    agent: [{ who: { display: 'Fellesplan' }, requestor: true }],
    source: OBSERVER,
    entity: [
      { detail: [text('number', String(number)), text('previous', previous)] },
      ...events.map((event) => ({ what: { reference: `AuditEvent/${event.id}` }, detail: [text('sha256', event.fingerprint)] })),
    ],
  };
}

/** What a seal says. @throws Error when the text is not that of a seal with this id. */
export function readSeal(id: string, json: string): Seal {
  const { entity = [] } = JSON.parse(json) as {
    entity?: { what?: { reference: string }; detail: { type: string; valueString: string }[] }[];
  };
  const [head, ...events] = entity;
  const value = (type: string, of = head): string => of?.detail.find((detail) => detail.type === type)?.valueString ?? '';
  const number = Number(value('number'));
  if (sealId(number) !== id) throw new Error(`${id} is not a seal`);
  return {
    number,
    previous: value('previous'),
    events: events.map((event) => ({
      id: event.what?.reference.replace('AuditEvent/', '') ?? '',
      fingerprint: value('sha256', event),
    })),
  };
}

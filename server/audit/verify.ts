/**
 * Checks the access log: every seal names the one before it, every event that a seal names is there and unchanged, and
 * every event that is there is named by a seal. What was cut off at the end, seals and all, shows only against a head
 * that was noted elsewhere; so the head is told, and can be asked for.
 */
import type { ResourceStore } from '../store/resource-store.ts';
import { fingerprint } from './audit-event.ts';
import { IS_SEAL, readSeal, sealId } from './seal.ts';
import { eachEvent } from './unsealed.ts';

/** The newest seal, as an operator notes it down. */
export interface SealHead {
  readonly number: number;
  readonly fingerprint: string;
}

export interface AuditVerification {
  readonly events: number;
  /** Events written since the newest seal, or shortly before: a seal over them is still to come. */
  readonly notYetSealed: number;
  readonly head?: SealHead;
  /** What is wrong, in words; empty when the log is whole. At most a hundred. */
  readonly problems: readonly string[];
}

const DUE_AFTER_MS = 300_000;
const PROBLEMS_AT_MOST = 100;
const FIRST = '0'.repeat(64);

/** Reads the whole log, while it is written. `noted` is a head told by an earlier verification: it must still be part of the chain. */
export async function verifyAuditLog(store: ResourceStore, noted?: SealHead): Promise<AuditVerification> {
  const problems: string[] = [];
  const wrong = (problem: string): void => void (problems.length < PROBLEMS_AT_MOST && problems.push(problem));
  const sealed = new Map<string, string>();
  let head: SealHead | undefined;
  let sealedUpToMs = 0;
  let notedFound = noted === undefined;
  for await (const { id, json, versionId, lastUpdatedMs } of eachEvent(store, IS_SEAL, 'id')) {
    const expected = (head?.number ?? 0) + 1;
    const seal = readable(id, json);
    if (seal === undefined || seal.number < expected) {
      wrong(`${id} is not a seal, or stands twice`);
      continue;
    }
    if (seal.number !== expected) wrong(`${sealId(expected)} is missing`);
    else if (seal.previous !== (head?.fingerprint ?? FIRST)) wrong(`${sealId(expected - 1)} was changed, or ${id} does not follow it`);
    if (versionId !== 1) wrong(`${id} was written again`);
    for (const event of seal.events) {
      if ((sealed.get(event.id) ?? event.fingerprint) !== event.fingerprint) wrong(`AuditEvent/${event.id} is sealed with two contents`);
      sealed.set(event.id, event.fingerprint);
    }
    head = { number: seal.number, fingerprint: fingerprint(json) };
    sealedUpToMs = lastUpdatedMs - DUE_AFTER_MS;
    if (noted?.number === head.number) notedFound = noted.fingerprint === head.fingerprint;
  }
  if (!notedFound) wrong(`${sealId(noted!.number)} is not the one that was noted`);
  let events = 0;
  let notYetSealed = 0;
  for await (const { id, json, versionId, lastUpdatedMs } of eachEvent(store, { op: 'not', clause: IS_SEAL }, 'lastUpdated')) {
    events += 1;
    const expected = sealed.get(id);
    sealed.delete(id);
    if (versionId !== 1) wrong(`AuditEvent/${id} was written again`);
    else if (expected !== undefined && expected !== fingerprint(json)) wrong(`AuditEvent/${id} was changed`);
    if (expected !== undefined) continue;
    if (lastUpdatedMs > sealedUpToMs) notYetSealed += 1;
    else wrong(`AuditEvent/${id} has no seal`);
  }
  for (const id of sealed.keys()) wrong(`AuditEvent/${id} was removed`);
  return { events, notYetSealed, problems, ...(head === undefined ? {} : { head }) };
}

function readable(id: string, json: string): ReturnType<typeof readSeal> | undefined {
  try {
    return readSeal(id, json);
  } catch {
    return undefined;
  }
}

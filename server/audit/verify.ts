/**
 * Checks the access log: every seal names the one before it, every event that a seal names is there and unchanged, and
 * every event that is there is named by a seal. What was cut off at the end, seals and all, shows only against a head
 * that was noted elsewhere; so the head is told, and can be asked for.
 */
import type { ResourceStore, SearchMatch } from '../store/resource-store.ts';
import { fingerprint } from './audit-event.ts';
import { IS_SEAL, readSeal, type Seal, sealId } from './seal.ts';
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
/** How many seals may have been written, by the clocks, before one with a smaller number. */
const EARLY_AT_MOST = 100;
const FIRST = '0'.repeat(64);

/** Reads the whole log, while it is written. `noted` is a head told by an earlier verification: it must still be part of the chain. */
export async function verifyAuditLog(store: ResourceStore, noted?: SealHead): Promise<AuditVerification> {
  const problems: string[] = [];
  const wrong = (problem: string): void => void (problems.length < PROBLEMS_AT_MOST && problems.push(problem));
  const sealed = new Map<string, string>();
  let head: SealHead | undefined;
  let sealedUpToMs = 0;
  let notedFound = noted === undefined;
  for await (const { id, json, versionId, lastUpdatedMs, seal } of sealsInOrder(store)) {
    const expected = (head?.number ?? 0) + 1;
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
  for await (const { id, json, versionId, lastUpdatedMs } of eachEvent(store, { op: 'not', clause: IS_SEAL })) {
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

interface ReadSeal extends SearchMatch {
  /** Undefined when it does not say what a seal of this id says. */
  readonly seal: Seal | undefined;
}

/**
 * All seals in the order of their numbers. Told in that of writing, which is the same but for the clocks of several
 * processes: to sort them all for each page would take the square of their number.
 */
async function* sealsInOrder(store: ResourceStore): AsyncGenerator<ReadSeal> {
  const early = new Map<number, ReadSeal>();
  let next = 1;
  function* inTurn(): Generator<ReadSeal> {
    for (let read = early.get(next); read !== undefined; read = early.get(next)) {
      early.delete(next);
      next += 1;
      yield read;
    }
  }
  for await (const match of eachEvent(store, IS_SEAL)) {
    const read = { ...match, seal: readable(match.id, match.json) };
    if (read.seal === undefined || read.seal.number < next) yield read;
    else early.set(read.seal.number, read);
    // What so many have overtaken is not there.
    if (early.size > EARLY_AT_MOST) next = Math.min(...early.keys());
    yield* inTurn();
  }
  for (; early.size > 0; yield* inTurn()) next = Math.min(...early.keys());
}

function readable(id: string, json: string): Seal | undefined {
  try {
    return readSeal(id, json);
  } catch {
    return undefined;
  }
}

/**
 * Checks a file that was exported as NDJSON: every event stands under a seal of the file unchanged, and seals that follow
 * each other name each other. Who could change the file could make new seals as well, so they are held against those of
 * the service, or against one that was noted elsewhere.
 */
import { fingerprint } from '../audit-event.ts';
import { readSeal, type Sealed, sealId } from '../seal.ts';
import type { SealHead } from '../verify.ts';

export interface FileVerification {
  readonly events: number;
  readonly seals: number;
  /** Events at the end of the file that were not sealed when it was written: nothing vouches for them. */
  readonly notYetSealed: number;
  /** Events that seals of the file name and the file has not: it is an excerpt, or they were taken out. */
  readonly leftOut: number;
  readonly head?: SealHead;
  /** What is wrong, in words; empty when the file is as it was written. At most a hundred. */
  readonly problems: readonly string[];
}

export interface FileChecks {
  /** The seal of the service with this number, as it is kept; left out: the file is all there is. */
  readonly sealOfService?: (id: string) => Promise<string | undefined>;
  /** A seal noted elsewhere, which the file must hold. */
  readonly noted?: SealHead;
}

const PROBLEMS_AT_MOST = 100;
const SEAL_ID = /^fp-seal-\d{12}$/;

/** Reads the lines of a file in order. Events wait for the seal after them, and for nothing else. */
export async function verifyFile(lines: AsyncIterable<string>, { sealOfService, noted }: FileChecks = {}): Promise<FileVerification> {
  const problems: string[] = [];
  const wrong = (problem: string): void => void (problems.length < PROBLEMS_AT_MOST && problems.push(problem));
  const waiting = new Map<string, string>();
  const counts = { events: 0, seals: 0, leftOut: 0 };
  let head: SealHead | undefined;
  let notedFound = noted === undefined;

  async function takeSeal(id: string, text: string): Promise<void> {
    const seal = readSeal(id, text);
    const own = { number: seal.number, fingerprint: fingerprint(text) };
    counts.seals += 1;
    if (head !== undefined && seal.number <= head.number) wrong(`${id} does not stand in its place`);
    if (head?.number === seal.number - 1 && seal.previous !== head.fingerprint) wrong(`${sealId(head.number)} was changed, or ${id}`);
    if (sealOfService !== undefined && (await sealOfService(id)) !== text) wrong(`${id} is not the one of this service`);
    for (const sealed of seal.events) takeSealed(sealed);
    for (const left of waiting.keys()) wrong(`AuditEvent/${left} has no seal`);
    waiting.clear();
    head = own;
    if (noted?.number === own.number) notedFound = noted.fingerprint === own.fingerprint;
  }

  function takeSealed({ id, fingerprint: expected }: Sealed): void {
    const found = waiting.get(id);
    waiting.delete(id);
    if (found === undefined) counts.leftOut += 1;
    else if (found !== expected) wrong(`AuditEvent/${id} was changed`);
  }

  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text === '') continue;
    const id = idOf(text);
    if (id === undefined) wrong(`line ${number} is no AuditEvent`);
    else if (SEAL_ID.test(id)) await takeSeal(id, text).catch(() => wrong(`${id} cannot be read as a seal`));
    else {
      counts.events += 1;
      if (waiting.has(id)) wrong(`AuditEvent/${id} stands twice`);
      waiting.set(id, fingerprint(text));
    }
  }
  if (!notedFound) wrong(`${sealId(noted!.number)} is not the one that was noted`);
  return { ...counts, notYetSealed: waiting.size, problems, ...(head === undefined ? {} : { head }) };
}

function idOf(text: string): string | undefined {
  try {
    const { resourceType, id } = JSON.parse(text) as { resourceType?: unknown; id?: unknown };
    return resourceType === 'AuditEvent' && typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What one commit wrote, as a row of the journal. The entries of a transaction have time, caller, request, outcome and
 * reason in common, which are said once.
 */
import { isObject } from '../fhir/resource.ts';
import { type AccessRecord, isAccessRecord } from './access-record.ts';

/** A record, or a part of one; in JSON what is undefined is not there. */
type Part = { readonly [Name in keyof AccessRecord]?: AccessRecord[Name] | undefined };
type Common = Pick<AccessRecord, 'atMs' | 'caller' | 'requestId' | 'outcome' | 'reason'>;

/** The JSON of a row. */
export interface CommitRow extends Readonly<Record<string, unknown>> {
  /** When it was written down, ms since 1970 UTC. */
  readonly atMs: number;
  readonly common?: Common;
  /** The records, without what they have in common. */
  readonly records: readonly Part[];
}

/** The row of some records; one whose caller is the same object as that of the first was told by the same request. */
export function commitRow(atMs: number, records: readonly AccessRecord[]): CommitRow {
  const [first, second] = records;
  if (first === undefined || second === undefined || !records.every((record) => isOfOneRequest(first, record))) return { atMs, records };
  const { atMs: doneMs, caller, requestId, outcome, reason } = first;
  const untold = { atMs: undefined, caller: undefined, requestId: undefined, outcome: undefined, reason: undefined };
  return {
    atMs,
    common: { atMs: doneMs, caller, requestId, outcome, reason },
    records: records.map((record) => ({ ...record, ...untold })),
  };
}

/** What a row that was read back says. */
export interface ReadRow {
  /** As many as can be read. */
  readonly records: readonly AccessRecord[];
  /** False when something in it is no record. */
  readonly isWhole: boolean;
}

/** Reads a row, which may have been damaged. */
export function readRow({ atMs, common, records }: Readonly<Record<string, unknown>>): ReadRow {
  if (!Array.isArray(records)) return { records: [], isWhole: false };
  const all = records.map((record: unknown) => (isObject(record) ? { ...(isObject(common) ? common : {}), ...record } : undefined));
  const read = all.filter((record) => isAccessRecord(record));
  return { records: read, isWhole: read.length === all.length && typeof atMs === 'number' };
}

function isOfOneRequest(one: AccessRecord, other: AccessRecord): boolean {
  return (
    one.caller === other.caller &&
    one.atMs === other.atMs &&
    one.requestId === other.requestId &&
    one.outcome === other.outcome &&
    one.reason === other.reason
  );
}

/**
 * Access records added up as they come: what the same caller did in the same way with the data of the same patient is one
 * group, in which each thing stands once. A busy service reads far more often than it has something new to tell, and a
 * record that is kept for seconds costs more than the read it tells of.
 */
import type { AccessRecord, AuditAction, AuditedCaller, AuditOutcome } from './access-record.ts';

/** What one caller did in one way with the data of one patient, or of none. */
export interface AccessGroup {
  readonly patient: string | undefined;
  readonly kind: AccessRecord['kind'];
  readonly caller: AuditedCaller;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  readonly interactions: ReadonlySet<string>;
  readonly reasons: ReadonlySet<string>;
  readonly firstMs: number;
  readonly lastMs: number;
  /** In the order in which they were first met. */
  readonly things: readonly AccessedThing[];
}

/** One thing that was asked for in one way, with how often and in which requests (the first twenty). */
export interface AccessedThing {
  readonly interaction: string;
  readonly what: string | undefined;
  readonly query: string | undefined;
  readonly origin: string | undefined;
  readonly times: number;
  /** How many resources were shown in all; undefined where that was not told. */
  readonly shown: number | undefined;
  readonly requestIds: ReadonlySet<string>;
}

interface Thing extends AccessedThing {
  times: number;
  shown: number | undefined;
  readonly requestIds: Set<string>;
}

interface Group {
  readonly patient: string | undefined;
  readonly kind: AccessRecord['kind'];
  readonly caller: AuditedCaller;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  readonly interactions: Set<string>;
  readonly reasons: Set<string>;
  firstMs: number;
  lastMs: number;
  readonly things: Map<string, Thing>;
}

const REQUESTS_AT_MOST = 20;
/** So that one event stays easy to read and to send. */
const THINGS_AT_MOST = 200;

export class AccessTally {
  /** The group that is being filled, by its key. */
  readonly #open = new Map<string, Group>();
  readonly #groups: Group[] = [];
  #size = 0;

  /** How many records have been added. */
  get size(): number {
    return this.#size;
  }

  add(record: AccessRecord): void {
    const { patients, kind = '', action, outcome, caller } = record;
    this.#size += 1;
    const by = `${kind}${action} ${outcome} ${caller.user} ${caller.organizationNumber} ${caller.purpose} ${caller.clientId}`;
    if (patients.length === 0) this.#addTo(`${by} `, undefined, record);
    for (const patient of patients) this.#addTo(`${by} ${patient}`, patient, record);
  }

  /** What has been added, in the order in which the groups began. */
  *groups(): Generator<AccessGroup> {
    for (const group of this.#groups) yield { ...group, things: [...group.things.values()] };
  }

  #addTo(key: string, patient: string | undefined, record: AccessRecord): void {
    const { atMs, interaction, what, query, origin, times = 1, shown, reason, requestId } = record;
    const thingKey = origin === undefined ? `${interaction} ${what} ${query}` : `${interaction} ${what} ${query} ${origin}`;
    const group = this.#groupOf(key, thingKey, patient, record);
    if (atMs < group.firstMs) group.firstMs = atMs;
    if (atMs > group.lastMs) group.lastMs = atMs;
    group.interactions.add(interaction);
    if (reason !== undefined) group.reasons.add(reason);
    const thing = group.things.get(thingKey);
    if (thing === undefined) {
      group.things.set(thingKey, {
        interaction,
        what,
        query,
        origin,
        times,
        shown,
        requestIds: new Set(requestId === undefined ? [] : [requestId]),
      });
      return;
    }
    thing.times += times;
    if (shown !== undefined) thing.shown = (thing.shown ?? 0) + shown;
    if (requestId !== undefined && thing.requestIds.size < REQUESTS_AT_MOST) thing.requestIds.add(requestId);
  }

  /** The open group of this key; a new one when there is none, or when it is full and the thing is new to it. */
  #groupOf(key: string, thingKey: string, patient: string | undefined, record: AccessRecord): Group {
    const { kind, caller, action, outcome, atMs } = record;
    const open = this.#open.get(key);
    if (open !== undefined && (open.things.size < THINGS_AT_MOST || open.things.has(thingKey))) return open;
    const sets = { interactions: new Set<string>(), reasons: new Set<string>(), things: new Map<string, Thing>() };
    const group: Group = { patient, kind, caller, action, outcome, ...sets, firstMs: atMs, lastMs: atMs };
    this.#open.set(key, group);
    this.#groups.push(group);
    return group;
  }
}

/** The tally of some records. */
export function tallyOf(records: readonly AccessRecord[]): AccessTally {
  const tally = new AccessTally();
  for (const record of records) tally.add(record);
  return tally;
}

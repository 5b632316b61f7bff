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
  readonly interactions: readonly string[];
  readonly reasons: readonly string[];
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
  readonly requestIds: readonly string[];
}

interface Thing extends AccessedThing {
  times: number;
  shown: number | undefined;
  readonly requestIds: string[];
}

/** Most hold one thing and one interaction: lists take a quarter of the memory of sets, and tens of thousands are held. */
interface Group extends AccessGroup {
  readonly interactions: string[];
  reasons: readonly string[];
  firstMs: number;
  lastMs: number;
  readonly things: Thing[];
  /** The things by name, where they are too many to be looked through. */
  byName: Map<string, Thing> | undefined;
}

const REQUESTS_AT_MOST = 20;
/** So that one event stays easy to read and to send. */
const THINGS_AT_MOST = 200;
const LOOKED_THROUGH_AT_MOST = 8;
const NONE: readonly string[] = [];

export class AccessTally {
  /** The group that is being filled, by what was done by whom, and by patient. */
  readonly #open = new Map<string, Map<string | undefined, Group>>();
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
    let open = this.#open.get(by);
    if (open === undefined) {
      open = new Map();
      this.#open.set(by, open);
    }
    if (patients.length === 0) this.#addTo(open, undefined, record);
    for (const patient of patients) this.#addTo(open, patient, record);
  }

  /** What has been added, in the order in which the groups began. */
  *groups(): Generator<AccessGroup> {
    yield* this.#groups;
  }

  #addTo(open: Map<string | undefined, Group>, patient: string | undefined, record: AccessRecord): void {
    const { atMs, interaction, what, query, origin, times = 1, shown, reason, requestId } = record;
    let group = open.get(patient);
    let thing = group === undefined ? undefined : thingIn(group, record);
    if (group === undefined || (thing === undefined && group.things.length >= THINGS_AT_MOST)) {
      group = this.#begin(patient, record);
      open.set(patient, group);
    }
    if (atMs < group.firstMs) group.firstMs = atMs;
    if (atMs > group.lastMs) group.lastMs = atMs;
    if (!group.interactions.includes(interaction)) group.interactions.push(interaction);
    if (reason !== undefined && !group.reasons.includes(reason)) group.reasons = [...group.reasons, reason];
    if (thing === undefined) {
      thing = { interaction, what, query, origin, times: 0, shown: undefined, requestIds: [] };
      group.things.push(thing);
      group.byName?.set(nameOf(thing), thing);
    }
    thing.times += times;
    if (shown !== undefined) thing.shown = (thing.shown ?? 0) + shown;
    const { requestIds } = thing;
    if (requestId !== undefined && requestIds.length < REQUESTS_AT_MOST && !requestIds.includes(requestId)) requestIds.push(requestId);
  }

  #begin(patient: string | undefined, { kind, caller, action, outcome, atMs }: AccessRecord): Group {
    const times = { firstMs: atMs, lastMs: atMs };
    const group: Group = {
      patient,
      kind,
      caller,
      action,
      outcome,
      interactions: [],
      reasons: NONE,
      ...times,
      things: [],
      byName: undefined,
    };
    this.#groups.push(group);
    return group;
  }
}

type Named = Pick<AccessedThing, 'interaction' | 'what' | 'query' | 'origin'>;

const nameOf = ({ interaction, what, query, origin }: Named): string => `${interaction} ${what} ${query} ${origin}`;

function thingIn(group: Group, record: AccessRecord): Thing | undefined {
  const { interaction, what, query, origin } = record;
  if (group.things.length > LOOKED_THROUGH_AT_MOST) {
    group.byName ??= new Map(group.things.map((thing) => [nameOf(thing), thing]));
    return group.byName.get(nameOf({ interaction, what, query, origin }));
  }
  return group.things.find(
    (thing) => thing.query === query && thing.what === what && thing.interaction === interaction && thing.origin === origin,
  );
}

/** The tally of some records. */
export function tallyOf(records: readonly AccessRecord[]): AccessTally {
  const tally = new AccessTally();
  for (const record of records) tally.add(record);
  return tally;
}

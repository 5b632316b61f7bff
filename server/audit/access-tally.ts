/**
 * Access records added up as they come. A busy service answers the same request far more often than it has something new
 * to tell, so what is the same but for time, request and number shown is one access that is counted; and all that the same
 * caller did in the same way with the data of the same patient is one group, which becomes an event.
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

/** Records that differ in time, request and number shown only. */
export interface CountedAccess {
  /** Numbers the accesses of a tally from 0, in the order in which they were first met. */
  readonly number: number;
  /** The first of them. */
  readonly first: AccessRecord;
  times: number;
  shown: number | undefined;
  firstMs: number;
  lastMs: number;
  /** Those of one request stand together, once. */
  requestIds: string[];
  /** Whether it is known by its name. */
  isNamed: boolean;
}

export interface VersionKey {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
}

/** A version that was shown alone: its name in the log, and whose data it is. */
export interface ShownAlone extends VersionKey {
  readonly what: string;
  readonly patients: readonly string[];
}

/** What is to become one event. */
interface Open {
  readonly patient: string | undefined;
  readonly accesses: CountedAccess[];
}

/** By patient, or by what was asked for where nobody is known. */
type OpenByPatient = Map<string | undefined, Open>;

const REQUESTS_AT_MOST = 20;
/** In an event, so that it stays easy to read and to send. */
export const THINGS_AT_MOST = 200;

export class AccessTally {
  /** By name, where there is more than one access to a thing, or by a query: of the others, no name is made and kept. */
  readonly #named = new Map<string, CountedAccess>();
  /** The latest access to a thing, or by a query: most often the next one is the same again, and comparing costs less than a name. */
  readonly #latest = new Map<string | undefined, CountedAccess>();
  /** The latest of those versions of each id that were shown alone: an id is there already, and the name of a version would have to be made. */
  readonly #shownAlone = new Map<string, ShownAlone>();
  /** The group that is being filled, by what was done by whom, and by patient. */
  readonly #open = new Map<string, OpenByPatient>();
  readonly #groups: Open[] = [];
  #begun = 0;
  #size = 0;

  /** How many records have been counted. */
  get size(): number {
    return this.#size;
  }

  /** How many accesses differ in more than time, request and number shown. */
  get accesses(): number {
    return this.#begun;
  }

  /** What was told when this version was shown alone before: versions do not change. Undefined when it was not. */
  shownAlone({ type, id, versionId }: VersionKey): ShownAlone | undefined {
    const shown = this.#shownAlone.get(id);
    return shown?.type === type && shown.versionId === versionId ? shown : undefined;
  }

  /** Where the record is to be counted; it is not yet. */
  accessOf(record: AccessRecord): CountedAccess {
    const about = record.what ?? record.query;
    const latest = this.#latest.get(about);
    if (latest !== undefined && isAgain(latest.first, record)) return latest;
    const access = latest === undefined ? this.#begin(callerAndWay(record), record) : this.#another(latest, record);
    this.#latest.set(about, access);
    this.#rememberAlone(access.first);
    return access;
  }

  #rememberAlone({ action, outcome, shown, what, patients }: AccessRecord): void {
    if (action !== 'R' || outcome !== '0' || shown !== 1 || what === undefined) return;
    const [type, id, , versionId] = what.split('/');
    if (versionId !== undefined) this.#shownAlone.set(id!, { type: type!, id: id!, versionId: Number(versionId), what, patients });
  }

  /** An access to the same thing that is not the same as the latest one. */
  #another(latest: CountedAccess, record: AccessRecord): CountedAccess {
    if (!latest.isNamed) this.#name(latest, nameOf(latest.first, callerAndWay(latest.first)));
    const by = callerAndWay(record);
    const name = nameOf(record, by);
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const access = this.#begin(by, record);
    this.#name(access, name);
    return access;
  }

  #name(access: CountedAccess, name: string): void {
    access.isNamed = true;
    this.#named.set(name, access);
  }

  /** Counts a record for which `accessOf` gave `access`. */
  count(access: CountedAccess, { atMs, times = 1, shown, requestId }: AccessRecord): void {
    this.#size += 1;
    access.times += times;
    if (atMs < access.firstMs) access.firstMs = atMs;
    if (atMs > access.lastMs) access.lastMs = atMs;
    if (shown !== undefined) access.shown = (access.shown ?? 0) + shown;
    if (requestId === undefined) return;
    // Most stay the only one of their kind until they are told: no list is made to grow.
    if (access.requestIds.length === 0) access.requestIds = [requestId];
    else addRequest(access.requestIds, requestId);
  }

  add(record: AccessRecord): void {
    this.count(this.accessOf(record), record);
  }

  /** What has been counted, in the order in which the groups began. */
  *groups(): Generator<AccessGroup> {
    for (const { patient, accesses } of this.#groups) {
      const counted = accesses.filter(({ times }) => times > 0);
      if (counted.length > 0) yield groupOf(patient, counted);
    }
  }

  #begin(by: string, record: AccessRecord): CountedAccess {
    const access: CountedAccess = {
      number: this.#begun,
      first: record,
      times: 0,
      shown: undefined,
      firstMs: record.atMs,
      lastMs: record.atMs,
      requestIds: [],
      isNamed: false,
    };
    this.#begun += 1;
    let open = this.#open.get(by);
    if (open === undefined) {
      open = new Map();
      this.#open.set(by, open);
    }
    if (record.patients.length === 0) this.#addTo(open, askedFor(record), undefined, access);
    for (const patient of record.patients) this.#addTo(open, patient, patient, access);
    return access;
  }

  #addTo(open: OpenByPatient, about: string | undefined, patient: string | undefined, access: CountedAccess): void {
    let group = open.get(about);
    if (group === undefined || group.accesses.length >= THINGS_AT_MOST) {
      // Most hold one: no list is made to grow.
      group = { patient, accesses: [access] };
      this.#groups.push(group);
      open.set(about, group);
    } else group.accesses.push(access);
  }
}

/**
 * A person who was asked for and is not known to be there: an event for each, since whoever may read one by the person it
 * names is not to read the others' ids in it.
 */
function askedFor({ what }: AccessRecord): string | undefined {
  return what?.startsWith('Patient/') === true ? what : undefined;
}

/** True when two records differ in time, request and number shown at most. */
function isAgain(one: AccessRecord, other: AccessRecord): boolean {
  return (
    one.what === other.what &&
    one.query === other.query &&
    one.interaction === other.interaction &&
    one.action === other.action &&
    one.outcome === other.outcome &&
    one.kind === other.kind &&
    one.origin === other.origin &&
    one.reason === other.reason &&
    one.times === other.times &&
    isSameCaller(one.caller, other.caller) &&
    one.patients.length === other.patients.length &&
    one.patients.every((patient, place) => patient === other.patients[place])
  );
}

function isSameCaller(one: AuditedCaller, other: AuditedCaller): boolean {
  return (
    one.clientId === other.clientId &&
    one.user === other.user &&
    one.organizationNumber === other.organizationNumber &&
    one.purpose === other.purpose
  );
}

/** What records have in common that differ in time, request and number shown only; the caller and the way are `by`. */
function nameOf({ interaction, what, query, origin, reason, times, patients }: AccessRecord, by: string): string {
  // Of these only the query and the reason can hold a line break.
  return `${by}\n${interaction}\n${what}\n${origin}\n${times}\n${patients.join()}\n${query?.length}\n${query}\n${reason}`;
}

/** What the records of a group have in common, but for the patient. */
function callerAndWay({ kind, action, outcome, caller }: AccessRecord): string {
  return `${kind}${action}${outcome}\n${caller.user}\n${caller.organizationNumber}\n${caller.purpose}\n${caller.clientId}`;
}

function groupOf(patient: string | undefined, accesses: readonly CountedAccess[]): AccessGroup {
  const { kind, caller, action, outcome } = accesses[0]!.first;
  const [interactions, reasons] = [new Set<string>(), new Set<string>()];
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const access of accesses) {
    const { interaction, reason } = access.first;
    interactions.add(interaction);
    if (reason !== undefined) reasons.add(reason);
    firstMs = Math.min(firstMs, access.firstMs);
    lastMs = Math.max(lastMs, access.lastMs);
  }
  const said = { interactions: [...interactions], reasons: [...reasons] };
  return { patient, kind, caller, action, outcome, ...said, firstMs, lastMs, things: thingsOf(accesses) };
}

/** What was asked for, each thing once: accesses to it may differ in whose data they showed, or in why they were refused. */
function thingsOf(accesses: readonly CountedAccess[]): readonly AccessedThing[] {
  const things = new Map<string, AccessedThing>();
  for (const { first, times, shown, requestIds } of accesses) {
    const { interaction, what, query, origin } = first;
    const name = `${interaction}\n${what}\n${origin}\n${query}`;
    const thing = {
      interaction,
      what,
      query,
      origin,
      times,
      shown,
      requestIds: requestIds.length > 1 ? [...new Set(requestIds)] : requestIds,
    };
    const same = things.get(name);
    things.set(name, same === undefined ? thing : together(same, thing));
  }
  return [...things.values()];
}

function together(one: AccessedThing, other: AccessedThing): AccessedThing {
  const requestIds = [...new Set([...one.requestIds, ...other.requestIds])].slice(0, REQUESTS_AT_MOST);
  const shown = one.shown === undefined ? other.shown : one.shown + (other.shown ?? 0);
  return { ...one, times: one.times + other.times, shown, requestIds };
}

/** Whether the request of one more access like this will be told. */
export function tellsRequest({ requestIds }: Pick<CountedAccess, 'requestIds'>): boolean {
  return requestIds.length < REQUESTS_AT_MOST;
}

/** The entries of a batch come one after the other: to look through the others as well would cost each read as much as to count it. */
function addRequest(to: string[], request: string): void {
  if (to.length < REQUESTS_AT_MOST && to.at(-1) !== request) to.push(request);
}

/** The tally of some records. */
export function tallyOf(records: readonly AccessRecord[]): AccessTally {
  const tally = new AccessTally();
  for (const record of records) tally.add(record);
  return tally;
}

/**
 * AuditEvents as they are written. Of a thousand events made at a time nearly all say the same but for id, time, patient
 * and things, and can be found by the same but for these: what is the same is put into words, and indexed, once.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html
 */
import type { Resource } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { ResourceWrite } from '../store/resource-store.ts';
import type { AccessedThing, AccessGroup } from './access-tally.ts';
import { AUDIT_EVENT_PROFILE, auditEvent, patientEntity, thingEntity } from './audit-event.ts';

const TYPE = 'AuditEvent';
/** So that other requests are let in between commits, and what waits for its commit does not outlive young collections. */
const EVENTS_TOGETHER = 100;
const THINGS_TOGETHER = 400;

/** What the events of one caller, done in one way, have in common. */
interface Form {
  /** Members as JSON text, with a comma behind or in front. */
  readonly before: string;
  readonly after: string;
  readonly index: readonly IndexEntry[];
  /** The index entries that an entity may bring again: those of a caller who is a patient. */
  readonly references: ReadonlySet<string>;
}

/** What an entity can be found by, given the id of what it names. */
type EntityIndex = (id: string) => readonly IndexEntry[];

/** The event written no earlier than this: readers may have been told by then of all that is earlier. */
export function writtenFrom(event: ResourceWrite, lastUpdatedMs: number): ResourceWrite {
  const { json } = event;
  if (lastUpdatedMs <= event.lastUpdatedMs || json === null) return event;
  const before = isoOf(event.lastUpdatedMs);
  const place = json.indexOf(before);
  return { ...event, lastUpdatedMs, json: json.slice(0, place) + isoOf(lastUpdatedMs) + json.slice(place + before.length) };
}

/** Makes the first and only versions of events, many at a time. */
export class EventWriter {
  readonly #index: (resource: Resource) => readonly IndexEntry[];
  readonly #forms = new Map<string, Form>();
  readonly #patient: EntityIndex;
  readonly #query: readonly IndexEntry[];
  /** By resource type. */
  readonly #things = new Map<string, EntityIndex>();

  constructor(index: (resource: Resource) => readonly IndexEntry[]) {
    this.#index = index;
    this.#patient = this.#indexOf(patientEntity);
    this.#query = this.#indexOf(() => thingEntity({ ...NOTHING_ASKED, query: '' }))('');
  }

  /** The events of these groups, as many at a time as may be written together, made when they are asked for; `id` gives each its id. */
  *writes(groups: Iterable<AccessGroup>, id: () => string, nowMs: () => number): Generator<readonly ResourceWrite[]> {
    let some: ResourceWrite[] = [];
    let things = 0;
    for (const group of groups) {
      some.push(this.write(id(), group, nowMs()));
      things += group.things.length;
      if (some.length < EVENTS_TOGETHER && things < THINGS_TOGETHER) continue;
      yield some;
      [some, things] = [[], 0];
    }
    if (some.length > 0) yield some;
  }

  /** The event of a group. */
  write(id: string, group: AccessGroup, nowMs: number): ResourceWrite {
    const form = this.#formOf(group);
    const [first, last] = [isoOf(group.firstMs), isoOf(group.lastMs)];
    const meta = `{"versionId":"1","lastUpdated":"${isoOf(nowMs)}","profile":["${AUDIT_EVENT_PROFILE}"]}`;
    const head = `{"resourceType":"${TYPE}","id":"${id}","meta":${meta},${form.before}`;
    const time = `"period":{"start":"${first}","end":"${last}"},"recorded":"${last}"`;
    const json = `${head}${time}${form.after}${entityText(group)}}`;
    return { type: TYPE, id, versionId: 1, lastUpdatedMs: nowMs, method: 'POST', json, index: this.#entries(form, group) };
  }

  #formOf(group: AccessGroup): Form {
    const { kind, caller, action, outcome, interactions, reasons } = group;
    const { user, organizationNumber, purpose, clientId } = caller;
    const name = JSON.stringify([kind, action, outcome, interactions, reasons, user, organizationNumber, purpose, clientId]);
    let form = this.#forms.get(name);
    if (form === undefined) {
      form = this.#newForm(group);
      this.#forms.set(name, form);
    }
    return form;
  }

  #newForm(group: AccessGroup): Form {
    const event = auditEvent('', { ...group, patient: undefined, things: [] });
    const { resourceType: _type, id: _id, meta: _meta, period: _period, recorded: _recorded, ...said } = event;
    const { type, subtype, action, ...after } = said;
    const index = this.#index(event);
    return {
      before: `${membersOf({ type, subtype, action })},`,
      after: `,${membersOf(after)}`,
      index,
      references: new Set(index.flatMap((entry) => referenceIn(entry) ?? [])),
    };
  }

  #entries({ index, references }: Form, { patient, things, lastMs }: AccessGroup): readonly IndexEntry[] {
    // The one time that an event is found by is when it was recorded.
    const entries = index.map((entry) => (entry.kind === 'range' ? { ...entry, low: lastMs, high: lastMs } : entry));
    const seen = new Set<string>();
    const add = (found: readonly IndexEntry[]): void => {
      for (const entry of found) if (references.size === 0 || !references.has(referenceIn(entry) ?? '')) entries.push(entry);
    };
    if (patient !== undefined) {
      seen.add(`Patient/${patient}`);
      add(this.#patient(patient));
    }
    let hasQuery = false;
    for (const { what, query } of things) {
      hasQuery ||= query !== undefined;
      if (what === undefined) continue;
      const [type = '', id = ''] = what.split('/', 2);
      const key = `${type}/${id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      add(this.#thingsOf(type)(id));
    }
    if (hasQuery) add(this.#query);
    return entries;
  }

  #thingsOf(type: string): EntityIndex {
    let index = this.#things.get(type);
    if (index === undefined) {
      index = this.#indexOf((id) => thingEntity({ ...NOTHING_ASKED, what: `${type}/${id}` }));
      this.#things.set(type, index);
    }
    return index;
  }

  /** Indexes an entity once, under an id that no other has, and puts others in its place. */
  #indexOf(entity: (id: string) => object): EntityIndex {
    const entries = this.#index({ resourceType: TYPE, entity: [entity(SOME_ID)] });
    return (id) => entries.map((entry) => (entry.kind === 'reference' && entry.id === SOME_ID ? { ...entry, id } : entry));
  }
}

const SOME_ID = 'some-id';
const NOTHING_ASKED: AccessedThing = {
  interaction: '',
  what: undefined,
  query: undefined,
  origin: undefined,
  times: 1,
  shown: undefined,
  requestIds: [],
};

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The members of an object as JSON, without its braces. */
function membersOf(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}

function entityText({ patient, things }: AccessGroup): string {
  if (patient === undefined && things.length === 0) return '';
  const entities = things.map(thingEntity);
  return `,"entity":${JSON.stringify(patient === undefined ? entities : [patientEntity(patient), ...entities])}`;
}

/** A reference entry by name; undefined for another. */
function referenceIn(entry: IndexEntry): string | undefined {
  return entry.kind === 'reference' ? `${entry.param} ${entry.type}/${entry.id}` : undefined;
}

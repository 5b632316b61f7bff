/**
 * Accesses of writes added up: thousands in a second, of which each names a version of its own. So that they may gather
 * for long, each is some hundred bytes beside V8's heap: objects that live so long are moved twice and looked through
 * again and again, which cost a write more than all that is told of it.
 */
import type { AccessRecord, AuditAction, AuditedCaller, AuditOutcome } from './access-record.ts';
import { type AccessGroup, THINGS_AT_MOST } from './access-tally.ts';

/** What is told of a write: which version it made. */
export interface WriteRecord
  extends Pick<AccessRecord, 'atMs' | 'caller' | 'interaction' | 'action' | 'outcome' | 'patients' | 'requestId' | 'reason'> {
  readonly what: string;
}

/** What one caller did in one way. */
interface Way {
  readonly caller: AuditedCaller;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** Numbers of groups, by patient; that of nobody's data under undefined. */
  readonly groups: Map<string | undefined, number>;
}

/** What is to become one event or several. */
interface Group {
  readonly way: Way;
  readonly patient: string | undefined;
}

type Said = Pick<AccessRecord, 'interaction' | 'reason'>;

/** A page holds several hundred. */
const PAGE_BYTES = 64 * 1024;
/** Of the place of a version: the number of its page, and where it begins there. */
const PLACES_OF_A_PAGE = 2 ** 32;
/** In front of the text: its length, the number of the group, the number of what was said, and when. */
const HEAD = { length: 0, group: 4, said: 8, atMs: 12, bytes: 20 } as const;
/** No character of UTF-16 takes more in UTF-8. */
const BYTES_OF_A_CHARACTER = 3;

export class WriteTally {
  readonly #ways = new Map<string, Way>();
  readonly #groups: Group[] = [];
  readonly #said: Said[] = [];
  readonly #numberOfSaid = new Map<string, number>();
  /** The last one is being filled; of each, how much is. */
  readonly #pages: { readonly page: Buffer; used: number }[] = [];
  #size = 0;

  /** How many accesses have been added, of each patient. */
  get size(): number {
    return this.#size;
  }

  /** How many events they become at least. */
  get events(): number {
    return this.#groups.length;
  }

  add(record: WriteRecord): void {
    const way = this.#wayOf(record);
    const said = this.#numberOf(record);
    const { patients } = record;
    if (patients.length === 0) this.#note(this.#groupOf(way, undefined), said, record);
    for (const patient of patients) this.#note(this.#groupOf(way, patient), said, record);
  }

  /** What was added, in the order in which the groups began; each event's worth of a group is one. */
  *groups(): Generator<AccessGroup> {
    const places: number[][] = this.#groups.map(() => []);
    for (const [number, { page, used }] of this.#pages.entries()) {
      for (let at = 0; at < used; at += HEAD.bytes + page.readUInt32LE(at + HEAD.length)) {
        places[page.readUInt32LE(at + HEAD.group)]!.push(number * PLACES_OF_A_PAGE + at);
      }
    }
    for (const [number, group] of this.#groups.entries()) {
      const ofGroup = places[number]!;
      for (let from = 0; from < ofGroup.length; from += THINGS_AT_MOST) {
        yield this.#told(group, ofGroup.slice(from, from + THINGS_AT_MOST));
      }
    }
  }

  #wayOf({ caller, action, outcome }: WriteRecord): Way {
    const name = `${action}${outcome}\n${caller.user}\n${caller.organizationNumber}\n${caller.purpose}\n${caller.clientId}`;
    let way = this.#ways.get(name);
    if (way === undefined) {
      way = { caller, action, outcome, groups: new Map() };
      this.#ways.set(name, way);
    }
    return way;
  }

  #groupOf(way: Way, patient: string | undefined): number {
    const known = way.groups.get(patient);
    if (known !== undefined) return known;
    const number = this.#groups.push({ way, patient }) - 1;
    way.groups.set(patient, number);
    return number;
  }

  #numberOf({ interaction, reason }: WriteRecord): number {
    const name = reason === undefined ? interaction : `${interaction}\n${reason}`;
    const known = this.#numberOfSaid.get(name);
    if (known !== undefined) return known;
    const number = this.#said.push({ interaction, reason }) - 1;
    this.#numberOfSaid.set(name, number);
    return number;
  }

  #note(group: number, said: number, { atMs, what, requestId = '' }: WriteRecord): void {
    const text = `${what}\n${requestId}`;
    const last = this.#pageFor(HEAD.bytes + text.length * BYTES_OF_A_CHARACTER);
    const { page, used } = last;
    const length = page.write(text, used + HEAD.bytes);
    page.writeUInt32LE(length, used + HEAD.length);
    page.writeUInt32LE(group, used + HEAD.group);
    page.writeUInt32LE(said, used + HEAD.said);
    page.writeDoubleLE(atMs, used + HEAD.atMs);
    last.used += HEAD.bytes + length;
    this.#size += 1;
  }

  #pageFor(bytes: number): { readonly page: Buffer; used: number } {
    const last = this.#pages.at(-1);
    if (last !== undefined && last.used + bytes <= last.page.length) return last;
    const next = { page: Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, bytes)), used: 0 };
    this.#pages.push(next);
    return next;
  }

  #told({ way, patient }: Group, places: readonly number[]): AccessGroup {
    const { caller, action, outcome } = way;
    const [interactions, reasons] = [new Set<string>(), new Set<string>()];
    let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const things = places.map((place) => {
      const { page } = this.#pages[Math.floor(place / PLACES_OF_A_PAGE)]!;
      const at = place % PLACES_OF_A_PAGE;
      const { interaction, reason } = this.#said[page.readUInt32LE(at + HEAD.said)]!;
      const atMs = page.readDoubleLE(at + HEAD.atMs);
      interactions.add(interaction);
      if (reason !== undefined) reasons.add(reason);
      firstMs = Math.min(firstMs, atMs);
      lastMs = Math.max(lastMs, atMs);
      const text = page.toString('utf8', at + HEAD.bytes, at + HEAD.bytes + page.readUInt32LE(at + HEAD.length));
      const end = text.indexOf('\n');
      const requestIds = end + 1 === text.length ? [] : [text.slice(end + 1)];
      return { interaction, what: text.slice(0, end), query: undefined, origin: undefined, times: 1, shown: undefined, requestIds };
    });
    const said = { interactions: [...interactions], reasons: [...reasons] };
    return { patient, kind: undefined, caller, action, outcome, ...said, firstMs, lastMs, things };
  }
}

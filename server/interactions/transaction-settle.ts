/**
 * Decides the fate of each entry of a transaction: under which key it is kept, with what content. An entry sees what those
 * before it in the order of the rules have done: what is deleted matches no condition, what is created does.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import type { BundleEntry } from '../bundle/check.ts';
import { inEntry } from '../bundle/entry-failure.ts';
import { badRequest, multipleMatches, tooCostly } from '../fhir/errors.ts';
import type { Resource, ResourceKey } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { Clause } from '../search/query.ts';
import type { Found } from '../store/resource-store.ts';
import { contentOf } from './carry-out.ts';
import type { FhirContext, FhirRequest } from './context.ts';
import { decideWrite, type WriteDecision } from './decide-write.ts';
import type { FoundForWrite, PlannedWrite } from './planned-write.ts';
import { satisfies } from './satisfies.ts';

export interface TransactionWrite {
  readonly entry: BundleEntry;
  readonly planned: PlannedWrite;
  readonly query: FhirRequest['query'];
}

/** An entry whose fate is decided: under which key it is kept, and with what content. */
export interface Settled extends TransactionWrite {
  readonly decision: WriteDecision;
  readonly content: Resource | undefined;
  readonly target: ResourceKey | undefined;
  /** The entry whose resource a conditional create is answered with. */
  readonly twin: Settled | undefined;
  /** What the content can be found by, its links not yet rewritten. */
  readonly index: () => readonly IndexEntry[];
}

/** All entries in their order, each with what it found and did, and the resources they write. */
interface AllSettled {
  readonly settled: readonly Settled[];
  readonly written: Written;
}

/**
 * Settles the writes; `isAsked` when what they write is asked for by conditional references as well.
 * @throws FhirError as decide-write says; 400 `invalid` where two entries are about one resource; expressions say which entry.
 */
export function settle(
  ctx: FhirContext,
  writes: readonly TransactionWrite[],
  found: Found,
  pick: (found: Found, place: number) => FoundForWrite,
  isAsked: boolean,
): AllSettled {
  const touched = new Map<string, number>();
  const deleted = new Set<string>();
  const written = new Written(found.nowMs);
  const isKept = isAsked || writes.some(({ planned }) => planned.condition !== undefined);
  const settled = writes.map((write, place) =>
    atEntry(write.entry.place, () => {
      const { entry, planned, query } = write;
      const { decision, twin } = decide(planned, pick(found, place), deleted, written);
      const content = contentOf(planned, decision);
      const target = targetOf(planned, decision);
      for (const { type, id } of touchedBy(planned, decision)) {
        claim(touched, `${type}/${id}`, entry.place);
        if (planned.kind === 'delete') deleted.add(`${type}/${id}`);
      }
      let known: readonly IndexEntry[] | undefined;
      const index = () => {
        known ??= content === undefined ? [] : ctx.index({ ...content, ...(target === undefined ? {} : { id: target.id }) });
        return known;
      };
      const each: Settled = { entry, planned, query, decision, twin, content, target, index };
      if (isKept) written.add(each);
      return each;
    }),
  );
  for (const each of settled) atEntry(each.entry.place, () => refuseOverlap(each, written));
  return { settled, written };
}

/** A conditional create looks past what is deleted, and takes what another entry creates for what it was to create itself. */
function decide(
  planned: PlannedWrite,
  state: FoundForWrite,
  deleted: ReadonlySet<string>,
  written: Written,
): { readonly decision: WriteDecision; readonly twin?: Settled } {
  const condition = conditionOf(planned);
  if (planned.kind !== 'create' || condition === undefined || state.matches === undefined) return { decision: decideWrite(planned, state) };
  const stored = state.matches.matches.filter(({ type, id }) => !deleted.has(`${type}/${id}`));
  const [twin, ...others] = written.matching(planned.type, condition);
  if (twin?.target === undefined) return { decision: decideWrite(planned, { ...state, matches: { ...state.matches, matches: stored } }) };
  if (others.length + stored.length > 0) throw multipleMatches('More than one resource matches If-None-Exist', 'If-None-Exist');
  const versionId = versionAfter(twin.decision);
  const existing = { ...twin.target, versionId, lastUpdatedMs: written.nowMs, method: 'POST', json: null } as const;
  return { decision: { act: 'keep', existing }, twin };
}

/** The version that is current once the decision is carried out. */
export function versionAfter(decision: WriteDecision): number {
  if (decision.act === 'keep') return decision.existing.versionId;
  return decision.act === 'put' ? (decision.previous?.versionId ?? 0) + 1 : 1;
}

/** A conditional update or patch is about the resource that another entry writes, when its condition holds for that one. */
function refuseOverlap({ planned, target, entry }: Settled, written: Written): void {
  const condition = conditionOf(planned);
  if (condition === undefined || (planned.kind !== 'update' && planned.kind !== 'patch')) return;
  const other = written.matching(planned.type, condition).find((each) => each.target?.id !== target?.id);
  if (other === undefined) return;
  throw badRequest(`The condition is met by what entry ${other.entry.place} writes`, `Bundle.entry[${entry.place}]`);
}

/** What the client asks for, without what it reaches: that of the entries beside it is known from their own checks. */
function conditionOf({ condition, within }: PlannedWrite): Clause | undefined {
  const where = condition?.where;
  return where?.op === 'and' && where.clauses.length === 2 && where.clauses[1] === within ? where.clauses[0] : where;
}

function targetOf(planned: PlannedWrite, decision: WriteDecision): ResourceKey | undefined {
  if (decision.act === 'put') return { type: planned.type, id: decision.id };
  return decision.act === 'keep' ? { type: planned.type, id: decision.existing.id } : undefined;
}

/** The resources that the decision changes. */
export function touchedBy(planned: PlannedWrite, decision: WriteDecision): readonly ResourceKey[] {
  if (decision.act === 'put') return [{ type: planned.type, id: decision.id }];
  if (decision.act === 'keep') return [];
  return planned.id === undefined ? decision.versions : [{ type: planned.type, id: planned.id }];
}

function claim(touched: Map<string, number>, key: string, place: number): void {
  const before = touched.get(key);
  if (before !== undefined) throw badRequest(`${key} is changed by entry ${before} already`, `Bundle.entry[${place}]`);
  touched.set(key, place);
}

/** Resources held one by one against conditions that no key leads to, in all. */
const HELD_MAX = 20_000_000;

/** The resources that entries write, to be found by a condition: by a key where it has one, since each is asked of many. */
export class Written {
  readonly nowMs: number;
  readonly #byType = new Map<string, Settled[]>();
  readonly #byKey = new Map<string, Settled[]>();
  #held = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  add(settled: Settled): void {
    if (settled.content === undefined || settled.target === undefined) return;
    const { type } = settled.target;
    push(this.#byType, type, settled);
    for (const key of new Set(settled.index().flatMap((each) => entryKey(each) ?? []))) push(this.#byKey, `${type} ${key}`, settled);
  }

  /** @throws FhirError 403 `too-costly` for too many conditions of a kind that each resource is held against. */
  matching(type: string, condition: Clause): readonly Settled[] {
    const key = conditionKey(condition);
    const candidates = (key === undefined ? this.#byType.get(type) : this.#byKey.get(`${type} ${key}`)) ?? [];
    this.#held += candidates.length;
    if (this.#held > HELD_MAX) throw tooCostly('The transaction has too many conditions for as many resources');
    return candidates.filter(({ target, index }) => target !== undefined && satisfies(condition, target, index(), this.nowMs));
  }
}

function push(map: Map<string, Settled[]>, key: string, settled: Settled): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [settled]);
  else list.push(settled);
}

/** What conditions for one value lead to; the same words as conditionKey. */
function entryKey(entry: IndexEntry): string | undefined {
  switch (entry.kind) {
    case 'token':
      return `${entry.param} ${entry.code}`;
    case 'string':
      return `${entry.param} ${entry.value}`;
    case 'uri':
      return `${entry.param} ${entry.value}`;
    case 'reference':
      return entry.id === null ? undefined : `${entry.param} ${entry.id}`;
    default:
      return undefined;
  }
}

/** A value that a resource must have for the condition to hold, with its parameter. */
function conditionKey(clause: Clause): string | undefined {
  if (clause.op === 'and') return clause.clauses.map(conditionKey).find((key) => key !== undefined);
  if (clause.op !== 'match') return undefined;
  const { param, test } = clause;
  switch (test.kind) {
    case 'token':
      return test.code === undefined ? undefined : `${param} ${test.code}`;
    case 'string':
    case 'uri':
      return test.mode === 'exact' ? `${param} ${test.value}` : undefined;
    case 'reference':
      return test.id === undefined ? undefined : `${param} ${test.id}`;
    default:
      return undefined;
  }
}

/** Runs something of an entry, so that what it throws says which one it was. */
export function atEntry<T>(place: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inEntry(place, error);
  }
}

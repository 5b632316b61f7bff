/**
 * The plan of a transaction's writes as one value for the store.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import type { Founded, Founding } from '../auth/access-decision.ts';
import type { BundleEntry } from '../bundle/check.ts';
import { inEntry } from '../bundle/entry-failure.ts';
import { type LinkMap, linkMap } from '../bundle/full-url.ts';
import { conditionalReferences, rewriteLinks } from '../bundle/rewrite-references.ts';
import { badRequest, FhirError } from '../fhir/errors.ts';
import type { Resource, ResourceKey } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import type { Found, Lookups, ResourceWrite, SearchPage } from '../store/resource-store.ts';
import { addedIds, applyRules, type DecidedWrite } from './business-rules/apply-rules.ts';
import type { Questions } from './business-rules/questions.ts';
import { carryOut, contentOf } from './carry-out.ts';
import { referenceQuery } from './condition.ts';
import type { FhirContext, FhirResponse } from './context.ts';
import { decideWrite, type WriteDecision } from './decide-write.ts';
import { lookupsOf, type PlannedWrite } from './planned-write.ts';
import { both, requireReach, throughReach } from './reach.ts';
import { satisfies } from './satisfies.ts';

/** The type by which a new person begins. */
const PERSON = 'Patient';

export interface TransactionWrite {
  readonly entry: BundleEntry;
  readonly planned: PlannedWrite;
}

/** The answers by the place of their entry. */
type Answers = readonly (readonly [place: number, response: FhirResponse])[];

/** As a plan of the store, but for the questions of the rules, which are found while it is built. */
interface BundlePlan {
  readonly lookups: Required<Lookups>;
  build(found: Found, questions: Questions): { readonly writes: readonly ResourceWrite[]; readonly result: Answers };
}

/** An entry whose fate is decided: under which key it is kept, and with what content. */
interface Settled extends TransactionWrite {
  readonly decision: WriteDecision;
  readonly content?: Resource;
  readonly target?: ResourceKey;
  /** What the content can be found by, its links not yet rewritten. */
  readonly index: () => readonly IndexEntry[];
}

/**
 * The plan for writes that stand in processing order. Its `build` throws the FhirError of the entry that fails.
 * @throws FhirError 400 or 403 for a conditional reference that cannot be read or may not be searched.
 */
export async function planTransaction(ctx: FhirContext, writes: readonly TransactionWrite[]): Promise<BundlePlan> {
  const references = await conditionalReferenceQueries(ctx, writes);
  const { lookups, pick } = lookupsOf(writes.map(({ planned }) => planned));
  const searchesBefore = lookups.searches.length;
  const founding = await foundingOf(ctx, writes);
  const idOf = addedIds(ctx.newId);
  const build = (found: Found, questions: Questions) => {
    const settled = settle(ctx, writes, found, pick);
    const links = linkMap(settled.flatMap(placedEntry));
    const pages = new Map([...references.keys()].map((link, place) => [link, found.searches[searchesBefore + place]!]));
    const resolver = new ReferenceResolver(references, pages, settled, found.nowMs);
    const decided = settled.map((each) => {
      const content = atEntry(each.entry.place, () => rewritten(ctx, each, links, resolver));
      return { planned: each.planned, decision: each.decision, content, entry: each.entry.place };
    });
    const founded = foundedWith(decided, founding, found.nowMs);
    const carried = decided.map(({ planned, decision, content, entry }) =>
      atEntry(entry, () => carryOut(ctx, admitted(planned, founded), decision, content, found.nowMs)),
    );
    const added = applyRules(ctx, decided, questions, idOf, found.nowMs);
    return {
      writes: [...carried.flatMap((each) => each.writes), ...added],
      result: carried.map((each, place) => [settled[place]!.entry.place, each.response] as const),
    };
  };
  return { lookups: { ...lookups, searches: [...lookups.searches, ...references.values()] }, build };
}

/** Asked only where a person may be new: whoever begins their record reaches what stands beside it in the same transaction. */
async function foundingOf(ctx: FhirContext, writes: readonly TransactionWrite[]): Promise<Founding | undefined> {
  const bound = writes.filter(({ planned }) => planned.within.op !== 'all');
  if (!bound.some(({ planned }) => planned.type === PERSON && planned.kind !== 'delete')) return undefined;
  return ctx.access.founding?.(ctx.principal, [...new Set(bound.map(({ planned }) => planned.type))]);
}

function foundedWith(decided: readonly DecidedWrite[], founding: Founding | undefined, nowMs: number): Founded | undefined {
  const made = decided.flatMap(({ planned, decision, content }) =>
    decision.act === 'put' && content !== undefined ? [{ planned, decision, resource: { ...content, id: decision.id } }] : [],
  );
  const persons = made.filter(({ planned, decision }) => planned.type === PERSON && decision.isNew && decision.previous === undefined);
  if (persons.length === 0) return undefined;
  const ids = persons.map(({ decision }) => decision.id);
  return founding?.(
    ids,
    made.map(({ resource }) => resource),
    nowMs,
  );
}

function admitted(planned: PlannedWrite, founded: Founded | undefined): PlannedWrite {
  if (founded === undefined || planned.within.op === 'all') return planned;
  const within: Clause = { op: 'or', clauses: [planned.within, founded.clause(planned.type)] };
  return { ...planned, within, rule: founded.rule };
}

function settle(
  ctx: FhirContext,
  writes: readonly TransactionWrite[],
  found: Found,
  pick: ReturnType<typeof lookupsOf>['pick'],
): readonly Settled[] {
  const touched = new Map<string, number>();
  const settled: Settled[] = [];
  writes.forEach((write, place) => {
    const { entry, planned } = write;
    atEntry(entry.place, () => {
      const decision = twin(write, settled, found.nowMs) ?? decideWrite(planned, pick(found, place));
      const content = contentOf(planned, decision);
      const target = targetOf(planned, decision);
      for (const { type, id } of touchedBy(planned, decision)) claim(touched, `${type}/${id}`, entry.place);
      let known: readonly IndexEntry[] | undefined;
      const index = () => {
        known ??= content === undefined ? [] : ctx.index({ ...content, ...(target === undefined ? {} : { id: target.id }) });
        return known;
      };
      settled.push({
        ...write,
        decision,
        index,
        ...(content === undefined ? {} : { content }),
        ...(target === undefined ? {} : { target }),
      });
    });
  });
  return settled;
}

/** A conditional create whose condition an earlier entry of the same transaction meets is answered with that entry's resource. */
function twin({ planned }: TransactionWrite, settled: readonly Settled[], nowMs: number): WriteDecision | undefined {
  if (planned.kind !== 'create' || planned.condition === undefined) return undefined;
  const { where } = planned.condition;
  const earlier = settled.find(
    ({ content, target, index }) => content !== undefined && target?.type === planned.type && satisfies(where, target, index(), nowMs),
  );
  if (earlier?.target === undefined) return undefined;
  const versionId = earlier.decision.act === 'put' ? (earlier.decision.previous?.versionId ?? 0) + 1 : 1;
  return { act: 'keep', existing: { ...earlier.target, versionId, lastUpdatedMs: nowMs, method: 'POST', json: null } };
}

function targetOf(planned: PlannedWrite, decision: WriteDecision): ResourceKey | undefined {
  if (decision.act === 'put') return { type: planned.type, id: decision.id };
  return decision.act === 'keep' ? { type: planned.type, id: decision.existing.id } : undefined;
}

function touchedBy(planned: PlannedWrite, decision: WriteDecision): readonly ResourceKey[] {
  if (decision.act === 'put') return [{ type: planned.type, id: decision.id }];
  if (decision.act === 'keep') return [];
  return planned.id === undefined ? decision.versions : [{ type: planned.type, id: planned.id }];
}

function claim(touched: Map<string, number>, key: string, place: number): void {
  const before = touched.get(key);
  if (before !== undefined) throw badRequest(`${key} is changed by entry ${before} already`, `Bundle.entry[${place}]`);
  touched.set(key, place);
}

function placedEntry({ entry, target }: Settled) {
  if (target === undefined) return [];
  const sentId = entry.resource?.id;
  const { fullUrl } = entry;
  return [{ target, ...(fullUrl === undefined ? {} : { fullUrl }), ...(sentId === undefined ? {} : { sentId }) }];
}

function rewritten(ctx: FhirContext, { content }: Settled, links: LinkMap, resolver: ReferenceResolver): Resource | undefined {
  if (content === undefined) return undefined;
  return rewriteLinks(content, ctx.definitions, (link) => links.rewrite(link) ?? resolver.rewrite(link));
}

/** Conditional references (`Patient?identifier=…`) to what is found, in the store or among the entries of this transaction. */
class ReferenceResolver {
  readonly #queries: ReadonlyMap<string, SearchQuery>;
  readonly #pages: ReadonlyMap<string, SearchPage>;
  readonly #written: readonly { readonly key: ResourceKey; readonly index: readonly IndexEntry[] }[];
  readonly #changed: ReadonlySet<string>;
  readonly #nowMs: number;

  constructor(
    queries: ReadonlyMap<string, SearchQuery>,
    pages: ReadonlyMap<string, SearchPage>,
    settled: readonly Settled[],
    nowMs: number,
  ) {
    this.#queries = queries;
    this.#pages = pages;
    this.#nowMs = nowMs;
    this.#changed = new Set(
      settled.flatMap(({ planned, decision }) => touchedBy(planned, decision)).map(({ type, id }) => `${type}/${id}`),
    );
    const wanted = queries.size === 0 ? [] : settled;
    this.#written = wanted.flatMap(({ content, target, index }) =>
      content === undefined || target === undefined ? [] : [{ key: target, index: index() }],
    );
  }

  /** @throws FhirError 412 `multiple-matches` or 404-like 400 `not-found` when not exactly one resource matches. */
  rewrite(link: string): string | undefined {
    const query = this.#queries.get(link);
    if (query === undefined) return undefined;
    const type = link.slice(0, link.indexOf('?'));
    const stored = (this.#pages.get(link)?.matches ?? [])
      .map((match) => `${match.type}/${match.id}`)
      .filter((key) => !this.#changed.has(key));
    const written = this.#written
      .filter(({ key, index }) => key.type === type && satisfies(query.where, key, index, this.#nowMs))
      .map(({ key }) => `${key.type}/${key.id}`);
    const [match, another] = [...new Set([...stored, ...written])];
    if (match !== undefined && another === undefined) return match;
    const [status, code, many] =
      match === undefined ? ([400, 'not-found', 'No'] as const) : ([412, 'multiple-matches', 'More than one'] as const);
    throw new FhirError(status, [
      { severity: 'error', code, diagnostics: `${many} ${type} matches a conditional reference`, expression: [type] },
    ]);
  }
}

async function conditionalReferenceQueries(
  ctx: FhirContext,
  writes: readonly TransactionWrite[],
): Promise<ReadonlyMap<string, SearchQuery>> {
  const queries = new Map<string, SearchQuery>();
  for (const { entry, planned } of writes) {
    if (planned.resource === undefined) continue;
    for (const link of conditionalReferences(planned.resource, ctx.definitions)) {
      if (queries.has(link)) continue;
      try {
        const query = referenceQuery(ctx, link);
        const reach = await requireReach(ctx, { interaction: 'transaction', right: 'search', type: query.types[0] ?? '*' });
        // Matches that this transaction changes are looked past, so that two must be left to see that there are several.
        queries.set(link, { ...query, where: both(await throughReach(ctx, query.where), reach), limit: writes.length + 2 });
      } catch (error) {
        throw inEntry(entry.place, error);
      }
    }
  }
  return queries;
}

function atEntry<T>(place: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inEntry(place, error);
  }
}

/**
 * The plan of a transaction's writes as one value for the store.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import type { Founded, Founding } from '../auth/access-decision.ts';
import type { BundleEntry } from '../bundle/check.ts';
import { linkMap } from '../bundle/full-url.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import type { Found, Lookups, ResourceWrite } from '../store/resource-store.ts';
import { AnswersSize } from './answers-size.ts';
import { applyRules, type DecidedWrite, foreseenQuestions } from './business-rules/apply-rules.ts';
import type { Questions } from './business-rules/questions.ts';
import { carryOut } from './carry-out.ts';
import { leavingProvenance } from './change-provenance.ts';
import { conditionalReferenceQueries, ReferenceResolver } from './conditional-references.ts';
import type { FhirContext, FhirResponse } from './context.ts';
import { lookupsOf, type PlannedWrite } from './planned-write.ts';
import { presentAnswer } from './presentation.ts';
import { refuseSearches } from './storable.ts';
import { foresee, placedEntry, withLinks } from './transaction-foresight.ts';
import { atEntry, type Settled, settle, type TransactionWrite, versionAfter } from './transaction-settle.ts';

/** The type by which a new person begins. */
const PERSON = 'Patient';

/** The answers by the place of their entry. */
type Answers = readonly (readonly [place: number, response: FhirResponse, method: BundleEntry['method']])[];

/** As a plan of the store, but for the questions of the rules: those that are not foreseen are found while it is built. */
interface BundlePlan {
  readonly lookups: Required<Lookups>;
  readonly foreseen: readonly SearchQuery[];
  build(found: Found, questions: Questions): { readonly writes: readonly ResourceWrite[]; readonly result: Answers };
}

/**
 * The plan for writes that stand in processing order. Its `build` throws the FhirError of the entry that fails.
 * @throws FhirError 400 or 403 for a conditional reference that cannot be read or may not be searched.
 */
export async function planTransaction(ctx: FhirContext, writes: readonly TransactionWrite[]): Promise<BundlePlan> {
  const references = await conditionalReferenceQueries(ctx, writes);
  const deleted = deletions(writes);
  const { lookups, pick } = lookupsOf(writes.map(({ planned }) => lookingPast(deleted, planned)));
  const searchesBefore = lookups.searches.length;
  const founding = await foundingOf(ctx, writes);
  const withProvenance = leavingProvenance(ctx);
  const foreseen = references.size === 0 ? foresee(ctx, writes) : undefined;
  const expected = writes.map(({ planned }, place) => ({ planned, content: foreseen === undefined ? planned.resource : foreseen[place] }));
  const build = (found: Found, questions: Questions) => {
    const { settled, written } = settle(ctx, writes, found, pick, references.size > 0);
    const pages = new Map([...references.keys()].map((link, place) => [link, found.searches[searchesBefore + place]!]));
    const contents = foreseen ?? linkedContents(ctx, settled, new ReferenceResolver(references, pages, settled, written));
    const decided = settled.map(({ planned, decision, entry }, place) => ({
      planned,
      decision,
      content: contents[place],
      entry: entry.place,
    }));
    const founded = foundedWith(decided, founding, found.nowMs);
    const carried = decided.map(({ planned, decision, content, entry }) =>
      atEntry(entry, () => carryOut(ctx, admitted(planned, founded), decision, content, found.nowMs)),
    );
    applyRules(ctx, decided, questions);
    const responses = new Map(settled.map((each, place) => [each, carried[place]!.response]));
    const size = new AnswersSize();
    return {
      writes: withProvenance(
        carried.flatMap((each) => each.writes),
        found,
      ),
      result: settled.map((each) => [each.entry.place, presented(ctx, each, responses, size), each.entry.method] as const),
    };
  };
  return {
    lookups: { ...lookups, searches: [...lookups.searches, ...[...references.values()].map(({ query }) => query)] },
    foreseen: await foreseenQuestions(ctx, expected),
    build,
  };
}

/** The most resources that the transaction deletes. */
function deletions(writes: readonly TransactionWrite[]): number {
  return writes.reduce((sum, { planned }) => sum + (planned.kind === 'delete' ? (planned.condition?.limit ?? 1) : 0), 0);
}

/** A conditional create looks past what is deleted before it, so that enough must be left to see whether it matches. */
function lookingPast(deleted: number, planned: PlannedWrite): PlannedWrite {
  if (planned.kind !== 'create' || planned.condition === undefined || deleted === 0) return planned;
  return { ...planned, condition: { ...planned.condition, limit: planned.condition.limit + deleted } };
}

/** What an entry is answered; asked before the commit, since what cannot be told is to be known not to be done. @throws FhirError 403 `too-costly`. */
function presented(ctx: FhirContext, settled: Settled, responses: ReadonlyMap<Settled, FhirResponse>, size: AnswersSize): FhirResponse {
  const response = size.add(presentAnswer(ctx, answerOf(settled, responses), settled.query));
  atEntry(settled.entry.place, () => size.check());
  return response;
}

/** What is taken from another entry is answered as that one is, but not as created. */
function answerOf(settled: Settled, responses: ReadonlyMap<Settled, FhirResponse>): FhirResponse {
  const own = responses.get(settled)!;
  const body = settled.twin === undefined ? undefined : responses.get(settled.twin)?.body;
  return body === undefined || !('text' in body) ? own : { ...own, body };
}

/** Asked only where a person may be new: whoever begins their record reaches what stands beside it in the same transaction. */
async function foundingOf(ctx: FhirContext, writes: readonly TransactionWrite[]): Promise<Founding | undefined> {
  const bound = writes.filter(({ planned }) => planned.within.op !== 'all');
  if (!bound.some(({ planned }) => planned.type === PERSON && planned.kind !== 'delete')) return undefined;
  return ctx.access.founding?.(ctx.principal, [...new Set(bound.map(({ planned }) => planned.type))]);
}

function foundedWith(decided: readonly DecidedWrite[], founding: Founding | undefined, nowMs: number): Founded | undefined {
  if (founding === undefined) return undefined;
  const made = decided.flatMap(({ planned, decision, content }) =>
    decision.act === 'put' && content !== undefined ? [{ planned, decision, resource: { ...content, id: decision.id } }] : [],
  );
  const persons = made.filter(({ planned, decision }) => planned.type === PERSON && decision.isNew && decision.previous === undefined);
  if (persons.length === 0) return undefined;
  const ids = persons.map(({ decision }) => decision.id);
  return founding(
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

/** The content of each entry, its links leading to what the entries were settled as and to what conditional references mean. */
function linkedContents(ctx: FhirContext, settled: readonly Settled[], resolver: ReferenceResolver): readonly (Resource | undefined)[] {
  const links = linkMap(
    settled.flatMap(({ entry, target, decision }) =>
      target === undefined ? [] : [placedEntry(entry, target, () => versionAfter(decision))],
    ),
  );
  return settled.map(({ content, planned, entry }) => {
    if (content === undefined) return undefined;
    return atEntry(entry.place, () => {
      const resource = withLinks(ctx, content, entry, links, (link) => resolver.rewrite(link));
      // A patch may have put one together of parts, where it was not seen before.
      if (planned.patch !== undefined) refuseSearches(resource);
      return resource;
    });
  });
}

/**
 * Conditional references (`Patient?identifier=…`) of a transaction: to what is found, in the store or among its entries.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import { inEntry } from '../bundle/entry-failure.ts';
import { FhirError, tooCostly } from '../fhir/errors.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import type { SearchPage } from '../store/resource-store.ts';
import { isSearch, referenceQuery } from './condition.ts';
import type { FhirContext } from './context.ts';
import { both, requireReach, throughReach } from './reach.ts';
import { type Settled, type TransactionWrite, touchedBy, type Written } from './transaction-settle.ts';

interface ReferenceQuery {
  /** What is asked of the store, within the caller's reach. */
  readonly query: SearchQuery;
  /** What is asked of the entries: who writes them reaches them, by checks of their own. */
  readonly asked: Clause;
}

type ReferenceQueries = ReadonlyMap<string, ReferenceQuery>;

/**
 * The search of each conditional reference that the entries bring, also those in a patch.
 * @throws FhirError 400 or 403 for one that cannot be read or may not be searched, 403 `too-costly` for too many, pointing
 * at its entry.
 */
export async function conditionalReferenceQueries(ctx: FhirContext, writes: readonly TransactionWrite[]): Promise<ReferenceQueries> {
  const queries = new Map<string, ReferenceQuery>();
  for (const { entry } of writes) {
    for (const link of entry.links) {
      if (!isSearch(link) || queries.has(link)) continue;
      try {
        const query = referenceQuery(ctx, link);
        const reach = await requireReach(ctx, { interaction: 'transaction', right: 'search', type: query.types[0] ?? '*' });
        // Matches that this transaction changes are looked past, so that two must be left to see that there are several.
        const limit = changesOf(query.types[0], writes) + 2;
        const asked = await throughReach(ctx, query.where);
        queries.set(link, { query: { ...query, where: both(asked, reach), limit }, asked });
        if (queries.size > ctx.limits.bundleEntries) throw tooCostly(`More than ${ctx.limits.bundleEntries} conditional references`);
      } catch (error) {
        throw inEntry(entry.place, error);
      }
    }
  }
  return queries;
}

/** The most resources of a type that are there and that the entries change or delete. */
function changesOf(type: string | undefined, writes: readonly TransactionWrite[]): number {
  return writes.reduce((sum, { planned }) => {
    if (planned.type !== type || planned.kind === 'create') return sum;
    return sum + (planned.kind === 'delete' ? (planned.condition?.limit ?? 1) : 1);
  }, 0);
}

/** Gives the resource that each conditional reference means, once it is known what the entries write. */
export class ReferenceResolver {
  readonly #queries: ReferenceQueries;
  readonly #pages: ReadonlyMap<string, SearchPage>;
  readonly #written: Written;
  readonly #changed: ReadonlySet<string>;
  /** What links have come to: one is often brought by many entries. */
  readonly #known = new Map<string, string>();

  constructor(queries: ReferenceQueries, pages: ReadonlyMap<string, SearchPage>, settled: readonly Settled[], written: Written) {
    this.#queries = queries;
    this.#pages = pages;
    this.#written = written;
    this.#changed = new Set(
      settled.flatMap(({ planned, decision }) => touchedBy(planned, decision)).map(({ type, id }) => `${type}/${id}`),
    );
  }

  /** @throws FhirError 412 `multiple-matches` or 404-like 400 `not-found` when not exactly one resource matches. */
  rewrite(link: string): string | undefined {
    const query = this.#queries.get(link);
    if (query === undefined) return undefined;
    const known = this.#known.get(link) ?? this.#resolve(link, query);
    this.#known.set(link, known);
    return known;
  }

  #resolve(link: string, { asked }: ReferenceQuery): string {
    const type = link.slice(0, link.indexOf('?'));
    const stored = (this.#pages.get(link)?.matches ?? [])
      .map((match) => `${match.type}/${match.id}`)
      .filter((key) => !this.#changed.has(key));
    const written = this.#written
      .matching(type, asked)
      .flatMap(({ target }) => (target === undefined ? [] : [`${target.type}/${target.id}`]));
    const [match, another] = [...new Set([...stored, ...written])];
    if (match !== undefined && another === undefined) return match;
    const [status, code, many] =
      match === undefined ? ([400, 'not-found', 'No'] as const) : ([412, 'multiple-matches', 'More than one'] as const);
    throw new FhirError(status, [
      { severity: 'error', code, diagnostics: `${many} ${type} matches a conditional reference`, expression: [type] },
    ]);
  }
}

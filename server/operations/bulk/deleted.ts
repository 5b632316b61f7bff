/**
 * What was deleted since an earlier export, as transaction Bundles that would delete it elsewhere. Only those who see all
 * of a type are told: for others a deleted resource is not there.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---complete-status (deleted)
 */
import { parseJson } from '../../fhir/json.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { FhirContext } from '../../interactions/context.ts';
import { gatherFacts, satisfies } from '../../interactions/satisfies.ts';
import type { Clause } from '../../search/query.ts';
import type { StoredVersion } from '../../store/resource-store.ts';
import { FIRST_PAGE, nextPage } from './page-size.ts';

/** Deletions in one Bundle. */
const PER_BUNDLE = 100;

export interface DeletedOf {
  readonly type: string;
  /** What is exported of the type: any of them held for the resource before it was deleted. */
  readonly clauses: readonly Clause[];
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** `Type/id` of each resource that has been deleted after `sinceMs` and by `untilMs`, and was not made anew; as many at a time as a page of the history holds, perhaps none. */
export async function* deletedOf(ctx: FhirContext, { type, clauses, sinceMs, untilMs }: DeletedOf): AsyncIterable<readonly string[]> {
  let beforeSequence: number | undefined;
  let limit = FIRST_PAGE;
  for (;;) {
    const page = await ctx.store.history({ type, sinceMs, limit, ...(beforeSequence === undefined ? {} : { beforeSequence }) });
    const found: string[] = [];
    for (const version of page.versions) {
      const isDeletion = version.json === null && version.lastUpdatedMs > sinceMs && version.lastUpdatedMs <= untilMs;
      // Only the last of several deletions of a resource is its current version.
      if (isDeletion && (await isLast(ctx, version)) && (await wasExported(ctx, version, clauses))) found.push(`${type}/${version.id}`);
    }
    yield found;
    beforeSequence = page.versions.at(-1)?.sequence;
    limit = nextPage(
      limit,
      page.versions.map(({ json }) => json),
    );
    if (!page.more || beforeSequence === undefined) break;
  }
}

/** The lines of a file: a Bundle for every hundred. */
export function deletionBundles(places: readonly string[]): readonly string[] {
  const bundles: string[] = [];
  for (let at = 0; at < places.length; at += PER_BUNDLE) {
    const entry = places.slice(at, at + PER_BUNDLE).map((url) => ({ request: { method: 'DELETE', url } }));
    bundles.push(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
  }
  return bundles;
}

async function isLast(ctx: FhirContext, { type, id, versionId }: StoredVersion): Promise<boolean> {
  return (await ctx.store.read(type, id))?.versionId === versionId;
}

async function wasExported(ctx: FhirContext, { type, id, versionId }: StoredVersion, clauses: readonly Clause[]): Promise<boolean> {
  if (clauses.some(({ op }) => op === 'all')) return true;
  const before = versionId === 1 ? undefined : await ctx.store.readVersion(type, id, versionId - 1);
  if (before?.json == null) return false;
  const index = ctx.index(parseJson(before.json) as Resource);
  const key = { type, id };
  for (const clause of clauses) {
    const facts = await gatherFacts(ctx.store, clause, key, index);
    if (satisfies(clause, key, index, before.lastUpdatedMs, facts)) return true;
  }
  return false;
}

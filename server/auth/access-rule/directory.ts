/**
 * What the access rule reads of the store: whole answers, never the first page of them. A block that lies on a second
 * page counts as one on the first.
 */
import { parseReference } from '../../fhir/reference.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { Clause, CursorPosition } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';

const PAGE = 1000;

/** All resources of a type for which the clause holds. */
export async function findAll(store: ResourceStore, type: string, where: Clause): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  let after: CursorPosition | undefined;
  for (;;) {
    const start = after === undefined ? {} : { after };
    const page = await store.search({ types: [type], where, sort: [], limit: PAGE, total: 'none', ...start });
    for (const match of page.matches) found.push(JSON.parse(match.json) as Resource);
    after = page.matches.at(-1)?.position;
    if (!page.more || after === undefined) return found;
  }
}

/** The current version of a resource; undefined when there is none. */
export async function readResource(store: ResourceStore, type: string, id: string): Promise<Resource | undefined> {
  const version = await store.read(type, id);
  return version?.json == null ? undefined : (JSON.parse(version.json) as Resource);
}

/** A clause for a reference to a resource of this server. */
export function refers(param: string, type: string, id: string): Clause {
  return { op: 'match', param, test: { kind: 'reference', type, id } };
}

/** A clause for a reference to any of these (`Type/id`). */
export function refersToAny(param: string, references: readonly string[]): Clause {
  const clauses = references.map((reference) => {
    const [type, id] = reference.split('/') as [string, string];
    return refers(param, type, id);
  });
  return { op: 'or', clauses };
}

/** A clause for any of these codes in `status`. */
export function hasStatus(codes: readonly string[]): Clause {
  return { op: 'or', clauses: codes.map((code) => ({ op: 'match', param: 'status', test: { kind: 'token', code } }) satisfies Clause) };
}

/** The id a Reference element names, when it is a local one of this type. */
export function idOf(reference: unknown, type: string): string | undefined {
  const text = (reference as { reference?: string } | undefined)?.reference;
  const parsed = text === undefined ? undefined : parseReference(text);
  return parsed?.kind === 'local' && parsed.type === type ? parsed.id : undefined;
}

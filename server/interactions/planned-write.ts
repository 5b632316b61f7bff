/**
 * A write as it is known before the store is asked: create, update, patch or delete, by id or by condition. One of them
 * is a direct request, several are a transaction; both are carried out by the same rules (decide-write, carry-out).
 *
 * Spec: https://hl7.org/fhir/R4/http.html#cond-update
 */

import type { WriteRule } from '../auth/access-decision.ts';
import type { Issue } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import type { Found, Lookups, SearchPage, StoredVersion } from '../store/resource-store.ts';
import type { Preconditions } from './preconditions.ts';
import type { Return } from './prefer.ts';
import type { ClauseFacts } from './satisfies.ts';

export interface PlannedWrite extends Preconditions {
  readonly kind: 'create' | 'update' | 'patch' | 'delete';
  readonly type: string;
  /** The id in the URL, or (conditional update) the id in the body. */
  readonly id?: string;
  /** The id of a new resource: the one in the URL, or one that is chosen beforehand, since a plan may be run more than once. */
  readonly newId: string;
  /** If-None-Exist, or the query of a conditional update, patch or delete. Limited to one match more than may be changed. */
  readonly condition?: SearchQuery;
  /** The new content of a create or update, already validated. */
  readonly resource?: Resource;
  /** The text that `resource` was read from, where it is the one that `stringifyJson` makes of it. */
  readonly compact?: string;
  /**
   * The new content from the current one; pure.
   * @throws FhirError when the patch does not fit, or its result is not valid.
   */
  readonly patch?: (current: Resource) => Resource;
  /** What is written is joined to what is there, so that nobody's change can be lost: If-Match may be left out. */
  readonly joins?: true;
  /** What exists for the caller, before the write and after it. */
  readonly within: Clause;
  readonly facts?: ClauseFacts;
  /** Whether the change is the caller's to make. */
  readonly rule?: WriteRule;
  /** Ids of the patients it is about, where another resource says that: of a Binary. */
  readonly about?: readonly string[];
  readonly returns: Return;
  /** What is told of `resource` beside the success, where the answer is an OperationOutcome. */
  readonly notes?: readonly Issue[];
}

/** What one planned write found in the store. */
export interface FoundForWrite {
  /** The current version (a deletion counts as one) of the resource named by `id`. */
  readonly current?: StoredVersion;
  /** False when the current version is hidden from the caller. */
  readonly visible: boolean;
  /** The matches of `condition`. */
  readonly matches?: SearchPage;
}

/** What the writes want to see, joined; `pick` takes out of the answer what belongs to write `place`. */
export function lookupsOf(writes: readonly PlannedWrite[]): {
  lookups: Required<Lookups>;
  pick(found: Found, place: number): FoundForWrite;
} {
  const searches: SearchQuery[] = [];
  const slots = writes.map((write) => ({
    condition: write.condition === undefined ? undefined : searches.push(write.condition) - 1,
    visible: write.id === undefined || write.within.op === 'all' ? undefined : searches.push(visibility(write, write.id)) - 1,
  }));
  const versions = writes.flatMap(({ type, id }) => (id === undefined ? [] : [{ type, id }]));
  return {
    lookups: { versions, searches },
    pick(found, place) {
      const { type, id } = writes[place]!;
      const slot = slots[place]!;
      const current = id === undefined ? undefined : found.version(type, id);
      const matches = slot.condition === undefined ? undefined : found.searches[slot.condition];
      return {
        visible: slot.visible === undefined || (found.searches[slot.visible]?.matches.length ?? 0) > 0,
        ...(current === undefined ? {} : { current }),
        ...(matches === undefined ? {} : { matches }),
      };
    },
  };
}

function visibility({ type, within }: PlannedWrite, id: string): SearchQuery {
  return { types: [type], where: { op: 'and', clauses: [{ op: 'id', ids: [id] }, within] }, sort: [], limit: 1, total: 'none' };
}

/**
 * What rules ask of the store. It depends on content that a plan may know only when it is run (a patched plan, a patient
 * found by identifier): such a question stops the run, and the plan is run again with the question among its lookups,
 * so that the answer is still true at the commit. A past version, which nothing changes any more, is read between two runs.
 */
import type { ResourceKey } from '../../fhir/resource.ts';
import type { SearchQuery } from '../../search/query.ts';
import type { Found, Lookups, ResourceStore, ResourceWrite, SearchPage, StoredVersion } from '../../store/resource-store.ts';

/** The questions of one request, asked anew in each run of its plan. */
export interface Questions {
  /** The page for a question. */
  answer(question: SearchQuery): SearchPage;
  /** A past version; undefined when there is none. */
  past(version: VersionKey): StoredVersion | undefined;
  /** @throws when a question or a version is new: the plan is run again then. */
  require(questions: readonly SearchQuery[], versions: readonly VersionKey[]): void;
}

/** One version of a resource. */
export interface VersionKey extends ResourceKey {
  readonly versionId: number;
}

class Unasked extends Error {
  readonly questions: readonly SearchQuery[];
  readonly versions: readonly VersionKey[];

  constructor(questions: readonly SearchQuery[], versions: readonly VersionKey[]) {
    super('A rule asks what the plan has not looked up');
    this.questions = questions;
    this.versions = versions;
  }
}

/** More runs than this would mean that a rule asks something else each time. */
const RUNS_AT_MOST = 5;

/**
 * Runs a plan whose `build` may come upon questions of rules; those that are `foreseen` are looked up at once. One that
 * nobody asks costs a search, one that was not foreseen another run.
 * @throws FhirError as `build` and the store say.
 */
export async function transactAsking<Result>(
  store: ResourceStore,
  lookups: Required<Lookups>,
  build: (found: Found, questions: Questions) => { readonly writes: readonly ResourceWrite[]; readonly result: Result },
  foreseen: readonly SearchQuery[] = [],
): Promise<Result> {
  const asked = new Map(foreseen.map((question) => [JSON.stringify(question), question]));
  const read: PastVersions = new Map();
  for (let runs = 1; ; runs += 1) {
    const places = placesOf(asked, lookups.searches.length);
    try {
      return await store.transact({
        lookups: asked.size === 0 ? lookups : { ...lookups, searches: [...lookups.searches, ...asked.values()] },
        build: (found) => build(found, questionsOf(found, places, read)),
      });
    } catch (error) {
      if (!(error instanceof Unasked) || runs >= RUNS_AT_MOST) throw error;
      for (const question of error.questions) asked.set(JSON.stringify(question), question);
      for (const version of error.versions) {
        read.set(nameOf(version), await store.readVersion(version.type, version.id, version.versionId));
      }
    }
  }
}

/** Those that were read, also in vain. */
type PastVersions = Map<string, StoredVersion | undefined>;

function nameOf({ type, id, versionId }: VersionKey): string {
  return `${type}/${id}/_history/${versionId}`;
}

const NOWHERE: ReadonlyMap<string, number> = new Map();

/** Where the answers will stand, from `first` on; nearly always nothing is asked. */
function placesOf(asked: ReadonlyMap<string, SearchQuery>, first: number): ReadonlyMap<string, number> {
  return asked.size === 0 ? NOWHERE : new Map([...asked.keys()].map((key, place) => [key, first + place]));
}

function questionsOf(found: Found, places: ReadonlyMap<string, number>, read: Readonly<PastVersions>): Questions {
  const placeOf = (question: SearchQuery) => places.get(JSON.stringify(question));
  return {
    answer: (question) => found.searches[placeOf(question) ?? -1] ?? { matches: [], more: false },
    past: (version) => read.get(nameOf(version)),
    require(questions, versions) {
      const unread = versions.filter((version) => !read.has(nameOf(version)));
      if (unread.length > 0 || questions.some((question) => placeOf(question) === undefined)) throw new Unasked(questions, unread);
    },
  };
}

/**
 * What a page of matches includes: as much of it as the page has room for, in the versions that are referred to.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#include
 */
import type { Issue } from '../fhir/outcome.ts';
import { findIncluded, type IncludeDirective, ROUNDS_MAX } from '../search/include.ts';
import { type NamedVersions, namedVersions } from '../search/named-versions.ts';
import type { Found } from '../search/searchset.ts';
import type { Referred, ResourceStore, SearchMatch, SearchPage, StoredVersion } from '../store/resource-store.ts';
import { followingCanonicals } from './canonical-links.ts';
import type { FhirContext } from './context.ts';
import { reachedKeys } from './visibility.ts';

interface Included {
  readonly found: readonly (StoredVersion & Found)[];
  readonly issues: readonly Issue[];
}

/** Versions, and whether these are all that was asked for. */
interface Fitting {
  readonly versions: readonly StoredVersion[];
  readonly complete: boolean;
}

/** What the directives include of `matches` within `room`, in bytes, and a warning where that is not all. */
export async function readIncluded(
  ctx: FhirContext,
  directives: readonly IncludeDirective[],
  matches: readonly SearchMatch[],
  room: number,
): Promise<Included> {
  if (directives.length === 0 || matches.length === 0) return { found: [], issues: [] };
  const reached = (referred: readonly Referred[]) => reachedKeys(ctx, referred);
  const { keys, complete } = await findIncluded(followingCanonicals(ctx), directives, matches, ctx.limits.includedMax, reached);
  const current = await withTexts(ctx, keys, room);
  const whole = await asReferred(ctx, matches, current.versions, room);
  const found = whole.versions.filter((version): version is StoredVersion & Found => version.json !== null);
  const issues = complete ? [] : [cutShort(ctx.limits.includedMax)];
  return { found, issues: current.complete && whole.complete ? issues : [...issues, TOO_LARGE] };
}

interface Page {
  readonly page: SearchPage;
  readonly included: Included;
}

/**
 * What `find` finds. What is included is read after the matches: that all of it was current at one moment is asked
 * afterwards, which costs less than to read it as of one, and only what was changed in between is read again so.
 */
export async function togetherCurrent<Found extends Page>(
  store: ResourceStore,
  find: (store: ResourceStore) => Promise<Found>,
): Promise<Found> {
  const found = await find(store);
  const shown = [...found.page.matches, ...found.included.found];
  return shown.length === 0 || (await store.areCurrent(shown)) ? found : store.atOneMoment(find);
}

const isRead = (each: Referred): each is StoredVersion => 'json' in each;
const bytesOf = ({ json }: StoredVersion): number => (json === null ? 0 : Buffer.byteLength(json));

/** The versions for which there is room, those that came without their texts read now. */
async function withTexts(ctx: FhirContext, referred: readonly Referred[], room: number): Promise<Fitting> {
  const here = referred.filter(isRead);
  const others = referred.filter((each) => !isRead(each));
  const left = room - here.reduce((size, version) => size + bytesOf(version), 0);
  const read = others.length === 0 ? [] : await ctx.store.readMany(others, Math.max(left, 0));
  const byName = new Map(read.map((version) => [`${version.type}/${version.id}`, version]));
  const known = referred.flatMap((each) => (isRead(each) ? each : (byName.get(`${each.type}/${each.id}`) ?? [])));
  const fits = withinRoom(known, room);
  return { versions: fits, complete: fits.length === known.length && (await isAll(ctx, others, read)) };
}

/** True where what was not read of these is there no longer. */
async function isAll(ctx: FhirContext, asked: readonly Referred[], read: readonly StoredVersion[]): Promise<boolean> {
  if (read.length === asked.length) return true;
  const last = read.at(-1);
  const place = asked.findIndex(({ type, id }) => type === last?.type && id === last.id);
  return (await ctx.store.readMany(asked.slice(place + 1), 0)).length === 0;
}

function withinRoom(versions: readonly StoredVersion[], room: number): readonly StoredVersion[] {
  let size = 0;
  const beyond = versions.findIndex((version) => {
    size += bytesOf(version);
    return size > room;
  });
  return beyond < 0 ? versions : versions.slice(0, beyond);
}

/** What is included in the versions that the matches refer to, as far as there is room. */
async function asReferred(
  ctx: FhirContext,
  matches: readonly SearchMatch[],
  included: readonly StoredVersion[],
  room: number,
): Promise<Fitting> {
  const named = namedVersions(
    matches.map((match) => match.ascii ?? match.json),
    ctx.baseUrl,
  );
  if (named.size === 0) return { versions: included, complete: true };
  const shown: StoredVersion[] = [];
  let left = room;
  for (const current of included) {
    const fitting = await inNamedVersions(ctx, current, named.get(`${current.type}/${current.id}`), left);
    for (const version of fitting.versions) left -= bytesOf(version);
    shown.push(...fitting.versions);
    if (!fitting.complete) return { versions: shown, complete: false };
  }
  return { versions: shown, complete: true };
}

/** A resource in the versions that are named of it. */
async function inNamedVersions(ctx: FhirContext, current: StoredVersion, names: NamedVersions | undefined, room: number): Promise<Fitting> {
  if (names === undefined) return fittingOf([current], room);
  const { type, id, versionId } = current;
  const past = [...names.versions].filter((version) => version !== versionId);
  const known: StoredVersion[] = [];
  let size = 0;
  for (const version of past) {
    if (size > room) return fittingOf(known, room);
    const read = await ctx.store.readVersion(type, id, version);
    if (read === undefined || read.json === null) continue;
    known.push(read);
    size += bytesOf(read);
  }
  // A version that is not kept is stood for by the current one.
  const showsCurrent = names.current || names.versions.has(versionId) || known.length < past.length;
  return fittingOf(showsCurrent ? [current, ...known] : known, room);
}

function fittingOf(versions: readonly StoredVersion[], room: number): Fitting {
  const fits = withinRoom(versions, room);
  return { versions: fits, complete: fits.length === versions.length };
}

function cutShort(max: number): Issue {
  const diagnostics = `More than ${max} resources would be included, or some more than ${ROUNDS_MAX} steps away; the others were left out`;
  return { severity: 'warning', code: 'incomplete', diagnostics, expression: ['_include'] };
}

const TOO_LARGE: Issue = {
  severity: 'warning',
  code: 'incomplete',
  diagnostics: 'What would be included is more than a page has room for; the rest was left out: ask for fewer matches at a time',
  expression: ['_include'],
};

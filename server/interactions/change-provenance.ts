/**
 * Who changed what, for whom and why: the versions that a request writes get a Provenance in the same commit, unless the
 * request brings one of its own. What is about one person stands apart from what is about others: whoever sees one of its
 * targets sees the Provenance, and with it the names of the others.
 *
 * Spec: https://hl7.org/fhir/R4/provenance.html · profile fp-provenance
 */
import { parseReference } from '../fhir/reference.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import type { Found, ResourceWrite } from '../store/resource-store.ts';
import type { FhirContext } from './context.ts';
import { type Activity, newProvenance, PROVENANCE, type Told } from './new-provenance.ts';

/** More versions are told of in several. */
const TARGETS_AT_MOST = 100;

/** That somebody in care works here as well, or is in a group, is no part of their record. */
const APART: ReadonlySet<string> = new Set(['Group', 'Person']);

/** What is told of together, as it grows. */
interface Group extends Told {
  readonly targets: string[];
}

/**
 * Gives the writes of a plan with the Provenances of what they write, under the same ids in every run of the plan. Nothing
 * is added where the base leaves no traces.
 */
export function leavingProvenance(ctx: FhirContext): (writes: readonly ResourceWrite[], found: Found) => readonly ResourceWrite[] {
  if (ctx.leavesProvenance !== true) return (writes) => writes;
  const ids: string[] = [];
  const idOf = (place: number): string => {
    ids[place] ??= ctx.newId();
    return ids[place];
  };
  return (writes, found) => {
    const { nowMs } = found;
    const added = groupsOf(writes, found).map((told, place) => newProvenance(ctx, told, idOf(place), nowMs));
    return added.length === 0 ? writes : [...writes, ...added];
  };
}

function groupsOf(writes: readonly ResourceWrite[], found: Found): readonly Told[] {
  const brought = broughtBy(writes);
  const isBrought = ({ type, id, versionId }: ResourceWrite) =>
    brought.has(`${type}/${id}`) || brought.has(`${type}/${id}/_history/${versionId}`);
  const untold = writes.filter((write) => write.type !== PROVENANCE && !isBrought(write));
  const groups = new Map<string, Group>();
  const full: Group[] = [];
  for (const write of untold) {
    const activity = activityOf(write, found);
    const key = untold.length === 1 ? activity : `${activity} ${aboutWhom(write)}`;
    const told = groups.get(key) ?? { activity, targets: [] };
    groups.set(key, told);
    told.targets.push(`${write.type}/${write.id}/_history/${write.versionId}`);
    if (told.targets.length < TARGETS_AT_MOST) continue;
    full.push(told);
    groups.delete(key);
  }
  return [...full, ...groups.values()];
}

/** What is about one person, and names no other, is told of with the rest that is; so is what names nobody. All else stands alone. */
function aboutWhom({ type, id, json, index }: ResourceWrite): string {
  const alone = `${type}/${id}`;
  // Nothing says any more whom a deleted resource was about; of some types not all is seen by those who see the rest of a record.
  if (json === null || APART.has(type)) return alone;
  const [named, about] = [new Set<string>(), new Set<string>()];
  if (type === 'Patient') for (const patients of [named, about]) patients.add(id);
  for (const entry of index) {
    if (entry.kind !== 'reference' || entry.type !== 'Patient' || entry.id === null) continue;
    named.add(entry.id);
    if (entry.param === 'patient') about.add(entry.id);
  }
  if (named.size === 0) return '';
  const [patient] = about;
  return patient !== undefined && named.size === 1 ? `Patient/${patient}` : alone;
}

function activityOf({ type, id, json, versionId }: ResourceWrite, found: Found): Activity {
  if (json === null) return 'DELETE';
  const isNew = versionId === 1 || found.version(type, id)?.method === 'DELETE';
  return isNew ? 'CREATE' : 'UPDATE';
}

/** What the Provenances that are written with the rest tell of, as `Type/id`, with `/_history/` and the version where they name one. */
function broughtBy(writes: readonly ResourceWrite[]): ReadonlySet<string> {
  const told = new Set<string>();
  for (const { type, json } of writes) {
    if (type !== PROVENANCE || json === null) continue;
    const { target } = JSON.parse(json) as Resource;
    for (const one of Array.isArray(target) ? target : []) {
      const link = isObject(one) && typeof one.reference === 'string' ? parseReference(one.reference) : undefined;
      if (link?.kind !== 'local') continue;
      const version = link.versionId === undefined ? '' : `/_history/${link.versionId}`;
      told.add(`${link.type}/${link.id}${version}`);
    }
  }
  return told;
}

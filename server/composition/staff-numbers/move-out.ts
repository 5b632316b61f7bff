/**
 * A step at start: national identity numbers of staff that an earlier version has stored are taken out of every version
 * of every resource, and those of a Practitioner get a Person, by which they go on signing in. Before it is through, the
 * service answers nobody. Done once for a database, and again after a restore; several processes that start together
 * come to the same.
 *
 * What is current gets a new version, so that caches and ETags stay right; versions before it lose the number where they
 * are. The access log is left alone: it is sealed, and has never told such a number.
 */
import { hash } from 'node:crypto';
import { findAll, idOf, refers } from '../../auth/access-rule/directory.ts';
import { PERSON } from '../../auth/access-rule/person-access.ts';
import type { Definitions } from '../../definitions/definitions.ts';
import { parseJson, stringifyJson } from '../../fhir/json.ts';
import type { Resource, ResourceKey } from '../../fhir/resource.ts';
import { mayTellNumber, staffNumberPlaces } from '../../interactions/business-rules/staff-number-places.ts';
import { placed } from '../../interactions/stored-form.ts';
import { forgetJobs } from '../../operations/bulk/jobs.ts';
import { isPersonalSystem, keptIdentifier } from '../../search/personal-number.ts';
import type { Database, Indexer } from '../../store/database.ts';
import type { ResourceStore, ResourceWrite, StoredVersion } from '../../store/resource-store.ts';
import { type Identifier, type InCare, numbersInReferences, takeOutStaffNumbers } from './take-out.ts';

export interface MoveOptions {
  readonly database: Pick<Database, 'resources' | 'state' | 'versions' | 'replaceTexts'>;
  readonly definitions: Pick<Definitions, 'type'>;
  readonly index: Indexer;
}

const STEP_KIND = 'data-step';
const STEP = '0001-staff-numbers';
const LOG = 'AuditEvent';
const PAGE = 200;
/** Of a Practitioner with roles in no or several organisations, administration keeps the number. */
const NOBODY = '';

/** @returns of how many resources a number was taken out; 0 where it was done before. */
export async function moveStaffNumbers(options: MoveOptions): Promise<number> {
  const { state } = options.database;
  if (await state.has(STEP_KIND, STEP)) return 0;
  const affected = await resourcesWithNumbers(options);
  for (const key of affected) await clean(options, key);
  // What an export has made lies in files of its own.
  await forgetJobs(state);
  await state.put(STEP_KIND, STEP, { resources: affected.length });
  return affected.length;
}

/** Before what an earlier version has stored comes in by another way. */
export async function moveStaffNumbersAgain(state: Database['state']): Promise<void> {
  await state.remove(STEP_KIND, STEP);
}

async function resourcesWithNumbers({ database, definitions }: MoveOptions): Promise<readonly ResourceKey[]> {
  const found = new Map<string, ResourceKey>();
  for await (const { type, id, json } of database.versions()) {
    const key = `${type}/${id}`;
    if (json === null || type === LOG || found.has(key) || !mayTellNumber(type, json)) continue;
    if (staffNumberPlaces(parseJson(json) as Resource, definitions).length > 0) found.set(key, { type, id });
  }
  return [...found.values()];
}

/** The current version first: only what is no longer current is changed in place. */
async function clean(options: MoveOptions, { type, id }: ResourceKey): Promise<void> {
  const { resources, replaceTexts } = options.database;
  const inCare = await whoIsInCare(resources, options.definitions, await versionsOf(resources, { type, id }));
  const keeper = type === 'Practitioner' ? await onlyKeeper(resources, id) : NOBODY;
  const person = { type: PERSON, id: hash('sha256', `number of ${type}/${id}`).slice(0, 32) };
  await resources.transact({
    lookups: { versions: [{ type, id }, person] },
    build(found) {
      const current = found.version(type, id);
      if (current?.json == null) return { writes: [], result: undefined };
      const resource = parseJson(current.json) as Resource;
      const { changed, numbers } = takeOutStaffNumbers(resource, options.definitions, inCare);
      if (!changed) return { writes: [], result: undefined };
      const national = type === 'Practitioner' ? numbers.filter(({ system }) => isPersonalSystem(system)) : [];
      const writes = [version(options, resource, { type, id }, current.versionId + 1, found.nowMs)];
      if (national.length > 0 && found.version(PERSON, person.id) === undefined)
        writes.push(version(options, personOf(id, national, keeper), person, 1, found.nowMs));
      return { writes, result: undefined };
    },
  });
  const cleaned = (await versionsOf(resources, { type, id })).flatMap((each): StoredVersion[] => {
    if (each.json === null) return [];
    const resource = parseJson(each.json) as Resource;
    return takeOutStaffNumbers(resource, options.definitions, inCare).changed ? [{ ...each, json: stringifyJson(resource) }] : [];
  });
  await replaceTexts(cleaned);
}

async function versionsOf(resources: ResourceStore, { type, id }: ResourceKey): Promise<readonly StoredVersion[]> {
  const all: StoredVersion[] = [];
  for (let before: number | undefined; ; ) {
    const page = await resources.history({ type, id, limit: PAGE, ...(before === undefined ? {} : { beforeSequence: before }) });
    all.push(...page.versions.map(({ sequence: _, ...each }) => each));
    before = page.versions.at(-1)?.sequence;
    if (!page.more || before === undefined) return all;
  }
}

/** Whose the numbers in references are: a patient's or relative's here, unless somebody of the staff has the same. */
async function whoIsInCare(
  resources: ResourceStore,
  definitions: Pick<Definitions, 'type'>,
  versions: readonly StoredVersion[],
): Promise<InCare> {
  const numbers = new Map<string, Identifier>();
  for (const { json } of versions) {
    const named = json === null ? [] : numbersInReferences(parseJson(json) as Resource, definitions);
    for (const number of named) numbers.set(keyOf(number), number);
  }
  const known = new Map<string, 'Patient' | 'RelatedPerson'>();
  for (const [key, number] of numbers) {
    const has = async (type: string): Promise<boolean> => (await findAll(resources, type, hasNumber(number))).length > 0;
    if ((await has('Practitioner')) || (await has(PERSON))) continue;
    if (await has('Patient')) known.set(key, 'Patient');
    else if (await has('RelatedPerson')) known.set(key, 'RelatedPerson');
  }
  return (number) => known.get(keyOf(number));
}

function keyOf({ system = '', value = '' }: Identifier): string {
  return `${system}|${keptIdentifier(system, value)}`;
}

function hasNumber({ system = '', value = '' }: Identifier) {
  return { op: 'match', param: 'identifier', test: { kind: 'token', system, code: keptIdentifier(system, value) } } as const;
}

/** The organisation of all their roles. */
async function onlyKeeper(resources: ResourceStore, practitioner: string): Promise<string> {
  const roles = await findAll(resources, 'PractitionerRole', refers('practitioner', 'Practitioner', practitioner));
  const organizations = new Set(roles.map(({ organization }) => idOf(organization, 'Organization') ?? NOBODY));
  return organizations.size === 1 ? [...organizations][0]! : NOBODY;
}

function personOf(practitioner: string, identifier: readonly Identifier[], keeper: string): Resource {
  return {
    resourceType: PERSON,
    identifier,
    ...(keeper === NOBODY ? {} : { managingOrganization: { reference: `Organization/${keeper}` } }),
    active: true,
    link: [{ target: { reference: `Practitioner/${practitioner}` } }],
  };
}

function version({ index }: MoveOptions, resource: Resource, { type, id }: ResourceKey, versionId: number, nowMs: number): ResourceWrite {
  const json = stringifyJson(placed(resource, id, versionId, nowMs));
  return { type, id, versionId, lastUpdatedMs: nowMs, method: 'PUT', json, index: index(type, json) };
}

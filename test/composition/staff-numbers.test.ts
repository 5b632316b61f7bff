import { expect, it } from 'vitest';
import { moveStaffNumbers, moveStaffNumbersAgain } from '../../server/composition/staff-numbers/move-out.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { parseJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import type { Clause } from '../../server/search/query.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import { backupLines, restoreLines } from '../../server/store/backup.ts';
import type { Database } from '../../server/store/database.ts';
import { organization, put, ref, role } from '../auth/access-rule/record-parts.ts';
import { onEachDatabase } from '../support/stores.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
const FNR = `${OID}1`;
const HPR = { system: `${OID}4`, value: '999000002' };
/** Staff, staff of before, a patient, somebody unknown, and a patient who is staff as well. */
const [LARS, BEFORE, IDA, UNKNOWN, BOTH] = ['23817010075', '57834201582', '13717404089', '09815430414', '17834201585'] as const;
const number = (value: string, more: object = {}) => ({ system: FNR, value, ...more });

const definitions = loadDefinitions();
const indexed = createIndexer(definitions, createSearchRegistry(definitions));
const index = (_: string, json: string) => indexed(parseJson(json) as Resource);

const practitioner = (id: string, ...identifier: readonly object[]): Resource => ({ resourceType: 'Practitioner', id, identifier });
const task = (id: string, more: object): Resource => ({ resourceType: 'Task', id, status: 'requested', intent: 'order', ...more });

/** What an earlier version has stored, one version after the other. */
const STORED: readonly Resource[] = [
  organization('solvik', '100000001'),
  organization('school', '100000002', { partOf: 'solvik' }),
  { ...practitioner('lars', HPR, number(BEFORE)), name: [{ family: 'Hegdal' }] },
  { ...practitioner('lars', HPR, number(LARS)), text: { status: 'generated', div: `<div>Lars, ${LARS}</div>` } },
  practitioner('lars', HPR, number(BEFORE, { use: 'old' }), number(LARS)),
  role('lars', 'school'),
  practitioner('two-places', number(BOTH)),
  role('two-places', 'school'),
  { ...role('two-places', 'solvik'), id: 'two-places-elsewhere' },
  practitioner('was-corrected', number(BEFORE)),
  practitioner('was-corrected', HPR),
  practitioner('local-only', { system: 'urn:hr', value: UNKNOWN }, { system: 'urn:hr', value: '7' }),
  { resourceType: 'Patient', id: 'ida', identifier: [number(IDA)], generalPractitioner: [{ identifier: number(LARS), display: 'Lars' }] },
  { resourceType: 'Patient', id: 'both', identifier: [number(BOTH)] },
  task('owned', { owner: { type: 'Practitioner', identifier: number(LARS) }, for: { identifier: number(IDA) } }),
  task('unclear', { owner: { identifier: number(BOTH), display: 'B' }, requester: { identifier: number(UNKNOWN) } }),
  task('clear', { owner: { identifier: number(IDA) }, for: { type: 'Patient', identifier: number(UNKNOWN) } }),
  { ...task('contains', { owner: ref('#p') }), contained: [{ ...practitioner('p', number(LARS)) }] },
];

async function filled(database: Database): Promise<Database> {
  for (const resource of STORED) await put(database.resources, resource);
  await put(database.resources, practitioner('deleted', number(LARS)));
  await database.resources.transact({
    lookups: {},
    build: ({ nowMs }) => {
      const gone = {
        type: 'Practitioner',
        id: 'deleted',
        versionId: 2,
        lastUpdatedMs: nowMs,
        method: 'DELETE',
        json: null,
        index: [],
      } as const;
      return { writes: [gone], result: undefined };
    },
  });
  return database;
}

const move = (database: Database) => moveStaffNumbers({ database, definitions, index });

async function read(database: Database, type: string, id: string): Promise<Resource> {
  return JSON.parse((await database.resources.read(type, id))?.json ?? '{}') as Resource;
}

/** Ids of the resources of a type found by an identifier, or by that of a reference. */
async function found(database: Database, type: string, code: string, param = 'identifier'): Promise<readonly string[]> {
  const where: Clause = { op: 'match', param, test: { kind: 'token', system: FNR, code } };
  const { matches } = await database.resources.search({ types: [type], where, sort: [], limit: 10, total: 'none' });
  return matches.map(({ id }) => id);
}

/** Every version in which one of these stands, Persons and patients left out. */
async function versionsWith(database: Database, ...numbers: readonly string[]): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const { type, id, versionId, json } of database.versions()) {
    if (type !== 'Person' && numbers.some((each) => json?.includes(each))) told.push(`${type}/${id}/${versionId}`);
  }
  return told;
}

onEachDatabase('numbers of staff that an earlier version has stored', (open) => {
  it('are in no version of any resource but a Person, and found by no search', async () => {
    const database = await filled(await open());
    const before = await versionsWith(database, LARS, BEFORE);
    expect(before.length).toBeGreaterThan(7);
    expect(await move(database)).toBe(10);
    expect(await versionsWith(database, LARS, BEFORE)).toEqual([]);
    expect(await versionsWith(database, BOTH)).toEqual(['Patient/both/1']);
    expect(await versionsWith(database, UNKNOWN)).toEqual(['Task/clear/1', 'Task/clear/2']);
    for (const value of [LARS, BEFORE, BOTH]) {
      expect(await found(database, 'Practitioner', value)).toEqual([]);
      expect(await found(database, 'Task', value, 'owner:identifier')).toEqual([]);
    }
    expect(await found(database, 'Task', IDA, 'owner:identifier')).toEqual(['clear']);
  });

  it('are a Person’s from then on, kept by the one organisation they work for, or by administration', async () => {
    const database = await filled(await open());
    await move(database);
    const [lars] = await found(database, 'Person', LARS);
    expect(await read(database, 'Person', lars!)).toMatchObject({
      identifier: [number(BEFORE, { use: 'old' }), number(LARS)],
      managingOrganization: ref('Organization/school'),
      link: [{ target: ref('Practitioner/lars') }],
    });
    const [both] = await found(database, 'Person', BOTH);
    const kept = await read(database, 'Person', both!);
    expect(kept.link).toEqual([{ target: ref('Practitioner/two-places') }]);
    expect(kept).not.toHaveProperty('managingOrganization');
    expect(await found(database, 'Person', BEFORE)).toEqual([lars]);
    expect(await found(database, 'Person', UNKNOWN)).toEqual([]);
  });

  it('leave all else as it was: versions, times, names, and whom a reference is about', async () => {
    const database = await filled(await open());
    const before = await database.resources.history({ type: 'Practitioner', id: 'lars', limit: 10 });
    await move(database);
    const after = await database.resources.history({ type: 'Practitioner', id: 'lars', limit: 10 });
    const told = (page: typeof after) => page.versions.map(({ json: _, sequence: __, ...version }) => version);
    expect(told(after).slice(1)).toEqual(told(before));
    expect(after.versions.map(({ json }) => (JSON.parse(json ?? '{}') as Resource).identifier)).toEqual([[HPR], [HPR], [HPR], [HPR]]);
    expect(JSON.parse(after.versions[0]?.json ?? '{}')).toMatchObject({ id: 'lars', meta: { versionId: '4' } });
    const narrative = JSON.parse(after.versions[2]?.json ?? '{}') as Resource;
    expect(narrative.text).toEqual({ status: 'generated', div: '<div>Lars, •••</div>' });
    expect((await read(database, 'Practitioner', 'local-only')).identifier).toEqual([{ system: 'urn:hr', value: '7' }]);
    expect((await read(database, 'Patient', 'ida')).identifier).toEqual([number(IDA)]);
    expect((await read(database, 'Patient', 'ida')).generalPractitioner).toEqual([{ display: 'Lars' }]);
    const [owned, unclear, clear] = await Promise.all(['owned', 'unclear', 'clear'].map((id) => read(database, 'Task', id)));
    expect([owned!.owner, owned!.for]).toEqual([{ type: 'Practitioner' }, { type: 'Patient', identifier: number(IDA) }]);
    expect([unclear!.owner, unclear!.requester]).toEqual([{ display: 'B' }, undefined]);
    expect(clear!.owner).toEqual({ type: 'Patient', identifier: number(IDA) });
    expect((await database.resources.read('Practitioner', 'was-corrected'))?.versionId).toBe(2);
    expect(await database.resources.read('Practitioner', 'deleted')).toMatchObject({ versionId: 2, json: null });
  });

  it('are moved once, also by two that start together, with what an export has made of them', async () => {
    const database = await filled(await open());
    await database.state.put('bulk-job', 'job', {}, { group: 'job' });
    await database.state.put('bulk-file', 'job/1', { text: LARS }, { group: 'job' });
    await Promise.all([move(database), move(database)]);
    expect(await versionsWith(database, LARS, BEFORE)).toEqual([]);
    expect(await found(database, 'Person', LARS)).toHaveLength(1);
    expect((await database.resources.read('Practitioner', 'lars'))?.versionId).toBe(4);
    expect(await database.state.get('bulk-file', 'job/1')).toBeUndefined();
    expect(await move(database)).toBe(0);
  });

  it('are moved again after a restore of an earlier backup', async () => {
    const earlier = await filled(await open());
    const lines: string[] = [];
    for await (const line of backupLines({ state: [], versions: earlier.versions() })) lines.push(line);
    const database = await open();
    expect(await move(database)).toBe(0);
    await moveStaffNumbersAgain(database.state);
    await restoreLines(database, lines, index);
    expect(await move(database)).toBe(10);
    expect(await versionsWith(database, LARS, BEFORE)).toEqual([]);
  });
});

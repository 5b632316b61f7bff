import { expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { auditEvents, fingerprint, firstVersion } from '../../server/audit/audit-event.ts';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { readSeal, type StoredSeal, seal, sealId } from '../../server/audit/seal.ts';
import { verifyAuditLog } from '../../server/audit/verify.ts';
import type { SearchQuery } from '../../server/search/query.ts';
import type { ResourceStore, SearchMatch } from '../../server/store/resource-store.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { type OpenDatabase, onEachDatabase } from '../support/stores.ts';

const record = (n: number): AccessRecord => ({
  atMs: Date.now(),
  caller: { clientId: 'app', user: 'Practitioner/nurse', organizationNumber: '100000002', purpose: 'TREAT' },
  interaction: 'read',
  action: 'R',
  outcome: '0',
  what: `CarePlan/${n}/_history/1`,
  patients: [`p${n}`],
  shown: 1,
  requestId: `r${n}`,
});

async function logOf(open: OpenDatabase, seals: number) {
  const { resources, state } = await open();
  const options = { store: resources, journal: journalInTable(state, Date.now), index: indexer, nowMs: Date.now };
  const faults: unknown[] = [];
  const log = openAuditLog({ ...options, reportFault: (error) => faults.push(error) });
  for (let n = 1; n <= seals; n += 1) {
    await log.record([record(2 * n), record(2 * n + 1)]);
    await log.settle();
  }
  await log.close();
  expect(faults).toEqual([]);
  return { resources, state };
}

/** The store as it would answer had somebody with the database in hand changed it. */
function tampered(store: ResourceStore, change: (match: SearchMatch) => SearchMatch | undefined): ResourceStore {
  return {
    ...store,
    async search(query) {
      const page = await store.search(query);
      return { ...page, matches: page.matches.flatMap((match) => change(match) ?? []) };
    },
  };
}

const isSeal = (match: SearchMatch, number?: number): boolean =>
  number === undefined ? match.id.startsWith('fp-seal-') : match.id === sealId(number);
const edited = (match: SearchMatch): SearchMatch => ({
  ...match,
  json: match.json.replace('"Practitioner/nurse"', '"Practitioner/somebody"'),
});

onEachDatabase('verification of the access log', (open) => {
  it('finds a whole log whole, and tells the newest seal', async () => {
    const { resources } = await logOf(open, 3);
    const result = await verifyAuditLog(resources);
    expect(result).toMatchObject({ events: 6, notYetSealed: 0, problems: [], head: { number: 3 } });
    expect((await verifyAuditLog(resources, result.head)).problems).toEqual([]);
  });

  it('finds an event that was changed, removed, slipped in or written again', async () => {
    const { resources } = await logOf(open, 2);
    const seal = (await resources.read('AuditEvent', sealId(1)))!;
    const victim = readSeal(seal.id, seal.json!).events[0]!.id;
    const problemsOf = async (store: ResourceStore) => (await verifyAuditLog(store)).problems;
    expect(await problemsOf(tampered(resources, (match) => (match.id === victim ? edited(match) : match)))).toEqual([
      `AuditEvent/${victim} was changed`,
    ]);
    expect(await problemsOf(tampered(resources, (match) => (match.id === victim ? undefined : match)))).toEqual([
      `AuditEvent/${victim} was removed`,
    ]);
    expect(await problemsOf(tampered(resources, (match) => (match.id === victim ? { ...match, versionId: 2 } : match)))).toEqual([
      `AuditEvent/${victim} was written again`,
    ]);
    for (const [id, ageMs] of [
      ['lately', 0],
      ['forged', 3_600_000],
    ] as const) {
      const [event] = auditEvents([record(99)], () => id);
      await resources.transact({
        lookups: {},
        build: ({ nowMs }) => ({ writes: [firstVersion(event!, nowMs - ageMs, indexer)], result: undefined }),
      });
    }
    expect(await verifyAuditLog(resources)).toMatchObject({ notYetSealed: 1, problems: ['AuditEvent/forged has no seal'] });
  });

  it('finds a seal that was changed or removed, and a log that was cut off at the end', async () => {
    const { resources } = await logOf(open, 3);
    const { head } = await verifyAuditLog(resources);
    const problemsOf = async (change: Parameters<typeof tampered>[1]) => (await verifyAuditLog(tampered(resources, change), head)).problems;
    const changed = await problemsOf((match) =>
      isSeal(match, 2)
        ? { ...match, json: match.json.replace(/"valueString":"[0-9a-f]{64}"\}\]\}\]\}$/, `"valueString":"${'0'.repeat(64)}"}]}]}`) }
        : match,
    );
    expect(changed).toEqual(expect.arrayContaining([`${sealId(2)} was changed, or ${sealId(3)} does not follow it`]));
    expect(await problemsOf((match) => (isSeal(match, 2) ? undefined : match))).toEqual(
      expect.arrayContaining([`${sealId(2)} is missing`]),
    );
    const last = readSeal(sealId(3), (await resources.read('AuditEvent', sealId(3)))!.json!).events.map((event) => event.id);
    const cut = (match: SearchMatch) => (isSeal(match, 3) || last.includes(match.id) ? undefined : match);
    expect(await problemsOf(cut)).toEqual([`${sealId(3)} is not the one that was noted`]);
    expect((await verifyAuditLog(tampered(resources, cut))).problems).toEqual([]);
  });

  it('holds for one chain that several processes write at the same time', async () => {
    const { resources, state } = await open();
    const faults: unknown[] = [];
    const process = () =>
      openAuditLog({
        store: resources,
        journal: journalInTable(state, Date.now),
        index: indexer,
        nowMs: Date.now,
        reportFault: (error) => faults.push(error),
      });
    const logs = [process(), process(), process()];
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(
        logs.map(async (log, at) => {
          await log.record([record(100 * at + round)]);
          await log.settle();
        }),
      );
    }
    await Promise.all(logs.map((log) => log.close()));
    expect(faults).toEqual([]);
    expect(await verifyAuditLog(resources)).toMatchObject({ events: 12, notYetSealed: 0, problems: [], head: { number: 12 } });
  });

  it('holds for seals that clocks put into another order, though the newest is not the one with the latest time', async () => {
    const { resources } = await open();
    const hour = 3_600_000;
    const start = Date.now() - 10 * hour;
    let known: StoredSeal | undefined;
    for (const [number, clockMs] of [start, start + 5 * hour, start + 2 * hour, start + hour, start + 3 * hour].entries()) {
      const [event] = auditEvents([record(number)], () => `e${number}`);
      const written = firstVersion(event!, clockMs, indexer);
      await resources.transact({ lookups: {}, build: () => ({ writes: [written], result: undefined }) });
      const events = [{ id: written.id, fingerprint: fingerprint(written.json!) }];
      // Every second one by a process that knows of no seal.
      known = await seal({ store: atTime(resources, clockMs), index: indexer }, events, number % 2 === 0 ? known : undefined);
      expect(known.id).toBe(sealId(number + 1));
    }
    const { events, problems, head } = await verifyAuditLog(resources);
    expect({ events, problems, number: head?.number }).toEqual({ events: 5, problems: [], number: 5 });
    expect((await verifyAuditLog(tampered(resources, (match) => (isSeal(match, 3) ? undefined : match)))).problems).toEqual(
      expect.arrayContaining([`${sealId(3)} is missing`]),
    );
  });

  it('asks for no more seals than the latest to write one, however many there are', async () => {
    const { resources } = await logOf(open, 3);
    const asked: SearchQuery[] = [];
    const watched: ResourceStore = {
      ...resources,
      search: (query) => {
        asked.push(query);
        return resources.search(query);
      },
    };
    await seal({ store: watched, index: indexer }, []);
    expect(asked).toMatchObject([{ sort: [{ by: 'lastUpdated', descending: true }], limit: 1 }]);
  });
});

/** The store of a process whose clock shows this. */
function atTime(store: ResourceStore, nowMs: number): ResourceStore {
  return {
    ...store,
    transact: (plan) =>
      store.transact({
        ...plan,
        build: (found) => plan.build({ nowMs, version: (type, id) => found.version(type, id), searches: found.searches }),
      }),
  };
}

import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { auditEvents, firstVersion } from '../../server/audit/audit-event.ts';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { CSV_HEAD, csvLines } from '../../server/audit/export/csv.ts';
import { type ExportScope, sealedEvents } from '../../server/audit/export/sealed-events.ts';
import { verifyFile } from '../../server/audit/export/verify-file.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { sealId } from '../../server/audit/seal.ts';
import { verifyAuditLog } from '../../server/audit/verify.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { fill, indexer } from '../auth/access-rule/people.ts';
import { type OpenDatabase, onEachDatabase } from '../support/stores.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 2, 1, 12);

const record = (n: number): AccessRecord => ({
  atMs: START_MS + n * DAY_MS,
  caller: { clientId: 'app', user: 'Practitioner/nurse', organizationNumber: '100000002', purpose: 'TREAT' },
  interaction: 'read',
  action: 'R',
  outcome: '0',
  what: `CarePlan/${n}/_history/1`,
  patients: [n % 2 === 0 ? 'ida' : 'other'],
  requestId: `r${n}`,
});

/** Six events under three seals, and one that is not sealed yet. */
async function logOf(open: OpenDatabase) {
  const { resources, state } = await open();
  await fill(resources, []);
  const log = openAuditLog({
    store: resources,
    journal: journalInTable(state, Date.now),
    index: indexer,
    nowMs: Date.now,
    reportFault: (error) => expect.unreachable(String(error)),
  });
  for (const n of [0, 2, 4]) {
    await log.record([record(n), record(n + 1)]);
    await log.settle();
  }
  await log.close();
  const [unsealed] = auditEvents([record(6)], () => 'unsealed');
  await resources.transact({
    lookups: {},
    build: ({ nowMs }) => ({ writes: [firstVersion(unsealed!, nowMs, indexer)], result: undefined }),
  });
  return resources;
}

async function linesOf(store: ResourceStore, scope: ExportScope = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const { events, seal } of sealedEvents(store, scope))
    lines.push(...events.map(({ json }) => json), ...(seal ? [seal.json] : []));
  return lines;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const things = (lines: readonly string[]) => lines.flatMap((line) => /CarePlan\/\d/.exec(line)?.[0] ?? []).sort();

onEachDatabase('the exported access log', (open) => {
  it('holds every event once, each seal after the events under it, and can be verified', async () => {
    const store = await logOf(open);
    const lines = await linesOf(store);
    expect(things(lines)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `CarePlan/${n}`));
    expect(lines).toHaveLength(10);
    const sealOfService = async (id: string) => (await store.read('AuditEvent', id))?.json ?? undefined;
    const { head } = await verifyAuditLog(store);
    const result = await verifyFile(each(lines), { sealOfService, noted: head! });
    expect(result).toEqual({ events: 7, seals: 3, notYetSealed: 1, leftOut: 0, head, problems: [] });
  });

  it('can be narrowed to a person and to a period, and is still verified by the seals over what it holds', async () => {
    const store = await logOf(open);
    const ofIda = await linesOf(store, { patientId: 'ida' });
    expect(things(ofIda)).toEqual([0, 2, 4, 6].map((n) => `CarePlan/${n}`));
    expect(ofIda.join('\n')).not.toContain('Patient/other');
    expect(await verifyFile(each(ofIda))).toMatchObject({ events: 4, seals: 3, leftOut: 3, notYetSealed: 1, problems: [] });
    const twoDays = await linesOf(store, { fromMs: START_MS + 2 * DAY_MS, toMs: START_MS + 3 * DAY_MS });
    expect(things(twoDays)).toEqual(['CarePlan/2', 'CarePlan/3']);
    expect(await verifyFile(each(twoDays))).toMatchObject({ events: 2, seals: 1, head: { number: 2 }, problems: [] });
    expect(await linesOf(store, { toMs: START_MS - 1 })).toEqual([]);
  });

  it('shows when a line was changed, put in, or taken from another log', async () => {
    const store = await logOf(open);
    const lines = await linesOf(store);
    const problemsOf = async (changed: readonly string[], checks = {}) => (await verifyFile(each(changed), checks)).problems;
    const id = (JSON.parse(lines[0]!) as { id: string }).id;
    expect(await problemsOf([lines[0]!.replace('nurse', 'other'), ...lines.slice(1)])).toEqual([`AuditEvent/${id} was changed`]);
    const forged = lines[0]!.replace(id, 'forged');
    expect(await problemsOf([forged, ...lines])).toEqual(['AuditEvent/forged has no seal']);
    expect(await problemsOf([lines[0]!, ...lines])).toEqual([`AuditEvent/${id} stands twice`]);
    expect(await problemsOf(['{"resourceType":"Patient"}', ...lines])).toEqual(['line 1 is no AuditEvent']);
    const seal = lines[2]!;
    const spoilt = lines.with(2, seal.replace('"previous","valueString":"0', '"previous","valueString":"1'));
    expect(await problemsOf(spoilt)).toEqual([`${sealId(1)} was changed, or ${sealId(2)}`]);
    const sealOfService = async () => undefined;
    expect(await problemsOf(lines.slice(0, 3), { sealOfService })).toEqual([`${sealId(1)} is not the one of this service`]);
    const noted = { number: 3, fingerprint: 'f'.repeat(64) };
    expect(await problemsOf(lines, { noted })).toEqual([`${sealId(3)} is not the one that was noted`]);
    expect((await verifyFile(each(lines.slice(1)))).leftOut).toBe(1);
  });

  it('is a table with names of staff, the seal over each line, and no formulas', async () => {
    const store = await logOf(open);
    const practitioner = { resourceType: 'Practitioner', id: 'nurse', name: [{ text: '=HYPERLINK("http://evil.example";"Kari")' }] };
    await store.transact({
      lookups: { versions: [{ type: 'Practitioner', id: 'nurse' }] },
      build: ({ nowMs }) => ({ writes: [{ ...firstVersion(practitioner, nowMs, indexer), versionId: 2 }], result: undefined }),
    });
    let text = '';
    for await (const group of sealedEvents(store, { toMs: START_MS })) text += await csvLines(store, group);
    expect(CSV_HEAD.startsWith('\uFEFFid,recorded,')).toBe(true);
    expect(CSV_HEAD.endsWith(',seal,sha256\r\n')).toBe(true);
    expect(text).toMatch(
      /^[\w-]+,2026-03-01T12:00:00.000Z,.*,rest,R,0,,TREAT,Practitioner\/nurse,"'=HYPERLINK\(""http:\/\/evil\.example"";""Kari""\)",,100000002,.*,app,,Patient\/ida,read CarePlan\/0\/_history\/1,1,[0-9a-f]{64}\r\n$/,
    );
  });
});

describe('cells that a spreadsheet would take for a formula', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j begins with an apostrophe', async (name) => {
    const json = JSON.stringify({ resourceType: 'AuditEvent', id: 'e', recorded: '2026-03-01T12:00:00Z', outcomeDesc: name, agent: [] });
    const match = {
      type: 'AuditEvent',
      id: 'e',
      versionId: 1,
      lastUpdatedMs: 0,
      method: 'POST',
      json,
      position: { values: [], type: '', id: '' },
    } as const;
    const store = {} as ResourceStore;
    expect(await csvLines(store, { events: [match] })).toContain(`'${name.replaceAll('"', '""')}`);
  });
});

/** What was written by a process that is killed stands in the log of the next: between commit and telling, and in the middle of telling. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInFiles } from '../../server/audit/journal-file.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { eachEvent } from '../../server/audit/unsealed.ts';
import { verifyAuditLog } from '../../server/audit/verify.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { indexer } from '../auth/access-rule/people.ts';

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** Lets it write until it has said so many lines, kills it, and gives those. */
async function killedAfter(lines: number, ...args: string[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'teller.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill('SIGKILL');
  }
  // The last line may have been cut off by the kill.
  return said.slice(0, -1);
}

describe('what a killed process has written', () => {
  it.each([
    ['before any of it was told', 'wait', 400],
    ['while it was being told', 'settle', 1500],
  ])('is told by the next one, each of it of its own patient, and sealed: %s', { timeout: 60_000 }, async (_when, mode, lines) => {
    folder = await mkdtemp(join(tmpdir(), 'fellesplan-killed-'));
    const said = await killedAfter(lines, folder, mode);
    const acknowledged = said.filter((line) => line !== 'settled');
    expect(acknowledged.length).toBeGreaterThan(100);
    const { resources, state, close } = await openSqliteStore({ file: join(folder, 'killed.db') });
    // What was not sealed is younger than what the sweep takes for left behind.
    const nowMs = () => Date.now() + 10 * 60_000;
    const log = openAuditLog({
      store: resources,
      journal: journalInFiles(join(folder, 'access-log'), journalInTable(state, nowMs, { isAlone: true })),
      index: indexer,
      nowMs,
      reportFault: (error) => expect.unreachable(String(error)),
    });
    await log.settle();
    await log.close();
    const told = new Map<string, number>();
    for await (const { id, json } of eachEvent(resources, { op: 'all' })) {
      if (id.startsWith('fp-seal-')) continue;
      const { entity } = JSON.parse(json) as { entity: readonly { what: { reference: string } }[] };
      const [patient, ...things] = entity.map(({ what }) => what.reference);
      for (const thing of things) {
        const write = thing.split('/')[1]!;
        expect(patient).toBe(`Patient/p${Number(write.slice(1)) % 100}`);
        told.set(write, (told.get(write) ?? 0) + 1);
      }
    }
    expect(acknowledged.filter((write) => !told.has(write))).toEqual([]);
    // Nothing is told that is not there, and what was told before the kill but not taken away is told again.
    for (const write of told.keys()) expect(await resources.read('Task', write), write).toBeDefined();
    if (mode === 'wait') expect([...told.values()].every((times) => times === 1)).toBe(true);
    expect(await state.list('audit-journal', 1)).toEqual([]);
    expect((await verifyAuditLog(resources)).problems).toEqual([]);
    await close();
  });
});

/**
 * The part of `fellesplan audit verify` that checks an exported file.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { FileChecks } from '../audit/export/verify-file.ts';
import { counted } from './counted.ts';

/** Tells what is wrong with the file, and what it holds. @throws Refusal when something is wrong, Error when it cannot be read as an exported log. */
export async function verifyExported(file: string, checks: FileChecks): Promise<void> {
  const { Refusal } = await import('./open-store.ts');
  const { verifyFile } = await import('../audit/export/verify-file.ts');
  const input = createReadStream(file, 'utf8');
  const unreadable = new Promise<never>((_, reject) => input.once('error', (error) => reject(error)));
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const result = await Promise.race([verifyFile(lines, checks), unreadable]).finally(() => input.destroy());
  // A table is not a log that somebody has tampered with, and is not to look like one.
  if (result.events + result.seals === 0 && result.problems.length > 0)
    throw new Error(`${file} has no event in it that can be verified: that is for a file that was exported as ndjson`);
  for (const problem of result.problems) process.stdout.write(`${problem}\n`);
  const newest = result.head === undefined ? 'none' : `${result.head.number}:${result.head.fingerprint}`;
  const counts = [
    counted(result.events, 'event'),
    counted(result.seals, 'seal'),
    `${counted(result.leftOut, 'event under these seals is', 'events under these seals are')} not in the file`,
    `${result.notYetSealed} not sealed when it was written`,
  ];
  process.stdout.write(`${file}: ${counts.join(', ')}; newest seal ${newest}\n`);
  if (checks.sealOfService === undefined && checks.noted === undefined)
    process.stdout.write('Without the service and without --head, the file was checked against itself only.\n');
  if (result.problems.length > 0) throw new Refusal('the file is not as it was exported');
}

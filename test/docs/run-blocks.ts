/**
 * Runs what a page shows for a shell, against a demo of the test's own, in a folder that looks like a checkout.
 */
import { execFile } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../cli/run-cli.ts';
import type { DemoProcess } from '../e2e/demo-process.ts';
import { COMMAND } from '../support/command.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** What commands would find below the checkout, and write there. */
const NOT_SHOWN = new Set(['.git', 'data', 'docs', 'test']);

/** What a shell prints that is given the blocks, one after the other, and stops at the first that fails; and where it ran. */
export async function runBlocks(
  blocks: readonly string[],
  demo: DemoProcess,
): Promise<{ readonly printed: readonly string[]; readonly folder: string }> {
  const folder = temporaryFolder();
  for (const name of readdirSync(ROOT)) if (!NOT_SHOWN.has(name)) symlinkSync(join(ROOT, name), join(folder, name));
  const marker = '=====';
  const script = blocks
    .join(`\necho; echo '${marker}'\n`)
    .replaceAll('npx fellesplan', `'${process.execPath}' '${COMMAND}'`)
    .replaceAll('http://localhost:8080', demo.url);
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: demo.env,
    maxBuffer: 1 << 26,
  });
  return { printed: stdout.split(marker).map((text) => text.trim()), folder };
}

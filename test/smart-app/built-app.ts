/** The built app as it is served: built anew only when its sources have changed, as before every start. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const APP = join(import.meta.dirname, '../../smart-app');

/** @returns the folder of the built pages. */
export async function builtApp(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(APP, 'build.ts')]);
  return join(APP, 'dist');
}

/** What a process that runs may use, changed from outside: `prlimit` of util-linux, which every Linux has. */
import { execFileSync } from 'node:child_process';

const COMMAND = '/usr/bin/prlimit';

/** Sets a limit of the process: `fsize`, bytes of the largest file that it may write, or `nofile`, descriptors. */
export function limit(pid: number, what: 'fsize' | 'nofile', most: number | 'unlimited'): void {
  execFileSync(COMMAND, [`--pid=${pid}`, `--${what}=${most}:`]);
}

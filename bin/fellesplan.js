#!/usr/bin/env node
/**
 * The `fellesplan` command: the source in a checkout, the compiled JavaScript in the npm package.
 */
import { existsSync } from 'node:fs';
// Not by its name: an older Node.js that lacks it would say so, and not what is told below.
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const NODE_WANTED = 24;
if (Number(process.versions.node.split('.', 1)[0]) < NODE_WANTED) {
  process.stderr.write(`fellesplan: Node.js ${NODE_WANTED} or later is needed, and this is ${process.versions.node}\n`);
  process.exit(2);
}
if (['serve', 'demo'].includes(process.argv[2] ?? '')) startInLittle();
// What V8 has made of the modules is kept beside them, where only those may write who may change the modules: a start takes
// a third less time, and the compiler that strips types is not loaded. Where it cannot be kept, all works without.
const compiled = fileURLToPath(new URL('../node_modules/.cache/fellesplan/', import.meta.url));
nodeModule.enableCompileCache(compiled);
// Threads and worker processes learn of it by this: each would load that compiler for itself, and hold 10 MB more.
process.env.NODE_COMPILE_CACHE ??= compiled;
const source = new URL('../server/cli.ts', import.meta.url);
await import(existsSync(source) ? source.href : '../dist/server/cli.js');

/**
 * What keeps a process that runs for long small must be said before it starts: this one begins anew with it, as the same
 * process, 40 ms later. What somebody has said otherwise stays; where a process cannot begin anew (Windows, or with a
 * parent it talks to) all works, in a third more memory.
 */
function startInLittle() {
  // Megabytes for each half of the young objects: left alone, V8 lets them grow threefold and never shrink.
  const flag = '--max-semi-space-size';
  const said = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  const flags = said.replaceAll('_', '-').includes(flag) ? [] : [`${flag}=8`];
  // The GNU allocator keeps a heap for each thread, and with them what it is given back.
  const allocator = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '131072' };
  const wanted = Object.entries(allocator).filter(([name]) => process.env[name] === undefined);
  if ((flags.length === 0 && wanted.length === 0) || process.platform === 'win32' || process.send !== undefined) return;
  const command = [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, command, { ...process.env, ...Object.fromEntries(wanted) });
}

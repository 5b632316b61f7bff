#!/usr/bin/env node
/**
 * The `fellesplan` command: the source in a checkout, the compiled JavaScript in the npm package.
 */
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const NODE_WANTED = 24;
if (Number(process.versions.node.split('.', 1)[0]) < NODE_WANTED) {
  process.stderr.write(`fellesplan: Node.js ${NODE_WANTED} or later is needed, and this is ${process.versions.node}\n`);
  process.exit(2);
}
// What V8 has made of the modules is kept beside them, where only those may write who may change the modules: a start takes
// a third less time, and the compiler that strips types is not loaded. Where it cannot be kept, all works without.
const compiled = fileURLToPath(new URL('../node_modules/.cache/fellesplan/', import.meta.url));
enableCompileCache(compiled);
// Threads and worker processes learn of it by this: each would load that compiler for itself, and hold 10 MB more.
process.env.NODE_COMPILE_CACHE ??= compiled;
const source = new URL('../server/cli.ts', import.meta.url);
await import(existsSync(source) ? source.href : '../dist/server/cli.js');

#!/usr/bin/env node
/**
 * The `fellesplan` command: the source in a checkout, the compiled JavaScript in the npm package.
 */
import { existsSync } from 'node:fs';

const NODE_WANTED = 24;
if (Number(process.versions.node.split('.', 1)[0]) < NODE_WANTED) {
  process.stderr.write(`fellesplan: Node.js ${NODE_WANTED} or later is needed, and this is ${process.versions.node}\n`);
  process.exit(2);
}
const source = new URL('../server/cli.ts', import.meta.url);
await import(existsSync(source) ? source.href : '../dist/server/cli.js');

/**
 * The least that a server can do which loses nothing it has acknowledged: a bare Express server that parses a body as the
 * yardstick of writes does, and answers when it is on disk. It validates nothing, knows no rights, keeps no log, and what it
 * keeps can be found by nothing. Who comes while the disk is waited for shares the next wait (group commit).
 *
 * `POST /append` adds the body to a file; `POST /insert` adds it as a row to a table of SQLite by its number.
 *
 * Started as a process of its own: `node bare-durable.ts FOLDER`; prints its port.
 */
import { fdatasync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import express from 'express';
import { serve } from './bare-server.ts';

const folder = process.argv[2] ?? '';
const file = openSync(join(folder, 'appended.jsonl'), 'a');
const database = new DatabaseSync(join(folder, 'inserted.sqlite'));
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE body (n INTEGER PRIMARY KEY, json TEXT)');
const add = database.prepare('INSERT INTO body (json) VALUES (?)');
// The log of a database in WAL mode; made by its first commit, and synced here so that the thread of the requests goes on.
const log = openSync(join(folder, 'inserted.sqlite-wal'), 'r+');
const synced = promisify(fdatasync);

/** Calls `write` with all that came in while the disk was waited for, and resolves when that is on it. */
function grouped(write: (texts: readonly string[]) => void, descriptor: number): (text: string) => Promise<void> {
  let next: string[] = [];
  let written = Promise.resolve();
  let following: Promise<void> | undefined;
  return (text) => {
    next.push(text);
    following ??= written.then(async () => {
      following = undefined;
      const texts = next;
      next = [];
      write(texts);
      written = synced(descriptor);
      await written;
    });
    return following;
  };
}

const append = grouped((texts) => void writeSync(file, `${texts.join('\n')}\n`), file);
const insert = grouped((texts) => {
  database.exec('BEGIN');
  for (const text of texts) add.run(text);
  database.exec('COMMIT');
}, log);

const app = express();
for (const [path, keep] of [['/append', append] as const, ['/insert', insert] as const]) {
  app.post(path, express.json({ limit: '10mb', type: () => true }), (request, response, next) => {
    const text = JSON.stringify(request.body);
    keep(text).then(() => void response.status(201).type('application/fhir+json').send(text), next);
  });
}
serve(app);

/**
 * The least that a server can do which keeps plans as this one does: a bare Express server that parses a body, and answers
 * when the rows of it are on disk that the product writes in one commit: the resource, its version, its index rows and the
 * row of the access journal, in a file that the product has made and filled. What the index rows are it knows beforehand:
 * it validates nothing, indexes nothing, knows no rights and writes no AuditEvent. An update changes no index row.
 *
 * A thread of its own writes what has come in meanwhile as one group, and one group while the one before is synced.
 *
 * `POST /CarePlan`, `GET` and `PUT /CarePlan/ID`. Started as a process of its own: `node bare-rows.ts FILE`; prints its port.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import express from 'express';

/** What one request comes to. */
export interface PlanToStore {
  readonly id: string;
  /** The plan that was there before whose index rows are those of this one; itself in an update. */
  readonly like: string;
  readonly versionId: number;
  readonly nowMs: number;
  readonly json: string;
  /** A text as long as the product's. */
  readonly journal: string;
}

interface Waiting {
  readonly plan: PlanToStore;
  readonly stored: () => void;
}

interface PlanBody {
  id: string;
  meta: object;
  readonly subject: { readonly reference: string };
}

const GROUPS_UNDER_WAY_MAX = 2;
const JOURNAL = JSON.stringify({ atMs: Date.now(), records: [{ caller: 'bare', what: ''.padEnd(240, 'x') }] });

const writer = new Worker(new URL('./bare-rows-writer.ts', import.meta.url), { workerData: process.argv[2] });
await once(writer, 'message');
let waiting: Waiting[] = [];
const underWay: (readonly Waiting[])[] = [];
let isScheduled = false;
writer.on('message', () => {
  for (const { stored } of underWay.shift() ?? []) stored();
  schedule();
});

function schedule(): void {
  if (isScheduled || waiting.length === 0) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    if (waiting.length === 0 || underWay.length === GROUPS_UNDER_WAY_MAX) return;
    const group = waiting;
    waiting = [];
    underWay.push(group);
    writer.postMessage(group.map(({ plan }) => plan));
  });
}

/** Stores the body as this version. @returns its text when it is on disk. */
async function store(body: PlanBody, id: string, versionId: number): Promise<string> {
  const nowMs = Date.now();
  body.id = id;
  body.meta = { ...body.meta, versionId: String(versionId), lastUpdated: new Date(nowMs).toISOString() };
  const like = versionId > 1 ? id : `${body.subject.reference.slice('Patient/'.length)}-plan`;
  const json = JSON.stringify(body);
  await new Promise<void>((stored) => {
    waiting.push({ plan: { id, like, versionId, nowMs, json, journal: JOURNAL }, stored });
    schedule();
  });
  return json;
}

const versions = new Map<string, number>();
const versionOf = (id: string): number => versions.get(id) ?? 1;
const etag = (id: string): string => `W/"${versionOf(id)}"`;
const parse = express.json({ limit: '10mb', type: () => true });
const app = express();
app.set('etag', false);
app.post('/CarePlan', parse, (request, response, next) => {
  store(request.body, randomUUID(), 1).then((json) => void response.status(201).type('application/fhir+json').send(json), next);
});
app.get('/CarePlan/:id', ({ params: { id } }, response) => void response.set('ETag', etag(id)).json({}));
app.put('/CarePlan/:id', parse, (request, response, next) => {
  const { id } = request.params;
  if (request.get('If-Match') !== etag(id)) return void response.status(412).send();
  versions.set(id, versionOf(id) + 1);
  store(request.body, id, versionOf(id)).then((json) => {
    response.set('ETag', etag(id)).type('application/fhir+json').send(json);
  }, next);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
// It waits for its turn longer than connections are kept by default, and the load would meet one that has just been closed.
server.keepAliveTimeout = 60_000;

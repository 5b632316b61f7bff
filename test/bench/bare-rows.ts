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
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type PlanToStore, servePlans } from './bare-plans.ts';

interface Waiting {
  readonly plan: PlanToStore;
  readonly stored: () => void;
}

const GROUPS_UNDER_WAY_MAX = 2;

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

servePlans(
  (plan) =>
    new Promise<void>((stored) => {
      waiting.push({ plan, stored });
      schedule();
    }),
);

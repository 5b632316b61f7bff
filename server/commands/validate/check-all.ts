/**
 * Validates many documents, in worker threads when there are enough for that to pay, and gives the results in order.
 *
 * Spec: https://nodejs.org/api/worker_threads.html
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type CheckSettings, createChecker } from './checker.ts';
import type { CheckedDocument, Document } from './document.ts';
import { type InputFile, isNdjsonFile } from './documents.ts';

/** A thread works for a second before it is as fast as this one is by then: each has so much to do, or is not started. */
const BYTES_FOR_A_THREAD = 8_000_000;
const MAX_THREADS = 8;
const BATCH_DOCUMENTS = 64;
const BATCH_BYTES = 500_000;
const BATCHES_AHEAD = 3;

/** How many threads pay for these files; 1 is this one alone. A file is for one thread, but NDJSON is for all. */
export function threadsFor(files: readonly InputFile[]): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const parts = files.reduce((sum, { file, bytes }) => sum + (isNdjsonFile(file) ? Math.ceil(bytes / BATCH_BYTES) : 1), 0);
  return Math.max(1, Math.min(availableParallelism(), MAX_THREADS, parts, Math.floor(bytes / BYTES_FOR_A_THREAD)));
}

/**
 * The results, in the order of the documents.
 * @throws Error when the settings cannot be used, or a thread dies.
 */
export async function* checkAll(
  documents: AsyncIterable<Document>,
  settings: CheckSettings,
  threads: number,
): AsyncGenerator<CheckedDocument> {
  if (threads <= 1) {
    const check = createChecker(settings);
    for await (const document of documents) yield check(document);
    return;
  }
  const crew = new Crew(settings, threads);
  try {
    const ahead: Promise<readonly CheckedDocument[]>[] = [];
    for await (const batch of batches(documents)) {
      ahead.push(crew.check(batch));
      if (ahead.length > threads * BATCHES_AHEAD) yield* await ahead.shift()!;
    }
    for (const results of ahead) yield* await results;
  } finally {
    await crew.dismiss();
  }
}

async function* batches(documents: AsyncIterable<Document>): AsyncGenerator<readonly Document[]> {
  let batch: Document[] = [];
  let bytes = 0;
  for await (const document of documents) {
    batch.push(document);
    bytes += document.text?.length ?? document.bytes ?? 0;
    if (batch.length < BATCH_DOCUMENTS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

interface Work {
  readonly batch: readonly Document[];
  readonly done: (results: readonly CheckedDocument[]) => void;
  readonly failed: (error: Error) => void;
}

/** Worker threads with a queue of work before them. */
class Crew {
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[] = [];
  readonly #queue: Work[] = [];
  readonly #busy = new Map<Worker, Work>();
  #failure: Error | undefined;

  constructor(settings: CheckSettings, threads: number) {
    this.#workers = Array.from({ length: threads }, () => this.#hire(settings));
  }

  check(batch: readonly Document[]): Promise<readonly CheckedDocument[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly CheckedDocument[]>();
    // It is awaited in its turn, and may fail before that.
    promise.catch(() => {});
    if (this.#failure !== undefined) reject(this.#failure);
    else {
      this.#queue.push({ batch, done: resolve, failed: reject });
      this.#assign();
    }
    return promise;
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #hire(settings: CheckSettings): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings });
    worker.on('message', (results: readonly CheckedDocument[] | 'ready') => {
      if (results !== 'ready') this.#busy.get(worker)?.done(results);
      this.#busy.delete(worker);
      this.#idle.push(worker);
      this.#assign();
    });
    worker.on('error', (error) => this.#fail(error as Error));
    worker.on('exit', (code) => this.#fail(new Error(`a thread ended with code ${code}`)));
    return worker;
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const [worker, work] = [this.#idle.pop()!, this.#queue.shift()!];
      this.#busy.set(worker, work);
      worker.postMessage(work.batch);
    }
  }

  /** The first failure is the one told; when the crew is dismissed there is no work left to fail. */
  #fail(error: Error): void {
    this.#failure ??= error;
    for (const work of [...this.#busy.values(), ...this.#queue.splice(0)]) work.failed(error);
  }
}

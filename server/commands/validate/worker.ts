/**
 * A thread that validates the batches it is sent.
 *
 * Spec: https://nodejs.org/api/worker_threads.html
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type CheckSettings, createChecker } from './checker.ts';
import type { Document } from './document.ts';

const check = createChecker(workerData as CheckSettings);
parentPort?.on('message', (batch: readonly Document[]) => parentPort?.postMessage(batch.map(check)));
parentPort?.postMessage('ready');

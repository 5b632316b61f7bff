/**
 * Reads the database file through once after the start, so that the operating system holds it: a selective search of a
 * million resources reads some twenty pages from anywhere in the file, a microsecond each from memory and sixty and more
 * from a disk. Read in order, two gigabytes take seconds; page by page as searches come by them, many minutes.
 */
import { open } from 'node:fs/promises';
import { availableMemory } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

export interface ReadThroughOptions {
  /** A smaller file is left alone: searches have come by all of it soon. */
  readonly leastBytes?: number;
  /** A larger file is left alone: what is read last would push out what was read first. Left out: half of the memory that is free. */
  readonly mostBytes?: number;
  /** Until then the start has the disk to itself. */
  readonly afterMs?: number;
}

const LEAST_BYTES = 64 * 1024 * 1024;
const AFTER_MS = 1_000;
const AT_A_TIME_BYTES = 1024 * 1024;
/** The pool of threads is left to others now and then: commits wait there for their sync. */
const PAUSE_MS = 1;

/**
 * Reads the file from its beginning to its end, or until `stop` is aborted.
 * @returns how many bytes were read; 0 when it is left alone.
 * @throws Error when the file cannot be read.
 */
export async function readThrough(file: string, stop: AbortSignal, options: ReadThroughOptions = {}): Promise<number> {
  const { leastBytes = LEAST_BYTES, mostBytes = availableMemory() / 2, afterMs = AFTER_MS } = options;
  if (!(await passes(afterMs, stop))) return 0;
  const opened = await open(file);
  try {
    const { size } = await opened.stat();
    if (size < leastBytes || size > mostBytes) return 0;
    const buffer = Buffer.allocUnsafeSlow(AT_A_TIME_BYTES);
    let total = 0;
    do {
      const { bytesRead } = await opened.read(buffer, 0, AT_A_TIME_BYTES, total);
      total += bytesRead;
      if (bytesRead === 0) return total;
    } while (await passes(PAUSE_MS, stop));
    return total;
  } finally {
    await opened.close();
  }
}

/** Waits without keeping the process alive. @returns false when it is to stop. */
function passes(ms: number, signal: AbortSignal): Promise<boolean> {
  return wait(ms, true, { signal, ref: false }).catch(() => false);
}

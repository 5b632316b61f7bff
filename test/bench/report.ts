/** The figures of a run: printed as they come, kept as JSON, and held against what is wanted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Figures } from './load.ts';

/** One line of the report. `ratio` is to the yardstick, or to the bound itself where that is a size or a time. */
interface Row extends Figures {
  readonly workload: string;
  readonly ratio: number;
  /** What is wanted: `ratio` at least this, or at most where `atMost` is set; 0 where nothing is. */
  readonly target: number;
  readonly atMost?: true;
  /** Processor time of one request, and of one at the yardstick, µs: what a crowded machine does not change much. */
  readonly processor?: readonly [ours: number, yardstick: number];
  /** What else was counted. */
  readonly note?: string;
}

export class Report {
  readonly #rows: Row[] = [];

  add(row: Row): void {
    this.#rows.push(row);
    const { perSecond, p50, p95, p99 } = row;
    const speed = Number.isNaN(perSecond) ? ''.padStart(9) : `${perSecond.toFixed(0).padStart(7)}/s`;
    const times = Number.isNaN(p50) ? '' : `p50 ${p50.toFixed(2)} p95 ${p95.toFixed(2)} p99 ${p99.toFixed(2)} ms`;
    const wanted =
      row.target === 0 ? '' : `(at ${row.atMost ? 'most' : 'least'} ${row.target.toFixed(2)}) ${isMet(row) ? 'met' : 'NOT MET'}`;
    const processor = row.processor === undefined ? '' : `  processor ${row.processor.map((each) => each.toFixed(0)).join(' : ')} µs`;
    const note = row.note === undefined ? '' : `  ${row.note}`;
    console.log(`${row.workload.padEnd(52)} ${speed}  ratio ${row.ratio.toFixed(2)} ${wanted.padEnd(24)} ${times}${processor}${note}`);
  }

  /** What is measured once, in `unit`, against a bound. */
  addBound(workload: string, value: number, bound: number, unit: string): void {
    const none = { perSecond: Number.NaN, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN };
    this.add({ workload: `${workload}: ${value.toFixed(0)} of ${bound} ${unit}`, ...none, ratio: value / bound, target: 1, atMost: true });
  }

  /** The rows as a JSON array. */
  keep(file: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(this.#rows, undefined, 2)}\n`);
  }

  get allMet(): boolean {
    return this.#rows.every(isMet);
  }
}

function isMet({ ratio, target, atMost }: Row): boolean {
  return target === 0 || (atMost ? ratio <= target : ratio >= target);
}

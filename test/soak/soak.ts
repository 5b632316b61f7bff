/** A soak: many clients, a bounded number of operations, faults in between, and at the end the question what was lost. */
import { randomFrom } from '../support/random.ts';
import { get, operate, prepare, type SoakContext, walk } from './clients.ts';
import { Cluster, type Memory } from './cluster.ts';
import { Ledger } from './ledger.ts';

export interface SoakOptions {
  /** The SQLite file, or the URL of the PostgreSQL database. */
  readonly place: string;
  readonly processes: number;
  readonly clients: number;
  readonly operations: number;
  /** What goes wrong, evenly spread over the first two thirds; the last third is left alone, so that memory can be compared. */
  readonly faults: readonly ('kill' | (() => Promise<void>))[];
  readonly seed: number;
  /** Told ten times on the way. */
  readonly onProgress?: (operations: number) => void;
}

export interface SoakReport {
  readonly seconds: number;
  readonly operations: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Writes that were acknowledged and looked for at the end. */
  readonly acknowledged: number;
  /** Empty when nothing was lost. */
  readonly lost: readonly string[];
  /** Empty when every answer was one that a client must expect. */
  readonly wrong: readonly string[];
  /** Memory of each process after the last fault, and at the end. */
  readonly memory: { readonly before: readonly Memory[]; readonly after: readonly Memory[] };
}

/** Runs it. @throws Error when servers cannot be started or stay out of reach. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const startedMs = performance.now();
  const cluster = new Cluster(options.place);
  await cluster.start(options.processes);
  try {
    const outcomes: Record<string, number> = {};
    const wrong: string[] = [];
    let numbers = 0;
    const context: SoakContext = {
      cluster,
      ledger: new Ledger(),
      random: randomFrom(options.seed),
      count: (outcome) => {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      },
      wrong: (what) => wrong.push(what),
      next: () => ++numbers,
    };
    await prepare(context);
    const before = await underFaults(context, options);
    await walk(context);
    const after = await cluster.memory();
    const lost = await context.ledger.faults((path) => get(cluster, path));
    const seconds = (performance.now() - startedMs) / 1000;
    return { seconds, operations: options.operations, outcomes, acknowledged: context.ledger.size, lost, wrong, memory: { before, after } };
  } finally {
    await cluster.stop();
  }
}

/** All operations and faults. @returns memory once the last fault is over. */
async function underFaults(context: SoakContext, { clients, operations, faults, onProgress }: SoakOptions): Promise<readonly Memory[]> {
  const faultEach = (operations * 2) / 3 / faults.length;
  let begun = 0;
  let struck = 0;
  let striking: Promise<void> | undefined;
  let memory: Promise<readonly Memory[]> | undefined;
  const strike = async (fault: 'kill' | (() => Promise<void>)): Promise<void> => {
    await (fault === 'kill' ? context.cluster.killOne() : fault());
    context.count('faults');
    striking = undefined;
    if (struck === faults.length) memory = context.cluster.memory();
  };
  const client = async (): Promise<void> => {
    while (begun < operations) {
      begun += 1;
      if (begun % Math.ceil(operations / 10) === 0) onProgress?.(begun);
      const fault = faults[struck];
      if (fault !== undefined && striking === undefined && begun >= (struck + 0.5) * faultEach) {
        struck += 1;
        striking = strike(fault);
      }
      await operate(context);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await striking;
  return (await memory) ?? [];
}

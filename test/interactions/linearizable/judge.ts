/**
 * Whether what clients were told can have come from one server that did one thing after the other: every acknowledged write
 * is a version of its own in the history, made from the version before; nobody is shown what was not current at some moment
 * between question and answer; and what was shown once is not gone back behind.
 */
import type { Seen, Step, Written } from './steps.ts';

/** A version as the history tells it at the end; `mark` undefined for a deletion. */
export interface Version {
  readonly method: string;
  readonly mark: string | undefined;
  readonly tags: readonly string[];
  readonly group: string | undefined;
}

/** The versions of each resource, the first at place 0. */
export type Histories = ReadonlyMap<string, readonly Version[]>;

/** Everything that contradicts it; empty when all is well. */
export function faultsOf(steps: readonly Step[], histories: Histories): string[] {
  const judge = new Judge(steps, histories);
  return [...judge.writes(), ...judge.versions(), ...judge.order(), ...judge.answers(), ...judge.halves(), ...creates(steps)];
}

const MADE_BY: Readonly<Record<Written['how'], readonly string[]>> = {
  put: ['PUT', 'POST'],
  mark: ['PATCH', 'PUT'],
  tag: ['PATCH', 'PUT'],
  delete: ['DELETE'],
};

class Judge {
  readonly #steps: readonly Step[];
  readonly #histories: Histories;
  /** The step that wrote each version, by `id version`. */
  readonly #writers = new Map<string, { readonly step: Step; readonly write: Written }>();

  constructor(steps: readonly Step[], histories: Histories) {
    this.#steps = steps;
    this.#histories = histories;
    for (const step of steps) for (const write of step.written) this.#writers.set(`${write.id} ${write.version}`, { step, write });
  }

  #version(id: string, version: number): Version | undefined {
    return this.#histories.get(id)?.[version - 1];
  }

  /** Each acknowledged write is in the history, once; a refused one never. */
  writes(): string[] {
    const acknowledged = this.#steps.flatMap((step) => step.written);
    const twice = acknowledged.length - this.#writers.size;
    const wrong = acknowledged.filter(({ id, version, how, mark }) => {
      const kept = this.#version(id, version);
      if (kept === undefined || !MADE_BY[how].includes(kept.method)) return true;
      return how === 'tag' ? kept.tags.at(-1) !== mark : kept.mark !== mark;
    });
    const all = [...this.#histories.values()].flat();
    const ghosts = this.#steps
      .flatMap(({ unwritten }) => unwritten)
      .filter((mark) => all.some((kept) => kept.mark === mark || kept.tags.includes(mark)));
    return [
      ...(twice > 0 ? [`${twice} versions were acknowledged twice`] : []),
      ...wrong.map((write) => `${JSON.stringify(write)} is ${JSON.stringify(this.#version(write.id, write.version))} in the history`),
      ...ghosts.map((mark) => `${mark} was refused and is in the history`),
    ];
  }

  /** Each version has a writer, who made it from the one before. */
  versions(): string[] {
    const faults: string[] = [];
    for (const [id, versions] of this.#histories) {
      for (const [at, { tags, mark, group }] of versions.entries()) {
        const writer = this.#writers.get(`${id} ${at + 1}`)?.write;
        const before = versions[at - 1];
        const name = `${id} ${at + 1}`;
        if (writer === undefined) faults.push(`${name} was written by nobody`);
        else if (writer.matched !== undefined && writer.matched !== at)
          faults.push(`${name} was written on condition of ${writer.matched}`);
        if (writer?.how === 'put' && tags.length > 0) faults.push(`${name} keeps ${tags.join(' ')} of what it replaces`);
        if (writer?.how === 'tag' || writer?.how === 'mark') {
          const expected = writer.how === 'tag' ? [...(before?.tags ?? []), writer.mark] : (before?.tags ?? []);
          if (JSON.stringify(tags) !== JSON.stringify(expected)) faults.push(`${name} has ${tags.join(' ')} for ${expected.join(' ')}`);
          if (group !== before?.group || (writer.how === 'tag' && mark !== before?.mark))
            faults.push(`${name} was not made from the version before`);
        }
      }
    }
    return faults;
  }

  /** What was answered before another was asked has the smaller version. */
  order(): string[] {
    const faults: string[] = [];
    for (const [name, { step, write }] of this.#writers) {
      const next = this.#writers.get(`${write.id} ${write.version + 1}`);
      if (next !== undefined && next.step.to < step.from) faults.push(`${name} was asked for after ${write.version + 1} had been answered`);
    }
    return faults;
  }

  /** Versions that can have been current between question and answer; 0 before the first. */
  #possible(id: string, { from, to }: Step): { readonly least: number; readonly most: number } {
    let [least, most] = [0, 0];
    for (const step of this.#steps) {
      for (const { id: written, version } of step.written) {
        if (written !== id) continue;
        if (step.to < from) least = Math.max(least, version);
        if (step.from < to) most = Math.max(most, version);
      }
      if (step.to < from)
        for (const { id: seen, version } of step.seen) if (seen === id && version !== undefined) least = Math.max(least, version);
    }
    return { least, most };
  }

  #isThere(id: string, version: number): boolean {
    return this.#version(id, version)?.mark !== undefined;
  }

  /** What was seen, or refused, can have been so. */
  answers(): string[] {
    return this.#steps.flatMap((step) => {
      const { seen, group, refused } = step;
      const told = (what: string) => `${step.what} (${step.from}–${step.to}, ${step.status}): ${what}`;
      const faults = seen.flatMap((each) => this.#seenWrongly(step, each, group)).map(told);
      if (group !== undefined) {
        const absent = [...this.#histories.keys()].filter((id) => !seen.some((each) => each.id === id));
        faults.push(...absent.filter((id) => this.#wasAlways(step, id, (kept) => kept?.group === group)).map((id) => told(`lacks ${id}`)));
      }
      if (refused !== undefined) {
        const { id, matched } = refused;
        const { least, most } = this.#possible(id, step);
        const fits = (version: number) => (matched === 0 ? !this.#isThere(id, version) : version === matched);
        if (least === most && fits(least)) faults.push(told(`was refused although ${id} was at ${least}`));
      }
      return faults;
    });
  }

  #seenWrongly(step: Step, { id, version }: Seen, group: string | undefined): string[] {
    const { least, most } = this.#possible(id, step);
    if (version === undefined) {
      return this.#wasAlways(step, id, (kept) => kept?.mark !== undefined) ? [`${id} was not there, at ${least} to ${most}`] : [];
    }
    // What it wrote itself, a transaction may see.
    if (version < least || version > most) return [`${id} was seen at ${version}, where it was at ${least} to ${most}`];
    if (!this.#isThere(id, version)) return [`${id} was seen at ${version}, a deletion`];
    return group !== undefined && this.#version(id, version)?.group !== group ? [`${id} ${version} was found as ${group}`] : [];
  }

  #wasAlways(step: Step, id: string, holds: (kept: Version | undefined) => boolean): boolean {
    const { least, most } = this.#possible(id, step);
    for (let version = least; version <= most; version += 1) if (!holds(this.#version(id, version))) return false;
    return true;
  }

  /** One answer shows all of a transaction or nothing. */
  halves(): string[] {
    const together = this.#steps.filter(({ written }) => written.length > 1);
    const faults: string[] = [];
    for (const step of this.#steps) {
      const seen = new Map(step.seen.map(({ id, version }) => [id, version]));
      for (const { written } of together) {
        const shown = written.filter(({ id }) => seen.get(id) !== undefined);
        const states = new Set(shown.map(({ id, version }) => (seen.get(id) as number) >= version));
        if (states.size > 1)
          faults.push(`${step.what} (${step.from}–${step.to}) shows half of ${JSON.stringify(written)}: ${JSON.stringify(step.seen)}`);
      }
    }
    return faults;
  }
}

/** A conditional create makes one resource for each key, and names it to all. */
function creates(steps: readonly Step[]): string[] {
  const byKey = Map.groupBy(
    steps.flatMap(({ created }) => created ?? []),
    ({ key }) => key,
  );
  return [...byKey].flatMap(([key, all]) => {
    const ids = new Set(all.map(({ id }) => id.split(' ')[0]));
    const made = all.filter(({ id }) => id.endsWith(' 201')).length;
    return ids.size === 1 && made === 1 ? [] : [`${key} was created ${made} times as ${[...ids].join(' and ')}`];
  });
}

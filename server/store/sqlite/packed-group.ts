/**
 * A group as it goes to the thread that writes: one flat list of texts and numbers, which is copied at a fraction of what
 * dozens of small objects cost. Each list within it has its length before it.
 */
import type { StateCommand } from '../sql/state-methods.ts';
import { entryText } from './entry-text.ts';
import type { Piece, PieceWrite, Reindexed } from './piece.ts';

/** Commands of the state store other than `add`, which comes with every write, go as they are. */
type Value = string | number | null | StateCommand;
export type PackedGroup = readonly Value[];

export function packed(group: readonly Piece[]): PackedGroup {
  const out: Value[] = [];
  for (const { epoch = null, writes = [], reindexed = [], state = [] } of group) {
    out.push(epoch, writes.length);
    for (const { type, id, versionId, lastUpdatedMs, method, json, index } of writes) {
      out.push(type, id, versionId, lastUpdatedMs, method, json, entryText(index));
    }
    out.push(reindexed.length);
    for (const { rid, type, index } of reindexed) out.push(rid, type, entryText(index));
    out.push(state.length);
    for (const command of state) {
      if (command.name === 'add') out.push(command.name, command.nowMs, command.kind, command.id, command.text, command.group);
      else out.push(command);
    }
  }
  return out;
}

/** The group that was packed; index entries stay the texts that they came as, until they are needed. */
export function unpacked(group: PackedGroup): readonly Piece[] {
  const reader = new Reader(group);
  const pieces: Piece[] = [];
  while (!reader.isAtEnd) pieces.push(reader.piece());
  return pieces;
}

class Reader {
  readonly #values: PackedGroup;
  #at = 0;

  constructor(values: PackedGroup) {
    this.#values = values;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#values.length;
  }

  piece(): Piece {
    const epoch = this.#next<number | null>();
    const lists = { writes: this.#list(this.#write), reindexed: this.#list(this.#reindexed), state: this.#list(this.#command) };
    return epoch === null ? lists : { epoch, ...lists };
  }

  readonly #write = (): PieceWrite => ({
    type: this.#next(),
    id: this.#next(),
    versionId: this.#next(),
    lastUpdatedMs: this.#next(),
    method: this.#next<PieceWrite['method']>(),
    json: this.#next<string | null>(),
    index: this.#next<string>(),
  });

  readonly #reindexed = (): Reindexed => ({ rid: this.#next(), type: this.#next(), index: this.#next<string>() });

  readonly #command = (): StateCommand => {
    const name = this.#next<'add' | StateCommand>();
    if (name !== 'add') return name;
    return { name, nowMs: this.#next(), kind: this.#next(), id: this.#next(), text: this.#next(), group: this.#next() };
  };

  #list<Item>(item: () => Item): Item[] {
    return Array.from({ length: this.#next() }, item);
  }

  /** The next value, of the kind that was put there. */
  #next<Kind extends Value>(): Kind {
    const value = this.#values[this.#at] as Kind;
    this.#at += 1;
    return value;
  }
}

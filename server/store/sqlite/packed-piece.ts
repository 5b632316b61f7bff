/** A piece as it goes to the thread that writes: index entries as text. */
import { entriesOf, entryText } from './entry-text.ts';
import type { Piece } from './piece.ts';

type Packed<With> = Omit<With, 'index'> & { readonly index: string };

export interface PackedPiece extends Omit<Piece, 'writes' | 'reindexed'> {
  readonly writes: readonly Packed<NonNullable<Piece['writes']>[number]>[];
  readonly reindexed: readonly Packed<NonNullable<Piece['reindexed']>[number]>[];
}

export function packed({ writes = [], reindexed = [], ...rest }: Piece): PackedPiece {
  return {
    ...rest,
    writes: writes.map((write) => ({ ...write, index: entryText(write.index) })),
    reindexed: reindexed.map((each) => ({ ...each, index: entryText(each.index) })),
  };
}

/** The piece that was packed. */
export function unpacked({ writes, reindexed, ...rest }: PackedPiece): Piece {
  return {
    ...rest,
    writes: writes.map((write) => ({ ...write, index: entriesOf(write.index) })),
    reindexed: reindexed.map((each) => ({ ...each, index: entriesOf(each.index) })),
  };
}

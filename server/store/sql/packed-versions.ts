/**
 * Versions that come in one row, as bytes: what is only sent on needs be decoded into no string, nor encoded again. Each is
 * told by its fields and the length of its text, which follows them.
 */
import type { CursorPosition } from '../../search/query.ts';
import type { SearchMatch, StoredVersion } from '../resource-store.ts';
import type { Row } from './steps.ts';

/** How many fields stand before a text, each with a space behind it: ids, types and methods hold none. */
const FIELDS = 6;

/** The column of all versions `v`, in the order of the rows. None may be a deletion. */
export const PACKED_VERSIONS =
  "CAST(group_concat(v.type || ' ' || v.id || ' ' || v.version_id || ' ' || v.updated || ' ' || v.method || ' ' || octet_length(v.json) || ' ' || v.json, '') AS BLOB) AS versions";

/** The versions in the row that selected PACKED_VERSIONS. */
export function packedVersionsOf(rows: readonly Row[]): readonly PackedVersion[] {
  const { versions: bytes } = rows[0] as unknown as { readonly versions: Uint8Array | null };
  if (bytes === null) return [];
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const versions: PackedVersion[] = [];
  for (let at = 0; at < all.length; ) {
    const fields: string[] = [];
    for (let n = 0; n < FIELDS; n += 1) {
      const end = all.indexOf(' ', at);
      fields.push(all.slice(at, end));
      at = end + 1;
    }
    const end = at + Number(fields.at(-1));
    versions.push(new PackedVersion(fields, all.slice(at, end)));
    at = end;
  }
  return versions;
}

/** A version whose JSON is made when it is asked for, and belongs to the class: a copy by `...` has none. */
export class PackedVersion implements SearchMatch {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
  readonly lastUpdatedMs: number;
  readonly method: StoredVersion['method'];
  readonly ascii: string;

  constructor([type = '', id = '', versionId, updated, method]: readonly string[], ascii: string) {
    this.type = type;
    this.id = id;
    this.versionId = Number(versionId);
    this.lastUpdatedMs = Number(updated);
    this.method = method as StoredVersion['method'];
    this.ascii = ascii;
  }

  get json(): string {
    return Buffer.from(this.ascii, 'latin1').toString();
  }

  /** In the order of creation, the only one in which versions are packed. */
  get position(): CursorPosition {
    return { values: [], type: this.type, id: this.id };
  }
}

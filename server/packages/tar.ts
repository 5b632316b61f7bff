/**
 * Reads the files of a tar archive held in memory: ustar with the long names of pax and GNU, which is what npm and the
 * publishers of FHIR packages write.
 *
 * Spec: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar interchange format, pax header block)
 */

export interface TarFile {
  readonly name: string;
  readonly content: Buffer;
}

const BLOCK_BYTES = 512;
const [FILE, OLD_FILE, PAX, GNU_LONG_NAME] = ['0', '\0', 'x', 'L'];

/**
 * The regular files of an archive, in their order; links, folders and devices are passed over.
 * @throws Error when a header is broken or the archive ends inside a file.
 */
export function* tarFiles(archive: Buffer): Generator<TarFile> {
  let longName: string | undefined;
  for (let at = 0; at + BLOCK_BYTES <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) return;
    requireChecksum(header);
    const size = numberAt(header, 124, 12);
    const start = at + BLOCK_BYTES;
    if (start + size > archive.length) throw new Error('the tar archive ends inside a file');
    const content = archive.subarray(start, start + size);
    const kind = String.fromCharCode(header[156]!);
    if (kind === PAX) longName = paxPath(content) ?? longName;
    else if (kind === GNU_LONG_NAME) longName = textOf(content);
    else {
      if (kind === FILE || kind === OLD_FILE) yield { name: longName ?? shortName(header), content };
      longName = undefined;
    }
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

function shortName(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? textOf(header.subarray(345, 500)) : '';
  const name = textOf(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** An octal number, or the binary form for what is too large for it. */
function numberAt(header: Buffer, offset: number, length: number): number {
  if ((header[offset]! & 0x80) !== 0) return Number(header.readBigUInt64BE(offset + length - 8));
  const text = header
    .toString('latin1', offset, offset + length)
    .replaceAll('\0', ' ')
    .trim();
  if (!/^[0-7]*$/.test(text)) throw new Error('a header of the tar archive is broken');
  return Number.parseInt(text === '' ? '0' : text, 8);
}

function requireChecksum(header: Buffer): void {
  let sum = 0;
  for (let index = 0; index < BLOCK_BYTES; index++) sum += index >= 148 && index < 156 ? 0x20 : header[index]!;
  if (sum !== numberAt(header, 148, 8)) throw new Error('this is not a tar archive');
}

/** The path of a pax header: records `length key=value` with a line end. */
function paxPath(content: Buffer): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    if (space < 0 || !Number.isInteger(length) || length <= 0) break;
    const record = content.toString('utf8', space + 1, at + length - 1);
    if (record.startsWith('path=')) path = record.slice('path='.length);
    at += length;
  }
  return path;
}

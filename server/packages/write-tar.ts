/**
 * Writes files as a tar archive (ustar), the same bytes for the same files.
 *
 * Spec: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar interchange format)
 */
import type { TarFile } from './tar.ts';

const BLOCK_BYTES = 512;
const NAME_BYTES_AT_MOST = 100;
/** What npm gives all files: a time that unpacking tools believe, and that says nothing. */
const WRITTEN_SECONDS = 499_162_500;

/** The archive. @throws Error for a name that is too long for it. */
export function tarArchive(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ name, content }) => [headerOf(name, content.length), padded(content)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]);
}

function headerOf(name: string, bytes: number): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES_AT_MOST) throw new Error(`${name} is too long a name for the archive`);
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(bytes, 11), 124);
  header.write(octal(WRITTEN_SECONDS, 11), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148);
  return header;
}

/** `digits` octal digits and the NUL that ends them. */
function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

function padded(content: Buffer): Buffer {
  const over = content.length % BLOCK_BYTES;
  return over === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK_BYTES - over)]);
}

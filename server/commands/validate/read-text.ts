/**
 * Reads a file as UTF-8 text, or says why that cannot be done.
 *
 * Spec: https://hl7.org/fhir/R4/json.html (JSON is UTF-8)
 */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import type { FileFault } from './document.ts';

/** As much as is read of one resource; the longest string of the platform is about twice that. */
export const LIMIT_BYTES = 256 * 1024 * 1024;
export const LIMIT_TEXT = '256 MB';
const LOOKED_AT_BYTES = 8192;

/** The text of a file, or why it has none. */
export function readText(file: string): string | FileFault {
  try {
    if (statSync(file).size > LIMIT_BYTES) return { kind: 'too-large', limit: LIMIT_TEXT };
    return textOf(readFileSync(file));
  } catch (error) {
    return faultOf(error);
  }
}

/** The text of bytes, or why they are none. */
export function textOf(bytes: Buffer): string | FileFault {
  const start = bytes.subarray(0, LOOKED_AT_BYTES);
  if (start.includes(0)) return { kind: 'binary' };
  if (start.every((byte) => byte <= 0x20) && bytes.length <= LOOKED_AT_BYTES) return { kind: 'empty' };
  if (/^(?:\xef\xbb\xbf)?\s*</.test(start.toString('latin1'))) return { kind: 'xml' };
  return isUtf8(bytes) ? bytes.toString('utf8') : { kind: 'not-utf8' };
}

/** What an error of the file system means for the file. */
export function faultOf(error: unknown): FileFault {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { kind: 'missing' };
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'forbidden' };
  return { kind: 'unreadable', why: code ?? message };
}

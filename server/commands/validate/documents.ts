/**
 * Finds what is to be validated: the files named, those in folders, the lines of NDJSON, and standard input.
 *
 * Spec: https://hl7.org/fhir/R4/nd-json.html · https://hl7.org/fhir/R4/json.html
 */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Document, FileFault } from './document.ts';
import { faultOf, LIMIT_BYTES, LIMIT_TEXT, textOf } from './read-text.ts';

const NDJSON = /\.(?:ndjson|jsonl)$/i;
const FOUND_IN_FOLDERS = /\.(?:json|ndjson)$/i;

export interface InputFile {
  readonly file: string;
  readonly bytes: number;
  readonly fault?: FileFault;
}

/** True when the name says that the file has a resource on every line. */
export function isNdjsonFile(file: string): boolean {
  return NDJSON.test(file);
}

/** The files behind the paths given, folders gone through in order of name. `-` is standard input. */
export function inputFiles(paths: readonly string[]): readonly InputFile[] {
  return paths.flatMap((path) => (path === '-' ? [{ file: '-', bytes: 0 }] : filesAt(path)));
}

function filesAt(path: string): readonly InputFile[] {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return filesIn(path);
    return [{ file: path, bytes: found.size, ...(found.isFile() ? {} : { fault: { kind: 'not-a-file' } }) }];
  } catch (error) {
    return [{ file: path, bytes: 0, fault: faultOf(error) }];
  }
}

/** Hidden files, package.json and node_modules stand beside resources in packages, and are none. */
function filesIn(folder: string): readonly InputFile[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules' && name !== 'package.json')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return filesIn(path);
        return FOUND_IN_FOLDERS.test(entry.name) ? filesAt(path) : [];
      });
  } catch (error) {
    return [{ file: folder, bytes: 0, fault: faultOf(error) }];
  }
}

/** The documents of the files, one after the other. NDJSON is read as it is asked for, never whole. */
export async function* documentsOf(files: readonly InputFile[], stdin: AsyncIterable<Buffer>): AsyncGenerator<Document> {
  for (const { file, bytes, fault } of files) {
    if (fault !== undefined) yield { file, fault };
    else if (file === '-') yield* standardInput(stdin);
    else if (isNdjsonFile(file)) yield* linesOf(file, createReadStream(file));
    else yield { file, bytes };
  }
}

async function* standardInput(stdin: AsyncIterable<Buffer>): AsyncGenerator<Document> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) {
      yield { file: '-', fault: { kind: 'too-large', limit: LIMIT_TEXT } };
      return;
    }
    chunks.push(chunk);
  }
  const content = Buffer.concat(chunks);
  const read = textOf(content);
  if (typeof read !== 'string') yield { file: '-', fault: read };
  else if (isNdjson(read)) yield* linesOf('-', [content]);
  else yield { file: '-', text: read };
}

/** True when the first line is a JSON object by itself and another follows. */
function isNdjson(text: string): boolean {
  const lines = /^\s*(\{.*\})[ \t]*\r?\n\s*\{/.exec(text);
  if (lines?.[1] === undefined) return false;
  try {
    JSON.parse(lines[1]);
    return true;
  } catch {
    return false;
  }
}

/** A document for each line that is not blank. */
async function* linesOf(file: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Document> {
  let line = 0;
  try {
    for await (const bytes of splitLines(chunks)) {
      line++;
      if (bytes === 'too-large') yield { file, line, fault: { kind: 'too-large', limit: LIMIT_TEXT } };
      else if (bytes.some((byte) => byte > 0x20)) {
        const read = textOf(bytes);
        yield typeof read === 'string' ? { file, line, text: read } : { file, line, fault: read };
      }
    }
  } catch (error) {
    yield { file, fault: faultOf(error) };
  }
}

async function* splitLines(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer | 'too-large'> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const line = (): Buffer | 'too-large' => {
    const whole = bytes > LIMIT_BYTES ? 'too-large' : Buffer.concat(parts);
    parts = [];
    bytes = 0;
    return whole;
  };
  const add = (part: Buffer): void => {
    bytes += part.length;
    if (bytes > LIMIT_BYTES) parts = [];
    else parts.push(part);
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      add(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (bytes > 0) yield line();
}

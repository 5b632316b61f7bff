/**
 * The lines of an import in pieces, as they arrive: however large it is, no more than a piece of it is held.
 *
 * Spec: https://hl7.org/fhir/R4/nd-json.html
 */
import { malformed, tooLarge } from '../../fhir/errors.ts';

/** Characters and lines after which a piece ends. */
const PIECE_CHARACTERS = 1024 * 1024;
const PIECE_LINES = 1000;

/** Stands in a piece for a line that was too long to keep. */
export const TOO_LONG = '\u0001';

/** Whole lines with line ends between. */
export interface Piece {
  readonly text: string;
  /** Lines with something in them. */
  readonly filled: number;
}

interface ImportLimits {
  readonly lineBytes: number;
  readonly bytes: number;
}

/**
 * The pieces of a body. A line longer than the limit becomes TOO_LONG.
 * @throws FhirError 413 `too-long` for a body above the limit, 400 `structure` for one that is not UTF-8.
 */
export async function* piecesOf(chunks: AsyncIterable<Uint8Array>, limits: ImportLimits): AsyncIterable<Piece> {
  let lines: string[] = [];
  let size = 0;
  const piece = (): Piece => ({ text: lines.join('\n'), filled: lines.filter((line) => line.trim() !== '').length });
  for await (const line of linesOf(chunks, limits)) {
    lines.push(line);
    size += line.length;
    if (size < PIECE_CHARACTERS && lines.length < PIECE_LINES) continue;
    yield piece();
    lines = [];
    size = 0;
  }
  if (lines.length > 0) yield piece();
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>, { lineBytes, bytes }: ImportLimits): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let received = 0;
  let begun: string | undefined = '';
  for await (const chunk of chunks) {
    received += chunk.length;
    if (received > bytes) throw tooLarge(`The import is larger than ${bytes} bytes`);
    const [first = '', ...others] = decoded(() => decoder.decode(chunk, { stream: true })).split('\n');
    begun = joined(begun, first, lineBytes);
    for (const next of others) {
      yield begun ?? TOO_LONG;
      begun = joined('', next, lineBytes);
    }
  }
  const last = joined(
    begun,
    decoded(() => decoder.decode()),
    lineBytes,
  );
  if (last !== '') yield last ?? TOO_LONG;
}

/** A line so far; undefined for one that is too long, whatever follows. */
function joined(begun: string | undefined, more: string, limit: number): string | undefined {
  return begun === undefined || begun.length + more.length > limit ? undefined : begun + more;
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw malformed('The body is not UTF-8');
  }
}

/**
 * The file a loaded release of a code system is kept in: a header of JSON, then columns of numbers and text that are
 * used as they lie, so that half a million concepts are there as soon as the file is read.
 *
 * Concepts are numbered in the order of their codes as bytes; every column is by that number.
 */

/** What the file says of its code system. */
export interface ReleaseHead {
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  /** Language of the displays. */
  readonly language?: string;
  readonly concepts: number;
  /** Languages of designations and names of properties, by the numbers that stand in the columns. */
  readonly languages: readonly string[];
  readonly properties: readonly string[];
}

/** Columns of numbers. Those named `…Starts` say where the part of each row begins in another column, and one more where the last ends. */
const NUMBER_COLUMNS = {
  codeStarts: Uint32Array,
  displayStarts: Uint32Array,
  definitionStarts: Uint32Array,
  flags: Uint8Array,
  parentStarts: Uint32Array,
  parents: Uint32Array,
  childStarts: Uint32Array,
  children: Uint32Array,
  designationOf: Uint32Array,
  designationLanguages: Uint8Array,
  designationStarts: Uint32Array,
  propertyOf: Uint32Array,
  propertyNames: Uint16Array,
  propertyValues: Uint32Array,
  valueStarts: Uint32Array,
  searchStarts: Uint32Array,
} as const;

/** Columns of UTF-8 text without anything between the rows; `search` has the code and all terms of a concept in lower case. */
const TEXT_COLUMNS = ['codes', 'displays', 'definitions', 'designations', 'values', 'search'] as const;

type NumberColumn = keyof typeof NUMBER_COLUMNS;
type TextColumn = (typeof TEXT_COLUMNS)[number];
export type NumberColumns = { readonly [name in NumberColumn]: InstanceType<(typeof NUMBER_COLUMNS)[name]> };
export type TextColumns = { readonly [name in TextColumn]: Buffer };

export interface ReleaseFile {
  readonly head: ReleaseHead;
  readonly numbers: NumberColumns;
  readonly texts: TextColumns;
}

export const FLAG = { inactive: 1, abstract: 2 } as const;

const MAGIC = 'FPTERM02';
const ALIGNMENT = 8;
const NUMBER_NAMES = Object.keys(NUMBER_COLUMNS) as NumberColumn[];

interface Layout {
  readonly head: ReleaseHead;
  /** Bytes of each column, numbers first, in the order of the lists above. */
  readonly bytes: readonly number[];
}

/** The bytes of a file, part by part. */
export function encodeRelease({ head, numbers, texts }: ReleaseFile): readonly Uint8Array[] {
  const columns: readonly Uint8Array[] = [
    ...NUMBER_NAMES.map((name) => new Uint8Array(numbers[name].buffer, numbers[name].byteOffset, numbers[name].byteLength)),
    ...TEXT_COLUMNS.map((name) => texts[name]),
  ];
  const layout: Layout = { head, bytes: columns.map(({ byteLength }) => byteLength) };
  const json = Buffer.from(JSON.stringify(layout));
  const start = Buffer.alloc(aligned(MAGIC.length + 4 + json.length));
  start.write(MAGIC, 0, 'latin1');
  start.writeUInt32LE(json.length, MAGIC.length);
  json.copy(start, MAGIC.length + 4);
  return [start, ...columns.flatMap((column) => [column, new Uint8Array(aligned(column.byteLength) - column.byteLength)])];
}

/**
 * The columns of a file, as views of its bytes, which begin at a multiple of eight.
 * @throws Error when this is not such a file, or not a whole one.
 */
export function decodeRelease(file: Uint8Array): ReleaseFile {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('this is not a terminology release in the form of this version');
  const length = bytes.readUInt32LE(MAGIC.length);
  const layout = JSON.parse(bytes.toString('utf8', MAGIC.length + 4, MAGIC.length + 4 + length)) as Layout;
  let at = aligned(MAGIC.length + 4 + length);
  const next = layout.bytes.map((size) => {
    const column = bytes.subarray(at, at + size);
    if (column.length < size) throw new Error('the file of a terminology release is not whole');
    at += aligned(size);
    return column;
  });
  const numbers = NUMBER_NAMES.map((name, index) => [name, view(NUMBER_COLUMNS[name], next[index]!)]);
  const texts = TEXT_COLUMNS.map((name, index) => [name, next[NUMBER_NAMES.length + index]!]);
  return { head: layout.head, numbers: Object.fromEntries(numbers) as NumberColumns, texts: Object.fromEntries(texts) as TextColumns };
}

function view(type: (typeof NUMBER_COLUMNS)[NumberColumn], column: Buffer): Uint8Array | Uint16Array | Uint32Array {
  return new type(column.buffer as ArrayBuffer, column.byteOffset, column.byteLength / type.BYTES_PER_ELEMENT);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

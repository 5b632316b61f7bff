/**
 * Texts within a bound: a resource may be megabytes, and a thousand may be asked for. A large text is at first stood for by
 * its size, so that it is known how many fit before any is read; of ordinary texts nothing is asked twice.
 */
import { type Dialect, SqlWriter } from './dialect.ts';
import { type Row, type Steps, textOf } from './steps.ts';
import { VERSION_COLUMNS } from './version-row.ts';

/** A thousand of those that are not larger fit into any page. */
export const LARGE_BYTES = 64 * 1024;

export const IS_LARGE = `octet_length(v.json) > ${LARGE_BYTES}`;

/** As VERSION_COLUMNS, a large text stood for by its bytes and its number: no resource begins with a digit. */
export const BOUNDED_COLUMNS = VERSION_COLUMNS.replace(
  'v.json AS json',
  `CASE WHEN ${IS_LARGE} THEN octet_length(v.json) || ' ' || v.seq ELSE v.json END AS json`,
);

/** The columns of a page whose texts come to no more than so many bytes. */
export const columnsWithin = (bytesMax: number | undefined): string => (bytesMax === undefined ? VERSION_COLUMNS : BOUNDED_COLUMNS);

/** A text, or its bytes where the statement asked for those. */
type Text = string | Uint8Array | null;

const [ZERO, NINE] = [0x30, 0x39];

/** True where the text of a row of BOUNDED_COLUMNS is stood for. */
export function isLarge({ json }: Row): boolean {
  const text = json as Text | undefined;
  const first = typeof text === 'string' ? text.charCodeAt(0) : (text?.[0] ?? 0);
  return first >= ZERO && first <= NINE;
}

/** The rows, from the first, whose texts come to no more than `bytesMax`; one may be larger by itself. */
export function fitting(rows: readonly Row[], bytesMax = Number.POSITIVE_INFINITY): readonly Row[] {
  if (surelyFit(rows, bytesMax)) return rows;
  const counted = new Set<string>();
  let bytes = 0;
  const beyond = rows.findIndex((row) => {
    bytes += isLarge(row) ? largeBytes(row, counted) : bytesIn(row.json as Text);
    return bytes > bytesMax;
  });
  return beyond < 0 ? rows : rows.slice(0, Math.max(beyond, 1));
}

const UTF8_BYTES_AT_MOST = 3;

/** True for ordinary texts, without a look at their characters. */
function surelyFit(rows: readonly Row[], bytesMax: number): boolean {
  if (bytesMax === Number.POSITIVE_INFINITY) return true;
  let length = 0;
  for (const row of rows) {
    if (isLarge(row)) return false;
    length += (row.json as Text)?.length ?? 0;
  }
  return length * UTF8_BYTES_AT_MOST <= bytesMax;
}

const bytesIn = (text: Text): number => (typeof text === 'string' ? Buffer.byteLength(text) : (text?.length ?? 0));

/** A text that stands in several rows is read once. */
function largeBytes(row: Row, counted: Set<string>): number {
  const standIn = plainText(row);
  if (counted.has(standIn)) return 0;
  counted.add(standIn);
  return Number(standIn.split(' ')[0]);
}

/** The rows with their texts. A version that is not there any more is left out. */
export function* withTexts(dialect: Dialect, rows: readonly Row[]): Steps<readonly Row[]> {
  if (!rows.some(isLarge)) return rows;
  const large = new Set(rows.filter(isLarge).map(numberOf));
  const sql = new SqlWriter(dialect);
  const where = sql.among('v.seq', [...large]);
  const read = yield { sql: `SELECT v.seq AS seq, v.json AS json FROM version v WHERE ${where}`, values: sql.values };
  const texts = new Map(read.map((row) => [BigInt(textOf(row, 'seq')), row.json ?? null]));
  return rows.flatMap((row) => {
    const json = isLarge(row) ? texts.get(numberOf(row)) : row.json === null ? null : plainText(row);
    return json === undefined ? [] : { ...row, json };
  });
}

const numberOf = (row: Row): bigint => BigInt(plainText(row).split(' ')[1] ?? 0);

function plainText({ json }: Row): string {
  const text = json as Text | undefined;
  return typeof text === 'string' ? text : Buffer.from(text ?? []).toString();
}

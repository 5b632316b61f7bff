/**
 * The format of every FHIR primitive as JSON: which JSON type it is written with, and what its text must look like.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#primitive
 */
import { decimalText } from '../fhir/json.ts';
import type { RuleId } from './rules/rules.ts';
import { daysOfMonth } from './trial/plain-values.ts';

/** The rule a value breaks, with the words its message needs; undefined when the value is right. */
export type PrimitiveFault = { readonly rule: RuleId; readonly words: Readonly<Record<string, string>> } | undefined;

export type PrimitiveCheck = (value: unknown) => PrimitiveFault;

/** FHIR strings are at most one megabyte. */
const MAX_STRING_BYTES = 1_048_576;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
const CODE = /^[^ \t\r\n]+(?: [^ \t\r\n]+)*$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const DATE = /^(?!0000)(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?$/;
const DATE_TIME = /^(?!0000)(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(T.*)?)?)?$/;
const TIME_PART = /^T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?$/;
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^(?:0|-?[1-9]\d*)$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : String(JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const wrong = (type: string, value: unknown): PrimitiveFault => ({ rule: 'primitive-format', words: { type, value: shown(value) } });
const wrongJson = (type: string, expected: string): PrimitiveFault => ({ rule: 'primitive-json-type', words: { type, expected } });

/** True when the day exists in that month (29 February only in leap years). */
function dayExists(year: string, month: string, day: string): boolean {
  return Number(day) <= daysOfMonth(Number(year), Number(month));
}

/** Wraps the check of a type written as a JSON string: not empty, no control characters, not longer than FHIR allows. */
function stringly(type: string, check?: (text: string) => PrimitiveFault): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'string') return wrongJson(type, 'string');
    if (value === '') return { rule: 'primitive-empty', words: {} };
    if (value.length > MAX_STRING_BYTES && type !== 'base64Binary' && type !== 'xhtml')
      return { rule: 'string-too-long', words: { limit: '1048576' } };
    return check?.(value);
  };
}

function uri(type: string): PrimitiveCheck {
  return stringly(type, (text) => {
    if (/\s/.test(text)) return { rule: 'uri-whitespace', words: { value: shown(text) } };
    if (type === 'canonical' && !/^(?:#|[a-z][a-z0-9+.-]*:)/i.test(text))
      return { rule: 'canonical-relative', words: { value: shown(text) } };
    if (text.startsWith('oid:') || text.startsWith('uuid:')) return { rule: 'uri-not-urn', words: { value: shown(text) } };
    if (text.startsWith('urn:uuid:') && type !== 'canonical' && !UUID.test(text))
      return { rule: 'uuid-format', words: { value: shown(text) } };
    if (text.startsWith('urn:oid:') && type !== 'canonical' && !OID.test(text))
      return { rule: 'oid-format', words: { value: shown(text) } };
    return undefined;
  });
}

function date(text: string): PrimitiveFault {
  const match = DATE.exec(text);
  if (match === null) return wrong('date', text);
  return match[3] !== undefined && !dayExists(match[1]!, match[2]!, match[3]) ? wrong('date', text) : undefined;
}

function dateTime(text: string): PrimitiveFault {
  const match = DATE_TIME.exec(text);
  if (match === null) return wrong('dateTime', text);
  if (match[3] !== undefined && !dayExists(match[1]!, match[2]!, match[3])) return wrong('dateTime', text);
  if (match[4] === undefined) return undefined;
  const time = TIME_PART.exec(match[4]);
  if (time === null) return wrong('dateTime', text);
  return time[1] === undefined ? { rule: 'date-time-zone', words: {} } : undefined;
}

function instant(text: string): PrimitiveFault {
  const match = DATE_TIME.exec(text);
  const time = match?.[4] === undefined ? null : TIME_PART.exec(match[4]);
  if (match === null || time === null || time[1] === undefined) return wrong('instant', text);
  return dayExists(match[1]!, match[2]!, match[3]!) ? undefined : wrong('instant', text);
}

function base64(text: string): PrimitiveFault {
  const packed = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  return packed.length % 4 === 0 && BASE64.test(packed) ? undefined : wrong('base64Binary', text);
}

function integer(type: string, lowest: number, highest: number): PrimitiveCheck {
  return (value) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest) return undefined;
    const text = decimalText(value);
    if (text === undefined) return wrongJson(type, 'number');
    return INTEGER.test(text) && Number(text) >= lowest && Number(text) <= highest ? undefined : wrong(type, text);
  };
}

function decimal(value: unknown): PrimitiveFault {
  if (typeof value === 'number') return undefined;
  const text = decimalText(value);
  if (text === undefined) return wrongJson('decimal', 'number');
  return DECIMAL.test(text) && text.length <= 64 ? undefined : wrong('decimal', text);
}

const matching = (type: string, pattern: RegExp): PrimitiveCheck =>
  stringly(type, (text) => (pattern.test(text) ? undefined : wrong(type, text)));

const CHECKS: Readonly<Record<string, PrimitiveCheck>> = {
  boolean: (value) => (typeof value === 'boolean' ? undefined : wrongJson('boolean', 'boolean')),
  integer: integer('integer', -2_147_483_648, 2_147_483_647),
  positiveInt: integer('positiveInt', 1, 2_147_483_647),
  unsignedInt: integer('unsignedInt', 0, 2_147_483_647),
  decimal,
  string: stringly('string'),
  markdown: stringly('markdown'),
  code: matching('code', CODE),
  id: matching('id', ID),
  uri: uri('uri'),
  url: uri('url'),
  canonical: uri('canonical'),
  oid: matching('oid', OID),
  uuid: matching('uuid', UUID),
  date: stringly('date', date),
  dateTime: stringly('dateTime', dateTime),
  instant: stringly('instant', instant),
  time: matching('time', TIME),
  base64Binary: stringly('base64Binary', base64),
  xhtml: stringly('xhtml'),
};

/** The check of a primitive type; undefined when `type` is not a primitive. */
export function primitiveCheck(type: string): PrimitiveCheck | undefined {
  return Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
}

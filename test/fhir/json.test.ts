/** JSON keeps the decimals as they were written [R4 json#primitive]. */
import { describe, expect, it } from 'vitest';
import { decimalText, ExactDecimal, numberOf, parseJson, stringifyJson } from '../../server/fhir/json.ts';

const NUMBERS = [
  ...['0', '1', '-1', '1.5', '1.0', '1.00', '100', '100.10', '0.10', '-0.0', '-0', '1e3', '1E3', '1e-7', '1.0e2', '0.0000001', '0.000001'],
  ...[
    '123456789012345',
    '1234567890123456789',
    '0.1234567890123456789',
    '3.14159265358979',
    '185',
    '5.40',
    '1e-245',
    '-1.00e245',
    '10',
    '20',
    '1000000',
  ],
];

describe('parseJson and stringifyJson', () => {
  it.each(NUMBERS)('give %s back as it was', (text) => {
    for (const json of [text, `{"value":${text}}`, `[${text},${text}]`, `{"a":{"b":[{"c":${text}}]}}`]) {
      expect(stringifyJson(parseJson(json))).toBe(json);
    }
  });

  it.each(['1', '1.5', '-7', '0.5', '185', '100', '12345'])('read %s as a plain number', (text) => {
    expect(parseJson(text)).toBe(Number(text));
  });

  it('leave digits within strings alone', () => {
    const json = '{"a":"1.00","b":"1e5 and 0.0000001","c":1.50}';
    expect(stringifyJson(parseJson(json))).toBe(json);
  });

  it('keep the order of properties, unicode and escapes', () => {
    const json = '{"z":1,"a":"å\\n\\"ø\\"","m":[null,true,false,{}]}';
    expect(stringifyJson(parseJson(json))).toBe(json);
  });

  it.each(['', '{', '{"a":}', '01', '1.', '.5', '+1', '{"a":1,}', 'undefined', "{'a':1}"])('refuse %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('give a key named __proto__ no power', () => {
    const value = parseJson('{"__proto__":{"polluted":1.00}}') as Record<string, unknown>;
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});

describe('an exact decimal', () => {
  it('calculates and compares as its number', () => {
    const value = parseJson('1.50') as number;
    expect(value).toBeInstanceOf(ExactDecimal);
    expect(value * 2).toBe(3);
    expect(value > 1).toBe(true);
    expect(`${value}`).toBe('1.50');
  });

  it('is told apart by numberOf and decimalText', () => {
    expect(numberOf(parseJson('2.0'))).toBe(2);
    expect(numberOf(2.5)).toBe(2.5);
    expect(numberOf('2')).toBeUndefined();
    expect(decimalText(parseJson('2.00'))).toBe('2.00');
    expect(decimalText(2.5)).toBe('2.5');
    expect(decimalText(null)).toBeUndefined();
  });
});

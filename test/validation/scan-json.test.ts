/** What one look at the bytes of a JSON text tells [R4 json#primitive]. */
import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from '../../server/fhir/json.ts';
import { scanJson } from '../../server/validation/scan-json.ts';

const DEPTH = 3;
const scan = (text: string) => scanJson(Buffer.from(text), DEPTH);

describe('a look at a JSON text', () => {
  it.each(['1.0', '100.10', '-0', '1e3', '1E3', '1e+3', '0.0000001', '1234567890123456789', '-1.00e245', `1${'0'.repeat(400)}`, '00'])(
    'finds that %s would not be written back',
    (number) => {
      for (const text of [number, `{"a":${number}}`, `[1,${number} ,2]`, `{"a":"ø", "b" :\n${number}\n}`]) {
        expect(scan(text).mayLoseDecimals, text).toBe(true);
      }
    },
  );

  it.each(['0', '7', '-1', '1.5', '0.000001', '100', '123456789012345', '-1.7976931348623157e+308'])('lets %s pass', (number) => {
    for (const text of [number, `{"a":${number}}`, `[1,${number} ,2]`]) expect(scan(text).mayLoseDecimals, text).toBe(false);
  });

  it('takes nothing within a string for a number or for a level', () => {
    expect(scan('{"a":"1.00, [[[[ {{{{ \\" 1.00 \\\\","b":"\\\\\\"[[[["}')).toEqual({
      isTooDeep: false,
      holdsNul: false,
      holdsHalfCharacter: false,
      mayLoseDecimals: false,
      members: 2,
      isCompact: true,
    });
  });

  it.each(['{}', '[1,"a b",true,null]', '{"a":"å \\" \\\\ \\b\\f\\n\\r\\t / \u2028"}'])('takes %s for compact', (text) => {
    expect(scan(text).isCompact).toBe(true);
    expect(stringifyJson(parseJson(text))).toBe(text);
  });

  it.each(['{} ', '[1, 2]', '{\n"a":1}', '{"a"\t:1}', '"\\u00e5"', '"\\/"', '"\\u0022"'])('takes %s for written otherwise', (text) => {
    expect(scan(text).isCompact).toBe(false);
    expect(stringifyJson(parseJson(text))).not.toBe(text);
  });

  it('counts objects and lists together, and from there on only what is open', () => {
    expect(scan('[{"a":[1]},{"a":[2]},[[]]]').isTooDeep).toBe(false);
    expect(scan('[{"a":[{}]}]').isTooDeep).toBe(true);
    expect(scan('[[[[').isTooDeep).toBe(true);
  });

  it.each([
    ['{}', 0],
    ['[1,":",{"a":{"b":"c:d"}},{"a" : 1}]', 3],
    ['{"a":1,"a":2,"\\":":3}', 3],
  ])('counts the members of %s', (text, members) => {
    expect(scan(text).members).toBe(members);
  });

  it('knows the character NUL from a backslash before u0000', () => {
    for (const text of ['"\\u0000"', '"a\\u0000"', '"\\\\\\u0000"', '{"\\u0000":1}', '"\\u00e5\\u0000"']) {
      expect(scan(text).holdsNul, text).toBe(true);
    }
    for (const text of ['"\\\\u0000"', '"u0000"', '"\\u0001"', '"\\u00001"'.replace('0000', '0010'), '"\\', '"\\u00']) {
      expect(scan(text).holdsNul, text).toBe(false);
    }
  });

  it('knows half of a character from a whole one', () => {
    const halves = [
      '"\\ud800"',
      '"\\uDFFF"',
      '"\\ud83d"',
      '"\\ud83dx"',
      '"\\ud83d\\ud83d\\ude00"',
      '"\\ude00\\ud83d"',
      '"\\ud83d\\n"',
      '"\\\\\\udbff"',
    ];
    for (const text of halves) expect(scan(text).holdsHalfCharacter, text).toBe(true);
    const whole = [
      '"\\ud83d\\ude00"',
      '"\\uD83D\\uDE00a\\ud83d\\ude00"',
      '"\\\\ud800"',
      '"\\ud7ff"',
      '"\\ue000"',
      '"ud800"',
      '"😀"',
      '"\\u00d8"',
    ];
    for (const text of whole) {
      expect(scan(text).holdsHalfCharacter, text).toBe(false);
      expect((JSON.parse(text) as string).isWellFormed(), text).toBe(true);
    }
  });

  it('says enough for every number to be kept', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    const digits = () => String(random(10 ** (1 + random(8))));
    for (let run = 0; run < 2000; run += 1) {
      const number = `${random(2) ? '-' : ''}${digits()}${random(2) ? `.${digits()}` : ''}${random(3) ? '' : `e-${random(30)}`}`;
      const text = `{"a":[${number}],"b":"x ${number}"}`;
      expect(stringifyJson(parseJson(text, scan(text).mayLoseDecimals))).toBe(text);
    }
  });
});

import { expect, it } from 'vitest';
import { normalizeText } from '../../server/fhir/string-normalize.ts';
import { wholeFrom } from '../support/random.ts';

it.each([
  ['Ødegård', 'odegard'],
  ['ÆRLIG   Øl & Bråk', 'aerlig ol brak'],
  ["O'Brien-Müller", 'obrien muller'],
  ['Straße, Þór, Ðan', 'strasse thor dan'],
  ['½ × 2 ÷ 4', '1⁄2 × 2 ÷ 4'],
  ['«Solveig» ´n', 'solveig n'],
  ['A\u030angstrom', 'angstrom'],
  ['Šárka Łukasz', 'sarka lukasz'],
  ['!?', ''],
  ['\u{10ffff}a\u{10ffff}b', 'ab'],
])('%s is compared as %s', (text, expected) => {
  expect(normalizeText(text)).toBe(expected);
});

/** A sign of another alphabet, for which the usual short cuts are not taken. */
const BEYOND = ' Ω';

it('letters of Western Europe are read by a short cut as all others are', () => {
  const signs = Array.from({ length: 0x100 - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));
  const below = wholeFrom(20261122);
  const texts = [
    ...signs,
    ...Array.from({ length: 5000 }, () => Array.from({ length: 1 + below(12) }, () => signs[below(signs.length)]).join('')),
  ];
  const read = (text: string) =>
    normalizeText(text + BEYOND)
      .slice(0, -1)
      .trimEnd();
  expect(texts.filter((text) => normalizeText(text) !== read(text))).toEqual([]);
});

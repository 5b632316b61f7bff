import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COLORS, cssVariables, LINE_COLORS } from '../../../smart-app/src/app/tokens.ts';

/** Relative luminance [WCAG 2.1 #dfn-relative-luminance]. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

const TEXT_ON_GROUND = [
  ['ink', 'surface'],
  ['ink', 'ground'],
  ['ink', 'warmGround'],
  ['ink', 'neutralGround'],
  ['muted', 'surface'],
  ['muted', 'ground'],
  ['muted', 'warmGround'],
  ['muted', 'neutralGround'],
  ['primary', 'surface'],
  ['primary', 'ground'],
  ['primary', 'warmGround'],
  ['primary', 'primarySoft'],
  ['surface', 'primary'],
  ['good', 'goodGround'],
  ['warn', 'warnGround'],
  ['bad', 'badGround'],
] as const;

test.each(TEXT_ON_GROUND)('%s on %s has a contrast of 4.5 or more [WCAG 1.4.3]', (text, ground) => {
  expect(contrast(COLORS[text], COLORS[ground])).toBeGreaterThanOrEqual(4.5);
});

test('the edges of fields and buttons stand out from their ground by 3 or more [WCAG 1.4.11]', () => {
  expect(contrast(COLORS.controlLine, COLORS.surface)).toBeGreaterThanOrEqual(3);
  expect(contrast(COLORS.controlLine, COLORS.ground)).toBeGreaterThanOrEqual(3);
});

const SOURCES = new URL('../../../smart-app/src/', import.meta.url);
const sheets = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.css'));

test.each(sheets)('%s has no colour that is not a token', async (file) => {
  const css = await readFile(new URL(file, SOURCES), 'utf8');
  expect(css).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i);
  const tokens = new Set(Object.keys(cssVariables()));
  for (const [, used = ''] of css.matchAll(/var\((--fp-[\w-]+)\)/g)) expect(tokens, used).toContain(used);
});

test.each(LINE_COLORS)('the chart line %s stands out from its ground by 3 or more [WCAG 1.4.11]', (line) => {
  expect(contrast(line, COLORS.surface)).toBeGreaterThanOrEqual(3);
});

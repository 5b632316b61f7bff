/**
 * Colours of the app by what they are for. A test computes the contrast of every pair of text and ground.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#contrast-minimum
 */
export const COLORS = {
  ink: '#15262c',
  muted: '#4b5d64',
  line: '#d3dcdf',
  /** Edges of fields and buttons. */
  controlLine: '#75878e',
  ground: '#f3f6f6',
  surface: '#ffffff',
  primary: '#14505c',
  primarySoft: '#e2eef0',
  warmGround: '#fdf7ea',
  warmLine: '#e3bd68',
  neutralGround: '#e9eef0',
  good: '#17603a',
  goodGround: '#e3f3e9',
  warn: '#744700',
  warnGround: '#fff0cc',
  bad: '#96211b',
  badGround: '#fdeae8',
  /** Edges of the zones of a self-care plan; their titles say which they are. */
  zoneGreen: '#3c9a62',
  zoneYellow: '#b88a00',
  zoneRed: '#c2372e',
} as const;

/** Lines of the PSFS chart, told apart by dash and marker as well. */
export const LINE_COLORS = ['#14505c', '#a34a00', '#5b3a9e', '#17603a', '#9b1d5a'] as const;

/** @returns the colours as CSS variables: `primarySoft` is `--fp-primary-soft`. */
export const cssVariables = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(COLORS).map(([name, value]) => [`--fp-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value]),
  );

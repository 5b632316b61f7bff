/**
 * How each activity's line is told from the others: colour, dash and marker, the same in table and curve.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#use-of-color
 */
import { LINE_COLORS } from '../../app/tokens.ts';

export interface LineStyle {
  readonly color: string;
  readonly dash: string;
  /** The marker's outline around 0,0, as an SVG path. */
  readonly marker: string;
}

const MARKERS = [
  'M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0',
  'M-4,-4h8v8h-8z',
  'M0,-5.5L5,4H-5z',
  'M0,-5.5L5.5,0L0,5.5L-5.5,0z',
  'M0,5.5L5,-4H-5z',
] as const;
const DASHES = ['', '7 4', '2 3', '9 3 2 3', '12 5'] as const;

/** @returns the style of the activity at a position; a form has at most five, later ones repeat. */
export const lineStyle = (position: number): LineStyle => ({
  color: LINE_COLORS[position % LINE_COLORS.length] ?? LINE_COLORS[0],
  dash: DASHES[position % DASHES.length] ?? '',
  marker: MARKERS[position % MARKERS.length] ?? MARKERS[0],
});

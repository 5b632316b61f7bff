/**
 * How long what is kept in memory holds, on clocks that people and machines set: one that has been set back does not
 * make it last longer, and marks of what was used once outlive what they guard.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
 */

/** Marks of what has been used outlive it by as much as a clock may be set back, or that of another process lags behind. */
export const CLOCKS_DIFFER_SECONDS = 600;

/** True within `forMs` after `sinceMs`, and not before it: there the clock has been set back, and nobody knows how long ago it was. */
export function isWithin(nowMs: number, sinceMs: number, forMs: number): boolean {
  return nowMs >= sinceMs && nowMs < sinceMs + forMs;
}

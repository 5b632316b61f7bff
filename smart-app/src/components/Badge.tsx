/**
 * A state in a word, never told by colour alone.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#use-of-color
 */
import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'primary' | 'good' | 'warn' | 'bad';

export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`fp-badge fp-badge-${tone}`}>{children}</span>;
}

/**
 * One part of the screen: a landmark with its heading.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#info-and-relationships
 */
import { type ReactNode, useId } from 'react';
import './parts.css';

interface SectionProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** A short fact beside the heading. */
  readonly aside?: ReactNode;
  readonly className?: string;
}

export function Section({ title, children, aside, className = '' }: SectionProps) {
  const id = useId();
  return (
    <section className={`fp-section ${className}`} aria-labelledby={id}>
      <div className="fp-section-head">
        <h2 id={id}>{title}</h2>
        {aside === undefined ? null : <div className="fp-section-aside">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

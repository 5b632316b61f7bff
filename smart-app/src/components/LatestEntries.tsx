/**
 * A section of entries, the latest first: some are shown, the earlier ones are folded away. Nothing without any.
 */
import type { ReactNode } from 'react';
import { Section } from './Section.tsx';

interface LatestEntriesProps<Entry> {
  readonly title: string;
  readonly entries: readonly Entry[];
  /** How many are shown at once. */
  readonly shown: number;
  /** The words that unfold so many earlier ones. */
  readonly earlierTitle: (count: number) => string;
  /** One entry, as what stands in its list item. */
  readonly children: (entry: Entry) => ReactNode;
}

export function LatestEntries<Entry extends { readonly id: string }>({
  title,
  entries,
  shown,
  earlierTitle,
  children,
}: LatestEntriesProps<Entry>) {
  if (entries.length === 0) return null;
  const list = (some: readonly Entry[]) => (
    <ul className="fp-entries">
      {some.map((entry) => (
        <li key={entry.id} className="fp-entry">
          {children(entry)}
        </li>
      ))}
    </ul>
  );
  const earlier = entries.slice(shown);
  return (
    <Section title={title}>
      {list(entries.slice(0, shown))}
      {earlier.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{earlierTitle(earlier.length)}</summary>
          {list(earlier)}
        </details>
      )}
    </Section>
  );
}

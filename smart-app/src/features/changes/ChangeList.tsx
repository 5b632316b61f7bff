/**
 * The latest changes of the plan: when, who and what; earlier ones are folded away.
 */
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { PlanChange } from './read-changes.ts';

const SHOWN = 3;

function Items({ changes }: { readonly changes: readonly PlanChange[] }) {
  const { texts, day } = useLanguage();
  return (
    <ul className="fp-entries">
      {changes.map((change) => (
        <li key={change.id} className="fp-entry">
          <p className="fp-small fp-muted">{[day(change.date), change.by?.name].filter(Boolean).join(' · ')}</p>
          <p lang={change.language}>{[change.what ?? texts.changes.change, change.subject].filter(Boolean).join(': ')}</p>
        </li>
      ))}
    </ul>
  );
}

export function ChangeList({ changes }: { readonly changes: readonly PlanChange[] }) {
  const { texts } = useLanguage();
  if (changes.length === 0) return null;
  const earlier = changes.slice(SHOWN);
  return (
    <Section title={texts.changes.heading}>
      <Items changes={changes.slice(0, SHOWN)} />
      {earlier.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{texts.changes.earlier(earlier.length)}</summary>
          <Items changes={earlier} />
        </details>
      )}
    </Section>
  );
}

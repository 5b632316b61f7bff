/**
 * The latest changes of the plan: when, who and what; earlier ones are folded away.
 */
import { LatestEntries } from '../../components/LatestEntries.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { PlanChange } from './read-changes.ts';

const SHOWN = 3;

export function ChangeList({ changes }: { readonly changes: readonly PlanChange[] }) {
  const { texts, day } = useLanguage();
  return (
    <LatestEntries title={texts.changes.heading} entries={changes} shown={SHOWN} earlierTitle={texts.changes.earlier}>
      {(change) => (
        <>
          <p className="fp-small fp-muted">{[day(change.date), change.by?.name].filter(Boolean).join(' · ')}</p>
          <p>
            {change.what === undefined ? texts.changes[change.kind] : <span lang={change.language}>{change.what}</span>}
            {change.subject === undefined ? null : (
              <>
                : <span lang={change.subject.language}>{change.subject.text}</span>
              </>
            )}
          </p>
        </>
      )}
    </LatestEntries>
  );
}

/**
 * Tells the person and the team that emergency access was used: by whom, when and why.
 */
import { LatestEntries } from '../../components/LatestEntries.tsx';
import { PersonWithPlace } from '../../components/PersonDetails.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { EmergencyUse } from './read-emergency-uses.ts';
import '../../components/people.css';

const SHOWN = 2;

export function EmergencyUses({ uses }: { readonly uses: readonly EmergencyUse[] }) {
  const { texts, moment } = useLanguage();
  return (
    <LatestEntries title={texts.emergency.used} entries={uses} shown={SHOWN} earlierTitle={texts.emergency.earlier}>
      {(use) => (
        <>
          <p>{use.by === undefined ? texts.app.unknownName : <PersonWithPlace person={use.by} />}</p>
          {use.reason === undefined ? null : <p>{texts.accessLog.reason(use.reason)}</p>}
          {use.when === undefined ? null : <p className="fp-small fp-muted">{moment(use.when)}</p>}
        </>
      )}
    </LatestEntries>
  );
}

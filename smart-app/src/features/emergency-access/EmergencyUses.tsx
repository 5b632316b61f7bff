/**
 * Tells the person and the team that emergency access was used: by whom, when and why.
 */
import { PersonWithPlace } from '../../components/PersonDetails.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { EmergencyUse } from './read-emergency-uses.ts';
import '../../components/people.css';

const SHOWN = 2;

function Uses({ uses }: { readonly uses: readonly EmergencyUse[] }) {
  const { texts, moment } = useLanguage();
  return (
    <ul className="fp-entries">
      {uses.map((use) => (
        <li key={use.id} className="fp-entry">
          <p>{use.by === undefined ? texts.app.unknownName : <PersonWithPlace person={use.by} />}</p>
          {use.reason === undefined ? null : <p>{texts.accessLog.reason(use.reason)}</p>}
          {use.when === undefined ? null : <p className="fp-small fp-muted">{moment(use.when)}</p>}
        </li>
      ))}
    </ul>
  );
}

export function EmergencyUses({ uses }: { readonly uses: readonly EmergencyUse[] }) {
  const { texts } = useLanguage();
  if (uses.length === 0) return null;
  const earlier = uses.slice(SHOWN);
  return (
    <Section title={texts.emergency.used}>
      <Uses uses={uses.slice(0, SHOWN)} />
      {earlier.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{texts.emergency.earlier(earlier.length)}</summary>
          <Uses uses={earlier} />
        </details>
      )}
    </Section>
  );
}

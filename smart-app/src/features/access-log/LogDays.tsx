/**
 * Visits by day: when, who, from where, what and why.
 */
import { Badge } from '../../components/Badge.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { LogDay, LogEntry } from './read-access-log.ts';

function Entry({ entry }: { readonly entry: LogEntry }) {
  const { texts } = useLanguage();
  // A system is named by its organisation.
  const organization = entry.organization !== undefined && entry.name.includes(entry.organization) ? undefined : entry.organization;
  const place = [entry.role, organization].filter((part) => part !== undefined).join(', ');
  const facts = [
    entry.purpose === undefined ? undefined : texts.accessLog.purpose(entry.purpose),
    entry.app === undefined ? undefined : texts.accessLog.through(entry.app),
  ].filter((part) => part !== undefined);
  return (
    <li className="fp-entry fp-log-entry">
      <time className="fp-muted fp-log-time">{entry.time}</time>
      <div>
        <p>
          <span className="fp-strong">{entry.name}</span>
          {place === '' ? null : <span className="fp-muted">, {place}</span>}
          {entry.refused ? <Badge tone="bad">{texts.accessLog.refused}</Badge> : null}
          {entry.emergency ? <Badge tone="warn">{texts.accessLog.emergency}</Badge> : null}
        </p>
        <p>{entry.what}.</p>
        {entry.reason === undefined ? null : <p>{texts.accessLog.reason(entry.reason)}</p>}
        {facts.length === 0 ? null : <p className="fp-small fp-muted">{facts.join(' · ')}</p>}
      </div>
    </li>
  );
}

export function LogDays({ days }: { readonly days: readonly LogDay[] }) {
  const { day } = useLanguage();
  return days.map((one) => (
    <section key={one.day} className="fp-section" aria-labelledby={`log-${one.day}`}>
      <div className="fp-section-head">
        <h2 id={`log-${one.day}`}>{day(one.day)}</h2>
      </div>
      <ul className="fp-entries">
        {one.entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  ));
}

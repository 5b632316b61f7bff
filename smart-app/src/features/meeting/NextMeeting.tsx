/**
 * The next meeting: when, what about and who comes.
 */
import { Badge } from '../../components/Badge.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { Meetings } from './read-meeting.ts';

export function NextMeeting({ meetings }: { readonly meetings: Meetings }) {
  const { texts, moment, day } = useLanguage();
  const { next, cancelled } = meetings;
  if (next === undefined) {
    return (
      <Section title={texts.meeting.heading}>
        <p className="fp-empty">
          {cancelled === undefined ? null : `${texts.meeting.cancelled(day(cancelled))} `}
          {texts.meeting.none}
        </p>
      </Section>
    );
  }
  return (
    <Section title={texts.meeting.heading} aside={next.proposed ? <Badge tone="warn">{texts.meeting.proposed}</Badge> : undefined}>
      <p className="fp-strong">{moment(next.start)}</p>
      {next.what === undefined ? null : <p lang={next.language}>{next.what}</p>}
      {next.participants.length === 0 ? null : (
        <p className="fp-small fp-muted">
          {texts.meeting.with}: {next.participants.map((person) => person.name ?? texts.app.unknownName).join(', ')}
        </p>
      )}
    </Section>
  );
}

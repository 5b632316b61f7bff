/**
 * The follow-up team by role, with contacts; former members are folded away.
 */
import { PersonName, PhoneLink } from '../../components/PersonDetails.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { Team, TeamMember } from './read-team.ts';
import '../../components/people.css';

function Member({ member, former }: { readonly member: TeamMember; readonly former: boolean }) {
  const { texts, name, day } = useLanguage();
  const when = former
    ? member.until && texts.team.endedOn(day(member.until))
    : member.since && (member.ahead ? texts.team.starts(day(member.since)) : texts.team.since(day(member.since)));
  return (
    <li className="fp-member">
      <p className="fp-member-role">{member.roles.map(name).join(', ') || texts.app.notRecorded}</p>
      <p className="fp-strong">
        <PersonName person={member.person} />
      </p>
      <p className="fp-small fp-muted">{[member.person.organization, when].filter(Boolean).join(' · ')}</p>
      {former ? null : <PhoneLink person={member.person} />}
    </li>
  );
}

const keyOf = (member: TeamMember): string => `${member.person.key} ${member.roles.map((role) => role.code).join(' ')}`;

export function TeamList({ team }: { readonly team: Team }) {
  const { texts } = useLanguage();
  const { current, former, managedBy } = team;
  return (
    <Section title={texts.team.heading} aside={current.length > 0 ? texts.team.count(current.length) : undefined}>
      {current.length === 0 ? (
        <p className="fp-empty">{texts.team.none}</p>
      ) : (
        <ul className="fp-members">
          {current.map((member) => (
            <Member key={keyOf(member)} member={member} former={false} />
          ))}
        </ul>
      )}
      {managedBy.length === 0 ? null : (
        <p className="fp-small fp-muted fp-managed">
          {texts.team.answersFor}: {managedBy.map((manager) => manager.name ?? texts.app.unknownName).join(', ')}
        </p>
      )}
      {former.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{texts.team.ended(former.length)}</summary>
          <ul className="fp-members">
            {former.map((member) => (
              <Member key={keyOf(member)} member={member} former />
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

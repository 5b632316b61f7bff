/**
 * The coordinator: whom to call about the plan.
 */
import { PersonName, PhoneLink } from '../../components/PersonDetails.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { Coordinator } from './read-coordinator.ts';
import './coordinator.css';

export function CoordinatorCard({ coordinator }: { readonly coordinator: Coordinator | undefined }) {
  const { texts, name, day } = useLanguage();
  if (coordinator === undefined) {
    return (
      <Section title={texts.coordinator.heading} className="fp-coordinator">
        <p className="fp-strong">{texts.coordinator.none}</p>
        <p className="fp-muted">{texts.coordinator.noneTodo}</p>
      </Section>
    );
  }
  const { person, since } = coordinator;
  return (
    <Section title={name(coordinator.role)} className="fp-coordinator">
      <p className="fp-person-name">
        <PersonName person={person} />
      </p>
      {person.organization === undefined ? null : <p>{person.organization}</p>}
      {person.phones.length > 0 ? <PhoneLink person={person} /> : <p className="fp-muted">{texts.coordinator.noPhone}</p>}
      {since === undefined ? null : <p className="fp-muted fp-small">{texts.coordinator.since(day(since))}</p>}
    </Section>
  );
}

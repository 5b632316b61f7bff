/**
 * A person's name, organisation and phone, wherever one is named.
 */
import { IconPhone } from '@tabler/icons-react';
import { type Person, telephoneLink } from '../fhir/people.ts';
import { useLanguage } from '../i18n/language-context.tsx';

export function PersonName({ person }: { readonly person: Person | undefined }) {
  const { texts } = useLanguage();
  return <>{person?.name ?? texts.app.unknownName}</>;
}

/** A name with the organisation after it. */
export function PersonWithPlace({ person }: { readonly person: Person }) {
  return (
    <>
      <PersonName person={person} />
      {person.organization === undefined ? null : <span className="fp-muted">, {person.organization}</span>}
    </>
  );
}

/** The first phone number as a link that calls. */
export function PhoneLink({ person }: { readonly person: Person }) {
  const { texts } = useLanguage();
  const [phone] = person.phones;
  if (phone === undefined) return null;
  return (
    <a
      className="fp-phone"
      href={telephoneLink(phone)}
      aria-label={`${texts.coordinator.call(person.name ?? texts.app.unknownName)}: ${phone}`}
    >
      <IconPhone size={16} aria-hidden="true" />
      {phone}
    </a>
  );
}

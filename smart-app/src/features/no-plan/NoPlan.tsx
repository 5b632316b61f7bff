/**
 * The page of a person without a plan: whom to turn to, and what has been reported.
 */
import { MessagePage } from '../../components/MessagePage.tsx';
import { PersonName, PhoneLink } from '../../components/PersonDetails.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { CoordinatingUnits } from './read-coordinating-unit.ts';
import '../../components/people.css';

interface NoPlanProps {
  readonly coordinating: CoordinatingUnits;
  /** Whether the reader is the person without a plan. */
  readonly own: boolean;
}

export function NoPlan({ coordinating, own }: NoPlanProps) {
  const { texts, name, day } = useLanguage();
  const { units, needs } = coordinating;
  return (
    <MessagePage {...(own ? texts.noPlan.own : texts.noPlan.others)}>
      <h2>{texts.noPlan.unit}</h2>
      {units.length === 0 ? (
        <p className="fp-muted">{texts.noPlan.unitUnknown}</p>
      ) : (
        <ul className="fp-members">
          {units.map((unit) => (
            <li key={unit.key} className="fp-member">
              <p className="fp-strong">
                <PersonName person={unit} />
              </p>
              <PhoneLink person={unit} />
            </li>
          ))}
        </ul>
      )}
      {needs.length === 0 ? null : (
        <>
          <h2>{texts.noPlan.needs}</h2>
          <ul>
            {needs.map((need) => (
              <li key={need.id}>
                {[need.need && name(need.need), need.date && texts.noPlan.reported(day(need.date)), need.unit?.name]
                  .filter(Boolean)
                  .join(' · ')}
              </li>
            ))}
          </ul>
        </>
      )}
    </MessagePage>
  );
}

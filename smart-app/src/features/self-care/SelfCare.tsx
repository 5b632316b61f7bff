/**
 * What the person does when something changes: zones side by side, told by title and not by colour alone.
 */
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { SelfCarePlan, Zone } from './read-self-care.ts';
import './self-care.css';

function ZoneCard({ zone }: { readonly zone: Zone }) {
  const { texts } = useLanguage();
  return (
    <li className={`fp-zone ${zone.color === undefined ? '' : `fp-zone-${zone.color}`}`}>
      <h3 lang={zone.language}>{zone.title}</h3>
      {zone.signs === undefined ? null : (
        <p className="fp-small" lang={zone.language}>
          {zone.signs}
        </p>
      )}
      {zone.todo.length === 0 ? null : (
        <>
          <p className="fp-zone-todo">{texts.selfCare.todo}</p>
          <ul>
            {zone.todo.map((measure) => (
              <li key={measure.id} lang={measure.language}>
                {measure.text}
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  );
}

export function SelfCare({ plans }: { readonly plans: readonly SelfCarePlan[] }) {
  const { texts } = useLanguage();
  return plans.map((plan) => (
    <Section
      key={plan.id}
      title={plan.title ? <span lang={plan.language}>{plan.title}</span> : texts.selfCare.heading}
      className="fp-self-care"
    >
      {plan.description === undefined ? null : (
        <p className="fp-muted" lang={plan.language}>
          {plan.description}
        </p>
      )}
      <ul className="fp-zones">
        {plan.zones.map((zone) => (
          <ZoneCard key={zone.id} zone={zone} />
        ))}
      </ul>
    </Section>
  ));
}

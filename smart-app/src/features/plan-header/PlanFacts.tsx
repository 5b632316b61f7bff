/**
 * The plan's facts: type, status, period, next review, version and who keeps it.
 */
import type { ReactNode } from 'react';
import { Badge } from '../../components/Badge.tsx';
import { PersonName } from '../../components/PersonDetails.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { PlanHeader } from './read-plan-header.ts';
import { versionText } from './version-text.ts';

interface PlanFactsProps {
  readonly plan: PlanHeader;
  /** Titles of plans within this one, such as zones. */
  readonly nested: readonly PlanHeader[];
}

export function PlanFacts({ plan, nested }: PlanFactsProps) {
  const { texts, name, day } = useLanguage();
  const { period } = plan;
  const span = [period?.start && texts.plan.from(day(period.start)), period?.end && texts.plan.until(day(period.end))]
    .filter(Boolean)
    .join(' ');
  const facts: readonly (readonly [string, ReactNode])[] = [
    [texts.plan.type, plan.type && name(plan.type)],
    [texts.plan.status, name(plan.status)],
    [texts.plan.period, span],
    [
      texts.plan.nextReview,
      plan.nextReview && (
        <>
          {day(plan.nextReview)}{' '}
          {plan.reviewOverdueDays === undefined ? null : <Badge tone="bad">{texts.plan.reviewOverdue(plan.reviewOverdueDays)}</Badge>}
        </>
      ),
    ],
    [texts.plan.keeper, plan.keeper && <PersonName person={plan.keeper} />],
    [texts.plan.version, versionText(plan, texts, day)],
    [
      texts.plan.notes,
      plan.notes.length > 0 &&
        plan.notes.map((note) => (
          <span key={note} className="fp-block fp-prose" lang={plan.language}>
            {note}
          </span>
        )),
    ],
    [
      texts.plan.nested,
      nested.length > 0 &&
        nested.map((part) => (
          <span key={part.id} className="fp-block" lang={part.title === undefined ? undefined : part.language}>
            {part.title ?? (part.type ? name(part.type) : '')}
          </span>
        )),
    ],
  ];
  return (
    <Section title={texts.plan.heading}>
      <dl className="fp-facts fp-facts-list">
        {facts.map(([term, value]) =>
          value ? (
            <div key={term} className={term === texts.plan.notes ? 'fp-facts-wide' : undefined}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </Section>
  );
}

/**
 * The plan's title, type and state, and the choice between plans when the person has several.
 */
import { useId } from 'react';
import { Badge } from '../../components/Badge.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { PlanHeader } from './read-plan-header.ts';
import { versionText } from './version-text.ts';
import './plan-header.css';

interface PlanHeadingProps {
  readonly plan: PlanHeader;
  readonly plans: readonly PlanHeader[];
  readonly onChoose: (id: string) => void;
}

export function PlanHeading({ plan, plans, onChoose }: PlanHeadingProps) {
  const { texts, name, day } = useLanguage();
  const id = useId();
  const titleOf = (header: PlanHeader): string => header.title ?? (header.type ? name(header.type) : texts.plan.heading);
  return (
    <div className="fp-plan-heading">
      <div>
        <h1 lang={plan.title === undefined ? undefined : plan.language}>{titleOf(plan)}</h1>
        <div className="fp-badges">
          {plan.type === undefined ? null : <Badge>{name(plan.type)}</Badge>}
          <Badge tone={plan.active ? 'good' : 'warn'}>{name(plan.status)}</Badge>
          {plan.reviewOverdueDays === undefined ? null : (
            <Badge tone="bad">
              {texts.plan.nextReview}: {texts.plan.reviewOverdue(plan.reviewOverdueDays)}
            </Badge>
          )}
          {plan.reviewOverdueDays === undefined && plan.nextReview !== undefined && plan.active ? (
            <span className="fp-small fp-muted">
              {texts.plan.nextReview}: {day(plan.nextReview)}
            </span>
          ) : null}
          {plan.version === undefined ? null : (
            <span className="fp-small fp-muted">
              {texts.plan.version} {versionText(plan, texts, day)}
            </span>
          )}
        </div>
        {plan.description === undefined ? null : (
          <p className="fp-lead" lang={plan.language}>
            {plan.description}
          </p>
        )}
      </div>
      {plans.length < 2 ? null : (
        <div className="fp-choose">
          <label htmlFor={id}>{texts.plan.choose}</label>
          <select id={id} value={plan.id} onChange={(event) => onChoose(event.currentTarget.value)}>
            {plans.map((offered) => (
              <option key={offered.id} value={offered.id} lang={offered.title === undefined ? undefined : offered.language}>
                {titleOf(offered)} ({name(offered.status)})
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}

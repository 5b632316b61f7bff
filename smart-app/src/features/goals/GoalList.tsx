/**
 * Goals in the person's words, with state, the responsible and the progress of their measures.
 */
import { Badge, type Tone } from '../../components/Badge.tsx';
import { PersonWithPlace } from '../../components/PersonDetails.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { GoalTargetView, GoalView } from './read-goals.ts';
import './goals.css';

const ACHIEVEMENT_TONE: Readonly<Record<string, Tone>> = {
  achieved: 'good',
  sustaining: 'good',
  improving: 'good',
  worsening: 'bad',
  'not-achieved': 'bad',
  'not-attainable': 'bad',
  'no-progress': 'warn',
};

function Target({ target, language }: { readonly target: GoalTargetView; readonly language: string | undefined }) {
  const { texts, day, number } = useLanguage();
  const figure = target.value === undefined ? undefined : number(target.value);
  const value = figure === undefined ? undefined : target.isScore ? texts.goals.scoreTarget(figure) : `${figure} ${target.unit ?? ''}`;
  const rest = [value?.trim(), target.due === undefined ? undefined : texts.goals.targetDue(day(target.due))].filter(Boolean).join(' ');
  return (
    <li>
      {target.text === undefined ? null : <span lang={language}>{target.text}</span>}
      {target.text !== undefined && rest !== '' ? ': ' : null}
      {rest}
    </li>
  );
}

/** How far the measures have come, in words; nothing is said of those there are none of. */
function Progress({ goal }: { readonly goal: GoalView }) {
  const { texts } = useLanguage();
  const parts = (['running', 'planned', 'onHold', 'done', 'cancelled', 'rejected', 'failed'] as const)
    .filter((state) => goal.progress[state] > 0)
    .map((state) => texts.goals[state](goal.progress[state]));
  return <>{parts.length === 0 ? texts.goals.noMeasures : parts.join(', ')}</>;
}

function GoalItem({ goal }: { readonly goal: GoalView }) {
  const { texts, name, day } = useLanguage();
  return (
    <li className="fp-goal">
      <div className="fp-goal-head">
        <h3 lang={goal.language}>{goal.text || texts.app.notRecorded}</h3>
        <div className="fp-badges">
          <Badge tone={goal.ended ? 'neutral' : 'primary'}>{name(goal.status)}</Badge>
          {goal.achievement === undefined ? null : (
            <Badge tone={ACHIEVEMENT_TONE[goal.achievement.code] ?? 'neutral'}>{name(goal.achievement)}</Badge>
          )}
        </div>
      </div>
      <dl className="fp-facts">
        <div>
          <dt>{texts.goals.responsible}</dt>
          <dd>
            {goal.responsible.length === 0
              ? texts.goals.nobody
              : goal.responsible.map((person) => (
                  <span key={person.key} className="fp-block">
                    <PersonWithPlace person={person} />
                  </span>
                ))}
          </dd>
        </div>
        {goal.targets.length === 0 ? null : (
          <div>
            <dt>{texts.goals.target}</dt>
            <dd>
              <ul className="fp-plain">
                {goal.targets.map((target) => (
                  <Target key={`${target.text} ${target.value} ${target.due}`} target={target} language={goal.language} />
                ))}
              </ul>
            </dd>
          </div>
        )}
        <div>
          <dt>{texts.measures.heading}</dt>
          <dd>
            <Progress goal={goal} />
            {goal.started === undefined ? null : <span className="fp-block fp-muted">{texts.goals.started(day(goal.started))}</span>}
          </dd>
        </div>
      </dl>
    </li>
  );
}

export function GoalList({ goals }: { readonly goals: readonly GoalView[] }) {
  const { texts } = useLanguage();
  const current = goals.filter((goal) => !goal.ended);
  const ended = goals.filter((goal) => goal.ended);
  return (
    <Section title={texts.goals.heading} aside={current.length > 0 ? String(current.length) : undefined}>
      {goals.length === 0 ? <p className="fp-empty">{texts.goals.none}</p> : null}
      {current.length === 0 ? null : (
        <ul className="fp-goals">
          {current.map((goal) => (
            <GoalItem key={goal.id} goal={goal} />
          ))}
        </ul>
      )}
      {ended.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{texts.goals.ended(ended.length)}</summary>
          <ul className="fp-goals">
            {ended.map((goal) => (
              <GoalItem key={goal.id} goal={goal} />
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

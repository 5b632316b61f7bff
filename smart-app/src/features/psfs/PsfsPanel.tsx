/**
 * PSFS as table and curve, with the direction always shown and every clear change marked by sign and word.
 */
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Badge } from '../../components/Badge.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import { lineStyle } from './line-styles.ts';
import type { Change, Psfs, Score } from './read-psfs.ts';
import './psfs.css';

const PsfsChart = lazy(() => import('./PsfsChart.tsx'));

const CHANGE_TONE = { better: 'good', worse: 'bad', same: 'neutral' } as const;
const CHANGE_SIGN = { better: '▲ ', worse: '▼ ', same: '' } as const;

function ChangeBadge({ change, spelled = false }: { readonly change: Change; readonly spelled?: boolean }) {
  const { texts, change: signed } = useLanguage();
  return (
    <Badge tone={CHANGE_TONE[change.kind]}>
      <span aria-hidden="true">{CHANGE_SIGN[change.kind]}</span>
      {signed(change.by)}
      <span className={spelled ? undefined : 'fp-hidden'}> {texts.psfs[change.kind]}</span>
    </Badge>
  );
}

function ScoreCell({ score }: { readonly score: Score | undefined }) {
  const { texts } = useLanguage();
  if (score === undefined) {
    return (
      <td>
        <span aria-hidden="true">–</span>
        <span className="fp-hidden">{texts.psfs.noScore}</span>
      </td>
    );
  }
  const { change } = score;
  return (
    <td>
      <span className="fp-score">{score.value}</span>
      {change === undefined || change.kind === 'same' ? null : <ChangeBadge change={change} />}
    </td>
  );
}

function LineSample({ position }: { readonly position: number }) {
  const style = lineStyle(position);
  return (
    <svg className="fp-line-sample" width="30" height="12" viewBox="-15 -6 30 12" aria-hidden="true">
      <path d="M-15,0H15" stroke={style.color} strokeWidth="2" strokeDasharray={style.dash} />
      <path d={style.marker} fill={style.color} stroke="#fff" />
    </svg>
  );
}

function PsfsTable({ psfs }: { readonly psfs: Psfs }) {
  const { texts, shortDay, number } = useLanguage();
  const several = psfs.conversations.length > 1;
  // With two conversations the first is the one before: the column would say the same twice.
  const sinceFirst = psfs.conversations.length > 2;
  return (
    <div className="fp-scroll">
      <table className="fp-table fp-scores">
        <caption className="fp-hidden">
          {texts.psfs.caption}. {texts.psfs.direction}
        </caption>
        <thead>
          <tr>
            <th scope="col">{texts.psfs.activity}</th>
            {psfs.conversations.map((conversation) => (
              <th scope="col" key={conversation.key}>
                <span className="fp-block">{texts.psfs.conversation(conversation.number)}</span>
                <span className="fp-small fp-muted">{shortDay(conversation.date)}</span>
              </th>
            ))}
            {sinceFirst ? <th scope="col">{texts.psfs.sinceFirst}</th> : null}
          </tr>
        </thead>
        <tbody>
          {psfs.activities.map((activity, position) => (
            <tr key={activity.name}>
              <th scope="row">
                {several ? <LineSample position={position} /> : null}
                <span lang={activity.language}>{activity.name}</span>
              </th>
              {activity.scores.map((score, column) => (
                <ScoreCell key={psfs.conversations[column]?.key} score={score} />
              ))}
              {sinceFirst ? <td>{activity.sinceFirst === undefined ? null : <ChangeBadge change={activity.sinceFirst} />}</td> : null}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{texts.psfs.mean}</th>
            {psfs.conversations.map((conversation) => (
              <td key={conversation.key}>
                <span className="fp-score">{conversation.mean === undefined ? '–' : number(conversation.mean)}</span>
                {conversation.change === undefined || conversation.change.kind === 'same' ? null : (
                  <ChangeBadge change={conversation.change} />
                )}
              </td>
            ))}
            {sinceFirst ? <td /> : null}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

export function PsfsPanel({ psfs }: { readonly psfs: Psfs }) {
  const { texts } = useLanguage();
  const latest = psfs.conversations.at(-1);
  if (latest === undefined || psfs.activities.length === 0) {
    return (
      <Section title={texts.psfs.heading}>
        <p className="fp-empty">{texts.psfs.none}</p>
      </Section>
    );
  }
  return (
    <Section title={texts.psfs.heading}>
      <p className="fp-direction">
        <strong>{texts.psfs.direction}</strong>
      </p>
      {latest.change === undefined ? null : (
        <p className="fp-latest-change">
          {texts.psfs.change}: <ChangeBadge change={latest.change} spelled />
        </p>
      )}
      <PsfsTable psfs={psfs} />
      {psfs.conversations.length > 1 ? (
        <>
          <p className="fp-small fp-muted">{texts.psfs.legend}</p>
          <Suspense fallback={<Skeleton height={240} />}>
            <PsfsChart psfs={psfs} />
          </Suspense>
        </>
      ) : null}
    </Section>
  );
}

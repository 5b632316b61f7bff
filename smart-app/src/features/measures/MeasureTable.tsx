/**
 * Measures as a table: what, who, when and how far; overdue ones are marked in words.
 */
import { IconAlertTriangle } from '@tabler/icons-react';
import { Badge, type Tone } from '../../components/Badge.tsx';
import { PersonName } from '../../components/PersonDetails.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { Measures, MeasureView } from './read-measures.ts';
import './measures.css';

const STATUS_TONE: Readonly<Record<string, Tone>> = { completed: 'good', 'in-progress': 'primary', 'on-hold': 'warn', failed: 'bad' };
/** A due date this near is worth a word. */
const SOON_DAYS = 14;

function Due({ measure }: { readonly measure: MeasureView }) {
  const { texts, day } = useLanguage();
  if (measure.due === undefined) return <span className="fp-muted">{texts.measures.noDue}</span>;
  const left = measure.daysLeft;
  return (
    <>
      <span className="fp-block fp-nowrap">{day(measure.due)}</span>
      {measure.overdue ? (
        <Badge tone="bad">
          <IconAlertTriangle size={14} aria-hidden="true" />
          {texts.measures.overdueBy(-(left ?? 0))}
        </Badge>
      ) : null}
      {left === 0 ? <Badge tone="warn">{texts.measures.dueToday}</Badge> : null}
      {left !== undefined && left > 0 && left <= SOON_DAYS ? <span className="fp-small fp-muted">{texts.measures.dueIn(left)}</span> : null}
    </>
  );
}

function Row({ measure }: { readonly measure: MeasureView }) {
  const { texts, name } = useLanguage();
  const { owner } = measure;
  return (
    <tr className={measure.overdue ? 'fp-overdue' : undefined}>
      <th scope="row">
        {measure.text === '' ? null : (
          <span className="fp-block" lang={measure.language}>
            {measure.text}
          </span>
        )}
        {measure.step === undefined ? null : (
          <span className="fp-block fp-small fp-step">
            <strong>{measure.step.pathway}</strong> {name(measure.step.name)}
          </span>
        )}
        {measure.type === undefined && measure.text === '' ? <span className="fp-muted">{texts.app.notRecorded}</span> : null}
        {measure.type === undefined ? null : <span className="fp-block fp-small fp-muted">{name(measure.type)}</span>}
        {measure.goal === undefined ? null : (
          <span className="fp-block fp-small fp-muted">
            {texts.measures.goal}: <span lang={measure.goal.language}>{measure.goal.text}</span>
          </span>
        )}
      </th>
      <td data-label={texts.measures.owner}>
        {owner === undefined ? (
          <span className="fp-muted">{texts.goals.nobody}</span>
        ) : (
          <>
            <span className="fp-block">
              <PersonName person={owner} />
            </span>
            <span className="fp-small fp-muted">{owner.organization ?? owner.roles.map(name).join(', ')}</span>
          </>
        )}
      </td>
      <td data-label={texts.measures.due}>
        <Due measure={measure} />
      </td>
      <td data-label={texts.measures.status}>
        <Badge tone={STATUS_TONE[measure.status.code] ?? 'neutral'}>{name(measure.status)}</Badge>
        {measure.progress === undefined ? null : (
          <span className="fp-block fp-small fp-muted" lang={measure.language}>
            {measure.progress}
          </span>
        )}
      </td>
    </tr>
  );
}

function Table({ measures, caption }: { readonly measures: readonly MeasureView[]; readonly caption: string }) {
  const { texts } = useLanguage();
  return (
    <table className="fp-table fp-measures">
      <caption className="fp-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.measures.measure}</th>
          <th scope="col">{texts.measures.owner}</th>
          <th scope="col">{texts.measures.due}</th>
          <th scope="col">{texts.measures.status}</th>
        </tr>
      </thead>
      <tbody>
        {measures.map((measure) => (
          <Row key={measure.id} measure={measure} />
        ))}
      </tbody>
    </table>
  );
}

export function MeasureTable({ measures }: { readonly measures: Measures }) {
  const { texts } = useLanguage();
  const { open, over } = measures;
  const overdue = open.filter((measure) => measure.overdue).length;
  return (
    <Section
      title={texts.measures.heading}
      aside={
        overdue > 0 ? <Badge tone="bad">{texts.measures.overdueCount(overdue)}</Badge> : open.length > 0 ? String(open.length) : undefined
      }
    >
      {open.length > 0 ? (
        <Table measures={open} caption={texts.measures.caption} />
      ) : (
        <p className="fp-empty">{over.length > 0 ? texts.measures.noneOpen : texts.measures.none}</p>
      )}
      {over.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{texts.measures.done(over.length)}</summary>
          <Table measures={over} caption={texts.measures.doneCaption} />
        </details>
      )}
    </Section>
  );
}

/**
 * Who has seen the plan: every visit by day, with a way to find one person or organisation, refusals and emergencies.
 */
import { Button } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { IconArrowLeft } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { Language } from '../../i18n/languages.ts';
import { type AppError, toAppError } from '../../smart/app-error.ts';
import { LogDays } from './LogDays.tsx';
import { LogFilters } from './LogFilters.tsx';
import { byDay, filterLog, type LogEntry, type LogFilter, readAccessLog } from './read-access-log.ts';
import './access-log.css';

/** A page of the log; `next` is what the next one is asked for with. */
interface LogPage {
  readonly resources: readonly Resource[];
  readonly next: string | undefined;
}

interface AccessLogPageProps {
  readonly load: (language: Language, next?: string) => Promise<LogPage>;
  readonly onBack: () => void;
  /** The server has said that the log is not for this user. */
  readonly onClosed: () => void;
}

interface Shown {
  readonly entries: readonly LogEntry[];
  readonly next: string | undefined;
}

const EVERYTHING: LogFilter = { who: '', only: 'all' };

export default function AccessLogPage({ load, onBack, onClosed }: AccessLogPageProps) {
  const { texts, language } = useLanguage();
  const [shown, setShown] = useState<Shown>();
  const [error, setError] = useState<AppError>();
  const [loading, setLoading] = useState(true);
  const [filter, setFilter] = useState(EVERYTHING);
  const heading = useRef<HTMLHeadingElement>(null);
  /** What is being asked for: an answer to anything else came too late. */
  const asked = useRef(0);
  /** The language that was begun with: asking is itself logged, and must not happen twice because React renders twice. */
  const begun = useRef<Language>(undefined);

  const fetchPage = useCallback(
    async (before: Shown | undefined): Promise<void> => {
      const number = ++asked.current;
      setLoading(true);
      setError(undefined);
      try {
        const page = await load(language, before?.next);
        if (number !== asked.current) return;
        setShown({ entries: [...(before?.entries ?? []), ...readAccessLog(page.resources)], next: page.next });
      } catch (thrown) {
        if (number !== asked.current) return;
        const failed = toAppError(thrown);
        setError(failed);
        if (failed.kind === 'no-access') onClosed();
      }
      setLoading(false);
    },
    [load, language, onClosed],
  );

  // In another language it is asked for anew: the sentences are the server's.
  useEffect(() => {
    if (begun.current === language) return;
    begun.current = language;
    setShown(undefined);
    setFilter(EVERYTHING);
    void fetchPage(undefined);
  }, [fetchPage, language]);

  useEffect(() => {
    heading.current?.focus();
    document.title = `${texts.accessLog.heading} – Fellesplan`;
    return () => {
      document.title = 'Fellesplan';
    };
  }, [texts]);

  const entries = shown?.entries ?? [];
  const found = filterLog(entries, filter);
  return (
    <div className="fp-log">
      <button type="button" className="fp-refresh fp-log-back" onClick={onBack}>
        <IconArrowLeft size={18} aria-hidden="true" />
        <span>{texts.accessLog.back}</span>
      </button>
      <h1 ref={heading} tabIndex={-1}>
        {texts.accessLog.heading}
      </h1>
      <p className="fp-muted">{texts.accessLog.about}</p>
      {entries.length === 0 ? null : <LogFilters entries={entries} filter={filter} onChange={setFilter} />}
      <p role="status" className="fp-small fp-muted">
        {loading ? texts.accessLog.loading : shown === undefined ? '' : texts.accessLog.count(found.length, entries.length)}
      </p>
      <LogDays days={byDay(found)} />
      {!loading && shown !== undefined && found.length === 0 ? (
        <p className="fp-empty">{entries.length === 0 ? texts.accessLog.none : texts.accessLog.noneFound}</p>
      ) : null}
      {error === undefined ? null : (
        <div role="alert" className="fp-log-error">
          <p className="fp-strong">{error.kind === 'no-access' ? texts.accessLog.closed : texts.accessLog.failed}</p>
          {error.requestId === undefined ? null : (
            <p className="fp-small">
              {texts.app.requestId}: <code>{error.requestId}</code>
            </p>
          )}
          {error.kind === 'no-access' ? null : <Button onClick={() => void fetchPage(shown)}>{texts.app.retry}</Button>}
        </div>
      )}
      {shown?.next === undefined || error !== undefined ? null : (
        <Button variant="default" loading={loading} onClick={() => void fetchPage(shown)}>
          {texts.accessLog.older}
        </Button>
      )}
    </div>
  );
}

/**
 * Narrows the log to one person or organisation, to what was refused, or to emergencies.
 */
import { useId } from 'react';
import { useLanguage } from '../../i18n/language-context.tsx';
import { type LogEntry, type LogFilter, namesIn } from './read-access-log.ts';

interface LogFiltersProps {
  readonly entries: readonly LogEntry[];
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}

const KINDS = ['all', 'refused', 'emergency'] as const;

function Names({ label, names }: { readonly label: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <optgroup label={label}>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </optgroup>
  );
}

export function LogFilters({ entries, filter, onChange }: LogFiltersProps) {
  const { texts } = useLanguage();
  const whoId = useId();
  const { people, organizations } = namesIn(entries);
  return (
    <fieldset className="fp-log-filters">
      <legend className="fp-hidden">{texts.accessLog.filter}</legend>
      <div>
        <label htmlFor={whoId}>{texts.accessLog.who}</label>
        <select id={whoId} value={filter.who} onChange={(event) => onChange({ ...filter, who: event.target.value })}>
          <option value="">{texts.accessLog.everybody}</option>
          <Names label={texts.accessLog.people} names={people} />
          <Names label={texts.accessLog.organizations} names={organizations} />
        </select>
      </div>
      <fieldset className="fp-languages fp-log-kinds">
        <legend className="fp-hidden">{texts.accessLog.show}</legend>
        {KINDS.map((only) => (
          <button key={only} type="button" aria-pressed={filter.only === only} onClick={() => onChange({ ...filter, only })}>
            {texts.accessLog.kinds[only]}
          </button>
        ))}
      </fieldset>
    </fieldset>
  );
}

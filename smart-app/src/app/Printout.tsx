/**
 * The plan on paper: a button, since a browser's own command prints the record around the frame and not the plan in it,
 * and a line that stands on paper only, since the record's banner does not come along.
 *
 * Spec: https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#printing
 */
import { IconPrinter } from '@tabler/icons-react';
import { personOf } from '../fhir/people.ts';
import type { PlanData } from '../fhir/plan-data.ts';
import { useLanguage } from '../i18n/language-context.tsx';

export function PrintButton() {
  const { texts } = useLanguage();
  return (
    <button type="button" className="fp-refresh" onClick={() => window.print()}>
      <IconPrinter size={18} aria-hidden="true" />
      <span>{texts.app.print}</span>
    </button>
  );
}

/** Whom the paper is about, and how old it is. */
export function PrintedFor({ data: { patient, index, fetchedAtMs } }: { readonly data: PlanData }) {
  const { texts, day, moment } = useLanguage();
  const name = personOf({ reference: `Patient/${patient.id}` }, index).name ?? texts.app.unknownName;
  const born = patient.birthDate === undefined ? '' : ` · ${texts.patient.born} ${day(patient.birthDate)}`;
  return (
    <p className="fp-printed">
      {name}
      {born} · {texts.app.printed(moment(new Date(fetchedAtMs).toISOString()))}
    </p>
  );
}

/**
 * The way to emergency access from the page that shows no plan: what it means, a reason in one's own words, and a
 * confirmation. Offered to whoever works in health, whatever the reason that there is no plan: the offer tells nothing.
 *
 * Spec: OperationDefinition fp-break-the-glass (profiles)
 */
import { Button } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useLanguage } from '../../i18n/language-context.tsx';
import { toAppError } from '../../smart/app-error.ts';
import { type EmergencyFailure, failureOf, isReason, REASON_AT_MOST } from './emergency.ts';
import './emergency-access.css';

interface EmergencyOfferProps {
  /** @throws AppError when it is not given. */
  readonly onBreakGlass: (reason: string) => Promise<void>;
}

export function EmergencyOffer({ onBreakGlass }: EmergencyOfferProps) {
  const { texts } = useLanguage();
  const [open, setOpen] = useState(false);
  const cancelled = useRef(false);
  const words = texts.emergency;
  const cancel = (): void => {
    cancelled.current = true;
    setOpen(false);
  };
  if (open) return <EmergencyForm onBreakGlass={onBreakGlass} onCancel={cancel} />;
  return (
    <section className="fp-emergency-offer" aria-labelledby="emergency-offer">
      <h2 id="emergency-offer">{words.offer}</h2>
      <p>{words.offerText}</p>
      {/* Who cancels goes on where the form was opened. */}
      <Button
        variant="default"
        autoFocus={cancelled.current}
        leftSection={<IconUrgent size={18} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        {words.open}
      </Button>
    </section>
  );
}

function EmergencyForm({ onBreakGlass, onCancel }: EmergencyOfferProps & { readonly onCancel: () => void }) {
  const { texts } = useLanguage();
  const words = texts.emergency;
  const [reason, setReason] = useState('');
  const [confirmed, setConfirmed] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<EmergencyFailure>();
  const ids = { heading: useId(), reason: useId(), hint: useId(), error: useId(), confirm: useId(), unconfirmed: useId() };
  const heading = useRef<HTMLHeadingElement>(null);
  const reasonBox = useRef<HTMLTextAreaElement>(null);
  const confirmBox = useRef<HTMLInputElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const badReason = tried && !isReason(reason);
  const unconfirmed = tried && !confirmed;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!isReason(reason)) return reasonBox.current?.focus();
    if (!confirmed) return confirmBox.current?.focus();
    setBusy(true);
    setFailure(undefined);
    try {
      await onBreakGlass(reason);
    } catch (thrown) {
      setFailure(failureOf(toAppError(thrown)));
      setBusy(false);
    }
  };

  return (
    <form className="fp-emergency-form" aria-labelledby={ids.heading} noValidate onSubmit={(event) => void submit(event)}>
      <h2 id={ids.heading} ref={heading} tabIndex={-1}>
        {words.heading}
      </h2>
      <ul className="fp-emergency-consequences">
        {words.consequences.map((consequence) => (
          <li key={consequence}>{consequence}</li>
        ))}
      </ul>
      <div>
        <label htmlFor={ids.reason} className="fp-strong">
          {words.reason}
        </label>
        <p id={ids.hint} className="fp-small fp-muted">
          {words.reasonHint}
        </p>
        <textarea
          id={ids.reason}
          ref={reasonBox}
          rows={3}
          maxLength={REASON_AT_MOST}
          required={true}
          value={reason}
          aria-invalid={badReason}
          aria-describedby={badReason ? `${ids.hint} ${ids.error}` : ids.hint}
          onChange={(event) => setReason(event.target.value)}
        />
        {badReason ? (
          <p id={ids.error} className="fp-emergency-error">
            {words.badReason}
          </p>
        ) : null}
      </div>
      <div>
        <label className="fp-emergency-confirm" htmlFor={ids.confirm}>
          <input
            id={ids.confirm}
            ref={confirmBox}
            type="checkbox"
            required={true}
            checked={confirmed}
            aria-invalid={unconfirmed}
            aria-describedby={unconfirmed ? ids.unconfirmed : undefined}
            onChange={(event) => setConfirmed(event.target.checked)}
          />
          <span>{words.confirm}</span>
        </label>
        {unconfirmed ? (
          <p id={ids.unconfirmed} className="fp-emergency-error">
            {words.mustConfirm}
          </p>
        ) : null}
      </div>
      <div role="alert">{failure === undefined ? null : <p className="fp-emergency-error">{words.failures[failure]}</p>}</div>
      <div className="fp-emergency-actions">
        <Button type="submit" color="var(--fp-bad)" loading={busy}>
          {words.submit}
        </Button>
        <Button variant="default" disabled={busy} onClick={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}

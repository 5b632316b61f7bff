/**
 * Stands above everything while emergency access lasts: until when, that it is told, and the way to end it.
 */
import { Button } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../i18n/language-context.tsx';
import './emergency-access.css';

interface EmergencyBannerProps {
  readonly untilMs: number;
  readonly onEnd: () => Promise<void>;
}

export function EmergencyBanner({ untilMs, onEnd }: EmergencyBannerProps) {
  const { texts, time } = useLanguage();
  const [busy, setBusy] = useState(false);
  const banner = useRef<HTMLElement>(null);
  // The form that was submitted is gone: a screen reader goes on here, and the eye at the beginning of the plan.
  useEffect(() => {
    banner.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);
  const end = async (): Promise<void> => {
    setBusy(true);
    await onEnd();
    setBusy(false);
  };
  return (
    <section ref={banner} tabIndex={-1} className="fp-emergency-banner" aria-label={texts.emergency.heading}>
      <IconUrgent size={22} aria-hidden="true" />
      <p>
        <span className="fp-strong">{texts.emergency.until(time(untilMs))}</span> {texts.emergency.told}
      </p>
      <Button size="compact-sm" variant="white" color="dark" loading={busy} onClick={() => void end()}>
        {texts.emergency.end}
      </Button>
    </section>
  );
}

/**
 * Chooses the page: the plan, or the reason why there is none to show.
 */
import { Button } from '@mantine/core';
import { IconRefresh, IconWifiOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { ErrorPage } from '../components/MessagePage.tsx';
import { PlanSkeleton } from '../components/PlanSkeleton.tsx';
import { Shell } from '../components/Shell.tsx';
import { mayBeSeen } from '../features/consent/read-consent.ts';
import { useLanguage } from '../i18n/language-context.tsx';
import { AppError } from '../smart/app-error.ts';
import { type AppSession, type AppState, canRetry } from './app-session.ts';
import { PlanScreen } from './PlanScreen.tsx';

// Most EHRs show a banner of their own; the component library it stands on is then never fetched.
const PatientBanner = lazy(() => import('../features/patient-banner/PatientBanner.tsx'));

interface AppProps {
  readonly session: AppSession;
}

function Notice({ state, onRetry }: { readonly state: AppState; readonly onRetry: () => void }) {
  const { texts } = useLanguage();
  const lost = state.connection === 'lost' && state.data !== undefined && !state.loading;
  if (!lost && state.connection !== 'retrying') return null;
  return (
    <div className="fp-notice">
      <IconWifiOff size={18} aria-hidden="true" />
      <span>{lost ? texts.app.stale : texts.app.reconnecting}</span>
      {lost ? (
        <Button size="compact-sm" variant="white" onClick={onRetry}>
          {texts.app.retry}
        </Button>
      ) : null}
    </div>
  );
}

function Content({ state, onRetry }: { readonly state: AppState; readonly onRetry: () => void }) {
  const { error, data } = state;
  if (error !== undefined) return <ErrorPage error={error} onRetry={canRetry(error) ? onRetry : undefined} />;
  if (data === undefined) return <PlanSkeleton />;
  // A person without a plan has given no consent to see one; that there is none may be said.
  const hidden = data.plans.length > 0 && !mayBeSeen(data.consents);
  return (
    <>
      {state.needPatientBanner ? (
        <Suspense fallback={<div className="fp-banner" aria-hidden="true" />}>
          <PatientBanner patient={data.patient} />
        </Suspense>
      ) : null}
      {hidden ? <ErrorPage error={new AppError('no-consent', 'no consent to see the plan is active')} /> : <PlanScreen data={data} />}
    </>
  );
}

export function App({ session }: AppProps) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  const { texts, time, suggest } = useLanguage();
  useEffect(() => {
    // `load` never rejects: its errors are part of the state.
    void session.load();
  }, [session]);
  useEffect(() => suggest(state.locale), [state.locale, suggest]);
  const tools =
    state.data === undefined ? undefined : (
      <>
        <span className="fp-small fp-fetched">{texts.app.updatedAt(time(state.data.fetchedAtMs))}</span>
        <button type="button" className="fp-refresh" onClick={session.load} disabled={state.loading}>
          <IconRefresh size={18} aria-hidden="true" />
          <span>{texts.app.refresh}</span>
        </button>
      </>
    );
  return (
    <Shell tools={tools} notice={<Notice state={state} onRetry={session.load} />}>
      <Content state={state} onRetry={session.load} />
    </Shell>
  );
}

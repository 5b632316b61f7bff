/**
 * Chooses the page: the plan, or the reason why there is none to show.
 */
import { Button } from '@mantine/core';
import { IconEye, IconLogout, IconRefresh, IconWifiOff } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { ErrorPage } from '../components/MessagePage.tsx';
import { PlanSkeleton } from '../components/PlanSkeleton.tsx';
import { Shell } from '../components/Shell.tsx';
import { mayAskForLog } from '../features/access-log/may-ask.ts';
import { mayBeSeen } from '../features/consent/read-consent.ts';
import { EmergencyBanner } from '../features/emergency-access/EmergencyBanner.tsx';
import { EmergencyOffer } from '../features/emergency-access/EmergencyOffer.tsx';
import { useLanguage } from '../i18n/language-context.tsx';
import { AppError, type AppErrorKind } from '../smart/app-error.ts';
import { type AppSession, type AppState, canRetry } from './app-session.ts';
import { PlanScreen } from './PlanScreen.tsx';
import { PrintButton, PrintedFor } from './Printout.tsx';
import { SignedOutPage } from './SignedOutPage.tsx';

// Most EHRs show a banner of their own; the component library it stands on is then never fetched.
const PatientBanner = lazy(() => import('../features/patient-banner/PatientBanner.tsx'));

// Few ask for it, and it is no part of the plan.
const AccessLogPage = lazy(() => import('../features/access-log/AccessLogPage.tsx'));

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

/** The patient, where the EHR shows no banner of its own. */
function Banner({ state }: { readonly state: AppState }) {
  if (!state.needPatientBanner || state.data === undefined) return null;
  return (
    <Suspense fallback={<div className="fp-banner" aria-hidden="true" />}>
      <PatientBanner patient={state.data.patient} />
    </Suspense>
  );
}

/** Errors after which a new sign-in is the way on. */
const BEGIN_AGAIN = new Set<AppErrorKind>(['no-launch', 'launch-refused', 'launch-used', 'expired']);
/** The same where there is no record to open the app from; what the app may have is said at each sign-in. */
const BEGIN_AGAIN_ALONE = new Set<AppErrorKind>(['ehr-away', 'no-access']);

/** The way in for those who have no record system: patients, relatives, and staff elsewhere. Sign-in pages are never shown in a frame. */
function SignInLink({ state, error }: { readonly state: AppState; readonly error: AppError }) {
  const { texts } = useLanguage();
  const begins = BEGIN_AGAIN.has(error.kind) || (state.standsAlone && BEGIN_AGAIN_ALONE.has(error.kind));
  if (state.signInUrl === undefined || window.parent !== window || !begins) return null;
  return (
    <p>
      {state.standsAlone ? null : texts.app.withoutEhr} <a href={state.signInUrl}>{texts.app.signIn}</a>
    </p>
  );
}

function Content({ state, session }: { readonly state: AppState; readonly session: AppSession }) {
  const { error, data } = state;
  if (state.signedOut !== undefined) return <SignedOutPage state={state} />;
  const [, userType] = /\/([A-Za-z]+)\/[^/]+$/.exec(state.user ?? '') ?? [];
  if (error !== undefined) {
    const offered = error.kind === 'no-access' && userType === 'Practitioner' && !state.standsAlone;
    return (
      <ErrorPage error={error} standsAlone={state.standsAlone} onRetry={canRetry(error) ? session.load : undefined}>
        {offered ? <EmergencyOffer onBreakGlass={session.breakGlass} /> : null}
        <SignInLink state={state} error={error} />
      </ErrorPage>
    );
  }
  if (data === undefined) return <PlanSkeleton />;
  // A person without a plan has given no consent to see one; that there is none may be said. In an emergency, and for the
  // person and a child's parents, it is not consent that opens the plan.
  const byConsent = userType !== 'Patient' && userType !== 'RelatedPerson' && state.emergencyUntilMs === undefined;
  const hidden = data.plans.length > 0 && byConsent && !mayBeSeen(data.consents);
  return (
    <>
      <Banner state={state} />
      {hidden ? (
        <ErrorPage error={new AppError('no-consent', 'no consent to see the plan is active')} />
      ) : (
        <PlanScreen data={data} own={userType === 'Patient'} />
      )}
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
  const [logOpen, setLogOpen] = useState(false);
  /** Once the server has said no, it is not offered again in this window. */
  const [logClosed, setLogClosed] = useState(false);
  const openLog = useCallback(() => setLogOpen(true), []);
  const leaveLog = useCallback(() => {
    setLogOpen(false);
    document.getElementById('content')?.focus();
  }, []);
  const closeLog = useCallback(() => setLogClosed(true), []);
  const logOffered = !logClosed && state.data !== undefined && mayAskForLog(state.user, state.data);
  const signedIn = state.standsAlone && state.user !== undefined && state.signedOut === undefined && state.error?.kind !== 'expired';
  const tools = (
    <>
      {state.data === undefined ? null : (
        <>
          {logOffered && !logOpen ? (
            <button type="button" className="fp-refresh" onClick={openLog}>
              <IconEye size={18} aria-hidden="true" />
              <span>{texts.accessLog.open}</span>
            </button>
          ) : null}
          <span role="status" className="fp-small fp-fetched">
            {state.loading ? texts.app.loading : texts.app.updatedAt(time(state.data.fetchedAtMs))}
          </span>
          {/* Not `disabled`: that would take the focus away from whoever pressed it. What is under way is joined. */}
          <button type="button" className="fp-refresh" onClick={session.load} aria-disabled={state.loading}>
            <IconRefresh size={18} aria-hidden="true" />
            <span>{texts.app.refresh}</span>
          </button>
          <PrintButton />
        </>
      )}
      {signedIn ? (
        <button type="button" className="fp-refresh" onClick={session.signOut}>
          <IconLogout size={18} aria-hidden="true" />
          <span>{texts.app.signOut}</span>
        </button>
      ) : null}
    </>
  );
  return (
    <Shell tools={tools} notice={<Notice state={state} onRetry={session.load} />}>
      {state.emergencyUntilMs === undefined ? null : <EmergencyBanner untilMs={state.emergencyUntilMs} onEnd={session.endEmergency} />}
      {state.data === undefined ? null : <PrintedFor data={state.data} />}
      {logOpen && state.data !== undefined ? (
        <Suspense fallback={<PlanSkeleton text={texts.accessLog.loading} />}>
          <Banner state={state} />
          <AccessLogPage key={state.data.fetchedAtMs} load={session.accessLog} onBack={leaveLog} onClosed={closeLog} />
        </Suspense>
      ) : (
        <Content state={state} session={session} />
      )}
    </Shell>
  );
}

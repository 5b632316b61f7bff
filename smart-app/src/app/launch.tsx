/**
 * The launch page: takes `iss` and `launch` from the EHR, and goes on to the EHR's authorization server in the same window.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-ehr-launch
 */
import { StrictMode, useCallback, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ErrorPage } from '../components/MessagePage.tsx';
import { PlanSkeleton } from '../components/PlanSkeleton.tsx';
import { Shell } from '../components/Shell.tsx';
import { useLanguage } from '../i18n/language-context.tsx';
import type { Language } from '../i18n/languages.ts';
import { type AppError, toAppError } from '../smart/app-error.ts';
import { startLaunch } from '../smart/authorize.ts';
import { WindowStorage } from '../smart/window-storage.ts';
import { loadConfig } from './config.ts';
import { Providers } from './Providers.tsx';

/** Started at the service itself: an EHR gives a `launch` with its `iss`. */
const GIVEN = new URLSearchParams(window.location.search);
const STANDS_ALONE = GIVEN.has('iss') && !GIVEN.has('launch');

/** One launch for this page, whatever React renders twice: a second one would leave its `state` behind. */
let launching: Promise<void> | undefined;

const launch = async (language: Language): Promise<void> => {
  const redirectUri = new URL('./', window.location.href).href.replace(/[?#].*$/, '');
  const url = await startLaunch({
    search: window.location.search,
    redirectUri,
    config: await loadConfig(window.location.href),
    storage: new WindowStorage(window),
    language,
  });
  window.location.replace(url);
};

function LaunchPage() {
  const { texts, language } = useLanguage();
  /** For the next start: a language that is chosen meanwhile begins nothing anew. */
  const chosen = useRef(language);
  useEffect(() => {
    chosen.current = language;
  }, [language]);
  const [error, setError] = useState<AppError>();
  const start = useCallback(() => {
    setError(undefined);
    launching ??= launch(chosen.current);
    launching.catch((thrown: unknown) => {
      launching = undefined;
      setError(toAppError(thrown));
    });
  }, []);
  useEffect(start, [start]);
  return (
    <Shell>
      {error === undefined ? (
        <PlanSkeleton text={texts.app.launching} />
      ) : (
        <ErrorPage error={error} standsAlone={STANDS_ALONE} onRetry={error.kind === 'connection' ? start : undefined} />
      )}
    </Shell>
  );
}

const root = document.getElementById('app');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <LaunchPage />
      </Providers>
    </StrictMode>,
  );
}

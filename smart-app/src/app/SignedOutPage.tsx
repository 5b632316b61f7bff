/**
 * The page after signing out: that it is done, what to mind, and the way in again.
 */
import { Button } from '@mantine/core';
import { MessagePage } from '../components/MessagePage.tsx';
import { useLanguage } from '../i18n/language-context.tsx';
import type { AppState } from './app-session.ts';

export function SignedOutPage({ state }: { readonly state: Pick<AppState, 'signedOut' | 'signInUrl'> }) {
  const { title, what, untold, todo, again } = useLanguage().texts.signedOut;
  return (
    <MessagePage title={title} what={state.signedOut === 'untold' ? untold : what} todo={todo}>
      {state.signInUrl === undefined ? null : (
        <Button component="a" href={state.signInUrl}>
          {again}
        </Button>
      )}
    </MessagePage>
  );
}

/**
 * The redirect page: ends the launch and shows the plan.
 */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { AppSession } from './app-session.ts';
import { Providers } from './Providers.tsx';

const root = document.getElementById('app');
if (root) {
  // Made outside React: rendering twice must not redeem a code twice.
  const session = new AppSession(window);
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <App session={session} />
      </Providers>
    </StrictMode>,
  );
}

/** What carries the choice of a person from the page to the authorization request: good once, for a minute, for that request. */
import { randomBytes } from 'node:crypto';
import { stateKind } from '../auth/state-adapter.ts';
import type { StateStore } from '../store/state-store.ts';

const TICKET_SECONDS = 60;

export interface SignInTickets {
  make(personId: string, requestUri: string): Promise<string>;
  /** The person, once; undefined when the ticket is unknown, used, expired or of another request. */
  take(ticket: string, requestUri: string): Promise<string | undefined>;
}

/** Tickets of one provider. */
export function signInTickets(state: StateStore, name: string): SignInTickets {
  const kind = stateKind(name, 'ticket');
  return {
    async make(personId, requestUri) {
      const ticket = randomBytes(32).toString('base64url');
      await state.put(kind, ticket, { personId, requestUri }, { expiresAtMs: Date.now() + TICKET_SECONDS * 1000 });
      return ticket;
    },
    async take(ticket, requestUri) {
      const found = (await state.take(kind, ticket))?.value;
      return found?.requestUri === requestUri ? String(found.personId) : undefined;
    },
  };
}

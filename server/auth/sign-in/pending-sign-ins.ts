/**
 * Sign-ins under way: an authorization request that waits for its user, kept under a hash of an unguessable id, for ten
 * minutes, and bound by a cookie to the browser that began it. A form is ours when it carries the token of the sign-in.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9700#section-4.7
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Language } from '../../fhir/language.ts';
import type { StateStore } from '../../store/state-store.ts';
import { stateKind } from '../state-adapter.ts';
import { CLOCKS_DIFFER_SECONDS } from '../time-window.ts';
import type { ExternalRequest, SignedInUser } from './sign-in.ts';

const PENDING_SECONDS = 600;

/** What is known of an authorization request before its user is. */
export interface WaitingRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** The authorization request as a query string, checked already. */
  readonly query: string;
  /** The scopes that the client may be granted. */
  readonly scopes: readonly string[];
  readonly language: Language;
}

export interface PendingSignIn extends WaitingRequest {
  readonly id: string;
  readonly formToken: string;
  readonly expiresAtMs: number;
  readonly user?: SignedInUser;
  readonly patientId?: string;
  /** The account under which the user opens the patient; left out: the one they signed in with. */
  readonly accountId?: string;
  /** The request that was made to an external provider. */
  readonly external?: ExternalRequest;
}

export interface PendingSignIns {
  begin(request: WaitingRequest): Promise<{ readonly id: string; readonly cookie: string }>;
  /** The sign-in with this id, when the browser that asks is the one that began it. */
  of(id: string, request: IncomingMessage): Promise<PendingSignIn | undefined>;
  keep(pending: PendingSignIn): Promise<void>;
  /** Takes note that the request to an external provider has been answered: of concurrent calls one gets true. */
  answer(pending: PendingSignIn): Promise<boolean>;
  /** Ends it, also for whoever is about to keep it anew: of concurrent calls one gets true. */
  end(pending: PendingSignIn): Promise<boolean>;
  /** Whether a form with this token, sent by this request, is one of the sign-in's own. */
  isOwnForm(pending: PendingSignIn, request: IncomingMessage, token: string | null): boolean;
}

/** Sign-ins of one issuer, whose pages are below `issuer`. */
export function pendingSignIns(state: StateStore, issuerName: string, issuer: string): PendingSignIns {
  const kind = stateKind(issuerName, 'sign-in');
  /** What has been done for good: a form sent twice may write back what it read before. */
  const doneKind = stateKind(issuerName, 'sign-in-done');
  const { pathname, protocol, origin } = new URL(issuer);
  const attributes = `Path=${pathname.replace(/\/$/, '')}/sign-in; Max-Age=${PENDING_SECONDS}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`;

  async function keep(pending: PendingSignIn, browser: string): Promise<void> {
    const { id, ...value } = pending;
    await state.put(kind, hashOf(id), { ...value, browser }, { expiresAtMs: pending.expiresAtMs });
  }

  /** @returns true for the one call that does it. */
  function doOnce(name: string, { expiresAtMs }: PendingSignIn): Promise<boolean> {
    return state.insertIfAbsent(doneKind, name, {}, { expiresAtMs: expiresAtMs + CLOCKS_DIFFER_SECONDS * 1000 });
  }

  return {
    async begin(request) {
      const [id, secret] = [randomSecret(), randomSecret()];
      const expiresAtMs = Date.now() + PENDING_SECONDS * 1000;
      await keep({ id, formToken: randomSecret(), expiresAtMs, ...request }, hashOf(secret));
      return { id, cookie: `${cookieName(id)}=${secret}; ${attributes}` };
    },
    async of(id, request) {
      const kept = (await state.get(kind, hashOf(id)))?.value as (Omit<PendingSignIn, 'id'> & { browser: string }) | undefined;
      const secret = cookieOf(request, cookieName(id));
      if (kept === undefined || secret === undefined || !same(hashOf(secret), kept.browser)) return undefined;
      if (await state.has(doneKind, hashOf(id))) return undefined;
      const { browser: _browser, ...pending } = kept;
      return { id, ...pending };
    },
    async keep(pending) {
      const browser = (await state.get(kind, hashOf(pending.id)))?.value.browser;
      if (typeof browser === 'string') await keep(pending, browser);
    },
    answer: (pending) => doOnce(hashOf(`${pending.id} ${JSON.stringify(pending.external)}`), pending),
    async end(pending) {
      const isFirst = await doOnce(hashOf(pending.id), pending);
      await state.remove(kind, hashOf(pending.id));
      return isFirst;
    },
    isOwnForm(pending, { headers }, token) {
      const sentFrom = headers.origin;
      return (sentFrom === undefined || sentFrom === origin) && token !== null && same(token, pending.formToken);
    },
  };
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

/** Each sign-in has a cookie of its own, so that two in one browser do not end each other. */
function cookieName(id: string): string {
  return `sign_in_${hashOf(id).slice(0, 12)}`;
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Signed-in users of a simulated EHR: a session in the state store behind a cookie, and the proof that a form was sent
 * from one of our own pages (SameSite cookie, a token in the form, and the Origin header when the browser sends it).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Language } from '../fhir/language.ts';
import type { StateStore } from '../store/state-store.ts';

const SESSION_SECONDS = 10 * 60 * 60;
const LANGUAGE_SECONDS = 365 * 24 * 60 * 60;

export interface UserSession {
  readonly id: string;
  readonly roleId: string;
  readonly practitionerId: string;
  /** Goes into every form of this session. */
  readonly formToken: string;
}

/** The parts of a request that sessions read. */
interface SessionRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface UserSessions {
  start(user: {
    readonly roleId: string;
    readonly practitionerId: string;
  }): Promise<{ readonly session: UserSession; readonly cookie: string }>;
  of(request: SessionRequest): Promise<UserSession | undefined>;
  /** True while the session lives and is that of this practitioner. */
  isActive(sessionId: string, practitionerId: string): Promise<boolean>;
  end(session: UserSession): Promise<string>;
  /** For the form of a visitor who is not signed in: a token and the cookie that must come back with it. */
  visitorToken(): { readonly token: string; readonly cookie: string };
  /** The cookie by which the pages stay in this language. */
  languageCookie(language: Language): string;
  /** The language of the cookie; anything, as the browser sends it. */
  languageOf(request: SessionRequest): string | undefined;
  /** Whether a form with this token comes from our own page. */
  isOwnForm(request: SessionRequest, token: unknown, session: UserSession | undefined): boolean;
}

/** Sessions of one EHR, whose pages are below `baseUrl`. */
export function userSessions(state: StateStore, name: string, baseUrl: string): UserSessions {
  const kind = `ehr/${name}/session`;
  const { pathname, protocol, origin } = new URL(baseUrl);
  const sessionCookie = `${name}_session`;
  const visitorCookie = `${name}_form`;
  const languageCookie = `${name}_language`;
  const write = (cookie: string, value: string, seconds: number, sameSite: 'Lax' | 'Strict') =>
    `${cookie}=${value}; Path=${pathname}; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}${protocol === 'https:' ? '; Secure' : ''}`;

  return {
    async start(user) {
      const session: UserSession = { id: secret(), formToken: secret(), ...user };
      await state.put(kind, session.id, { ...session }, { expiresAtMs: Date.now() + SESSION_SECONDS * 1000 });
      return { session, cookie: write(sessionCookie, session.id, SESSION_SECONDS, 'Lax') };
    },
    async of(request) {
      const id = cookieOf(request, sessionCookie);
      return id === undefined ? undefined : ((await state.get(kind, id))?.value as UserSession | undefined);
    },
    async isActive(sessionId, practitionerId) {
      return (await state.get(kind, sessionId))?.value.practitionerId === practitionerId;
    },
    async end(session) {
      await state.remove(kind, session.id);
      return write(sessionCookie, '', 0, 'Lax');
    },
    visitorToken() {
      const token = secret();
      return { token, cookie: write(visitorCookie, token, 3600, 'Strict') };
    },
    languageCookie: (language) => write(languageCookie, language, LANGUAGE_SECONDS, 'Lax'),
    languageOf: (request) => cookieOf(request, languageCookie),
    isOwnForm(request, token, session) {
      if (!fromOwnPage(request, origin)) return false;
      return same(token, session === undefined ? cookieOf(request, visitorCookie) : session.formToken);
    },
  };
}

/** The Origin header, when the browser sends one, is that of the configured address or of the address in use. */
function fromOwnPage({ headers }: SessionRequest, origin: string): boolean {
  const sentFrom = headers.origin;
  if (sentFrom === undefined || sentFrom === origin) return true;
  return typeof sentFrom === 'string' && URL.canParse(sentFrom) && new URL(sentFrom).host === headers.host;
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function same(a: unknown, b: string | undefined): boolean {
  if (typeof a !== 'string' || b === undefined) return false;
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function cookieOf(request: SessionRequest, name: string): string | undefined {
  const header = request.headers.cookie;
  const pairs = typeof header === 'string' ? header.split(';') : [];
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

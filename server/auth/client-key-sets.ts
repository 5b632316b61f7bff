/**
 * The keys of clients that are registered by a URL. They are kept for as long as the URL's own Cache-Control says, ten
 * minutes at most: a key that a client withdraws opens nothing after that. A key that an assertion names and that is not
 * among them is looked for anew, so that a client may change keys whenever it likes.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html#signature-verification ·
 * https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2
 */
import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { isObject } from '../fhir/resource.ts';
import type { AuthorizationEvent } from './authorization-server.ts';
import type { ClientRegistration } from './clients.ts';
import { keyProblem } from './public-key.ts';
import { isWithin } from './time-window.ts';

const KEPT_SECONDS_MAX = 600;
/** Where a client says nothing of how long its keys may be kept. */
const KEPT_SECONDS_UNSAID = 60;
/** An invented key name, or a URL that does not answer, does not make a fetch of every request. */
const PAUSE_MS = 1000;

export interface ClientKeySets {
  /** Sees to it that the keys of the client whom an assertion names are as its URL has them now. Never rejects. */
  refreshFor(assertion: string | null): Promise<void>;
  /** The keys of a URL as they were fetched last; none when they could not be had. */
  keysAt(jwksUri: string): readonly JWK[];
}

export interface ClientKeySetsOptions {
  readonly clients: ReadonlyMap<string, ClientRegistration>;
  readonly fetch: typeof globalThis.fetch;
  /** Told of key sets that cannot be had or used. */
  readonly report: (event: Omit<AuthorizationEvent, 'issuer'>) => void;
  readonly nowMs: () => number;
}

interface KeySet {
  readonly keys: readonly JWK[];
  /** When its URL was asked last. */
  readonly askedMs: number;
  /** When it gave these keys, and for how long they may be kept. */
  readonly gotMs: number;
  readonly keptMs: number;
  readonly isUsable: boolean;
}

/** The key sets of one issuer's clients. */
export function clientKeySets({ clients, fetch, report, nowMs }: ClientKeySetsOptions): ClientKeySets {
  const kept = new Map<string, KeySet>();
  const underWay = new Map<string, Promise<void>>();

  async function get(jwksUri: string): Promise<void> {
    const askedMs = nowMs();
    try {
      const answer = await fetch(jwksUri, { headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(`the key set was answered with ${answer.status}`);
      const keys = usableKeys(await answer.json().catch(() => undefined));
      kept.set(jwksUri, { keys, askedMs, gotMs: askedMs, keptMs: keptSeconds(answer.headers) * 1000, isUsable: true });
    } catch (error) {
      report({ level: 'info', what: 'key set', reason: (error as Error).message });
      const before = kept.get(jwksUri);
      const isGood = before !== undefined && isWithin(nowMs(), before.gotMs, before.keptMs);
      kept.set(jwksUri, isGood ? { ...before, askedMs } : { keys: [], askedMs, gotMs: askedMs, keptMs: 0, isUsable: false });
    }
  }

  function once(jwksUri: string): Promise<void> {
    const running = underWay.get(jwksUri) ?? get(jwksUri).finally(() => underWay.delete(jwksUri));
    underWay.set(jwksUri, running);
    return running;
  }

  return {
    async refreshFor(assertion) {
      const named = assertion === null ? undefined : readNames(assertion);
      const authentication = named === undefined ? undefined : clients.get(named.clientId)?.authentication;
      if (authentication === undefined || !('jwksUri' in authentication)) return;
      const found = kept.get(authentication.jwksUri);
      if (found !== undefined && !isToBeFetched(found, named?.keyId, nowMs())) return;
      await once(authentication.jwksUri);
    },
    keysAt: (jwksUri) => kept.get(jwksUri)?.keys ?? [],
  };
}

function isToBeFetched({ keys, askedMs, gotMs, keptMs, isUsable }: KeySet, keyId: unknown, nowMs: number): boolean {
  const isFresh = isWithin(nowMs, gotMs, keptMs);
  if (isUsable && !isFresh) return true;
  if (isFresh && keys.some(({ kid }) => kid === keyId)) return false;
  return !isWithin(nowMs, askedMs, PAUSE_MS);
}

/** What an assertion says of itself; nothing of it has been checked. */
function readNames(assertion: string): { readonly clientId: string; readonly keyId: unknown } | undefined {
  try {
    const clientId = decodeJwt(assertion).sub;
    return clientId === undefined ? undefined : { clientId, keyId: decodeProtectedHeader(assertion).kid };
  } catch {
    return undefined;
  }
}

/**
 * The public keys that an assertion can be verified with. Of two with one name neither counts: nobody could say which of
 * them an assertion means. @throws Error when the content is no key set.
 */
function usableKeys(content: unknown): readonly JWK[] {
  if (!isObject(content) || !Array.isArray(content.keys)) throw new Error('the key set is no JSON Web Key Set');
  const all = content.keys.filter(isObject) as readonly JWK[];
  const sameName = ({ kid, kty }: JWK) => all.filter((other) => other.kid === kid && other.kty === kty).length;
  return all.filter(
    (key) => keyProblem({ ...key, alg: key.alg ?? (key.kty === 'EC' ? 'ES384' : 'RS384') }) === undefined && sameName(key) === 1,
  );
}

/** For how many seconds an answer may be kept. */
function keptSeconds(headers: Headers): number {
  const said = headers.get('Cache-Control')?.toLowerCase();
  if (said === undefined) return KEPT_SECONDS_UNSAID;
  if (/\bno-(store|cache)\b/.test(said)) return 0;
  const age = /\bmax-age="?(\d+)/.exec(said)?.[1];
  if (age === undefined) return KEPT_SECONDS_UNSAID;
  return Math.max(0, Math.min(Number(age) - Number(headers.get('Age') ?? 0), KEPT_SECONDS_MAX));
}

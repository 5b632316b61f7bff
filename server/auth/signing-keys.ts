/**
 * The keys an issuer signs with: made by the first process that needs them, kept in the state store, the same for every
 * process of the issuer. A new key is published before it signs, so that whoever has fetched the keys learns of it in
 * time; an old one stays until the last token it signed has expired. After ninety days a key is followed by another.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7517 · https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys
 */
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, type JWK, type JWTVerifyGetKey } from 'jose';
import type { StateStore } from '../store/state-store.ts';
import { stateKind } from './state-adapter.ts';
import { isWithin } from './time-window.ts';

/** SMART wants RS256 for id_tokens; access tokens are signed with the same key. */
export const SIGNING_ALGORITHM = 'RS256';
/** How long a key is published before it signs. Longer than any process goes without looking. */
export const KEY_LEAD_SECONDS = 300;
const LOOK_SECONDS = 10;
/** An invented key name does not make a look of every request. */
const PAUSE_MS = 1000;
const SIGNS_FOR_DAYS = 90;
const KEYS_AT_MOST = 20;
const DAY_MS = 24 * 60 * 60 * 1000;
/** For as long as any process could still be at work with a list in which a retired key stands. */
const RETIRED_KEPT_MS = DAY_MS;

export type SigningKey = JWK & { readonly kid: string };

/** The keys at one moment; another generation is another object. */
export interface KeyGeneration {
  /** Private keys, the one that signs first. */
  readonly keys: readonly SigningKey[];
  /** What anyone may have of the key that signs. */
  readonly publicKey: SigningKey;
  /** Finds the key of a token, of all that are published. */
  readonly verification: JWTVerifyGetKey;
}

/** One key as an operator sees it. */
export interface KeyStatus {
  readonly kid: string;
  /** `next` is published and will sign, `kept` signs no more but what it signed is still good. */
  readonly state: 'signs' | 'next' | 'kept';
  /** ms since 1970 UTC; undefined: from the beginning. */
  readonly signsFromMs: number | undefined;
  /** When it goes; undefined: when another has followed it. */
  readonly expiresAtMs: number | undefined;
}

export interface SigningKeys {
  /** The keys now; read from the store every ten seconds. */
  current(): Promise<KeyGeneration>;
  /** Finds the key of a token; one that another process has made meanwhile is looked for in the store, once a second. */
  readonly verification: JWTVerifyGetKey;
  /** Adds a key that signs after `leadSeconds`; the others stay for `keepSeconds` after that. */
  rotate(leadSeconds: number, keepSeconds: number): Promise<void>;
  /** All that are published, the one that signs first. */
  list(): Promise<readonly KeyStatus[]>;
  /**
   * Takes a key out of use at once: what it signed is no longer good (within half a minute, when every process has looked).
   * When it is the one that signs, the next one signs from now on, or a new one.
   * @returns false when there is no such key.
   */
  retire(kid: string): Promise<boolean>;
}

interface KeptKey {
  readonly id: string;
  readonly key: SigningKey;
  /** From when on it signs, ms; absent in keys made by hand: from the beginning, and never followed by itself. */
  readonly signsFromMs?: number;
  /** True for a key that has been followed by another. */
  readonly expires: boolean;
  readonly expiresAtMs: number | undefined;
}

/** The signing keys of one issuer; `keepSeconds`: how long a token may live that was signed at the last moment. */
export function signingKeys(
  state: StateStore,
  issuerName: string,
  { keepSeconds, nowMs = Date.now }: { readonly keepSeconds: number; readonly nowMs?: () => number },
): SigningKeys {
  const kind = stateKind(issuerName, 'signing-key');
  const retiredKind = stateKind(issuerName, 'retired-key');
  let seen: { readonly generation: KeyGeneration; readonly atMs: number } | undefined;
  let looked: { readonly atMs: number; readonly found: Promise<KeyGeneration> } | undefined;

  async function kept(): Promise<readonly KeptKey[]> {
    const [entries, retired] = await Promise.all([state.list(kind, KEYS_AT_MOST), state.list(retiredKind, KEYS_AT_MOST)]);
    const isRetired = new Set(retired.map(({ id }) => id));
    const live = entries.filter(({ value }) => !isRetired.has(String(value.kid)));
    return live.map(({ id, expiresAtMs, value: { signsFromMs, ...key } }) => ({
      id,
      key: key as unknown as SigningKey,
      expires: expiresAtMs !== null,
      expiresAtMs: expiresAtMs ?? undefined,
      ...(typeof signsFromMs === 'number' ? { signsFromMs } : {}),
    }));
  }

  async function add(id: string, signsFromMs: number): Promise<void> {
    await state.insertIfAbsent(kind, id, { ...(await newKey()), signsFromMs });
  }

  /** The name of a key says which it follows: of several processes that add one, one does. */
  async function follow(keys: readonly KeptKey[], leadSeconds: number, keep: number): Promise<void> {
    const newest = inOrder(keys, Number.POSITIVE_INFINITY)[0]!;
    const signsFromMs = nowMs() + leadSeconds * 1000;
    await add(`after-${newest.key.kid}`, signsFromMs);
    for (const { id, key, signsFromMs: from } of keys.filter(({ expires }) => !expires)) {
      const value = { ...key, ...(from === undefined ? {} : { signsFromMs: from }) };
      await state.put(kind, id, value, { expiresAtMs: signsFromMs + keep * 1000 });
    }
  }

  /** The key whose time is to come next, or a new one, signs from now on. */
  async function signNow(keys: readonly KeptKey[]): Promise<void> {
    const next = keys.filter(({ signsFromMs = 0 }) => signsFromMs > nowMs()).at(-1);
    if (next === undefined) await add(`after-${keys[0]!.key.kid}`, nowMs());
    else await state.put(kind, next.id, { ...next.key, signsFromMs: nowMs() });
  }

  async function load(): Promise<KeyGeneration> {
    if ((await kept()).length === 0) await add('current', nowMs());
    let keys = inOrder(await kept(), nowMs());
    const signing = keys[0]!;
    const isNewest = inOrder(keys, Number.POSITIVE_INFINITY)[0] === signing;
    if (isNewest && signing.signsFromMs !== undefined && nowMs() - signing.signsFromMs > SIGNS_FOR_DAYS * DAY_MS) {
      await follow(keys, KEY_LEAD_SECONDS, keepSeconds);
      keys = inOrder(await kept(), nowMs());
    }
    return generationOf(keys.map(({ key }) => key));
  }

  async function look(): Promise<KeyGeneration> {
    const atMs = nowMs();
    const loaded = await load();
    const same = loaded.keys.map(({ kid }) => kid).join() === seen?.generation.keys.map(({ kid }) => kid).join();
    seen = { generation: same ? seen!.generation : loaded, atMs };
    return seen.generation;
  }

  async function current(): Promise<KeyGeneration> {
    return seen !== undefined && isWithin(nowMs(), seen.atMs, LOOK_SECONDS * 1000) ? seen.generation : look();
  }

  return {
    current,
    async verification(header, token) {
      const known = await current();
      if (known.keys.some(({ kid }) => kid === header.kid)) return known.verification(header, token);
      if (looked === undefined || !isWithin(nowMs(), looked.atMs, PAUSE_MS)) looked = { atMs: nowMs(), found: look() };
      return (await looked.found).verification(header, token);
    },
    async rotate(leadSeconds, keep) {
      await load();
      await follow(await kept(), leadSeconds, keep);
      seen = undefined;
    },
    async list() {
      await load();
      return inOrder(await kept(), nowMs()).map(({ key, signsFromMs, expiresAtMs }, index) => {
        const state = index === 0 ? 'signs' : (signsFromMs ?? 0) > nowMs() ? 'next' : 'kept';
        return { kid: key.kid, state, signsFromMs, expiresAtMs };
      });
    },
    async retire(kid) {
      const keys = inOrder(await kept(), nowMs());
      const retired = keys.find(({ key }) => key.kid === kid);
      if (retired === undefined) return false;
      // Before it goes, so that there is a key at any moment.
      if (retired === keys[0]) await signNow(keys);
      // Whoever is rotating the keys at this moment writes the old ones anew: that brings none back.
      await state.put(retiredKind, kid, {}, { expiresAtMs: nowMs() + RETIRED_KEPT_MS });
      await state.remove(kind, retired.id);
      seen = undefined;
      return true;
    },
  };
}

/** Those that sign at this time with the newest first, then those whose time is to come. */
function inOrder(keys: readonly KeptKey[], atMs: number): readonly KeptKey[] {
  const from = ({ signsFromMs = 0 }: KeptKey) => (signsFromMs <= atMs ? signsFromMs : -signsFromMs);
  return [...keys].sort((a, b) => from(b) - from(a));
}

function generationOf(keys: readonly SigningKey[]): KeyGeneration {
  return { keys, publicKey: publicPart(keys[0]!), verification: createLocalJWKSet({ keys: keys.map(publicPart) }) };
}

/** A key whose name may stand in a command: one of 64 begins with a hyphen, as options do. */
async function newKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return kid.startsWith('-') ? newKey() : { ...jwk, kid, use: 'sig', alg: SIGNING_ALGORITHM };
}

function publicPart(key: SigningKey): SigningKey {
  return { kty: key.kty!, n: key.n!, e: key.e!, kid: key.kid, use: 'sig', alg: SIGNING_ALGORITHM };
}

/**
 * The opaque text in a page link: the search and the place in it, sealed, so that a link tells nobody whom it is about and
 * cannot be made up.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#paging · AES-256-GCM: NIST SP 800-38D
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { badRequest, type FhirError } from '../fhir/errors.ts';
import { ORDER_RULES } from '../fhir/norwegian-order.ts';
import type { CursorPosition } from './query.ts';

/** The name of the parameter that carries a page token. */
export const PAGE_PARAMETER = '_page';

export interface PageState {
  /** What was searched: the path below the base, `['CarePlan']`. */
  readonly path: readonly string[];
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly handling: 'strict' | 'lenient';
  /** Whose search it is: what was counted for one is not told to another. */
  readonly caller: string;
  /** When the search began: `ap` and dates without a zone mean the same on every page. */
  readonly nowMs: number;
  /** The page after or before this place; neither for the first page. */
  readonly after?: CursorPosition;
  readonly before?: CursorPosition;
  /** Only what was settled by this time is told, on every page: who goes on from the latest time on any of them misses nothing. */
  readonly settledMs?: number;
  /** The total told on the first page, so that it is counted once. */
  readonly total?: number;
}

/** The first byte of a token tells how its content is kept. */
const PLAIN = 1;
const DEFLATED = 2;
/** Shorter contents are not worth the time it takes to deflate them. */
const DEFLATE_FROM = 1_024;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const TOKEN_MAX = 16_384;
const STATE_MAX_BYTES = 1_048_576;
const LIFETIME_MS = 24 * 3_600_000;

/** What is sealed: of a place among texts also the order they are in. */
interface Sealed extends PageState {
  readonly order?: number;
}

const isAmongTexts = ({ after, before }: PageState): boolean => [after, before].some((place) => place?.values.some(isText));
const isText = (value: unknown): boolean => typeof value === 'string';

/** The token of a page, base64url. `key` has 32 bytes; the token is good for a day after `state.nowMs`. */
export function sealPage(key: Uint8Array, state: PageState): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), iv);
  const sealed: Sealed = isAmongTexts(state) ? { ...state, order: ORDER_RULES } : state;
  const text = Buffer.from(JSON.stringify(sealed));
  const [kind, content] = text.length < DEFLATE_FROM ? [PLAIN, text] : [DEFLATED, deflateRawSync(text)];
  return Buffer.concat([Buffer.of(kind), iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/**
 * The state sealed in a token.
 * @throws FhirError 400 `invalid` when it was not made with this key, has been changed, is older than a day or
 * leads to a place in an order that texts are in no longer.
 */
export function openPage(key: Uint8Array, token: string, nowMs: number): PageState {
  const sealed = unseal(key, token);
  if (sealed === undefined) throw refused('is not one that this server gave');
  const { order, ...state } = sealed;
  if (nowMs - state.nowMs > LIFETIME_MS) throw refused('is too old; start the search again');
  if (isAmongTexts(state) && order !== ORDER_RULES)
    throw refused('is of an earlier version, which sorted otherwise; start the search again');
  return state;
}

const keyObjects = new WeakMap<Uint8Array, KeyObject>();

/** Made once for each key: with bytes, every cipher would make one of its own. */
function keyObject(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key) ?? createSecretKey(key);
  keyObjects.set(key, known);
  return known;
}

function unseal(key: Uint8Array, token: string): Sealed | undefined {
  if (token.length > TOKEN_MAX || !/^[\w-]+$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length <= 1 + IV_BYTES + TAG_BYTES || (bytes[0] !== PLAIN && bytes[0] !== DEFLATED)) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyObject(key), bytes.subarray(1, 1 + IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const content = Buffer.concat([decipher.update(bytes.subarray(1 + IV_BYTES, -TAG_BYTES)), decipher.final()]);
    const text = bytes[0] === PLAIN ? content : inflateRawSync(content, { maxOutputLength: STATE_MAX_BYTES });
    return JSON.parse(text.toString()) as Sealed;
  } catch {
    return undefined;
  }
}

function refused(why: string): FhirError {
  return badRequest(`The page link ${why}`, PAGE_PARAMETER);
}

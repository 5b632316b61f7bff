/**
 * Requests of the suite: nothing is followed, every answer is read whole, and cookies are kept only where a browser would
 * be looked at.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9110 · https://www.rfc-editor.org/rfc/rfc6265
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CheckFailed, NotApplicable } from './check.ts';

const TIMEOUT_MS = 15_000;
const REFUSAL_AT_MOST = 160;

/** Fields of a form or a query; what is undefined is not sent. */
export type Fields = Readonly<Record<string, string | undefined>>;

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where a redirect leads, absolute. */
  readonly location: URL | undefined;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Fields;
  /** Sent as a form. */
  readonly form?: Fields | URLSearchParams;
  readonly body?: string;
  readonly cookies?: Cookies;
}

export type Ask = (url: string, question?: Question) => Promise<Answer>;

/** Cookies of one browser, by host and path. */
export class Cookies {
  readonly #kept = new Map<string, { readonly pair: string; readonly host: string; readonly path: string }>();

  keep(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const given = attributes.find((attribute) => /^path=\//i.test(attribute))?.slice(5);
      const path = given ?? url.pathname.replace(/\/[^/]*$/, '/');
      const key = `${url.hostname} ${path} ${pair.split('=')[0]}`;
      const isOver = attributes.some((attribute) => /^max-age=0*$/i.test(attribute));
      if (isOver) this.#kept.delete(key);
      else this.#kept.set(key, { pair, host: url.hostname, path });
    }
  }

  for(url: URL): string | undefined {
    const sent = [...this.#kept.values()].filter(({ host, path }) => host === url.hostname && url.pathname.startsWith(path));
    return sent.length === 0 ? undefined : sent.map(({ pair }) => pair).join('; ');
  }
}

/** Asks over HTTP. A server that says for how long to wait is waited for, up to `waitAtMostSeconds`; when it is longer, the check cannot be tried. */
export function requester(waitAtMostSeconds: number): Ask {
  return async function ask(url, question = {}) {
    const answer = await once(url, question);
    const seconds = Number(answer.headers.get('Retry-After'));
    if (answer.status !== 429) return answer;
    if (!(seconds <= waitAtMostSeconds)) throw new NotApplicable(`${url} asks to wait ${seconds || 'some'} seconds (429): try again later`);
    await pause(seconds * 1000);
    return once(url, question);
  };
}

async function once(url: string, { method, headers = {}, form, body, cookies }: Question): Promise<Answer> {
  const parsed = URL.parse(url);
  if (parsed === null) throw new CheckFailed(`${JSON.stringify(url)} is no absolute URL`);
  const cookie = cookies?.for(parsed);
  const sent = present({ Accept: 'application/json', ...headers, ...(cookie === undefined ? {} : { Cookie: cookie }) });
  const content = form === undefined ? body : formOf(form);
  try {
    const response = await fetch(url, {
      method: method ?? (content === undefined ? 'GET' : 'POST'),
      headers: sent,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(content === undefined ? {} : { body: content }),
    });
    const text = await response.text();
    cookies?.keep(parsed, response.headers);
    const location = response.headers.get('Location');
    return {
      url,
      status: response.status,
      headers: response.headers,
      text,
      location: location === null ? undefined : (URL.parse(location, url) ?? undefined),
    };
  } catch (error) {
    throw new CheckFailed(`${url} does not answer: ${(error as Error & { cause?: Error }).cause?.message ?? (error as Error).message}`);
  }
}

/** The fields that are to be sent. */
export function present(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** A form out of fields. */
export function formOf(fields: Fields | URLSearchParams): URLSearchParams {
  return fields instanceof URLSearchParams ? fields : new URLSearchParams(present(fields));
}

/** The JSON object of an answer. @throws CheckFailed when it is none. */
export function objectOf(answer: Answer): Record<string, unknown> {
  const value = jsonOf(answer);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CheckFailed(`the answer (${answer.status}) is no JSON object${refusalText(answer)}`);
  }
  return value as Record<string, unknown>;
}

/** The JSON of an answer, undefined when it is none. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}

/** What a refusal says, for the report. Of an answer that is none nothing is told: it may hold tokens or what is said of a patient. */
export function refusalText({ status, text }: Answer): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (status < 400 || line === '') return '';
  return `: ${line.length > REFUSAL_AT_MOST ? `${line.slice(0, REFUSAL_AT_MOST)}…` : line}`;
}

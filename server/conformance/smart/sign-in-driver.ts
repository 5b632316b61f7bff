/**
 * Gets an authorization request to its answer: at once where the server asks nobody, else by pressing what a user would
 * press on its pages, or by a person who is shown the URL while the redirect is waited for.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#obtain-authorization-code
 */
import { createServer } from 'node:http';
import { addresses, type Pressable, pressables } from './html-page.ts';
import { type Answer, type Ask, Cookies, formOf, type Question } from './http.ts';

const PAGES_AT_MOST = 20;
const PERSON_WITHIN_MS = 10 * 60 * 1000;

export interface Decision {
  /** Regular expressions, the first that fits something on a page is pressed. */
  readonly press: readonly string[];
  /** Values of checkboxes that the user clears. */
  readonly leaveOut?: readonly string[];
  /** Values of checkboxes that the user checks. */
  readonly choose?: readonly string[];
}

export interface Arrived {
  /** The redirect to the app; undefined when it did not come to that. */
  readonly redirect: URL | undefined;
  /** The last answer of the server. */
  readonly last: Answer;
  /** Pages that were shown on the way. */
  readonly pages: readonly Answer[];
}

/**
 * Goes from page to page as a browser with cookies would.
 * @returns the first redirect to one of `targets` (compared without query and fragment), or where it ended.
 */
export async function pressThrough(
  ask: Ask,
  start: { readonly url: string; readonly question?: Question },
  targets: readonly string[],
  decision: Decision,
): Promise<Arrived> {
  const cookies = new Cookies();
  const pages: Answer[] = [];
  const open = (url: string, question: Question = {}) =>
    ask(url, {
      ...question,
      cookies,
      headers: { Accept: 'text/html, application/json;q=0.5', 'Accept-Language': 'en', ...question.headers },
    });
  let last = await open(start.url, start.question);
  for (let count = 0; count < PAGES_AT_MOST; count++) {
    if (last.location !== undefined) {
      const next = last.location;
      if (targets.some((target) => isAt(next, target))) return { redirect: next, last, pages };
      last = await open(next.href);
      continue;
    }
    pages.push(last);
    const wanted = last.status === 200 ? toPress(last, decision.press) : undefined;
    if (wanted === undefined) return { redirect: undefined, last, pages };
    last = await open(wanted.url, questionOf(wanted, decision));
  }
  return { redirect: undefined, last, pages };
}

/** Goes from page to page until one of them shows an address that launches an app. */
export async function findLaunch(ask: Ask, url: string, press: readonly string[]): Promise<URL | undefined> {
  const isLaunch = (address: URL) => address.searchParams.has('iss') && address.searchParams.has('launch');
  const cookies = new Cookies();
  const open = (next: string, question: Question = {}) => ask(next, { ...question, cookies, headers: { Accept: 'text/html' } });
  let last = await open(url);
  for (let count = 0; count < PAGES_AT_MOST; count++) {
    if (last.location !== undefined) {
      if (isLaunch(last.location)) return last.location;
      last = await open(last.location.href);
      continue;
    }
    const found = addresses(last.text, last.url).find(isLaunch);
    const wanted = found === undefined ? toPress(last, press) : undefined;
    if (wanted === undefined) return found;
    last = await open(wanted.url, questionOf(wanted, {}));
  }
  return undefined;
}

/**
 * Prints a URL for a person, and waits on the loopback interface until their browser comes to `target`; undefined when
 * it has not within ten minutes. @throws Error when the target is not on this machine, or its port is taken.
 */
export async function askPerson(
  say: (line: string) => void,
  what: string,
  url: string | undefined,
  target: string,
): Promise<URL | undefined> {
  const { port, hostname, pathname, origin } = new URL(target);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    throw new Error(`${target} is not on this machine: nobody can be waited for there`);
  const arrived = new Promise<URL | undefined>((resolve, reject) => {
    const server = createServer((req, res) => {
      const here = new URL(req.url ?? '/', origin);
      res.setHeader('Content-Type', 'text/plain; charset=utf-8');
      if (here.pathname !== pathname) return void res.writeHead(404).end();
      res.end('Thank you. The suite goes on; this window can be closed.\n', () => {
        clearTimeout(timer);
        server.close();
        server.closeAllConnections();
        resolve(here);
      });
    });
    const timer = setTimeout(() => {
      server.close();
      resolve(undefined);
    }, PERSON_WITHIN_MS);
    server.once('error', reject);
    server.listen(Number(port || 80), hostname.replace(/[[\]]/g, ''));
  });
  say(url === undefined ? what : `${what}\n  ${url}`);
  return arrived;
}

/** True when the address is the target, whatever query and fragment it has. */
function isAt(address: URL, target: string): boolean {
  const wanted = URL.parse(target);
  return wanted !== null && address.origin === wanted.origin && address.pathname === wanted.pathname;
}

function toPress(page: Answer, press: readonly string[]): Pressable | undefined {
  const found = pressables(page.text, page.url);
  for (const pattern of press) {
    const match = found.find(({ label }) => new RegExp(pattern, 'i').test(label));
    if (match !== undefined) return match;
  }
  return undefined;
}

function questionOf({ form, unchecked = [], method }: Pressable, { leaveOut = [], choose = [] }: Partial<Decision>): Question {
  if (form === undefined) return {};
  const chosen = unchecked.filter(([, value]) => choose.includes(value));
  const sent = [...form.filter(([, value]) => !leaveOut.includes(value)), ...chosen].map(([name, value]): [string, string] => [
    name,
    value,
  ]);
  const parameters = formOf(new URLSearchParams(sent));
  return method === 'POST' ? { form: parameters } : { method };
}

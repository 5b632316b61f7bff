/**
 * What R4 4.0.1 says to servers, statement by statement: each is asked over HTTP, in order, on a base that holds what is
 * given. A row says in our words what holds, where it is said (page and anchor) and how strongly, what is asked, and what
 * comes of it. Where we do otherwise, the row holds what we do, and `departs` says why.
 *
 * In what is asked, `{base}` is the base, and `{next}`, `{self}`, `{Location}`, `{Content-Location}`, `{file}` and
 * `{lastUpdated}` what answers before have said last of links, headers, files of an export and the time of a change; POLL is a GET that waits while the answer is 202.
 * In answers, the base is written `{base}`.
 *
 * Spec: https://hl7.org/fhir/R4/http.html · https://hl7.org/fhir/R4/search.html
 */
import type { Resource } from '../../../server/fhir/resource.ts';

type Headers = Readonly<Record<string, string>>;
export type Asked = readonly [method: string, path: string, body?: unknown, headers?: Headers];

/** What is looked at of an answer; what is left out is not. Values may be matchers of Vitest. */
export interface Answered {
  readonly status: number;
  /** `Type/id` of the entries, with `include:` or `outcome:` before those that did not match: in order when the search sorts, else in any. */
  readonly ids?: readonly string[];
  /** Code and expression of the first error. */
  readonly issue?: readonly [code: string, expression?: string];
  /** Values in the body by their path (`entry.0.response.status`); undefined where there is to be none. */
  readonly at?: Readonly<Record<string, unknown>>;
  /** URLs of the links of a Bundle by their relation; undefined where there is to be none. */
  readonly links?: Readonly<Record<string, unknown>>;
  /** Headers of the answer; null where there is to be none. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Members of the body, sorted. */
  readonly members?: readonly string[];
  /** The body as it was sent. */
  readonly text?: unknown;
}

/** How strongly it is said; what a client can rely on though no such word is used is `is`. */
export type Force = 'SHALL' | 'SHOULD' | 'MAY' | 'is';

export interface Statement {
  readonly where: string;
  readonly force: Force;
  readonly says: string;
  readonly asked: Asked;
  readonly answered: Answered;
  /** Why we do otherwise than the page says. */
  readonly departs?: string;
}

export interface Page {
  readonly title: string;
  readonly given?: readonly Resource[];
  readonly statements: readonly Statement[];
}

type Say = (says: string, asked: Asked, answered: Answered) => Statement;
interface Section {
  readonly shall: Say;
  readonly should: Say;
  readonly may: Say;
  /** Said without such a word, and relied on. */
  readonly is: Say;
  /** A search that finds these. */
  readonly finds: (says: string, query: string, ...ids: readonly string[]) => Statement;
  /** A GET that is refused. */
  readonly refuses: (says: string, query: string, status: number, code: string, expression?: string) => Statement;
  /** What we do in place of what the page says, and why. */
  readonly departs: (force: Force, why: string, says: string, asked: Asked, answered: Answered) => Statement;
}

/** The statements of one section of a page. */
export function section(where: string): Section {
  const say =
    (force: Force): Say =>
    (says, asked, answered) => ({ where, force, says, asked, answered });
  return {
    shall: say('SHALL'),
    should: say('SHOULD'),
    may: say('MAY'),
    is: say('is'),
    finds: (says, query, ...ids) => ({ where, force: 'is', says, asked: ['GET', query], answered: { status: 200, ids } }),
    refuses: (says, query, status, code, expression) => {
      const issue = expression === undefined ? ([code] as const) : ([code, expression] as const);
      return { where, force: 'is', says, asked: ['GET', query], answered: { status, issue } };
    },
    departs: (force, departs, says, asked, answered) => ({ where, force, says, asked, answered, departs }),
  };
}

/** The same search for several queries. */
export const get = (path: string, headers?: Headers): Asked => (headers === undefined ? ['GET', path] : ['GET', path, undefined, headers]);

export const reference = (to: string) => ({ reference: to });
export const SYSTEM = 'http://s.example';
export const coded = (...codes: readonly string[]) => ({ coding: codes.map((code) => ({ system: SYSTEM, code })) });
export const basic = (id: string, more: object = {}) => ({ resourceType: 'Basic', id, code: { text: 'x' }, ...more });

/** An entry of a Bundle: `POST Patient`. */
export function entry(request: string, resource?: object, more: { fullUrl?: string; request?: Headers } = {}): object {
  const [method, url] = request.split(' ');
  return {
    ...(more.fullUrl === undefined ? {} : { fullUrl: more.fullUrl }),
    ...(resource === undefined ? {} : { resource }),
    request: { method, url, ...more.request },
  };
}

export const transaction = (...entries: readonly object[]) => ({ resourceType: 'Bundle', type: 'transaction', entry: entries });
export const batch = (...entries: readonly object[]) => ({ resourceType: 'Bundle', type: 'batch', entry: entries });
export const parameters = (...parameter: readonly object[]) => ({ resourceType: 'Parameters', parameter });
export const urn = (number: number): string => `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

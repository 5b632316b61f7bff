/**
 * A small FHIR client over fetch: bearer token, paging, OperationOutcome as readable errors, and patience with a bad connection.
 *
 * Spec: https://hl7.org/fhir/R4/http.html
 */
import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { AppError } from '../smart/app-error.ts';

/** How the connection is: `retrying` while a request is tried again, `lost` when it was given up. */
export type Connection = 'ok' | 'retrying' | 'lost';

export interface FhirClientOptions {
  /** FHIR base URL without a slash at the end. */
  readonly baseUrl: string;
  /** @returns an access token; `renew` asks for a new one because the last was refused. */
  readonly token: (renew?: boolean) => Promise<string>;
  readonly onConnection?: (connection: Connection) => void;
  readonly fetcher?: typeof fetch;
  /** Waits between the attempts, in ms; as many attempts again as there are waits. */
  readonly retryWaitsMs?: readonly number[];
  readonly timeoutMs?: number;
}

/** Name and value of a search parameter. */
export type SearchParameters = readonly (readonly [string, string])[];

const PASSING = new Set([429, 502, 503, 504]);
const RETRY_WAITS_MS = [400, 1000, 2000, 4000] as const;
const LONGEST_WAIT_MS = 10_000;
const TIMEOUT_MS = 15_000;
/** A plan of more pages than this is a server that runs in a circle. */
const MAX_PAGES = 40;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class FhirClient {
  readonly #options: FhirClientOptions;

  constructor(options: FhirClientOptions) {
    this.#options = options;
  }

  /**
   * @param path relative to the base, e.g. `Patient/1`.
   * @throws AppError `no-access` (403, 404, 410), `expired` (401 twice), `connection`, `unexpected` (anything else).
   */
  async read<T extends Resource>(path: string): Promise<T> {
    return (await this.#send(`${this.#options.baseUrl}/${path}`, {})) as T;
  }

  /**
   * @returns the resources of all pages, matches and included ones.
   * @throws AppError as `read`.
   */
  async search(type: string, parameters: SearchParameters): Promise<Resource[]> {
    const query = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
    return this.#pages((await this.#send(`${this.#options.baseUrl}/${type}?${query}`, {})) as Bundle);
  }

  /** As `search`, but the first page alone: the latest of what grows for years. */
  async searchFirst(type: string, parameters: SearchParameters): Promise<Resource[]> {
    const query = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
    return resourcesOf((await this.#send(`${this.#options.baseUrl}/${type}?${query}`, {})) as Bundle);
  }

  /** As `search`, with the parameters in the body: for what must not stand in an address. */
  async searchByPost(type: string, parameters: SearchParameters): Promise<Resource[]> {
    const body = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#pages((await this.#send(`${this.#options.baseUrl}/${type}/_search`, { method: 'POST', headers, body })) as Bundle);
  }

  /**
   * One page of what an operation answers with.
   *
   * @param path relative to the base, or the link to a page that follows.
   * @param language of the texts in it, as BCP 47.
   * @throws AppError as `read`.
   */
  async page(path: string, language: string): Promise<{ readonly resources: readonly Resource[]; readonly next: string | undefined }> {
    const url = this.#nextUrl(path);
    const bundle = (await this.#send(url, { headers: { 'accept-language': language } })) as Bundle;
    const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
    return { resources, next: bundle.link?.find((link) => link.relation === 'next')?.url };
  }

  /**
   * Calls an operation of the whole service.
   *
   * @returns the resource it answers with; undefined for an answer without a body.
   * @throws AppError as `read`, with the status of the answer.
   */
  async operation(method: 'GET' | 'POST' | 'DELETE', name: string, body?: Resource): Promise<Resource | undefined> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/fhir+json' } };
    return (await this.#send(`${this.#options.baseUrl}/${name}`, { method, ...sent })) as Resource | undefined;
  }

  async #pages(first: Bundle): Promise<Resource[]> {
    const resources: Resource[] = [];
    let page: Bundle | undefined = first;
    for (let count = 1; page !== undefined; count += 1) {
      resources.push(...resourcesOf(page));
      const next: string | undefined = page.link?.find((link) => link.relation === 'next')?.url;
      if (next === undefined) break;
      if (count >= MAX_PAGES) throw new AppError('unexpected', 'the search has too many pages');
      page = (await this.#send(this.#nextUrl(next), {})) as Bundle;
    }
    return resources;
  }

  /** The token goes to the base it was made for and nowhere else. */
  #nextUrl(next: string): string {
    const url = new URL(next, `${this.#options.baseUrl}/`);
    if (!url.href.startsWith(this.#options.baseUrl)) throw new AppError('unexpected', 'the next page is at another address');
    return url.href;
  }

  async #send(url: string, init: RequestInit): Promise<unknown> {
    const response = await this.#patiently(url, init, await this.#options.token());
    if (response.status !== 401) return readAnswer(response);
    const again = await this.#patiently(url, init, await this.#options.token(true));
    if (again.status === 401) throw new AppError('expired', 'the token was refused');
    return readAnswer(again);
  }

  async #patiently(url: string, init: RequestInit, token: string): Promise<Response> {
    const waits = this.#options.retryWaitsMs ?? RETRY_WAITS_MS;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#attempt(url, init, token);
      const passing = answer instanceof Error || PASSING.has(answer.status);
      if (!passing) {
        this.#options.onConnection?.('ok');
        return answer;
      }
      const waitMs = waits[attempt];
      if (waitMs === undefined) {
        this.#options.onConnection?.('lost');
        if (answer instanceof Error) throw new AppError('connection', 'no answer from the FHIR server', { cause: answer });
        throw new AppError('connection', `HTTP ${answer.status}`, { requestId: requestIdOf(answer) });
      }
      this.#options.onConnection?.('retrying');
      const asked = answer instanceof Error ? 0 : Number(answer.headers.get('retry-after') ?? 0) * 1000;
      await wait(Math.min(Math.max(waitMs, asked || 0), LONGEST_WAIT_MS));
    }
  }

  async #attempt(url: string, init: RequestInit, token: string): Promise<Response | Error> {
    const fetcher = this.#options.fetcher ?? fetch;
    const headers = {
      accept: 'application/fhir+json',
      ...(init.headers as Record<string, string> | undefined),
      authorization: `Bearer ${token}`,
    };
    const signal = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    return fetcher(url, { ...init, headers, signal, cache: 'no-store', credentials: 'omit' }).catch((cause: unknown) =>
      cause instanceof Error ? cause : new Error('fetch failed'),
    );
  }
}

const requestIdOf = (response: Response): string | undefined => response.headers.get('x-request-id') ?? undefined;

async function readAnswer(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && (body !== undefined || response.status === 204)) return body;
  const requestId = requestIdOf(response);
  const text = `HTTP ${response.status}${outcomeText(body)}`;
  if ([403, 404, 410].includes(response.status)) throw new AppError('no-access', text, { requestId, status: response.status });
  throw new AppError('unexpected', text, { requestId, status: response.status });
}

/** @returns the issue codes and texts of an OperationOutcome, for support staff. */
function outcomeText(body: unknown): string {
  const outcome = body as Partial<OperationOutcome> | undefined;
  if (outcome?.resourceType !== 'OperationOutcome') return '';
  return (outcome.issue ?? []).map((issue) => ` · ${issue.code ?? ''}: ${issue.details?.text ?? issue.diagnostics ?? ''}`).join('');
}

/** Matches and included ones, without what the server says of the search. */
function resourcesOf({ entry = [] }: Bundle): Resource[] {
  return entry.flatMap(({ resource, search }) => (resource === undefined || search?.mode === 'outcome' ? [] : [resource]));
}

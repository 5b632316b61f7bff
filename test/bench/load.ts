/**
 * Puts load on a server on this machine with a fixed number of clients, each sending its next request when the last is
 * answered, over connections that are kept open. Plain node:http, so that the client is not what is measured.
 */
import { Agent, request } from 'node:http';
import type { Tokens } from './backend-client.ts';

export interface BenchRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base of the client, with a slash in front, or empty. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long each request took, ms, and how long all took together. */
export interface Times {
  readonly each: readonly number[];
  readonly seconds: number;
}

export interface Figures {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** One connection pool to one server. */
export class Client {
  readonly #base: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #headers: Readonly<Record<string, string>>;

  readonly #tokens: Tokens | undefined;

  /**
   * @param base what the paths of requests follow.
   * @param tokens gives the bearer token of each request; left out: none is sent.
   */
  constructor(base: string, headers: Readonly<Record<string, string>> = {}, tokens?: Tokens) {
    this.#base = new URL(base);
    this.#headers = headers;
    this.#tokens = tokens;
  }

  async send(what: BenchRequest): Promise<Answer> {
    const authorization = this.#tokens === undefined ? {} : { Authorization: `Bearer ${await this.#tokens()}` };
    return new Promise((resolve, reject) => {
      const length = what.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(what.body)) };
      const sent = request(
        {
          agent: this.#agent,
          host: this.#base.hostname,
          port: this.#base.port,
          method: what.method,
          path: `${this.#base.pathname.replace(/\/$/, '')}${what.path}`,
          headers: { ...this.#headers, ...authorization, ...what.headers, ...length },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), headers: response.headers }),
          );
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(what.body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface Load {
  readonly clients: number;
  /** The request number n of all; may depend on what client `client` was answered last. */
  readonly next: (n: number, client: number, last: Answer | undefined) => BenchRequest;
}

/** A load that is put on in several rounds, so that what it is compared with can be measured in between. */
export class LoadRun {
  readonly #server: Client;
  readonly #load: Load;
  readonly #last: (Answer | undefined)[];
  readonly #rounds: Times[] = [];
  #sent = 0;

  constructor(server: Client, load: Load) {
    this.#server = server;
    this.#load = load;
    this.#last = Array.from({ length: load.clients });
  }

  /**
   * Requests for a while that are not counted.
   * @throws Error with the body of the first answer that is not 2xx: a benchmark of errors measures something else.
   */
  async warmUp(durationMs: number): Promise<void> {
    await this.#drive(durationMs);
  }

  /**
   * Requests for a while, and then until what `last` begins at its end has ended.
   * @returns how many a second. @throws Error as warmUp does.
   */
  async round(durationMs: number, last?: () => Promise<unknown>): Promise<number> {
    const times = await this.#drive(durationMs, last);
    this.#rounds.push(times);
    return times.each.length / times.seconds;
  }

  /** How long the requests of each round took. */
  get rounds(): readonly Times[] {
    return this.#rounds;
  }

  /** Of all rounds together. */
  figures(): Figures {
    return figuresOf(this.#rounds);
  }

  async #drive(durationMs: number, last?: () => Promise<unknown>): Promise<Times> {
    const { clients, next } = this.#load;
    const each: number[] = [];
    const startMs = performance.now();
    let ending: Promise<void> | undefined;
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    const goesOn = (): boolean => {
      if (performance.now() - startMs < durationMs) return true;
      if (last === undefined) end();
      else
        ending ??= last().then(end, (error: unknown) => {
          end();
          throw error;
        });
      return !isOver;
    };
    const client = async (number: number): Promise<void> => {
      while (goesOn()) {
        const what = next(this.#sent++, number, this.#last[number]);
        const sentMs = performance.now();
        const answer = await this.#server.send(what);
        each.push(performance.now() - sentMs);
        if (answer.status < 200 || answer.status > 299)
          throw new Error(`${what.method} ${what.path}: ${answer.status} ${answer.body.slice(0, 500)}`);
        this.#last[number] = answer;
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
    await ending;
    return { each, seconds: (performance.now() - startMs) / 1000 };
  }
}

/** The figures of rounds of one load. */
export function figuresOf(rounds: readonly Times[]): Figures {
  const times = rounds.flatMap(({ each }) => each).sort((a, b) => a - b);
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { perSecond: times.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

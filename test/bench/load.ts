/**
 * Puts load on a server on this machine with a fixed number of clients, each sending its next request when the last is
 * answered, over connections that are kept open. Plain node:http, so that the client is not what is measured.
 */
import { Agent, request } from 'node:http';

export interface BenchRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Figures {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Bytes of the last body, to see that like is compared with like. */
  readonly bytes: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** One connection pool to one server. */
export class Client {
  readonly #origin: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #headers: Readonly<Record<string, string>>;

  constructor(origin: string, headers: Readonly<Record<string, string>> = {}) {
    this.#origin = new URL(origin);
    this.#headers = headers;
  }

  send(what: BenchRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = what.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(what.body)) };
      const sent = request(
        {
          agent: this.#agent,
          host: this.#origin.hostname,
          port: this.#origin.port,
          method: what.method,
          path: what.path,
          headers: { ...this.#headers, ...what.headers, ...length },
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
  readonly durationMs: number;
  /** The request number n of all; may depend on what client `client` was answered last. */
  readonly next: (n: number, client: number, last: Answer | undefined) => BenchRequest;
}

/**
 * Runs the load after a warm-up of a fifth of its time.
 * @throws Error with the body of the first answer that is not 2xx: a benchmark of errors measures something else.
 */
export async function measure(server: Client, load: Load): Promise<Figures> {
  const last: (Answer | undefined)[] = Array.from({ length: load.clients });
  const warmUp = await drive(server, { ...load, durationMs: load.durationMs / 5 }, last, 0);
  return (await drive(server, load, last, warmUp.sent)).figures;
}

async function drive(
  server: Client,
  { clients, durationMs, next }: Load,
  last: (Answer | undefined)[],
  first: number,
): Promise<{ readonly figures: Figures; readonly sent: number }> {
  const times: number[] = [];
  const startMs = performance.now();
  let sent = first;
  let bytes = 0;
  const client = async (number: number): Promise<void> => {
    while (performance.now() - startMs < durationMs) {
      const what = next(sent++, number, last[number]);
      const sentMs = performance.now();
      const answer = await server.send(what);
      times.push(performance.now() - sentMs);
      if (answer.status < 200 || answer.status > 299)
        throw new Error(`${what.method} ${what.path}: ${answer.status} ${answer.body.slice(0, 500)}`);
      last[number] = answer;
      bytes = answer.body.length;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  const tookSeconds = (performance.now() - startMs) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { figures: { perSecond: times.length / tookSeconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), bytes }, sent };
}

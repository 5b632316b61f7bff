/** Server processes on one database, which can be killed and come back at another address. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Memory {
  readonly heapBytes: number;
  readonly rssBytes: number;
}

interface Member {
  readonly child: ChildProcess;
  readonly url: string;
}

export class Cluster {
  readonly #place: string;
  #members: Member[] = [];
  #turn = 0;

  /** @param place the SQLite file, or the URL of the PostgreSQL database. */
  constructor(place: string) {
    this.#place = place;
  }

  async start(processes: number): Promise<void> {
    this.#members = await Promise.all(Array.from({ length: processes }, () => this.#startOne()));
  }

  async #startOne(): Promise<Member> {
    const args = ['--expose-gc', '--no-warnings', join(import.meta.dirname, 'server-process.ts'), this.#place];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { url } = await answerOf<{ url: string }>(child);
    return { child, url };
  }

  /** The FHIR base of one member, each in its turn. */
  get url(): string {
    this.#turn += 1;
    return this.#members[this.#turn % this.#members.length]?.url ?? '';
  }

  /** SIGKILL to one member, and another in its place. */
  async killOne(): Promise<void> {
    const at = this.#turn % this.#members.length;
    const { child } = this.#members[at] as Member;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    this.#members[at] = await this.#startOne();
  }

  /** Memory of each member after garbage collection. */
  memory(): Promise<readonly Memory[]> {
    return Promise.all(
      this.#members.map(({ child }) => {
        const answer = answerOf<Memory>(child);
        child.send('memory');
        return answer;
      }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#members.map(async ({ child }) => {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }),
    );
  }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`A server process ended with code ${code}.`);
  });
  gone.catch(() => undefined);
  const [answer] = (await Promise.race([once(child, 'message'), gone])) as [Answer];
  return answer;
}

/**
 * An attack as a row of a table: what is tried and how, how it is refused, and how that stands in the access log. The
 * runner makes it, compares, and looks through all that was logged for what must never be there.
 */
import { expect, it } from 'vitest';
import type { Got, Stronghold } from './stronghold.ts';

export interface Attack {
  /** What is tried, and how, in a few words. */
  readonly attack: string;
  /** Does it; the answer to the last step. Earlier steps are to succeed. */
  readonly by: (place: Stronghold) => Promise<Got>;
  /** `400 invalid_grant`: the status, and the OAuth error, the issue code, or (of a redirect or page) its error. */
  readonly refused: string;
  /** What one line of the access log says: `8 app-a launch invalid_grant`. */
  readonly logged: string;
}

/** An attack from the words of its row. */
export function attack(words: string, refused: string, logged: string, by: Attack['by']): Attack {
  return { attack: words, refused, logged, by };
}

/** A test for each attack; `place` is open when they run. */
export function areRefusedAndLogged(attacks: readonly Attack[], place: () => Stronghold): void {
  for (const { attack: words, by, refused, logged } of attacks) {
    it(`${words}: ${refused}`, async () => {
      const stronghold = place();
      await stronghold.newEvents();
      const linesBefore = stronghold.lines.length;
      const got = await by(stronghold);
      expect(refusalOf(got), got.text).toBe(refused);
      const events = await stronghold.newEvents();
      expect(events.map(({ line }) => line)).toContainEqual(expect.stringMatching(asPattern(logged)));
      const told = [...events.map(({ json }) => json), ...stronghold.lines.slice(linesBefore)].join('\n');
      for (const secret of stronghold.secrets) expect(told.includes(secret), `a secret is in the log: ${secret.slice(0, 12)}…`).toBe(false);
    });
  }
}

/** The words of a row as the beginning of a line; three dots in one stand for anything. */
function asPattern(logged: string): RegExp {
  return new RegExp(`^${logged.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')}`);
}

/** How an answer refuses: status and code. A search that finds nothing is `200 nothing`. */
export function refusalOf({ status, headers, text, body }: Got): string {
  const location = headers.get('location');
  const redirect = location === null ? undefined : new URL(location, 'http://none.example');
  const error = redirect?.searchParams.get('error') ?? new URLSearchParams(redirect?.hash.slice(1)).get('error');
  if (error !== null && error !== undefined) return `${status} ${error}`;
  if (redirect !== undefined) return `${status} to ${redirect.href}`;
  if (typeof body.error === 'string') return `${status} ${body.error}`;
  const issue = body.issue?.find(({ severity }) => severity === 'error' || severity === 'fatal');
  if (issue !== undefined) return `${status} ${issue.code}`;
  if (body.resourceType === 'Bundle') return `${status} ${isEmpty(body) ? 'nothing' : 'something'}`;
  const page = /<code>(\w+)<\/code>/.exec(text)?.[1];
  return page === undefined ? String(status) : `${status} ${page}`;
}

function isEmpty(bundle: Got['body']): boolean {
  return (bundle.entry === undefined || (bundle.entry as readonly unknown[]).length === 0) && (bundle.total ?? 0) === 0;
}

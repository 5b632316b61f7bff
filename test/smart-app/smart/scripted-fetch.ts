/** A fetch that answers from a script, and a window with a sessionStorage of its own. */

export interface Call {
  readonly url: string;
  readonly method: string;
  readonly body: URLSearchParams;
  readonly headers: Headers;
}

/**
 * @param script for each call a JSON body (200), a status, `[status, body]`, a Response or an error; the last one goes on being given.
 * @returns the fetch and the calls it got.
 */
export function answers(script: readonly unknown[]): { readonly fetcher: typeof fetch; readonly calls: Call[] } {
  const calls: Call[] = [];
  const fetcher = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const answer = script[Math.min(calls.length, script.length - 1)];
    calls.push({
      url: String(input),
      method: init?.method ?? 'GET',
      body: new URLSearchParams(typeof init?.body === 'string' ? init.body : ''),
      headers: new Headers(init?.headers),
    });
    if (answer instanceof Error) throw answer;
    if (answer instanceof Response) return answer.clone();
    if (typeof answer === 'number') return Response.json({}, { status: answer });
    if (Array.isArray(answer)) return Response.json(answer[1], { status: answer[0] as number });
    return Response.json(answer);
  }) as typeof fetch;
  return { fetcher, calls };
}

/** @returns what `WindowStorage` needs of a window; as in a browser, its keys can be listed. */
export function testWindow(): { name: string; readonly sessionStorage: Storage } {
  const methods = {
    getItem(this: Record<string, string>, key: string): string | null {
      return this[key] ?? null;
    },
    setItem(this: Record<string, string>, key: string, value: string): void {
      this[key] = value;
    },
    removeItem(this: Record<string, string>, key: string): void {
      delete this[key];
    },
  };
  return { name: '', sessionStorage: Object.create(methods) as Storage };
}

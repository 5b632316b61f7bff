/** A browser without scripts for tests: keeps cookies by path, follows nothing by itself, sends what a form holds. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string | null;
}

export function browser() {
  const jar = new Map<string, { readonly value: string; readonly path: string }>();

  async function ask(url: string, init: RequestInit = {}): Promise<Page> {
    const { pathname } = new URL(url);
    const sent = [...jar].filter(([, { path }]) => pathname.startsWith(path)).map(([name, { value }]) => `${name}=${value}`);
    const headers = { ...(init.headers as Record<string, string> | undefined), ...(sent.length === 0 ? {} : { Cookie: sent.join('; ') }) };
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const set of response.headers.getSetCookie()) {
      const [pair, ...attributes] = set.split('; ') as [string, ...string[]];
      const at = pair.indexOf('=');
      const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice(5) ?? '/';
      jar.set(pair.slice(0, at), { value: pair.slice(at + 1), path });
    }
    const location = response.headers.get('location');
    const absolute = location === null ? null : new URL(location, url).href;
    return { status: response.status, headers: response.headers, text: await response.text(), location: absolute };
  }

  return {
    jar,
    get: (url: string, headers: Record<string, string> = {}) => ask(url, { headers }),
    /** Sends a form as a page has it: its token, whom it is about, and these fields. */
    post: (url: string, page: Page, fields: readonly (readonly [string, string])[], headers: Record<string, string> = {}) =>
      ask(url, {
        method: 'POST',
        headers,
        body: new URLSearchParams([
          ['token', tokenIn(page.text)],
          ['about', /name="about" value="([^"]*)"/.exec(page.text)?.[1] ?? ''],
          ...fields.map(([name, value]): [string, string] => [name, value]),
        ]),
      }),
    postForm: (url: string, form: URLSearchParams) => ask(url, { method: 'POST', body: form }),
  };
}

export type Browser = ReturnType<typeof browser>;

export const tokenIn = (text: string) => /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** The scopes a consent page lets the user leave out. */
export const boxesIn = (text: string) =>
  [...text.matchAll(/name="scope" value="([^"]+)" checked/g)].map((match) => match[1]!.replaceAll('&#38;', '&'));

/**
 * The page shown when an authorization request cannot be answered with a redirect (unknown client, wrong redirect URI), and
 * when there is no page at all. It says what is wrong in words of OAuth for the one who integrates, and in their language
 * for the one who reads it.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KoaContext } from 'oidc-provider';
import { type Language, pageLanguage } from '../fhir/language.ts';
import { Html, html } from './sign-in/html.ts';

const TEXTS: Readonly<Record<Language, { readonly title: string; readonly advice: string }>> = {
  nb: {
    title: 'Appen kunne ikke åpnes',
    advice: 'Åpne appen på nytt der du startet den. Skjer det igjen, gi teksten under til dem som drifter systemet.',
  },
  nn: {
    title: 'Appen kunne ikkje opnast',
    advice: 'Opne appen på nytt der du starta han. Skjer det igjen, gi teksten under til dei som driftar systemet.',
  },
  en: {
    title: 'The app could not be opened',
    advice: 'Open the app again where you started it. If it happens again, give the text below to those who run the system.',
  },
};
const NOT_FOUND: typeof TEXTS = {
  nb: {
    title: 'Siden finnes ikke',
    advice: 'Start på nytt der du kom fra. En innlogging som er fullført eller utløpt, kan ikke åpnes igjen.',
  },
  nn: {
    title: 'Sida finst ikkje',
    advice: 'Start på nytt der du kom frå. Ei innlogging som er fullført eller gått ut, kan ikkje opnast igjen.',
  },
  en: {
    title: 'There is no such page',
    advice: 'Start again where you came from. A sign-in that is finished or has expired cannot be opened again.',
  },
};
const UNAVAILABLE: typeof TEXTS = {
  nb: { title: 'Tjenesten kan ikke brukes akkurat nå', advice: 'Prøv igjen om litt. Varer det, si fra til dem som drifter systemet.' },
  nn: { title: 'Tenesta kan ikkje brukast akkurat no', advice: 'Prøv igjen om litt. Varer det, sei frå til dei som driftar systemet.' },
  en: { title: 'The service cannot be used just now', advice: 'Try again in a little while. If it lasts, tell those who run the system.' },
};
const STYLE = 'body{font:1rem/1.5 system-ui,sans-serif;color:#16232e;background:#fff;margin:2rem;max-width:40rem}code{font-size:.95rem}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * Writes the error as a small HTML page; the library has set the status. `framed`: the page may stand in a frame of the
 * issuer's own pages, as where an EHR opens apps inside its own window.
 */
export function errorPage(framed: boolean) {
  const policy = policyOf(framed ? "'self'" : "'none'");
  return async (ctx: KoaContext, out: { error: string; error_description?: string }): Promise<void> => {
    const language = pageLanguage(ctx.req.headers['accept-language']);
    ctx.set('Content-Security-Policy', policy);
    ctx.set('Content-Language', language);
    ctx.type = 'html';
    ctx.body = document(language, TEXTS[language], html`<p lang="en"><code>${out.error}</code>: ${out.error_description ?? ''}</p>`);
  };
}

/** Answers 404 with a page, for somebody who reads it. */
export function notFoundPage(req: IncomingMessage, res: ServerResponse): void {
  answerWith(req, res, { status: 404, texts: NOT_FOUND });
}

/** The same with 429 or 503, while the service cannot be used; after `retryAfter` seconds it may. */
export function laterPage(req: IncomingMessage, res: ServerResponse, status: number, retryAfter: string): void {
  answerWith(req, res, { status, texts: UNAVAILABLE, headers: { 'Retry-After': retryAfter } });
}

interface Page {
  readonly status: number;
  readonly texts: typeof TEXTS;
  readonly headers?: Readonly<Record<string, string>>;
}

function answerWith(req: IncomingMessage, res: ServerResponse, { status, texts, headers = {} }: Page): void {
  const language = pageLanguage(req.headers['accept-language']);
  const text = document(language, texts[language], html``);
  res.writeHead(status, {
    ...headers,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': language,
    'Content-Length': Buffer.byteLength(text),
    'Content-Security-Policy': policyOf("'none'"),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(text);
}

function policyOf(ancestors: string): string {
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`;
}

function document(language: Language, { title, advice }: { readonly title: string; readonly advice: string }, more: Html): string {
  return html`<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
<main>
<h1>${title}</h1>
<p>${advice}</p>
${more}
</main>
</html>`.text;
}

/** The page of the simulated identity provider: who would you like to be? Without scripts, in bokmål. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Html, html } from '../auth/sign-in/html.ts';
import type { SimulatedPerson } from './simulated-identity-provider.ts';

const STYLE = `body{margin:0;font:1rem/1.5 system-ui,"Segoe UI",sans-serif;color:#16232e;background:#f6f8f9}main{max-width:60rem;margin:0 auto;padding:1rem}
ul{list-style:none;padding:0;display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr))}small{color:#4a5b68}
button{font:inherit;text-align:left;width:100%;padding:.5rem .75rem;border:1px solid #4a5b68;border-radius:.3rem;background:#fff;color:#16232e}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}p button{width:auto}a{color:#0b5c6b}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Writes the list of people, each a form that is sent to `action`. */
export function choosePage(res: ServerResponse, action: string, people: readonly SimulatedPerson[]): void {
  const groups = [
    group(
      'Privatpersoner',
      people.filter(({ hprNumber }) => hprNumber === undefined),
    ),
    group(
      'Helsepersonell',
      people.filter(({ hprNumber }) => hprNumber !== undefined),
    ),
  ];
  const list = people.length === 0 ? html`<p>Ingen personer er lagt inn ennå.</p>` : html`${groups}`;
  send(
    res,
    200,
    html`<h1>Hvem er du?</h1><p>Dette er en simulert innloggingstjeneste. Alle personer er oppdiktet.</p>
<form method="post" action="${action}">${list}<p><button name="person" value="">Avbryt</button></p></form>`,
  );
}

function group(heading: string, people: readonly SimulatedPerson[]): Html {
  const choices = people.map(
    ({ id, name, securityLevel }) => html`<li><button name="person" value="${id}">${name}</button>
<small>sikkerhetsnivå ${securityLevel}</small></li>`,
  );
  return choices.length === 0 ? html`` : html`<h2>${heading}</h2><ul>${choices}</ul>`;
}

/** Writes what this is, for whoever opens its address. */
export function aboutPage(res: ServerResponse): void {
  send(
    res,
    200,
    html`<h1>Simulert innloggingstjeneste</h1><p>Hit kommer du når du logger inn i Fellesplan uten journalsystem. Alle personer er oppdiktet.</p>
<p><a href="/">Begynn på forsiden</a></p>`,
  );
}

/** Writes that the request cannot be understood. */
export function refusePage(res: ServerResponse): void {
  send(res, 400, html`<h1>Noe mangler</h1><p>Gå tilbake og start innloggingen på nytt.</p>`);
}

function send(res: ServerResponse, status: number, content: Html): void {
  const page = html`<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulert innlogging</title><style>${new Html(STYLE)}</style></head><body><main>${content}</main></body></html>`;
  res.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(page.text),
    // No form-action: the answer to the form leads on to whichever service asked, and from there to its app.
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'`,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(page.text);
}

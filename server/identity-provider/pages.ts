/** The page of the simulated identity provider: who would you like to be? Without scripts, in bokmål. */
import type { ServerResponse } from 'node:http';
import { type Html, html } from '../auth/sign-in/html.ts';
import type { SimulatedPerson } from './simulated-identity-provider.ts';

/** Writes the list of people, each a form that is sent to `action`. */
export function choosePage(res: ServerResponse, action: string, people: readonly SimulatedPerson[]): void {
  const choices = people.map(
    ({ id, name, hprNumber, securityLevel }) => html`<li><button name="person" value="${id}">${name}</button>
<small>${hprNumber === undefined ? 'uten HPR-nummer' : 'helsepersonell'}, sikkerhetsnivå ${securityLevel}</small></li>`,
  );
  const list = people.length === 0 ? html`<p>Ingen personer er lagt inn ennå.</p>` : html`<ul>${choices}</ul>`;
  send(
    res,
    200,
    html`<h1>Hvem er du?</h1><p>Dette er en simulert innloggingstjeneste. Alle personer er oppdiktet.</p>
<form method="post" action="${action}">${list}<p><button name="person" value="">Avbryt</button></p></form>`,
  );
}

/** Writes that the request cannot be understood. */
export function refusePage(res: ServerResponse): void {
  send(res, 400, html`<h1>Noe mangler</h1><p>Gå tilbake og start innloggingen på nytt.</p>`);
}

function send(res: ServerResponse, status: number, content: Html): void {
  const page = html`<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulert innlogging</title></head><body><main>${content}</main></body></html>`;
  res.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(page.text),
    // No form-action: the answer to the form leads on to whichever service asked, and from there to its app.
    'Content-Security-Policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(page.text);
}

/** The page of the simulated identity provider: who would you like to be? Without scripts, in three languages. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Html, html } from '../auth/sign-in/html.ts';
import { pageLanguage } from '../fhir/language.ts';
import type { SimulatedPerson } from './simulated-identity-provider.ts';
import { PROVIDER_TEXTS, type ProviderTexts } from './texts.ts';

const STYLE = `body{margin:0;font:1rem/1.5 system-ui,"Segoe UI",sans-serif;color:#16232e;background:#f6f8f9}main{max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:break-word}h1{font-size:1.5rem;line-height:1.25}
ul{list-style:none;padding:0;display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr))}small{display:block;color:#4a5b68}
button{font:inherit;text-align:left;width:100%;padding:.5rem .75rem;border:1px solid #4a5b68;border-radius:.3rem;background:#fff;color:#16232e}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}p button{width:auto}a{color:#0b5c6b}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Writes the list of people, each a form that is sent to `action`. */
export function choosePage(req: IncomingMessage, res: ServerResponse, action: string, people: readonly SimulatedPerson[]): void {
  send(req, res, 200, (texts) => {
    const isStaff = ({ hprNumber, organizationParent }: SimulatedPerson) => (hprNumber ?? organizationParent) !== undefined;
    const persons = people.filter((person) => !isStaff(person));
    const groups = [group(texts, texts.persons, persons), group(texts, texts.staff, people.filter(isStaff))];
    const list = people.length === 0 ? html`<p>${texts.nobody}</p>` : html`${groups}`;
    return html`<h1>${texts.heading}</h1><p>${texts.lead}</p>
<form method="post" action="${action}">${list}<p><button name="person" value="">${texts.cancel}</button></p></form>`;
  });
}

function group(texts: ProviderTexts, heading: string, people: readonly SimulatedPerson[]): Html {
  const choices = people.map(
    ({
      id,
      name,
      comesAs,
      securityLevel,
    }) => html`<li><button name="person" value="${id}">${name}${comesAs === undefined ? '' : ` (${texts.comesAs[comesAs]})`}
<small>${texts.securityLevel(securityLevel)}</small></button></li>`,
  );
  return choices.length === 0 ? html`` : html`<h2>${heading}</h2><ul>${choices}</ul>`;
}

/** Writes what this is, for whoever opens its address. */
export function aboutPage(req: IncomingMessage, res: ServerResponse): void {
  send(req, res, 200, (texts) => html`<h1>${texts.aboutHeading}</h1><p>${texts.aboutText}</p><p><a href="/">${texts.toFront}</a></p>`);
}

/** Writes that the request cannot be understood. */
export function refusePage(req: IncomingMessage, res: ServerResponse): void {
  send(req, res, 400, (texts) => html`<h1>${texts.refusedHeading}</h1><p>${texts.refusedText}</p>`);
}

function send(req: IncomingMessage, res: ServerResponse, status: number, content: (texts: ProviderTexts) => Html): void {
  const language = pageLanguage(req.headers['accept-language']);
  const texts = PROVIDER_TEXTS[language];
  const page = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title}</title><style>${new Html(STYLE)}</style></head><body><main>${content(texts)}</main></body></html>`;
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

/**
 * The pages for people at the root: a front page that says where to click, the conformance page, and the page that is not there.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 (Accept-Language)
 */
import { type NextFunction, type Request, type Response, Router } from 'express';
import { TOKEN_COMMAND } from '../../auth/token-command.ts';
import { LANGUAGES, type Language, pageLanguage } from '../../fhir/language.ts';
import { FRONT_PAGE_STYLE } from './front-page-style.ts';
import { FRONT_PAGE_TEXTS, type FrontPageTexts } from './front-page-texts.ts';

/** A user and a patient to begin with in the demo. */
interface Pair {
  readonly ehr: 'hospital' | 'municipality';
  readonly user: string;
  readonly patient: string;
  readonly shows: Readonly<Record<Language, string>>;
}

export interface FrontPageOptions {
  /** True in demo mode: the simulated EHRs can be opened. */
  readonly simulators: boolean;
  readonly publicUrl: string;
  /** True where users sign in at the service itself: patients and relatives then start the app from here. */
  readonly signIn: boolean;
  /** Shown with the simulated EHRs. */
  readonly pairs: readonly Pair[];
}

/** Routes `/`, `/conformance`, `/front-page.css` and `/favicon.ico`; to a person who asks for any other page, that there is none. */
export function frontPage(options: FrontPageOptions): Router {
  const router = Router();
  router.get('/front-page.css', (_request, response) => {
    response.type('css').set('Cache-Control', 'public, max-age=3600').send(FRONT_PAGE_STYLE);
  });
  router.get('/favicon.ico', (_request, response) => response.redirect(301, ICON));
  router.get('/', (request, response) => sendPage(request, response, (text, language) => ({ body: frontBody(text, language, options) })));
  router.get('/conformance', (request, response) =>
    sendPage(request, response, (text, language) => ({ title: text.conformanceTitle, body: conformanceBody(text, language, options) })),
  );
  router.get('/*path', (request: Request, response: Response, next: NextFunction) => {
    // Programs get their own kind of answer.
    if (request.accepts(['json', 'html']) !== 'html') return next();
    return sendPage(request, response.status(404), (text) => ({ title: text.notFoundTitle, body: notFoundBody(text) }));
  });
  return router;
}

/** The app's own icon. */
const ICON = '/app/favicon.svg';

interface Page {
  /** Beside the name of the service; the front page has none. */
  readonly title?: string;
  readonly body: string;
}

function sendPage(request: Request, response: Response, content: (text: FrontPageTexts, language: Language) => Page): void {
  const language = chooseLanguage(request);
  response
    .type('html')
    .set('Content-Language', language)
    .set('Vary', 'Accept-Language')
    .set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    )
    .send(page(language, content(FRONT_PAGE_TEXTS[language], language)));
}

/** `?lang=` first, then Accept-Language, then bokmål. */
function chooseLanguage(request: Request): Language {
  const asked = LANGUAGES.find((language) => language === request.query.lang);
  return asked ?? pageLanguage(request.get('Accept-Language'));
}

function page(language: Language, { title, body }: Page): string {
  const text = FRONT_PAGE_TEXTS[language];
  const choices = LANGUAGES.map((each) => {
    const current = each === language ? ' aria-current="true"' : '';
    return `<li><a href="?lang=${each}" lang="${each}" hreflang="${each}"${current}>${FRONT_PAGE_TEXTS[each].languageName}</a></li>`;
  }).join('');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === undefined ? '' : `${title} – `}${text.title}</title>
<link rel="icon" href="${ICON}" type="image/svg+xml">
<link rel="stylesheet" href="/front-page.css">
</head>
<body>
<a class="skip" href="#content">${text.skip}</a>
<header><p class="brand">${text.title}</p><nav aria-label="${text.chooseLanguage}"><ul>${choices}</ul></nav></header>
<main id="content">
${body}
</main>
</body>
</html>
`;
}

function frontBody(text: FrontPageTexts, language: Language, options: FrontPageOptions): string {
  const simulators = options.simulators
    ? `<div class="cards">
${card('/ehr/hospital', text.hospitalLink, text.hospitalText, 'hospital')}
${card('/ehr/municipality', text.municipalityLink, text.municipalityText, 'municipality')}
${options.signIn ? signInCard(text, options) : ''}
</div>
${pairTable(text, language, options.pairs)}
<p class="note">${text.synthetic}</p>`
    : options.signIn
      ? `<div class="cards">${signInCard(text, options)}</div>`
      : `<p>${text.noSimulators}</p>`;
  const token = options.simulators
    ? `<section aria-labelledby="token"><h2 id="token">${text.tokenHeading}</h2>
<p>${text.tokenText}</p>
<pre tabindex="0"><code>TOKEN=$(${TOKEN_COMMAND} municipality-system)
curl -H "Authorization: Bearer $TOKEN" ${options.publicUrl}/fhir/CarePlan</code></pre></section>`
    : '';
  return `<h1>${text.lead}</h1>
<section aria-labelledby="try"><h2 id="try">${text.tryHeading}</h2>
${simulators}</section>
<section aria-labelledby="build"><h2 id="build">${text.buildHeading}</h2>
<div class="cards">
${card('/fhir/metadata', text.fhirLink, text.fhirText)}
${card('/fhir/.well-known/smart-configuration', text.smartLink, text.smartText)}
${card('/conformance', text.conformanceLink, text.conformanceText)}
</div></section>
${token}`;
}

function signInCard(text: FrontPageTexts, { publicUrl }: FrontPageOptions): string {
  return card(`/app/launch.html?iss=${encodeURIComponent(`${publicUrl}/fhir`)}`, text.signInLink, text.signInText);
}

function card(href: string, link: string, text: string, look = ''): string {
  return `<div class="card ${look}"><h3><a href="${href}">${link}</a></h3><p>${text}</p></div>`;
}

/** All cells are texts of this project. */
function pairTable(text: FrontPageTexts, language: Language, pairs: readonly Pair[]): string {
  const rows = pairs.map(
    ({ ehr, user, patient, shows }) =>
      `<tr><th scope="row"><a href="/ehr/${ehr}/?q=${encodeURIComponent(user)}">${user}</a>, ${text[ehr]}</th><td>${patient}</td><td>${shows[language]}</td></tr>`,
  );
  return `<h3 id="pairs">${text.pairsHeading}</h3>
<div class="scroll" tabindex="0" role="region" aria-labelledby="pairs"><table aria-labelledby="pairs">
<thead><tr><th scope="col">${text.user}</th><th scope="col">${text.patient}</th><th scope="col">${text.shows}</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div>`;
}

function conformanceBody(text: FrontPageTexts, language: Language, options: FrontPageOptions): string {
  return `<h1>${text.conformanceTitle}</h1>
<p>${text.conformanceLead}</p>
<h2>${text.conformanceFile}</h2>
<pre tabindex="0"><code>npx fellesplan validate --language ${language} plan.json</code></pre>
<h2>${text.conformancePackage}</h2>
<pre tabindex="0"><code>npx fellesplan profiles fellesplan.fhir.tgz</code></pre>
<h2>${text.conformanceHttp}</h2>
<pre tabindex="0"><code>curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/fhir+json" \\
  -d @plan.json '${options.publicUrl}/fhir/CarePlan/$validate'</code></pre>
<p>${text.conformanceAnswer}</p>
<h2>SMART</h2>
<p>${text.conformanceSmart}</p>
<pre tabindex="0"><code>npx fellesplan conformance smart --sample &gt; smart.json
npx fellesplan conformance smart --language ${language} --fhir ${options.publicUrl}${options.simulators ? '/ehr/hospital' : ''}/fhir --config smart.json</code></pre>
<p><a href="/">${text.back}</a></p>`;
}

function notFoundBody(text: FrontPageTexts): string {
  return `<h1>${text.notFoundTitle}</h1><p>${text.notFoundText}</p><p><a href="/">${text.back}</a></p>`;
}

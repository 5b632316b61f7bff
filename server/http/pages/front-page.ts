/**
 * The pages for people at the root: a front page that says where to click, and the conformance page.
 */
import { type Request, type Response, Router } from 'express';
import { FRONT_PAGE_STYLE } from './front-page-style.ts';
import { FRONT_PAGE_TEXTS, type FrontPageTexts, LANGUAGES, type Language } from './front-page-texts.ts';

export interface FrontPageOptions {
  /** True in demo mode: the simulated EHRs can be opened. */
  readonly simulators: boolean;
  readonly publicUrl: string;
}

/** Routes `/`, `/conformance` and `/front-page.css`. */
export function frontPage(options: FrontPageOptions): Router {
  const router = Router();
  router.get('/front-page.css', (_request, response) => {
    response.type('css').set('Cache-Control', 'public, max-age=3600').send(FRONT_PAGE_STYLE);
  });
  router.get('/', (request, response) => sendPage(request, response, (text) => frontBody(text, options)));
  router.get('/conformance', (request, response) => sendPage(request, response, conformanceBody));
  return router;
}

function sendPage(request: Request, response: Response, body: (text: FrontPageTexts) => string): void {
  const language = chooseLanguage(request);
  response
    .type('html')
    .set('Content-Language', language)
    .set('Vary', 'Accept-Language')
    .set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    )
    .send(page(language, request.path, body(FRONT_PAGE_TEXTS[language])));
}

/** `?lang=` first, then Accept-Language (`no` is read as bokmål), then bokmål. */
function chooseLanguage(request: Request): Language {
  const asked = LANGUAGES.find((language) => language === request.query.lang);
  if (asked !== undefined) return asked;
  const accepted = request.acceptsLanguages('nb', 'nn', 'no', 'en');
  return LANGUAGES.find((language) => language === accepted) ?? 'nb';
}

function page(language: Language, path: string, body: string): string {
  const text = FRONT_PAGE_TEXTS[language];
  const choices = LANGUAGES.map((each) => {
    const current = each === language ? ' aria-current="true"' : '';
    return `<li><a href="${path}?lang=${each}" lang="${each}" hreflang="${each}"${current}>${FRONT_PAGE_TEXTS[each].languageName}</a></li>`;
  }).join('');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title>
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

function frontBody(text: FrontPageTexts, options: FrontPageOptions): string {
  const simulators = options.simulators
    ? `<div class="cards">
${card('/ehr/hospital', text.hospitalLink, text.hospitalText, 'hospital')}
${card('/ehr/municipality', text.municipalityLink, text.municipalityText, 'municipality')}
</div>
<p class="note">${text.synthetic}</p>`
    : `<p>${text.noSimulators}</p>`;
  const token = options.simulators
    ? `<section aria-labelledby="token"><h2 id="token">${text.tokenHeading}</h2>
<p>${text.tokenText}</p>
<pre tabindex="0"><code>TOKEN=$(npm run --silent token -- municipality-system)
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

function card(href: string, link: string, text: string, look = ''): string {
  return `<div class="card ${look}"><h3><a href="${href}">${link}</a></h3><p>${text}</p></div>`;
}

function conformanceBody(text: FrontPageTexts): string {
  return `<h1>${text.conformanceTitle}</h1><p>${text.conformanceComing}</p><p><a href="/">${text.back}</a></p>`;
}

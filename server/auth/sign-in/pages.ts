/**
 * The pages of a sign-in: who are you, whom is it about, and may the app have access. Written on the server, without
 * scripts, in three languages.
 *
 * Spec: https://www.w3.org/TR/WCAG22/
 */
import { createHash } from 'node:crypto';
import { LANGUAGES, type Language } from '../../fhir/language.ts';
import { Html, html } from './html.ts';
import { scopeParts } from './scope-parts.ts';
import { partScopes, scopeLine } from './scope-words.ts';
import type { Choice, ExternalRefusal } from './sign-in.ts';
import { SIGN_IN_TEXTS, type SignInTexts } from './texts.ts';

/** What every page knows. */
export interface PageFrame {
  readonly language: Language;
  readonly place: string;
  /** The name of the app that asks. */
  readonly app: string;
  /** Path of the sign-in; left out where there is none (any more). */
  readonly action?: string;
  readonly formToken?: string;
}

const STYLE = `*{box-sizing:border-box}body{margin:0;font:1rem/1.5 system-ui,"Segoe UI",sans-serif;color:#16232e;background:#f6f8f9}
header,main{max-width:44rem;margin:0 auto;padding:1rem 1.25rem}header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 1.5rem}
header p{margin:0;font-weight:700}nav ul{display:flex;gap:1rem;list-style:none;margin:0;padding:0}a{color:#0b5c6b}
main{background:#fff;border:1px solid #cfd9df;border-radius:.4rem}h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0 1rem}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.5rem 1rem}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}
ul.choices{list-style:none;padding:0;display:grid;gap:.5rem}ul.choices button{width:100%;text-align:left;background:#fff;color:#16232e}
ul.choices strong,ul.choices span{display:block}ul.choices span{color:#4a5b68}
button{font:inherit;padding:.6rem 1rem;border:1px solid #0b5c6b;border-radius:.3rem;background:#0b5c6b;color:#fff;cursor:pointer}
button.quiet{background:#fff;color:#0b5c6b}input[type=search]{font:inherit;padding:.5rem;width:min(24rem,100%);border:1px solid #4a5b68;border-radius:.3rem}
label{display:block}form.search label{font-weight:600}fieldset{border:1px solid #cfd9df;border-radius:.3rem;margin:0 0 1rem;padding:.5rem 1rem}
fieldset label{padding:.3rem 0}fieldset.parts{border:0;border-left:.2rem solid #cfd9df;border-radius:0;margin:0 0 .5rem 1.6rem;padding:0 0 0 1rem}.buttons{display:flex;flex-wrap:wrap;gap:.75rem}form+form{margin-top:.75rem}.alert{border-left:.35rem solid #a4161a;padding:.25rem .75rem}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The policy of these pages; `formTargets`: origins a form may lead to by redirect. */
export function contentSecurityPolicy(formTargets: readonly string[]): string {
  const targets = ["'self'", ...new Set(formTargets)].join(' ');
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`;
}

/** Users to choose from, in a simulated system. */
export function chooseUserPage(frame: PageFrame, choices: readonly Choice[]): Html {
  const texts = SIGN_IN_TEXTS[frame.language];
  const list = choices.length === 0 ? html`<p>${texts.noUsers}</p>` : choiceList(frame, 'enter', choices);
  return page(frame, texts.userHeading, html`<h1>${texts.userHeading}</h1><p>${texts.userLead}</p>${list}${refuseForm(frame)}`);
}

/** The way to an external provider, and why the last try came to nothing. */
export function externalPage(frame: PageFrame, provider: string, refusal: ExternalRefusal | undefined): Html {
  const texts = SIGN_IN_TEXTS[frame.language];
  const alert = refusal === undefined ? html`` : html`<p class="alert" role="alert">${texts.external[refusal]}</p>`;
  return page(
    frame,
    texts.externalHeading,
    html`<h1>${texts.externalHeading}</h1>${alert}<p>${texts.externalLead}</p>
<form method="post" action="${frame.action}">${hidden(frame, 'external')}<button type="submit">${texts.externalButton(provider)}</button></form>${refuseForm(frame)}`,
  );
}

/** The patient picker. A search is posted: what is searched for may be an identity number, and that belongs in no URL. */
export function patientPage(frame: PageFrame, patients: readonly Choice[], searched: string): Html {
  const texts = SIGN_IN_TEXTS[frame.language];
  const list =
    patients.length === 0
      ? html`<p role="status">${searched === '' ? texts.nobodyToOpen : texts.noPatients}</p>`
      : choiceList(frame, 'patient', patients);
  return page(
    frame,
    texts.patientHeading,
    html`<h1>${texts.patientHeading}</h1><p>${texts.patientLead(frame.app)}</p>
<form class="search" method="post" action="${frame.action}" role="search">${hidden(frame, 'search')}<label for="q">${texts.search}</label>
<input id="q" name="q" type="search" autocomplete="off" value="${searched}"> <button type="submit">${texts.searchButton}</button></form>${list}${refuseForm(frame)}`,
  );
}

/**
 * What the app asks for, each part of which may be left out but that without which it cannot work. The form says whom it
 * is about: in another window the user may have chosen somebody else since.
 */
export function consentPage(
  frame: PageFrame,
  of: { readonly user: string; readonly patient: Choice | undefined; readonly scopes: readonly string[] },
): Html {
  const texts = SIGN_IN_TEXTS[frame.language];
  const { always, optional } = partScopes(of.scopes);
  const boxes = optional.map(
    (word) =>
      html`<label><input type="checkbox" name="scope" value="${word}" checked> ${scopeLine(word, texts)}</label>${partsOf(word, texts)}`,
  );
  const fixed = always.map((word) => html`<li>${scopeLine(word, texts)}</li>`);
  return page(
    frame,
    texts.consentHeading(frame.app),
    html`<h1>${texts.consentHeading(frame.app)}</h1><p>${texts.consentLead(of.user)}</p>
${of.patient === undefined ? html`` : html`<p>${texts.aboutPatient}: <strong>${of.patient.name}</strong></p>`}
<form method="post" action="${frame.action}">${hidden(frame, 'allow')}<input type="hidden" name="about" value="${of.patient?.id ?? ''}">
${fixed.length === 0 ? html`` : html`<p>${texts.always}</p><ul>${fixed}</ul>`}
${boxes.length === 0 ? html`` : html`<fieldset><legend>${texts.mayChoose}</legend>${boxes}</fieldset>`}
<p class="buttons"><button type="submit">${texts.allow}</button></p></form>${refuseForm(frame)}`,
  );
}

/** The parts of a scope, each of which can be given when the whole is taken away. */
function partsOf(word: string, texts: SignInTexts): Html {
  const boxes = scopeParts(word).map(
    (part) => html`<label><input type="checkbox" name="scope" value="${part.word}"> ${texts.categories[part.category]}</label>`,
  );
  return boxes.length === 0 ? html`` : html`<fieldset class="parts"><legend>${texts.parts}</legend>${boxes}</fieldset>`;
}

/** A sign-in that is unknown, over, or of another browser. */
export function gonePage(frame: PageFrame): Html {
  const texts = SIGN_IN_TEXTS[frame.language];
  return page(frame, texts.goneTitle, html`<h1>${texts.goneTitle}</h1><p>${texts.goneText}</p>`);
}

function choiceList(frame: PageFrame, step: string, choices: readonly Choice[]): Html {
  const items = choices.map(
    (
      choice,
    ) => html`<li><form method="post" action="${frame.action}">${hidden(frame, step)}<input type="hidden" name="id" value="${choice.id}">
<button type="submit"><strong>${choice.name}</strong><span>${aboutChoice(choice, frame.language)}</span></button></form></li>`,
  );
  return html`<ul class="choices">${items}</ul>`;
}

function aboutChoice({ about, birthDate }: Choice, language: Language): string {
  const texts = SIGN_IN_TEXTS[language];
  const born = birthDate === undefined ? '' : texts.born(dayText(birthDate, texts.locale));
  return [born, about].filter((part) => part !== '').join(', ');
}

/** A whole day as people write it; a month or a year alone stays as it is. */
function dayText(date: string, locale: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return date;
  return new Intl.DateTimeFormat([locale, 'nb-NO'], { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date));
}

function refuseForm(frame: PageFrame): Html {
  const { refuse } = SIGN_IN_TEXTS[frame.language];
  return html`<form method="post" action="${frame.action}">${hidden(frame, 'refuse')}<button class="quiet" type="submit">${refuse}</button></form>`;
}

function hidden(frame: PageFrame, step: string): Html {
  return html`<input type="hidden" name="token" value="${frame.formToken}"><input type="hidden" name="step" value="${step}">`;
}

function page(frame: PageFrame, title: string, content: Html): Html {
  const texts = SIGN_IN_TEXTS[frame.language];
  const others = LANGUAGES.filter((language) => language !== frame.language).map(
    (language) => html`<li><a href="${frame.action}?lang=${language}" lang="${language}">${SIGN_IN_TEXTS[language].languageName}</a></li>`,
  );
  const choice = frame.action === undefined ? html`` : html`<nav aria-label="${texts.chooseLanguage}"><ul>${others}</ul></nav>`;
  return html`<!doctype html>
<html lang="${frame.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${frame.place}</title><style>${new Html(STYLE)}</style></head>
<body><a class="skip" href="#content">${texts.skip}</a><header><p>${frame.place}</p>${choice}</header>
<main id="content">${content}</main></body></html>`;
}

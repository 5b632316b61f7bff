/**
 * The pages of a simulated EHR: choose who you are, find the patient, open the record with the plan app in it. Written
 * on the server, without scripts, in three languages.
 */
import { type Html, html } from '../auth/sign-in/html.ts';
import { LANGUAGES, type Language } from '../fhir/language.ts';
import type { EhrLook } from './look.ts';
import type { EhrPatient, EhrStay, EhrUser } from './record.ts';
import { EHR_TEXTS, type EhrTexts, type PlaceTexts } from './texts.ts';

/** What every page knows. */
export interface PageFrame {
  readonly look: EhrLook;
  readonly language: Language;
  /** The organisation whose record this is, as its own data name it. */
  readonly place: string;
  /** Path of the EHR: `/ehr/hospital`. */
  readonly root: string;
  readonly user?: EhrUser;
  /** The token that a form on this page carries. */
  readonly formToken: string;
}

/** So many names stand under a user; of more, the number is told. */
const NAMES_SHOWN = 3;

/**
 * Choice of user in place of a sign-in: by service, and under each user whom they take part with, so that a good pair of
 * user and patient can be found. `searched` leaves those whose name, role or service holds every word of it.
 */
export function userPage(
  frame: PageFrame,
  users: readonly EhrUser[],
  patients: ReadonlyMap<string, readonly string[]>,
  searched: string,
): Html {
  const texts = EHR_TEXTS[frame.language];
  const words = searched.toLocaleLowerCase('nb').split(/\s+/);
  const found = users.filter((user) => {
    const text = [user.name, user.role, user.organization].join(' ').toLocaleLowerCase('nb');
    return words.every((word) => text.includes(word));
  });
  const services = [...new Set(found.map((user) => user.organization))].sort((a, b) => a.localeCompare(b, 'nb'));
  const groups = services.map((service) => {
    const choices = found.filter((user) => user.organization === service).map((user) => userChoice(frame, user, patients));
    return html`<section><h2>${service}</h2><ul class="users">${choices}</ul></section>`;
  });
  const none = users.length === 0 ? html`<p>${texts.noUsers}</p>` : html`<p>${texts.noUserFound}</p>`;
  return page(
    frame,
    texts.chooseUser,
    html`<main id="content"><h1>${texts.userHeading}</h1>
<p class="lead">${texts.userLead}</p>
<form class="search" method="get" action="${frame.root}/" role="search">
<div><label for="q">${texts.findUser}</label><input id="q" name="q" type="search" autocomplete="off" value="${searched}"></div>
<button type="submit">${texts.search}</button>${searched === '' ? html`` : html`<a href="${frame.root}/">${texts.showAll}</a>`}</form>
${groups.length === 0 ? none : html`<div class="groups">${groups}</div>`}
<p class="note">${texts.synthetic}</p></main>`,
  );
}

function userChoice(frame: PageFrame, user: EhrUser, patients: ReadonlyMap<string, readonly string[]>): Html {
  const names = patients.get(user.practitionerId) ?? [];
  const followsUp = EHR_TEXTS[frame.language].follows(names.slice(0, NAMES_SHOWN).join(', '), Math.max(0, names.length - NAMES_SHOWN));
  const followed = names.length === 0 ? html`` : html`<small>${followsUp}</small>`;
  return html`<li><form method="post" action="${frame.root}/login">${tokenField(frame)}<input type="hidden" name="role" value="${user.roleId}">
<button type="submit"><strong>${user.name}</strong><span>${user.role}</span>${followed}</button></form></li>`;
}

/** The list of patients, all or those found: first the user's own, then the others in the record. */
export function patientsPage(frame: PageFrame, patients: readonly EhrPatient[], mine: ReadonlySet<string>, searched: string): Html {
  const { root } = frame;
  const { texts, place } = textsOf(frame);
  const own = patients.filter((patient) => mine.has(patient.id));
  const others = patients.filter((patient) => !mine.has(patient.id));
  return page(
    frame,
    place.patientsHeading,
    html`<main id="content"><h1>${place.patientsHeading}</h1>
<form class="search" method="post" action="${root}/patients" role="search">${tokenField(frame)}
<div><label for="q">${place.searchLabel}</label><input id="q" name="q" type="search" autocomplete="off" value="${searched}"></div>
<button type="submit">${texts.search}</button>${searched === '' ? html`` : html`<a href="${root}/patients">${texts.showAll}</a>`}</form>
<p class="count" role="status">${texts.persons(patients.length, searched !== '')}</p>
${patientTable(frame, place.ownHeading, own)}${patientTable(frame, texts.others, others)}</main>`,
  );
}

function patientTable(frame: PageFrame, heading: string, patients: readonly EhrPatient[]): Html {
  if (patients.length === 0) return html``;
  const { root } = frame;
  const { texts } = textsOf(frame);
  const rows = patients.map(
    (patient) => html`<tr><th scope="row"><a href="${root}/patients/${patient.id}">${patient.name}</a></th>
<td class="number">${formatNumber(patient.nationalNumber)}</td><td class="number">${formatDate(texts, patient.birthDate)}</td><td>${texts.genders[patient.gender] ?? ''}</td><td>${patient.address}</td></tr>`,
  );
  return html`<table><caption>${heading}</caption>
<thead><tr><th scope="col">${texts.name}</th><th scope="col">${texts.nationalNumber}</th><th scope="col">${texts.born}</th><th scope="col">${texts.gender}</th><th scope="col">${texts.address}</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

/** The record of one patient, with the plan app in it. */
export function patientPage(frame: PageFrame, patient: EhrPatient, stays: readonly EhrStay[], appUrl: string): Html {
  const { root } = frame;
  const { texts, place } = textsOf(frame);
  const facts: readonly (readonly [string, string])[] = [
    [texts.nationalNumber, formatNumber(patient.nationalNumber)],
    [texts.born, formatDate(texts, patient.birthDate)],
    [texts.gender, texts.genders[patient.gender] ?? ''],
    [texts.phone, patient.phone],
    [texts.address, patient.address],
  ];
  const shown = facts.filter(([, value]) => value !== '').map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`);
  const list = stays.map(
    (stay) =>
      html`<li>${stay.kind || (texts.contactClasses[stay.contactClass] ?? texts.contact)}<small>${[texts.stayStates[stay.status] ?? stay.status, period(texts, stay)].filter(Boolean).join(' · ')}</small><small>${stay.place}</small></li>`,
  );
  return page(
    frame,
    patient.name,
    html`<main id="content" class="patient">
<section class="banner" aria-label="${texts.patient}"><h1>${patient.name}</h1><dl>${shown}</dl></section>
<div class="columns">
<aside class="side" aria-labelledby="stays"><p><a href="${root}/patients">${texts.toList}</a></p><h2 id="stays">${place.staysHeading}</h2>
${list.length === 0 ? html`<p class="note">${texts.nothingRecorded}</p>` : html`<ul>${list}</ul>`}</aside>
<section class="plan" aria-labelledby="plan"><h2 id="plan">${texts.plan}</h2>
<iframe src="${appUrl}" title="${texts.planOf(patient.name)}" referrerpolicy="no-referrer"></iframe></section>
</div></main>`,
  );
}

/** A page that only says something: not found, form too old. */
export function messagePage(frame: PageFrame, title: string, text: string): Html {
  return page(
    frame,
    title,
    html`<main id="content"><h1>${title}</h1><p class="lead">${text}</p><p><a href="${frame.root}/">${EHR_TEXTS[frame.language].toFront}</a></p></main>`,
  );
}

function page(frame: PageFrame, title: string, content: Html): Html {
  const { look, place, root, user, language } = frame;
  const texts = EHR_TEXTS[language];
  const signedIn =
    user === undefined
      ? html``
      : html`<p class="who">${user.name}<br><small>${[user.role, user.organization].filter(Boolean).join(', ')}</small></p>
<form method="post" action="${root}/logout">${tokenField(frame)}<button type="submit">${texts.changeUser}</button></form>`;
  return html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${look.product}</title><link rel="icon" href="/app/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="${root}/ehr.css"></head>
<body class="${look.theme}"><a class="skip" href="#content">${texts.skip}</a>
<header class="bar"><p class="product">${look.product}</p><p class="place">${place}</p>${languages(language)}${signedIn}</header>
${content}</body></html>`;
}

/** The same page in each language. */
function languages(shown: Language): Html {
  const choices = LANGUAGES.map(
    (each) =>
      html`<li><a href="?lang=${each}" lang="${each}" hreflang="${each}"${each === shown ? CURRENT : undefined}>${EHR_TEXTS[each].languageName}</a></li>`,
  );
  return html`<nav aria-label="${EHR_TEXTS[shown].chooseLanguage}"><ul>${choices}</ul></nav>`;
}

const CURRENT = html` aria-current="true"`;

function textsOf({ language, look }: PageFrame): { readonly texts: EhrTexts; readonly place: PlaceTexts } {
  const texts = EHR_TEXTS[language];
  return { texts, place: texts.places[look.theme] };
}

function tokenField(frame: PageFrame): Html {
  return html`<input type="hidden" name="token" value="${frame.formToken}">`;
}

function formatNumber(number: string): string {
  return /^\d{11}$/.test(number) ? `${number.slice(0, 6)} ${number.slice(6)}` : number;
}

function formatDate({ betweenDateParts }: EhrTexts, date: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  return parts === null ? date : [parts[3], parts[2], parts[1]].join(betweenDateParts);
}

function period(texts: EhrTexts, stay: EhrStay): string {
  const [start, end] = [formatDate(texts, stay.start), formatDate(texts, stay.end)];
  if (start === '' || start === end) return start || end;
  return end === '' ? texts.from(start) : `${start}–${end}`;
}

/**
 * The pages of a simulated EHR: choose who you are, find the patient, open the record with the plan app in it. Written
 * on the server, without scripts, in bokmål.
 */
import { type Html, html } from '../auth/sign-in/html.ts';
import type { EhrLook } from './look.ts';
import type { EhrPatient, EhrStay, EhrUser } from './record.ts';

const GENDERS: Readonly<Record<string, string>> = { female: 'Kvinne', male: 'Mann', other: 'Annet', unknown: 'Ukjent' };
const STAY_STATES: Readonly<Record<string, string>> = {
  planned: 'Planlagt',
  arrived: 'Ankommet',
  'in-progress': 'Pågår',
  onleave: 'Permisjon',
  finished: 'Avsluttet',
};

/** What every page knows. */
export interface PageFrame {
  readonly look: EhrLook;
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
  const none =
    users.length === 0
      ? html`<p>Ingen brukere er lagt inn ennå. Last siden på nytt når demodataene er på plass.</p>`
      : html`<p>Ingen brukere passer med søket.</p>`;
  return page(
    frame,
    'Velg bruker',
    html`<main id="content"><h1>Velg hvem du er</h1>
<p class="lead">Dette er et simulert journalsystem. Valget her står i stedet for vanlig innlogging. Under hver bruker står pasientene som brukeren følger opp.</p>
<form class="search" method="get" action="${frame.root}/" role="search">
<div><label for="q">Finn bruker: navn, rolle eller tjeneste</label><input id="q" name="q" type="search" autocomplete="off" value="${searched}"></div>
<button type="submit">Søk</button>${searched === '' ? html`` : html`<a href="${frame.root}/">Vis alle</a>`}</form>
${groups.length === 0 ? none : html`<div class="groups">${groups}</div>`}
<p class="note">Alle personer er oppdiktet, og fødselsnumrene er syntetiske.</p></main>`,
  );
}

function userChoice(frame: PageFrame, user: EhrUser, patients: ReadonlyMap<string, readonly string[]>): Html {
  const names = patients.get(user.practitionerId) ?? [];
  const more = names.length > NAMES_SHOWN ? ` og ${names.length - NAMES_SHOWN} til` : '';
  const followed = names.length === 0 ? html`` : html`<small>Følger opp ${names.slice(0, NAMES_SHOWN).join(', ')}${more}</small>`;
  return html`<li><form method="post" action="${frame.root}/login">${tokenField(frame)}<input type="hidden" name="role" value="${user.roleId}">
<button type="submit"><strong>${user.name}</strong><span>${user.role}</span>${followed}</button></form></li>`;
}

/** The list of patients, all or those found: first the user's own, then the others in the record. */
export function patientsPage(frame: PageFrame, patients: readonly EhrPatient[], mine: ReadonlySet<string>, searched: string): Html {
  const { look, root } = frame;
  const own = patients.filter((patient) => mine.has(patient.id));
  const others = patients.filter((patient) => !mine.has(patient.id));
  const counted = `${patients.length} ${patients.length === 1 ? 'person' : 'personer'}${searched === '' ? '' : ' passer med søket'}`;
  return page(
    frame,
    look.patientsHeading,
    html`<main id="content"><h1>${look.patientsHeading}</h1>
<form class="search" method="post" action="${root}/patients" role="search">${tokenField(frame)}
<div><label for="q">${look.searchLabel}</label><input id="q" name="q" type="search" autocomplete="off" value="${searched}"></div>
<button type="submit">Søk</button>${searched === '' ? html`` : html`<a href="${root}/patients">Vis alle</a>`}</form>
<p class="count" role="status">${counted}</p>
${patientTable(root, look.ownHeading, own)}${patientTable(root, 'Andre i journalen', others)}</main>`,
  );
}

function patientTable(root: string, heading: string, patients: readonly EhrPatient[]): Html {
  if (patients.length === 0) return html``;
  const rows = patients.map(
    (patient) => html`<tr><th scope="row"><a href="${root}/patients/${patient.id}">${patient.name}</a></th>
<td class="number">${formatNumber(patient.nationalNumber)}</td><td class="number">${formatDate(patient.birthDate)}</td><td>${GENDERS[patient.gender] ?? ''}</td><td>${patient.address}</td></tr>`,
  );
  return html`<table><caption>${heading}</caption>
<thead><tr><th scope="col">Navn</th><th scope="col">Fødselsnummer</th><th scope="col">Født</th><th scope="col">Kjønn</th><th scope="col">Adresse</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

/** The record of one patient, with the plan app in it. */
export function patientPage(frame: PageFrame, patient: EhrPatient, stays: readonly EhrStay[], appUrl: string): Html {
  const { look, root } = frame;
  const facts: readonly (readonly [string, string])[] = [
    ['Fødselsnummer', formatNumber(patient.nationalNumber)],
    ['Født', formatDate(patient.birthDate)],
    ['Kjønn', GENDERS[patient.gender] ?? ''],
    ['Telefon', patient.phone],
    ['Adresse', patient.address],
  ];
  const shown = facts.filter(([, value]) => value !== '').map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`);
  const list = stays.map(
    (stay) =>
      html`<li>${stay.kind}<small>${[STAY_STATES[stay.status] ?? stay.status, period(stay)].filter(Boolean).join(' · ')}</small><small>${stay.place}</small></li>`,
  );
  return page(
    frame,
    patient.name,
    html`<main id="content" class="patient">
<section class="banner" aria-label="Pasient"><h1>${patient.name}</h1><dl>${shown}</dl></section>
<div class="columns">
<aside class="side" aria-labelledby="stays"><p><a href="${root}/patients">Til listen</a></p><h2 id="stays">${look.staysHeading}</h2>
${list.length === 0 ? html`<p class="note">Ingen registrert.</p>` : html`<ul>${list}</ul>`}</aside>
<section class="plan" aria-labelledby="plan"><h2 id="plan">${look.planHeading}</h2>
<iframe src="${appUrl}" title="${look.planHeading} for ${patient.name}" referrerpolicy="no-referrer"></iframe></section>
</div></main>`,
  );
}

/** A page that only says something: not found, form too old. */
export function messagePage(frame: PageFrame, title: string, text: string): Html {
  return page(
    frame,
    title,
    html`<main id="content"><h1>${title}</h1><p class="lead">${text}</p><p><a href="${frame.root}/">Til forsiden av journalen</a></p></main>`,
  );
}

function page(frame: PageFrame, title: string, content: Html): Html {
  const { look, place, root, user } = frame;
  const signedIn =
    user === undefined
      ? html``
      : html`<p class="who">${user.name}<br><small>${[user.role, user.organization].filter(Boolean).join(', ')}</small></p>
<form method="post" action="${root}/logout">${tokenField(frame)}<button type="submit">Bytt bruker</button></form>`;
  return html`<!doctype html>
<html lang="nb">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${look.product}</title><link rel="icon" href="/app/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="${root}/ehr.css"></head>
<body class="${look.theme}"><a class="skip" href="#content">Hopp til innholdet</a>
<header class="bar"><p class="product">${look.product}</p><p class="place">${place}</p>${signedIn}</header>
${content}</body></html>`;
}

function tokenField(frame: PageFrame): Html {
  return html`<input type="hidden" name="token" value="${frame.formToken}">`;
}

function formatNumber(number: string): string {
  return /^\d{11}$/.test(number) ? `${number.slice(0, 6)} ${number.slice(6)}` : number;
}

function formatDate(date: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  return parts === null ? date : `${parts[3]}.${parts[2]}.${parts[1]}`;
}

function period(stay: EhrStay): string {
  const [start, end] = [formatDate(stay.start), formatDate(stay.end)];
  if (start === '' || start === end) return start || end;
  return end === '' ? `fra ${start}` : `${start}–${end}`;
}

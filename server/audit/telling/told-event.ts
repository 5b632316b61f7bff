/**
 * A visit as it is shown to people: an AuditEvent with a narrative in plain words, and without what is nobody's business
 * but the service's own (queries, requests, references to people, numbers).
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html · https://hl7.org/fhir/R4/narrative.html
 */
import type { Language } from '../../fhir/language.ts';
import type { Resource } from '../../fhir/resource.ts';
import { SERVER_ZONE } from '../../fhir/time-zone.ts';
import { EMERGENCY } from './noted-access.ts';
import type { Who } from './people.ts';
import type { Visit } from './visits.ts';
import { whatWasDone } from './what-was-done.ts';
import { WORDS, type Words } from './words.ts';

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
const AUDIT_TYPE = { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest', display: 'RESTful Operation' };
const PURPOSE = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const APPLICATION = { coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110150', display: 'Application' }] };
const PATIENT_ROLE = { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1', display: 'Patient' };

/** `Sykepleier`, and not `NAV-veileder`: within a sentence a title has no capital. */
const CAPITALISED = /^\p{Lu}(?=\p{Ll})/u;

export interface Telling {
  readonly language: Language;
  readonly patientId: string;
  /** The name of a client by its id. */
  readonly clientName: (clientId: string) => string | undefined;
}

/** The visit of `who` in plain words. */
export function toldEvent(visit: Visit, who: Who, { language, patientId, clientName }: Telling): Resource {
  const words = WORDS[language];
  const what = whatWasDone(visit, words);
  const purpose = purposeOf(visit, words);
  const app = visit.clientId === undefined ? undefined : (clientName(visit.clientId) ?? visit.clientId);
  const [start, end] = [visit.startMs, visit.endMs].map((ms) => new Date(ms).toISOString());
  return {
    resourceType: 'AuditEvent',
    id: visit.id,
    meta: { tag: [SUBSETTED] },
    language,
    text: { status: 'generated', div: narrative({ visit, who, what, purpose, app }, words, language) },
    type: AUDIT_TYPE,
    action: visit.action,
    period: { start, end },
    recorded: end,
    outcome: visit.outcome,
    outcomeDesc: what,
    ...(purpose === undefined ? {} : { purposeOfEvent: [{ coding: [{ system: PURPOSE, code: visit.purpose }], text: purpose }] }),
    agent: [
      {
        ...(who.role === undefined ? {} : { role: [{ text: who.role }] }),
        who: { display: who.name },
        name: who.name,
        requestor: true,
      },
      ...(app === undefined ? [] : [{ type: APPLICATION, who: { display: app }, name: app, requestor: false }]),
      ...(who.organization === undefined
        ? []
        : [{ who: { type: 'Organization', display: who.organization }, name: who.organization, requestor: false }]),
    ],
    source: { observer: { display: 'Fellesplan' } },
    entity: [
      {
        what: { reference: `Patient/${patientId}` },
        role: PATIENT_ROLE,
        ...(visit.reason === undefined ? {} : { description: visit.reason }),
      },
    ],
  };
}

function purposeOf({ purpose }: Visit, words: Words): string | undefined {
  return purpose === undefined ? undefined : (words.purposes[purpose] ?? words.otherPurpose);
}

interface Told {
  readonly visit: Visit;
  readonly who: Who;
  readonly what: string;
  readonly purpose: string | undefined;
  readonly app: string | undefined;
}

function narrative({ visit, who, what, purpose, app }: Told, words: Words, language: Language): string {
  const person = [
    who.name,
    who.role?.replace(CAPITALISED, (word) => word.toLocaleLowerCase('nb')),
    visit.user === undefined ? undefined : who.organization,
  ].filter((part) => part !== undefined);
  const sentences = [
    `${person.join(', ')}${person.length > 1 ? ',' : ''} ${what}.`,
    ...(visit.reason !== undefined && visit.purpose === EMERGENCY ? [`${words.reason(visit.reason.replace(/\.$/, ''))}.`] : []),
    ...(purpose === undefined ? [] : [`${words.purpose}: ${purpose}.`]),
    ...(app === undefined ? [] : [`${words.through}: ${app}.`]),
  ];
  const text = `<b>${escaped(timeOf(visit.endMs, words))}</b> ${sentences.map(escaped).join(' ')}`;
  return `<div xmlns="http://www.w3.org/1999/xhtml" lang="${language}" xml:lang="${language}"><p>${text}</p></div>`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Norwegian time, whatever zone the server is in. */
function timeOf(ms: number, { locale }: Words): string {
  const format =
    formats.get(locale) ??
    new Intl.DateTimeFormat([locale, 'nb-NO'], { timeZone: SERVER_ZONE, dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' });
  formats.set(locale, format);
  return format.format(ms);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

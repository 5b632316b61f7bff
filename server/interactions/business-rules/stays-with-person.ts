/**
 * A resource stays with whom it is about. Whoever may see the current version reads those before it and the Provenance of
 * each, so one that went over to another person would show the first one's record to those who follow the second, and be
 * gone from where it was written. What was written about the wrong person is marked as entered in error, and written anew
 * about the right one. The same holds for what is brought back after a deletion: by its id, all that was under it is found.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#history · https://hl7.org/fhir/R4/lifecycle.html (entered in error)
 */
import { compartmentTypes } from '../../fhir/compartment.ts';
import { parseReference } from '../../fhir/reference.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import type { BusinessRule } from './business-rule.ts';
import { ruleBroken } from './rule-broken.ts';

const PATIENT = 'Patient';
/** Characters of `Patient/id`. */
const KEY_AT_MOST = PATIENT.length + 65;
/** Elements that say whom a resource is about. Who else takes part in it may come and go. */
const ABOUT: readonly string[] = ['subject', 'patient', 'for', 'beneficiary', 'individual', 'actor'];
/** What these are about is whatever they name here, a person or not. */
const ABOUT_WHAT: Readonly<Record<string, readonly string[]>> = { Provenance: ['target'], Binary: ['securityContext'] };
/** Their own rules say who they stay; the log is written by nobody. */
const APART: ReadonlySet<string> = new Set([PATIENT, 'Person', 'AuditEvent']);
const TYPES = [...new Set([...compartmentTypes(PATIENT), 'Task', ...Object.keys(ABOUT_WHAT)])].filter((type) => !APART.has(type));

const WORDS = {
  en: 'A resource stays with whom it is about, since all who see it read its history. What was written about the wrong person is marked as entered in error, and written anew, under an id of its own, about the right one.',
  nb: 'En ressurs blir hos den den handler om, siden alle som ser den, leser historikken. Det som er skrevet om feil person, merkes som feilført og skrives på nytt, med egen id, om den riktige.',
  nn: 'Ein ressurs blir hos den han handlar om, sidan alle som ser han, les historikken. Det som er skrive om feil person, blir merkt som feilført og skrive på nytt, med eigen id, om den rette.',
};

export const staysWithPerson: BusinessRule = {
  types: TYPES,
  looksBack: true,
  check(change, { ctx, former }) {
    const { type, after } = change;
    if (after === undefined || ctx.access.writeRule === undefined) return;
    const text = change.beforeText ?? former(change);
    if (text === undefined) return;
    // Who comes to a meeting may be another while it is there, for those who may write it; a deleted one is nobody else's.
    const read = change.isBroughtBack ? whomWithMeeting : whom;
    const now = new Set([...read(after, ctx.baseUrl)].map(([, key]) => key));
    // Most often it names one person at all, and parsing it would cost more than all rules together.
    if (ABOUT_WHAT[type] === undefined && namesNoOther(text, now)) return;
    for (const [element, key] of read(JSON.parse(text) as Resource, ctx.baseUrl)) {
      if (!now.has(key)) throw ruleBroken(WORDS, ctx.language, `${type}.${element}`);
    }
  },
};

/** The resources of this server that a resource is about (`Type/id`), with the element that says so. */
function* whom(resource: Resource, baseUrl: string): Generator<readonly [element: string, key: string]> {
  const what = ABOUT_WHAT[resource.resourceType];
  for (const element of what ?? ABOUT) {
    for (const one of [resource[element]].flat()) {
      const link = isObject(one) && typeof one.reference === 'string' ? parseReference(one.reference) : undefined;
      const isHere = link?.kind === 'local' || (link?.kind === 'absolute' && link.base === baseUrl);
      if (isHere && (what !== undefined || link.type === PATIENT)) yield [element, `${link.type}/${link.id}`];
    }
  }
}

/** The same, of a meeting with the patients who come to it. */
function* whomWithMeeting(resource: Resource, baseUrl: string): Generator<readonly [element: string, key: string]> {
  yield* whom(resource, baseUrl);
  if (resource.resourceType !== 'Appointment') return;
  for (const one of [resource.participant].flat()) {
    const actor = isObject(one) ? { resourceType: 'Appointment', actor: one.actor } : undefined;
    if (actor !== undefined) for (const [, key] of whom(actor, baseUrl)) yield ['participant', key];
  }
}

/** True when every Patient that the text of a resource names, whatever for, is one of these. */
function namesNoOther(text: string, keys: ReadonlySet<string>): boolean {
  const start = `${PATIENT}/`;
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + start.length)) {
    const end = text.indexOf('"', at);
    if (end < 0 || end - at > KEY_AT_MOST || !keys.has(text.slice(at, end))) return false;
  }
  return true;
}

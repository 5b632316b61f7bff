/**
 * The announcement of emergency access: a Communication to the coordinator, the coordinating unit and the patient, in
 * whose record it stands, with the reason in the words of whoever gave it.
 *
 * The profile fp-message-trace is for messages between organisations (PLO); this is from a person, so it claims none.
 *
 * Spec: https://hl7.org/fhir/R4/communication.html
 */
import type { Resource } from '../../fhir/resource.ts';

const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';

/** What each language says; the reason stands in `reasonCode`. */
const WORDS = {
  nb: (minutes: number) => `Nødtilgang: planen er åpnet uten team og samtykke. Tilgangen gjelder lesing og varer i ${minutes} minutter.`,
  nn: (minutes: number) => `Naudtilgang: planen er opna utan team og samtykke. Tilgangen gjeld lesing og varer i ${minutes} minutt.`,
  en: (minutes: number) =>
    `Emergency access: the plan was opened without team and consent. The access is for reading and lasts ${minutes} minutes.`,
} as const;

export interface Announced {
  readonly patientId: string;
  /** The role in which the user acts (`PractitionerRole/…`). */
  readonly by: string;
  readonly to: readonly string[];
  readonly reason: string;
  readonly beganMs: number;
  readonly minutes: number;
}

/** The Communication, without id. */
export function announcement({ patientId, by, to, reason, beganMs, minutes }: Announced): Resource {
  const purpose = { system: ACT_REASON, code: 'BTG', display: 'break the glass' };
  return {
    resourceType: 'Communication',
    language: 'nb',
    status: 'completed',
    category: [{ coding: [purpose], text: 'Nødtilgang' }],
    priority: 'urgent',
    subject: { reference: `Patient/${patientId}` },
    sent: new Date(beganMs).toISOString(),
    sender: { reference: by },
    recipient: to.map((reference) => ({ reference })),
    reasonCode: [{ coding: [purpose], text: reason }],
    payload: [
      {
        contentString: WORDS.nb(minutes),
        _contentString: { extension: [translated('nn', WORDS.nn(minutes)), translated('en', WORDS.en(minutes))] },
      },
    ],
  };
}

function translated(lang: string, content: string): object {
  return {
    url: TRANSLATION,
    extension: [
      { url: 'lang', valueCode: lang },
      { url: 'content', valueString: content },
    ],
  };
}

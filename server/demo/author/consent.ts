/**
 * The two consents a plan rests on: that it is made, and that named services may see it; with blocks (sperring).
 *
 * Spec: https://hl7.org/fhir/R4/consent.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { at, day } from './calendar.ts';
import { inLanguage, organizationReference, patientReference, whoReference } from './cast.ts';
import { type Code, concept, hl7, own, profile } from './codes.ts';
import { consentId } from './ids.ts';
import type { ConsentSpec, PersonSpec, Who } from './spec.ts';
import { teamKin, teamOrganizations } from './team.ts';

const LAW = [{ authority: 'https://lovdata.no', uri: 'https://lovdata.no/dokument/NL/lov/1999-07-02-63' }];
const RULES = {
  plan: 'Pasient- og brukerrettighetsloven § 2-5: planen lages med samtykke',
  innsyn: 'Samtykke til at de som er med, får se taushetsbelagte opplysninger i planen',
} as const;

export function consents(person: PersonSpec, spec: ConsentSpec): Resource[] {
  const custodian = person.plans?.[0]?.custodian ?? person.team?.managedBy;
  const head = (purpose: Code<'fp-consent-purpose'>, status: 'active' | 'inactive'): Resource => ({
    resourceType: 'Consent',
    id: consentId(person, purpose),
    meta: profile('fp-consent'),
    ...inLanguage(person),
    status,
    scope: concept(hl7('consentscope', 'patient-privacy', 'Privacy Consent')),
    category: [concept(own('fp-consent-purpose', purpose))],
    patient: patientReference(person),
    dateTime: at(spec.day, '12:00'),
    performer: [whoReference(person, spec.by ?? 'patient')],
    ...(custodian === undefined ? {} : { organization: [organizationReference(custodian)] }),
    policy: LAW,
    policyRule: { text: RULES[purpose] },
  });
  const planProvision = { type: 'permit', period: { start: day(spec.day) } };
  return [
    { ...head('plan', 'active'), provision: planProvision },
    { ...head('innsyn', spec.withdrawn === undefined ? 'active' : 'inactive'), provision: accessProvision(person, spec) },
  ];
}

function accessProvision(person: PersonSpec, spec: ConsentSpec): Record<string, unknown> {
  const services: Who[] = teamOrganizations(person).map((key) => `org:${key}` as const);
  const blocks = (spec.blocks ?? []).map((block) => ({
    type: 'deny',
    period: { start: day(block.from) },
    actor: [actor(person, block.who)],
    code: [concept(own('fp-blocking-reason', block.reason))],
  }));
  return {
    type: 'permit',
    period: { start: day(spec.day), ...(spec.withdrawn === undefined ? {} : { end: day(spec.withdrawn) }) },
    actor: [...services, ...teamKin(person), ...(spec.alsoFor ?? [])].map((who) => actor(person, who)),
    ...(blocks.length === 0 ? {} : { provision: blocks }),
  };
}

function actor(person: PersonSpec, who: Who): Record<string, unknown> {
  return {
    role: concept(hl7('v3-ParticipationType', 'IRCP', 'information recipient')),
    reference: whoReference(person, who),
  };
}

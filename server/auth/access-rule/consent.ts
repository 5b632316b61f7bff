/**
 * Consent to see a plan: a current permission that names the actor (or names nobody, and so all of the team, when they
 * are of it), and no current block that names them.
 *
 * A block counts in any active consent, whatever its purpose and whoever it is against: it is how the person, a child's
 * objection to a parent (from 12 to 15 by law, earlier where weighty reasons speak for it) or a coordinator on their
 * behalf says who may not see.
 *
 * Spec: https://hl7.org/fhir/R4/consent.html · https://lovdata.no/dokument/NL/lov/1999-07-02-63 §§ 3-4, 5-3
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { parseReference } from '../../fhir/reference.ts';
import type { Resource } from '../../fhir/resource.ts';
import { isCurrent, type Period } from './period.ts';

const PURPOSE_SYSTEM = `${CANONICAL_BASE}/CodeSystem/fp-consent-purpose`;
/** The purpose "named services may see it". */
const TO_SEE = 'innsyn';

interface Provision {
  readonly type?: string;
  readonly period?: Period;
  readonly actor?: readonly { readonly reference?: { readonly reference?: string } }[];
  readonly provision?: readonly Provision[];
}

/** Who asks: the references a consent may name them by, and whether they are of the team that a permission without names is for. */
export interface ConsentedActor {
  readonly references: ReadonlySet<string>;
  /** By what else a block may name them. */
  readonly inPerson?: readonly string[];
  readonly ofTheTeam: boolean;
}

/** What the consents of one patient say to one actor. */
export type ConsentAnswer = 'permitted' | 'silent' | 'blocked';

/** Reads the consents of one patient for an actor; only active ones count. Pure. */
export function consentsSay(consents: readonly Resource[], actor: ConsentedActor, nowMs: number): ConsentAnswer {
  const active = consents.filter((consent) => consent.status === 'active');
  if (isBlocked(active, new Set([...actor.references, ...(actor.inPerson ?? [])]), nowMs)) return 'blocked';
  return active.filter(isToSee).some((consent) => permits(provisionOf(consent), actor, nowMs)) ? 'permitted' : 'silent';
}

/** True when a current block in an active consent names one of the references. Pure. */
export function isBlocked(consents: readonly Resource[], references: ReadonlySet<string>, nowMs: number): boolean {
  return consents.some((consent) => consent.status === 'active' && blocks(provisionOf(consent), references, nowMs));
}

/** The blocks that a consent puts in force, as text to be compared; none when it is not active. */
export function blocksOf(consent: Resource | undefined): readonly string[] {
  return consent?.status === 'active' ? denials(provisionOf(consent)).map((denial) => JSON.stringify(denial)) : [];
}

function denials(provision: Provision): readonly Provision[] {
  return [...(provision.type === 'deny' ? [provision] : []), ...(provision.provision ?? []).flatMap(denials)];
}

function provisionOf(consent: Resource): Provision {
  return (consent.provision ?? {}) as Provision;
}

function permits(provision: Provision, { references, ofTheTeam }: ConsentedActor, nowMs: number): boolean {
  if (provision.type === 'deny' || !isCurrent(provision.period, nowMs)) return false;
  return (provision.actor ?? []).length === 0 ? ofTheTeam : names(provision, references);
}

function blocks(provision: Provision, references: ReadonlySet<string>, nowMs: number): boolean {
  return denials(provision).some((denial) => isCurrent(denial.period, nowMs) && names(denial, references));
}

function names(provision: Provision, references: ReadonlySet<string>): boolean {
  return (provision.actor ?? []).some((actor) => references.has(namedActor(actor) ?? ''));
}

/** Who may be named: what the rule knows a caller by. */
const ACTORS = ['Organization', 'PractitionerRole', 'Practitioner', 'CareTeam', 'RelatedPerson', 'Patient'];

/** Whom an actor of a provision names, as `Type/id` whatever version it says; undefined when the rule would find nobody by it. */
export function namedActor({ reference: element }: { readonly reference?: unknown }): string | undefined {
  const { reference } = (element ?? {}) as { readonly reference?: unknown };
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  return parsed?.kind === 'local' && ACTORS.includes(parsed.type) ? `${parsed.type}/${parsed.id}` : undefined;
}

function isToSee(consent: Resource): boolean {
  const categories = (consent.category ?? []) as readonly { coding?: readonly { system?: string; code?: string }[] }[];
  return categories.some((category) => category.coding?.some(({ system, code }) => system === PURPOSE_SYSTEM && code === TO_SEE) ?? false);
}

/**
 * Consent to see a plan: a current permission that names the actor (or names nobody, and so all of the team, when they
 * are of it), and no current block that names them.
 *
 * Spec: https://hl7.org/fhir/R4/consent.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { isCurrent, type Period } from './period.ts';

const PURPOSE_SYSTEM = 'https://fellesplan.example/fhir/CodeSystem/fp-consent-purpose';
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
  readonly ofTheTeam: boolean;
}

/**
 * Whether the consents of one patient let an actor see the plan. A block counts whatever the purpose of the consent it
 * stands in, and against any of the actor's references.
 */
export function consentCovers(consents: readonly Resource[], actor: ConsentedActor, nowMs: number): boolean {
  const active = consents.filter((consent) => consent.status === 'active');
  const provisions = active.map((consent) => (consent.provision ?? {}) as Provision);
  if (provisions.some((provision) => blocks(provision, actor.references, nowMs))) return false;
  return active.filter(isToSee).some((consent) => permits((consent.provision ?? {}) as Provision, actor, nowMs));
}

function permits(provision: Provision, { references, ofTheTeam }: ConsentedActor, nowMs: number): boolean {
  if (provision.type === 'deny' || !isCurrent(provision.period, nowMs)) return false;
  return (provision.actor ?? []).length === 0 ? ofTheTeam : names(provision, references);
}

function blocks(provision: Provision, references: ReadonlySet<string>, nowMs: number): boolean {
  const here = provision.type === 'deny' && isCurrent(provision.period, nowMs) && names(provision, references);
  return here || (provision.provision ?? []).some((inner) => blocks(inner, references, nowMs));
}

function names(provision: Provision, references: ReadonlySet<string>): boolean {
  return (provision.actor ?? []).some((actor) => references.has(actor.reference?.reference ?? ''));
}

function isToSee(consent: Resource): boolean {
  const categories = (consent.category ?? []) as readonly { coding?: readonly { system?: string; code?: string }[] }[];
  return categories.some((category) => category.coding?.some(({ system, code }) => system === PURPOSE_SYSTEM && code === TO_SEE) ?? false);
}

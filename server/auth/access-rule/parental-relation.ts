/**
 * Parents of a child under 16: they see the child's plan by their relation to the child, without a consent of their own,
 * while they have parental responsibility. What the law asks of the relation is in the RelatedPerson itself: a mother or
 * father with a share in the parental responsibility, or whoever else has it. A relation without a word on
 * responsibility gives nothing. On the child's 16th birthday, in Norwegian time, it ends by itself.
 *
 * A child whose address is protected is hidden from parents as well (`meta.security`: restricted or very restricted):
 * who has the plan has phone numbers and places. Whether the child, or somebody for them, objects to a parent is a block
 * in a consent: see consent.ts.
 *
 * Spec: https://lovdata.no/dokument/NL/lov/1999-07-02-63 §§ 3-4, 4-4 · https://hl7.org/fhir/R4/relatedperson.html
 */
import { dateRange } from '../../fhir/date-range.ts';
import type { Coding, Resource } from '../../fhir/resource.ts';
import { isCurrent, NORWAY, type Period } from './period.ts';

const AGE_OF_OWN_WORD = 16;
const RESPONSIBILITY = 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility';
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const PROTECTED = ['R', 'V'];

/** Codings by which a relation says mother, father or co-mother; a step-parent is none. */
const PARENTS: Readonly<Record<'mor' | 'far' | 'medmor', readonly string[]>> = {
  mor: ['mor', 'MTH', 'NMTH', 'ADOPTMTH', 'GESTM'],
  far: ['far', 'FTH', 'NFTH', 'ADOPTFTH'],
  medmor: ['medmor', 'ADOPTP', 'PRN', 'NPRN'],
};
/** The list of no-basis, and HL7's. */
const RELATIONS: ReadonlySet<string | undefined> = new Set([
  'http://hl7.no/fhir/CodeSystem/no-basis-family-relation',
  'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
]);

/** True while the relation lets this person see the child's plan by itself. Pure. */
export function hasParentalRelation(relation: Resource, child: Resource, nowMs: number): boolean {
  if (relation.active === false || !isCurrent(relation.period as Period | undefined, nowMs)) return false;
  return isUnder16(child.birthDate, nowMs) && !hasProtectedAddress(child) && hasResponsibility(relation);
}

/** A birth date without day or month counts from the earliest day it can be; without one nobody is a child. */
function isUnder16(birthDate: unknown, nowMs: number): boolean {
  const [, year, rest] = /^(\d{4})((?:-\d\d){0,2})$/.exec(String(birthDate)) ?? [];
  if (year === undefined) return false;
  const birthday = dateRange(`${Number(year) + AGE_OF_OWN_WORD}${rest}`, NORWAY);
  return birthday !== undefined && nowMs < birthday.low;
}

function hasProtectedAddress({ meta }: Resource): boolean {
  return meta?.security?.some(({ system, code }) => system === CONFIDENTIALITY && PROTECTED.includes(code ?? '')) === true;
}

/** Shared responsibility is for any parent, that of one for this one, and `andre` for a guardian who is no parent. */
function hasResponsibility({ relationship }: Resource): boolean {
  const codings = ((relationship ?? []) as readonly { coding?: readonly Coding[] }[]).flatMap(({ coding }) => coding ?? []);
  const codes = (isOf: (system: string | undefined) => boolean) =>
    codings.flatMap(({ system, code }) => (isOf(system) ? (code ?? []) : []));
  const relations = codes((system) => RELATIONS.has(system));
  const parent = Object.entries(PARENTS).filter(([, names]) => relations.some((relation) => names.includes(relation)));
  return codes((system) => system === RESPONSIBILITY).some((whose) => {
    if (whose === 'andre') return relations.includes('GUARD');
    return whose === 'felles' ? parent.length > 0 : parent.some(([name]) => name === whose);
  });
}

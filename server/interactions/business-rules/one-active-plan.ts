/**
 * A person has one active individuell plan at most: with two, nobody knows which one holds.
 *
 * Spec: https://lovdata.no/dokument/SF/forskrift/2011-12-16-1256 (one plan for each) · https://hl7.org/fhir/R4/careplan.html
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import type { IndexEntry } from '../../search/index-entry.ts';
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { FhirContext } from '../context.ts';
import { satisfies } from '../satisfies.ts';
import type { BusinessRule, Change } from './business-rule.ts';
import { ruleBroken } from './rule-broken.ts';

const PLAN_TYPE = `${CANONICAL_BASE}/CodeSystem/fp-plan-type`;
const INDIVIDUAL_PLAN = 'individuell-plan';

/** The other plan is not named: it may be one that the caller does not see. */
const ONE_ALREADY = {
  en: 'The patient has an active individuell plan already. Change that plan, or end it (status completed or revoked) before another becomes active.',
  nb: 'Pasienten har allerede en aktiv individuell plan. Endre den planen, eller avslutt den (status completed eller revoked) før en annen blir aktiv.',
  nn: 'Pasienten har alt ein aktiv individuell plan. Endre den planen, eller avslutt han (status completed eller revoked) før ein annan blir aktiv.',
};

const IS_ACTIVE_INDIVIDUAL: Clause = {
  op: 'and',
  clauses: [
    { op: 'match', param: 'status', test: { kind: 'token', code: 'active' } },
    { op: 'match', param: 'category', test: { kind: 'token', system: PLAN_TYPE, code: INDIVIDUAL_PLAN } },
  ],
};

/** The patient whose active individuell plan this becomes; undefined when it is none, or was theirs before. */
function becomesPlanOf(change: Change, ctx: FhirContext): string | undefined {
  const { type, id } = change;
  const patient = planOf(type, id, change.after, ctx);
  return patient === undefined || patient === planOf(type, id, change.before, ctx) ? undefined : patient;
}

/** What plans have been found to be: each is asked about several times on its way into the store. */
const known = new WeakMap<Resource, string | null>();

function planOf(type: string, id: string, plan: Resource | undefined, ctx: FhirContext): string | undefined {
  // Most changes are told apart without making an index.
  if (plan?.status !== 'active' || !isIndividual(plan)) return undefined;
  let patient = known.get(plan);
  if (patient === undefined) {
    patient = patientOf(type, id, ctx.index({ ...plan, id }));
    known.set(plan, patient);
  }
  return patient ?? undefined;
}

/** True when the code stands among its categories, of whatever system. */
function isIndividual({ category }: Resource): boolean {
  if (!Array.isArray(category)) return false;
  for (const concept of category) {
    const coding: unknown = isObject(concept) ? concept.coding : undefined;
    if (Array.isArray(coding) && coding.some((each) => isObject(each) && each.code === INDIVIDUAL_PLAN)) return true;
  }
  return false;
}

function patientOf(type: string, id: string, index: readonly IndexEntry[]): string | null {
  return satisfies(IS_ACTIVE_INDIVIDUAL, { type, id }, index, 0) ? (index.find(isPatient)?.id ?? null) : null;
}

function isPatient(entry: IndexEntry): entry is Extract<IndexEntry, { kind: 'reference' }> {
  return entry.kind === 'reference' && entry.param === 'patient' && entry.type === 'Patient';
}

function activePlansOf(patient: string): SearchQuery {
  const theirs: Clause = { op: 'match', param: 'patient', test: { kind: 'reference', type: 'Patient', id: patient } };
  return { types: ['CarePlan'], where: { op: 'and', clauses: [theirs, IS_ACTIVE_INDIVIDUAL] }, sort: [], limit: 50, total: 'none' };
}

export const oneActivePlan: BusinessRule = {
  types: ['CarePlan'],
  question(change, ctx) {
    const patient = becomesPlanOf(change, ctx);
    return patient === undefined ? undefined : activePlansOf(patient);
  },
  check(change, { ctx, changes, answer }) {
    const patient = becomesPlanOf(change, ctx);
    if (patient === undefined) return;
    const changed = new Map(changes.filter(({ type }) => type === 'CarePlan').map((each) => [each.id, each]));
    const standing = answer(activePlansOf(patient)).matches.some(({ id }) => !changed.has(id));
    const brought = [...changed.values()].some(({ type, id, after }) => id !== change.id && planOf(type, id, after, ctx) === patient);
    if (!standing && !brought) return;
    throw ruleBroken(ONE_ALREADY, ctx.language, 'CarePlan.status');
  },
};

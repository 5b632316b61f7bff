/**
 * What belongs to any patient whom the caller may read, for $everything without an id.
 *
 * Spec: https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { anyOf, patientClause } from '../auth/access.ts';
import type { FhirContext } from '../interactions/context.ts';
import { EVERYTHING, NOTHING, reachOf, requireReach } from '../interactions/reach.ts';
import type { Clause } from '../search/query.ts';

/** No patient can have it. */
const NOBODYS_ID = '?';

/**
 * What of each type belongs to a patient whom the caller may read; `none` of types that belong to nobody. Where the caller
 * reaches a type for such patients only, that says it already, and nothing is asked twice.
 * @throws FhirError 403 `forbidden` when the caller may read no patient.
 */
export async function ofEveryPatient(ctx: FhirContext): Promise<(type: string) => Clause> {
  const asked = { interaction: '$everything', right: 'read' } as const;
  const patients = await named(ctx, await requireReach(ctx, { ...asked, type: 'Patient' }));
  const belongs = new Map<string, Clause>([['Patient', patients]]);
  for (const type of ctx.definitions.resourceTypes) {
    const ofOne = patientClause(NOBODYS_ID, type);
    if (ofOne === undefined || type === 'Patient') continue;
    const isSaid = patients.op === 'id' && isWithin(await reachOf(ctx, { ...asked, type }), paramsOf(ofOne), new Set(patients.ids));
    belongs.set(type, isSaid ? EVERYTHING : ofAny(ofOne, type, patients));
  }
  return (type) => belongs.get(type) ?? NOTHING;
}

/** The patients by their ids where they are few enough: what is asked of each resource then needs not be asked of its patient. */
async function named(ctx: FhirContext, patients: Clause): Promise<Clause> {
  if (patients.op === 'all' || patients.op === 'id') return patients;
  const page = await ctx.store.search({ types: ['Patient'], where: patients, sort: [], limit: ctx.limits.includedMax, total: 'none' });
  return page.more ? patients : { op: 'id', ids: page.matches.map(({ id }) => id) };
}

/** What is said of one patient, of any of them. */
function ofAny(ofOne: Clause, type: string, patients: Clause): Clause {
  if (patients.op === 'id') return anyOf(patients.ids.flatMap((id) => patientClause(id, type) ?? []));
  return throughPatients(ofOne, patients);
}

function throughPatients(clause: Clause, patients: Clause): Clause {
  if (clause.op === 'or') return { op: 'or', clauses: clause.clauses.map((each) => throughPatients(each, patients)) };
  if (clause.op === 'chain') return { ...clause, where: throughPatients(clause.where, patients) };
  if (clause.op !== 'match') return clause;
  if (patients.op === 'all') return { ...clause, test: { kind: 'reference', type: 'Patient' } };
  return { op: 'chain', param: clause.param, types: ['Patient'], where: patients };
}

/** The parameters by which a clause says that something is a patient's. */
function paramsOf(clause: Clause): ReadonlySet<string> {
  if (clause.op === 'or') return new Set(clause.clauses.flatMap((each) => [...paramsOf(each)]));
  if (clause.op === 'chain') return new Set([clause.param, ...paramsOf(clause.where)]);
  return new Set(clause.op === 'match' ? [clause.param] : []);
}

/** True where the clause holds for nothing but what these parameters say is one of the patients'. */
function isWithin(clause: Clause, params: ReadonlySet<string>, patients: ReadonlySet<string>): boolean {
  const within = (each: Clause): boolean => isWithin(each, params, patients);
  switch (clause.op) {
    case 'none':
      return true;
    case 'or':
      return clause.clauses.every(within);
    case 'and':
      return clause.clauses.some(within);
    case 'chain':
      return params.has(clause.param) && clause.contained === undefined && within(clause.where);
    case 'match': {
      const { param, test } = clause;
      return params.has(param) && test.kind === 'reference' && test.type === 'Patient' && patients.has(test.id ?? NOBODYS_ID);
    }
    default:
      return false;
  }
}

/**
 * Which resources an export holds: of each type a clause, narrowed to what the one who asked may read.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#endpoint---all-patients
 */
import { patientClause } from '../../auth/access.ts';
import { badValue, forbidden, unsupportedParameter } from '../../fhir/errors.ts';
import type { Issue } from '../../fhir/outcome.ts';
import type { FhirContext } from '../../interactions/context.ts';
import { both, EVERYTHING, NOTHING, reachOf, throughReach } from '../../interactions/reach.ts';
import { parseSearch } from '../../search/parse.ts';
import type { Clause } from '../../search/query.ts';
import { membersOf } from './group-members.ts';

export interface ExportPlan {
  readonly level: 'system' | 'patient' | 'group';
  readonly groupId?: string;
  /** The types asked for; empty for all. */
  readonly types: readonly string[];
  readonly sinceMs?: number;
  /** Searches, `Type?query`: of a type that has some, what one of them finds. */
  readonly filters: readonly string[];
  /** Elements at the top of resources, `name` or `Type.name`, that are sent beside the mandatory ones; left out: all. */
  readonly elements?: readonly string[];
  /** The only patients whose data are exported; left out: all of the level. */
  readonly patients?: readonly string[];
  /** Told with the result: what was left out of the request. */
  readonly notes?: readonly Issue[];
}

/** What is exported of one type: the resources for which any of the clauses holds, asked for one after the other. */
export interface ExportPart {
  readonly type: string;
  readonly clauses: readonly Clause[];
  /** True when the caller sees all of the type. */
  readonly whole: boolean;
}

/** Patients of a group that one search asks for. */
const PATIENTS_AT_A_TIME = 100;

/**
 * The parts of an export, types in alphabetical order.
 * @throws FhirError 403 `forbidden` when a type asked for, or every type, may not be read.
 */
export async function partsOf(ctx: FhirContext, plan: ExportPlan): Promise<readonly ExportPart[]> {
  const filters = readFilters(ctx, plan);
  const patients = plan.patients ?? (plan.groupId === undefined ? undefined : await membersOf(ctx, plan.groupId));
  const parts: ExportPart[] = [];
  let refused = 0;
  for (const type of plan.types.length === 0 ? ctx.definitions.resourceTypes : plan.types) {
    const reach = await reachOf(ctx, { interaction: '$export', right: 'read', type });
    if (reach.op === 'none') {
      refused += 1;
      if (plan.types.length > 0) throw forbidden(`Your access does not include reading ${type}`);
      continue;
    }
    const wanted = both(reach, await throughReach(ctx, filters.get(type) ?? EVERYTHING));
    // A group tells of its other members as well.
    if (plan.patients !== undefined && type === 'Group') continue;
    const clauses = ofLevel(plan, type, patients).map((clause) => both(clause, wanted));
    if (clauses.length > 0) parts.push({ type, clauses, whole: reach.op === 'all' });
  }
  if (parts.length === 0 && refused > 0) throw forbidden('Your access includes nothing that could be exported');
  return parts;
}

function ofLevel({ level }: ExportPlan, type: string, patients: readonly string[] | undefined): readonly Clause[] {
  if (level === 'system') return [EVERYTHING];
  if (patients === undefined) return anyPatient(type);
  const clauses: Clause[] = [];
  for (let at = 0; at < patients.length; at += PATIENTS_AT_A_TIME) {
    const some = patients.slice(at, at + PATIENTS_AT_A_TIME).map((id) => patientClause(id, type) ?? NOTHING);
    const open = some.filter((clause) => clause.op !== 'none');
    if (open.length > 0) clauses.push({ op: 'or', clauses: open });
  }
  return clauses;
}

/**
 * What the filters ask of each type.
 * @throws FhirError as readFilter.
 */
function readFilters(ctx: FhirContext, { filters, types }: ExportPlan): ReadonlyMap<string, Clause> {
  const clauses = new Map<string, Clause>();
  for (const filter of filters) {
    const { type, where } = readFilter(ctx, filter, types);
    const before = clauses.get(type);
    clauses.set(type, before === undefined ? where : { op: 'or', clauses: [before, where] });
  }
  return clauses;
}

/** Parameters that shape an answer: a filter has none of them. */
const OF_ANSWERS = /^_(?:include|revinclude|sort|count|total|summary|elements|contained|containedType)(?::|$)/;

/**
 * What a filter, `Type?query`, asks of its type.
 * @throws FhirError 400 `value` for a filter of another form or of a type that is not exported, `not-supported` for a parameter that shapes an answer, else as a search of the type.
 */
export function readFilter(ctx: FhirContext, filter: string, types: readonly string[]): { readonly type: string; readonly where: Clause } {
  const [type = '', ...query] = filter.split('?');
  const isExported = ctx.definitions.isResourceType(type) && (types.length === 0 || types.includes(type));
  if (!isExported || query.length === 0) throw badValue('_typeFilter is a search of a type that is exported: Type?query', '_typeFilter');
  const parameters = [...new URLSearchParams(query.join('?'))];
  if (parameters.some(([name]) => OF_ANSWERS.test(name)))
    throw unsupportedParameter('_typeFilter chooses resources; it has no parameters that shape an answer', '_typeFilter');
  return { type, where: parseSearch({ types: [type], parameters }, ctx).query.where };
}

/** Resources of a type that belong to any patient. */
function anyPatient(type: string): readonly Clause[] {
  if (type === 'Patient') return [EVERYTHING];
  const clause = patientClause('any', type);
  return clause === undefined ? [] : [withoutId(clause)];
}

function withoutId(clause: Clause): Clause {
  if (clause.op === 'or') return { op: 'or', clauses: clause.clauses.map(withoutId) };
  if (clause.op === 'chain') return { ...clause, where: withoutId(clause.where) };
  if (clause.op !== 'match' || clause.test.kind !== 'reference') return clause;
  return { ...clause, test: { kind: 'reference', type: 'Patient' } };
}

/**
 * Which resources an export holds: of each type a clause, narrowed to what the one who asked may read.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#endpoint---all-patients
 */
import { patientClause } from '../../auth/access.ts';
import { badValue, forbidden } from '../../fhir/errors.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import type { FhirContext } from '../../interactions/context.ts';
import { both, EVERYTHING, NOTHING, reachOf, throughReach } from '../../interactions/reach.ts';
import { parseSearch } from '../../search/parse.ts';
import type { Clause } from '../../search/query.ts';

export interface ExportPlan {
  readonly level: 'system' | 'patient' | 'group';
  readonly groupId?: string;
  /** The types asked for; empty for all. */
  readonly types: readonly string[];
  readonly sinceMs?: number;
  /** Searches, `Type?query`: of a type that has some, what one of them finds. */
  readonly filters: readonly string[];
}

/** What is exported of one type: the resources for which any of the clauses holds, asked for one after the other. */
export interface ExportPart {
  readonly type: string;
  readonly clauses: readonly Clause[];
}

/** Patients of a group that one search asks for. */
const PATIENTS_AT_A_TIME = 100;

/**
 * The parts of an export, types in alphabetical order.
 * @throws FhirError 403 `forbidden` when a type asked for, or every type, may not be read.
 */
export async function partsOf(ctx: FhirContext, plan: ExportPlan): Promise<readonly ExportPart[]> {
  const filters = readFilters(ctx, plan);
  const patients = plan.groupId === undefined ? undefined : await membersOf(ctx, plan.groupId);
  const parts: ExportPart[] = [];
  let refused = 0;
  for (const type of plan.types.length === 0 ? ctx.definitions.resourceTypes : plan.types) {
    const reach = await reachOf(ctx, { interaction: '$export', right: 'read', type });
    if (reach.op === 'none') {
      refused += 1;
      if (plan.types.length > 0) throw forbidden(`Your access does not include to read ${type}`);
      continue;
    }
    const wanted = both(reach, await throughReach(ctx, filters.get(type) ?? EVERYTHING));
    const clauses = ofLevel(plan, type, patients).map((clause) => both(clause, wanted));
    if (clauses.length > 0) parts.push({ type, clauses });
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
 * @throws FhirError 400 `value` for a filter of another form or of a type that is not exported, else as a search of the type.
 */
function readFilters(ctx: FhirContext, { filters, types }: ExportPlan): ReadonlyMap<string, Clause> {
  const clauses = new Map<string, Clause>();
  for (const filter of filters) {
    const [type = '', ...query] = filter.split('?');
    const isExported = ctx.definitions.isResourceType(type) && (types.length === 0 || types.includes(type));
    if (!isExported || query.length === 0) throw badValue('_typeFilter is a search of a type that is exported: Type?query', '_typeFilter');
    const { where } = parseSearch({ types: [type], parameters: [...new URLSearchParams(query.join('?'))] }, ctx).query;
    const before = clauses.get(type);
    clauses.set(type, before === undefined ? where : { op: 'or', clauses: [before, where] });
  }
  return clauses;
}

/** Resources of a type that belong to any patient. */
function anyPatient(type: string): readonly Clause[] {
  if (type === 'Patient') return [EVERYTHING];
  const clause = patientClause('any', type);
  return clause === undefined ? [] : [withoutId(clause)];
}

function withoutId(clause: Clause): Clause {
  if (clause.op === 'or') return { op: 'or', clauses: clause.clauses.map(withoutId) };
  if (clause.op !== 'match' || clause.test.kind !== 'reference') return clause;
  return { ...clause, test: { kind: 'reference', type: 'Patient' } };
}

/** The patients that are members of a group now. */
async function membersOf(ctx: FhirContext, groupId: string): Promise<readonly string[]> {
  const group = await ctx.store.read('Group', groupId);
  const { member } = (group?.json == null ? {} : JSON.parse(group.json)) as Partial<Resource>;
  const members: readonly unknown[] = Array.isArray(member) ? member : [];
  const ids = members.filter(isObject).flatMap(({ entity, inactive }) => {
    const reference = isObject(entity) && inactive !== true ? String(entity.reference ?? '') : '';
    return /(?:^|\/)Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1] ?? [];
  });
  return [...new Set(ids)];
}

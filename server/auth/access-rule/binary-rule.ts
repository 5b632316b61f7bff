/**
 * Who sees a Binary: whoever may read the resource that it names as its security context, as if it were that one.
 *
 * | context | a Binary is for |
 * |---|---|
 * | Patient, RelatedPerson, or what is about a patient (RECORD_CONTEXTS) | those whom the rule shows it to |
 * | what is about no person in care (organisations, definitions) | all who may read that; it is written by administration |
 * | none, or another | systems that their scopes alone bind |
 *
 * The scopes must let a caller read Binary, and the context as well.
 *
 * Spec: https://hl7.org/fhir/R4/binary-definitions.html#Binary.securityContext
 */
import type { Clause } from '../../search/query.ts';
import { allOf, anyOf, sharedTypes } from '../access.ts';
import { CONTEXT, RECORD_CONTEXTS } from '../binary-contexts.ts';
import { refers } from './directory.ts';

const PATIENT = 'Patient';

/** Ids of the patients whose resources of a type the caller sees. */
export type PatientsOf = (type: string) => readonly string[];
/** What the scopes give of a type for reading: `none` where they give nothing. */
export type ScopeOf = (type: string) => Promise<Clause>;

/**
 * The Binary resources that exist for a caller whom the rule binds.
 * @param isRead false where one is to be written: none that belongs to nobody in care is the caller's to write.
 */
export async function binaryClause(patientsOf: PatientsOf, scopeOf: ScopeOf, isRead: boolean): Promise<Clause> {
  const chains = await Promise.all(
    [PATIENT, ...RECORD_CONTEXTS, ...(isRead ? sharedTypes() : [])].map(async (type) => ({ type, scope: await scopeOf(type) })),
  );
  /** Types for which the same holds are asked for together: a system may follow hundreds of patients. */
  const alike = Map.groupBy(
    chains.filter(({ scope }) => scope.op !== 'none'),
    ({ type, scope }) => `${kindOf(type)} ${scope.op === 'all' ? patientsOf(type).length : type}`,
  );
  return anyOf(
    [...alike.values()].map((some) => {
      const types = some.map(({ type }) => type);
      const { type, scope } = some[0]!;
      const patients = patientsOf(type);
      if (type === PATIENT && scope.op === 'all') return anyOf(patients.map((patient) => refers(CONTEXT, PATIENT, patient)));
      const where = kindOf(type) === 'shared' ? scope : allOf([scope, aboutAny(type, patients)]);
      return where.op === 'none' ? where : { op: 'chain', param: CONTEXT, types, where };
    }),
  );
}

/** The Binary resources that belong to these patients alone, by whom they name. */
export function binariesOfNew(patients: readonly string[]): Clause {
  return anyOf(patients.map((patient) => refers(CONTEXT, PATIENT, patient)));
}

function kindOf(type: string): 'patient' | 'record' | 'shared' {
  if (type === PATIENT) return 'patient';
  return RECORD_CONTEXTS.includes(type) ? 'record' : 'shared';
}

function aboutAny(type: string, patients: readonly string[]): Clause {
  if (patients.length === 0) return { op: 'none' };
  return type === PATIENT ? { op: 'id', ids: patients } : anyOf(patients.map((patient) => refers('patient', PATIENT, patient)));
}

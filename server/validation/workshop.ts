/**
 * What compiling a check needs: the structures, the terminology and the plans of types and profiles made so far.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import type { Resource } from '../fhir/resource.ts';
import type { ProfilePlan } from './profile-plan.ts';
import type { StructureCatalog } from './structure-catalog.ts';
import type { TypePlan } from './type-plan.ts';

export interface Workshop {
  readonly catalog: StructureCatalog;
  readonly terminology: TerminologyService;
  readonly types: { get(name: string): TypePlan | undefined };
  readonly profiles: { get(canonical: string): ProfilePlan | undefined };
  /** A Questionnaire or Measure by canonical URL; undefined when it is not known. */
  readonly resource: (type: string, canonical: string) => Resource | undefined;
}

/**
 * Search parameters by resource type, ready to use.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter-registry.html
 */
import type { SearchParameterInfo } from '../definitions/definitions.ts';

export interface SearchRegistry {
  /** The parameter `code` of `type`, incl. those of Resource and DomainResource; undefined when there is none. */
  get(type: string, code: string): SearchParameterInfo | undefined;
  /** All parameters of a type, sorted by code. */
  forType(type: string): readonly SearchParameterInfo[];
}

/**
 * SearchParameter resources into the form the registry reads.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { searchParameterInfo } from '../search-parameter.ts';

/** The text of search-parameters.json: all of HL7's parameters in its order, one a line. */
export function compactSearchParameters(resources: readonly Resource[]): string {
  const parameters = resources.filter((resource) => resource.resourceType === 'SearchParameter').map(searchParameterInfo);
  return `[\n${parameters.map((parameter) => JSON.stringify(parameter)).join(',\n')}\n]\n`;
}

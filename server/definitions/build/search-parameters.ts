/**
 * SearchParameter resources into the form the registry reads.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter.html
 */
import type { Resource } from '../../fhir/resource.ts';
import type { SearchParameterInfo } from '../definitions.ts';
import { searchParameterInfo } from '../search-parameter.ts';

/** HL7 published this composite with the expressions of its two components exchanged: a relation is not a reference. */
const EXCHANGED = 'http://hl7.org/fhir/SearchParameter/DocumentReference-relationship';

/** The text of search-parameters.json: all of HL7's parameters in its order, one a line. */
export function compactSearchParameters(resources: readonly Resource[]): string {
  const parameters = resources.filter((resource) => resource.resourceType === 'SearchParameter').map(compact);
  return `[\n${parameters.map((parameter) => JSON.stringify(parameter)).join(',\n')}\n]\n`;
}

function compact(resource: Resource): SearchParameterInfo {
  const info = searchParameterInfo(resource);
  if (info.url !== EXCHANGED) return info;
  const [first, second] = info.components.map((component) => component.expression);
  return {
    ...info,
    components: info.components.map(({ definition }, at) => ({ definition, expression: String(at === 0 ? second : first) })),
  };
}

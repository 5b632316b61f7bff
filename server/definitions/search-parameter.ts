/**
 * A SearchParameter resource as the server uses it.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter.html
 */
import type { Resource } from '../fhir/resource.ts';
import type { SearchParameterInfo } from './definitions.ts';

/** What the server needs of a SearchParameter. Component definitions lose their version. */
export function searchParameterInfo(resource: Resource): SearchParameterInfo {
  const components = (resource.component ?? []) as readonly { definition: string; expression: string }[];
  return {
    url: String(resource.url),
    code: String(resource.code),
    type: resource.type as SearchParameterInfo['type'],
    base: resource.base as readonly string[],
    ...(typeof resource.expression === 'string' ? { expression: resource.expression } : {}),
    targets: (resource.target ?? []) as readonly string[],
    components: components.map(({ definition, expression }) => ({
      definition: String(definition).split('|')[0] as string,
      expression: withTypeNames(expression),
    })),
    description: typeof resource.description === 'string' ? resource.description.replace(/\s+/g, ' ').trim() : '',
  };
}

/** R4 writes a type of FHIR's as that of FHIRPath's in one component (code-value-date of Observation), by which nothing would be found. */
function withTypeNames(expression: string): string {
  return expression.replaceAll('as(DateTime)', 'as(dateTime)');
}

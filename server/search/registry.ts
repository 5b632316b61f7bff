/**
 * Search parameters by resource type, ready to use.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter-registry.html
 */
import type { Definitions, SearchParameterInfo } from '../definitions/definitions.ts';

export interface SearchRegistry {
  /** The parameter `code` of `type`, incl. those of Resource and DomainResource; undefined when there is none. */
  get(type: string, code: string): SearchParameterInfo | undefined;
  /** All parameters of a type, sorted by code. */
  forType(type: string): readonly SearchParameterInfo[];
  /** A parameter by its canonical URL, as the components of composites name it. */
  byUrl(url: string): SearchParameterInfo | undefined;
}

/**
 * The registry of all parameters in `definitions`. `get('Resource', …)` knows those that every type has.
 * Where two have the same type and code, the later one (the project's own) counts.
 */
export function createSearchRegistry(definitions: Definitions): SearchRegistry {
  const byBase = new Map<string, SearchParameterInfo[]>();
  const byUrl = new Map<string, SearchParameterInfo>();
  for (const parameter of definitions.searchParameters) {
    byUrl.set(parameter.url, parameter);
    for (const base of parameter.base) byBase.set(base, [...(byBase.get(base) ?? []), parameter]);
  }
  const types = new Map<string, ReadonlyMap<string, SearchParameterInfo>>();
  const parametersOf = (type: string): ReadonlyMap<string, SearchParameterInfo> => {
    const known = types.get(type);
    if (known !== undefined) return known;
    const found = baseChain(type, definitions).flatMap((base) => byBase.get(base) ?? []);
    const sorted = new Map(found.map((parameter) => [parameter.code, parameter] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (found.length > 0) types.set(type, sorted);
    return sorted;
  };
  return {
    get: (type, code) => parametersOf(type).get(code),
    forType: (type) => [...parametersOf(type).values()],
    byUrl: (url) => byUrl.get(url),
  };
}

/** `['Resource', 'DomainResource', 'Patient']` for Patient: the most general first, so that a type's own parameters win. */
function baseChain(type: string, definitions: Definitions): readonly string[] {
  const base = definitions.type(type)?.base;
  return base === undefined ? [type] : [...baseChain(base, definitions), type];
}

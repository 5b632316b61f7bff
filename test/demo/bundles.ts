/** Reads the demo population from the repository, once, for the tests of it. */
import { type DemoSet, readDemoBundles } from '../../server/demo/load.ts';
import { isObject, type Resource } from '../../server/fhir/resource.ts';

export const SETS = ['shared', 'hospital', 'municipality'] as const satisfies readonly DemoSet[];

const bundlesBySet = new Map(await Promise.all(SETS.map(async (set) => [set, await readDemoBundles(set)] as const)));

export interface Entry {
  readonly fullUrl: string;
  readonly resource: Resource;
  readonly request: { readonly method: string; readonly url: string };
}

export function bundlesOf(set: DemoSet): readonly Resource[] {
  return bundlesBySet.get(set) ?? [];
}

export function entriesOf(bundle: Resource): readonly Entry[] {
  return bundle.entry as Entry[];
}

/** All resources of one server, or those of one type. */
export function resourcesOf(set: DemoSet, type?: string): readonly Resource[] {
  const all = bundlesOf(set).flatMap((bundle) => entriesOf(bundle).map((entry) => entry.resource));
  return type === undefined ? all : all.filter((resource) => resource.resourceType === type);
}

/** Every value below `value` under the property `name`, at any depth. */
export function valuesNamed(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesNamed(item, name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [...(key === name ? [item] : []), ...valuesNamed(item, name)]);
}

/** Every text below `value`, at any depth. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** The codes of one of the project's code systems found anywhere below `value`. */
export function codesOf(value: unknown, system: string): string[] {
  const codings = valuesNamed(value, 'coding').flat().filter(isObject);
  return codings
    .filter((coding) => coding.system === `https://fellesplan.example/fhir/CodeSystem/${system}`)
    .map((coding) => String(coding.code));
}

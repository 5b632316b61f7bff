/**
 * Rules of identity inside a resource: Identifier, and the ids of contained resources and of elements.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#Identifier · https://hl7.org/fhir/R4/references.html#contained · https://hl7.org/fhir/R4/element.html#id
 */
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import type { Run } from './run.ts';
import type { TypePlan, ValueCheck } from './type-plan.ts';

/** The schemes that the system of an identifier has. */
const SYSTEM = /^(?:https?|urn|ldap):/;
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;

/** Systems that a national profile fixes though they are not absolute: no-basis 2.2.2 for the H-number. */
const NATIONAL = new Set(['HNR']);

/** An identifier's system is absolute; a value in the system of URIs is one. */
export const identifierRules = (): readonly ValueCheck[] => [
  (run, value) => {
    if (!isObject(value) || typeof value.system !== 'string') return;
    if (NATIONAL.has(value.system)) return;
    if (!SYSTEM.test(value.system)) run.report('identifier-system', { system: value.system.slice(0, 120) });
    else if (value.system === 'urn:ietf:rfc:3986' && typeof value.value === 'string' && !ABSOLUTE.test(value.value)) {
      run.report('identifier-uri', { value: value.value.slice(0, 120) });
    }
  },
];

/** The url by which others refer to a resource is absolute. */
export function checkCanonicalUrl(run: Run, resource: Resource, plan: TypePlan): void {
  if (typeof resource.url !== 'string' || plan.properties.get('url')?.type !== 'uri' || ABSOLUTE.test(resource.url)) return;
  run.report('canonical-relative', { value: resource.url.slice(0, 120) }, 'error', '.url');
}

/** Contained resources have ids, each of its own. */
export function checkContainedIds(run: Run, resource: Resource): void {
  if (!Array.isArray(resource.contained)) return;
  const seen = new Set<unknown>();
  for (const [index, one] of resource.contained.entries()) {
    if (!isResource(one)) continue;
    const below = `.contained[${index}]`;
    if (one.id === undefined) run.report('contained-id', {}, 'error', below);
    else if (seen.has(one.id)) run.report('duplicate-id', { id: String(one.id).slice(0, 64) }, 'error', `${below}.id`);
    seen.add(one.id);
  }
}

/**
 * Rules of identity inside a resource: Identifier, and the ids of contained resources and of elements.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#Identifier · https://hl7.org/fhir/R4/references.html#contained · https://hl7.org/fhir/R4/element.html#id
 */
import { textOf } from '../fhir/json.ts';
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
    else if (seen.has(one.id)) run.report('duplicate-id', { id: textOf(one.id).slice(0, 64) }, 'error', below);
    seen.add(one.id);
  }
}

/** The same security label is not given twice. */
export function checkSecurityLabels(run: Run, resource: Resource): void {
  const labels: unknown = resource.meta?.security;
  if (!Array.isArray(labels) || labels.length < 2) return;
  const seen = new Set<string>();
  for (const [index, label] of labels.entries()) {
    if (!isObject(label)) continue;
    const key = `${textOf(label.system ?? '')}#${textOf(label.code ?? '')}`;
    if (seen.has(key)) run.report('duplicate-label', { label: key.slice(0, 120) }, 'error', `.meta.security[${index}]`);
    seen.add(key);
  }
}

/** The ids of elements met in a run, by resource: the same resource may be checked again where it has another place. */
const idsOf = new WeakMap<Run, Map<Resource, Map<string, string>>>();

function idsIn(run: Run): Map<string, string> {
  const ofRun = idsOf.get(run) ?? new Map<Resource, Map<string, string>>();
  idsOf.set(run, ofRun);
  const ids = ofRun.get(run.resource) ?? new Map<string, string>();
  ofRun.set(run.resource, ids);
  return ids;
}

/** The check of the id of an element: no other element of the resource has it. A definition may repeat those of its differential in its snapshot. */
export const checkElementId: ValueCheck = (run, value) => {
  if (typeof value !== 'string') return;
  const path = run.path();
  const ids = idsIn(run);
  const key = path.includes('.snapshot.') ? `snapshot ${value}` : value;
  const other = ids.get(key);
  if (other === undefined) ids.set(key, path);
  else if (other !== path) run.reportAbove('duplicate-element-id', { id: value.slice(0, 64) });
};

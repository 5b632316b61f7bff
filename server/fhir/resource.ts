/**
 * The shapes every part of the server agrees on for a FHIR resource as JSON. Types of single resources are not
 * modelled: what a resource may hold is decided by its StructureDefinition, not by the compiler.
 *
 * Spec: https://hl7.org/fhir/R4/json.html · https://hl7.org/fhir/R4/resource.html
 */

export interface Meta {
  versionId?: string;
  lastUpdated?: string;
  source?: string;
  profile?: string[];
  security?: Coding[];
  tag?: Coding[];
  [element: string]: unknown;
}

export interface Coding {
  system?: string;
  version?: string;
  code?: string;
  display?: string;
  userSelected?: boolean;
  [element: string]: unknown;
}

export interface Resource {
  resourceType: string;
  id?: string;
  meta?: Meta;
  [element: string]: unknown;
}

/** The logical identity of a resource on this server. */
export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

/** `id` as FHIR allows it, but for `.` and `..`, which mean another place in a URL: https://hl7.org/fhir/R4/datatypes.html#id */
export const ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** True for a JSON object (not null, not an array). */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a JSON object that names its resourceType. */
export function isResource(value: unknown): value is Resource {
  return isObject(value) && typeof value.resourceType === 'string';
}

/** The objects of a JSON array; none of what is no array. */
export function objectsIn(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

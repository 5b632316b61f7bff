/**
 * What stands in a resource, taken as what it should be: content of others may hold anything anywhere.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; none where there is no list. */
export const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];

/** The texts in a list. */
export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** The text, where it is one. */
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A value that should be text, as text whatever it is. String() would ask an object for its `toString`, and throw when that is content. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype ? '{…}' : String(value);
}

/**
 * A value of a resource that should be text, as text whatever it is. String() would ask an object for its `toString`, and
 * throw when that is content.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype ? '{…}' : String(value);
}

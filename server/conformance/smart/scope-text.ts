/**
 * Scopes that name resources, as text.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources
 */

export interface ParsedScope {
  readonly level: 'patient' | 'user' | 'system';
  readonly type: string;
  /** `rs`, or in the first version's way `read`. */
  readonly rights: string;
  readonly query: string | undefined;
}

/** The parts of a scope that names resources; undefined when it names none. */
export function parseScope(text: string): ParsedScope | undefined {
  const parts = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)(?:\?(.+))?$/.exec(text);
  if (parts === null || parts[3] === '') return undefined;
  return { level: parts[1] as ParsedScope['level'], type: parts[2]!, rights: parts[3]!, query: parts[4] };
}

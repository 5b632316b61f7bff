/**
 * Where a reference leads.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#literal
 */

/** The base of the servers under test. */
export const BASE = 'https://model.test/fhir';

export interface LocalReference {
  readonly type: string;
  readonly id: string;
  readonly version?: string;
}

const LOCAL = /^([A-Z]\w+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/;

/** Type and id of a reference to this server, relative or absolute; undefined for what leads elsewhere. */
export function localReference(text: string): LocalReference | undefined {
  const [, type, id, version] = LOCAL.exec(text.startsWith(`${BASE}/`) ? text.slice(BASE.length + 1) : text) ?? [];
  if (type === undefined || id === undefined) return undefined;
  return { type, id, ...(version === undefined ? {} : { version }) };
}

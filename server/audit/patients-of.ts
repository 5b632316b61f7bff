/**
 * Whose data a resource is, read from its JSON text: the log needs it for every resource that is shown, so the text is
 * looked through for the elements that name a patient, and parsed only when that finds none.
 *
 * Spec: https://hl7.org/fhir/R4/compartmentdefinition-patient.html
 */
import { patientClause } from '../auth/access.ts';
import { parseReference } from '../fhir/reference.ts';

/** Elements that name the patient a resource is about; `what` is that of a line in the log itself. */
const NAMES_PATIENT =
  /(?<!\\)"(?:subject|patient|for|beneficiary|what)":\{(?:"(?:[^"\\]|\\.)*":"(?:[^"\\]|\\.)*",)*"reference":"(?:[^"\\]*\/)?Patient\/([A-Za-z0-9.-]{1,64})/g;
const ELEMENTS: ReadonlySet<string> = new Set(['subject', 'patient', 'for', 'beneficiary', 'what', 'target']);

/** Ids of the patients, without repeats. */
export function patientsOf(type: string, id: string, json: string | null): readonly string[] {
  if (type === 'Patient') return [id];
  if (json === null) return [];
  const found = new Set<string>();
  for (const match of json.matchAll(NAMES_PATIENT)) found.add(match[1]!);
  if (found.size === 0 && patientClause('x', type) !== undefined && json.includes('Patient/')) return named(json);
  return [...found];
}

function named(json: string): readonly string[] {
  const found = new Set<string>();
  JSON.parse(json, (name, value: unknown) => {
    if (ELEMENTS.has(name)) for (const one of [value].flat()) add(found, (one as { reference?: unknown } | null)?.reference);
    return value;
  });
  return [...found];
}

function add(found: Set<string>, reference: unknown): void {
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  if ((parsed?.kind === 'local' || parsed?.kind === 'absolute') && parsed.type === 'Patient') found.add(parsed.id);
}

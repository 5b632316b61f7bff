/**
 * The base of the canonical URLs of everything the project defines: profiles, code systems, operations. Whoever adopts it
 * under a name of their own changes it here, in profiles/ and in the app.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#canonical
 */
export const CANONICAL_BASE = 'https://fellesplan.example/fhir';

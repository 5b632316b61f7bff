/**
 * Which resources may stand for a Binary where it is decided who sees it.
 *
 * Spec: https://hl7.org/fhir/R4/binary-definitions.html#Binary.securityContext
 */

/** The search parameter by which a Binary names the resource: fp-binary-security-context. */
export const CONTEXT = 'security-context';

/** Types that are about one patient, whom their search parameter `patient` finds; the patient's own resource stands apart. */
export const RECORD_CONTEXTS: readonly string[] = [
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'CareTeam',
  'ClinicalImpression',
  'Communication',
  'Composition',
  'Condition',
  'Consent',
  'DiagnosticReport',
  'DocumentManifest',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'Flag',
  'Goal',
  'ImagingStudy',
  'Immunization',
  'List',
  'Media',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'RelatedPerson',
  'RiskAssessment',
  'ServiceRequest',
  'Specimen',
  'Task',
];

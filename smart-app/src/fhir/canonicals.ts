/**
 * The canonical URLs and code systems that the app reads; profiles/README.md defines them.
 */

const BASE = 'https://fellesplan.example/fhir';

const codeSystem = (id: string): string => `${BASE}/CodeSystem/${id}`;

export const CODE_SYSTEM = {
  planType: codeSystem('fp-plan-type'),
  teamRole: codeSystem('fp-team-role'),
  measureType: codeSystem('fp-measure-type'),
  btiLevel: codeSystem('fp-bti-level'),
  hphStep: codeSystem('fp-hph-step'),
  psfsChange: codeSystem('fp-psfs-change'),
  cfsLevel: codeSystem('fp-cfs-level'),
  score: codeSystem('fp-score'),
  observation: codeSystem('fp-observation'),
  needType: codeSystem('fp-need-type'),
  consentPurpose: codeSystem('fp-consent-purpose'),
  messageType: codeSystem('fp-message-type'),
} as const;

/** HL7's reasons and purposes of use. */
export const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
export const SNOMED = 'http://snomed.info/sct';
/** SNOMED CT: Clinical Frailty Scale score. */
export const CFS_CODE = '763264000';

export const EXTENSION = {
  nextReview: `${BASE}/StructureDefinition/fp-next-review`,
  custodian: `${BASE}/StructureDefinition/fp-custodian`,
} as const;

/** National identity numbers of persons, the preferred one first. */
export const PERSON_ID = {
  nationalId: 'urn:oid:2.16.578.1.12.4.1.4.1',
  dNumber: 'urn:oid:2.16.578.1.12.4.1.4.2',
} as const;

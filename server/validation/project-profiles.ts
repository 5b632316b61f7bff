/**
 * Which profile of the project a resource is meant to meet: by its type, and by what it is about where one type has
 * several profiles, or is used for other things as well.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html · https://hl7.org/fhir/R4/capabilitystatement.html (supportedProfile)
 */
import { CANONICAL_BASE } from '../fhir/canonical.ts';
import { textOf } from '../fhir/json.ts';
import { isObject, type Resource } from '../fhir/resource.ts';

const profile = (id: string): string => `${CANONICAL_BASE}/StructureDefinition/${id}`;
const system = (id: string): string => `${CANONICAL_BASE}/CodeSystem/${id}`;

interface ProjectProfile {
  readonly type: string;
  readonly profile: string;
  /** What the resource says of itself when the profile is meant; left out: every resource of the type. */
  readonly when?: (resource: Resource) => boolean;
}

const PROFILES: readonly ProjectProfile[] = [
  { type: 'Patient', profile: profile('fp-patient') },
  // Personnel without an HPR number are plain Practitioners.
  {
    type: 'Practitioner',
    profile: profile('fp-practitioner'),
    when: ({ identifier }) => objects(identifier).some((each) => each.system === 'urn:oid:2.16.578.1.12.4.1.4.4'),
  },
  { type: 'PractitionerRole', profile: profile('fp-practitioner-role') },
  {
    type: 'Person',
    profile: profile('fp-person'),
    when: ({ link }) =>
      objects(link).some(({ target }) => objects(target).some((each) => textOf(each.reference).includes('Practitioner/'))),
  },
  { type: 'Organization', profile: profile('fp-organization') },
  { type: 'RelatedPerson', profile: profile('fp-related-person') },
  { type: 'CarePlan', profile: profile('fp-care-plan') },
  { type: 'CareTeam', profile: profile('fp-care-team') },
  { type: 'Goal', profile: profile('fp-goal') },
  { type: 'Task', profile: profile('fp-measure-task') },
  { type: 'ServiceRequest', profile: profile('fp-need-report'), when: ({ code }) => hasCode(code, system('fp-need-type')) },
  { type: 'Observation', profile: profile('fp-what-matters'), when: ({ code }) => hasCode(code, system('fp-observation'), 'what-matters') },
  { type: 'Observation', profile: profile('fp-psfs-score'), when: ({ code }) => hasCode(code, system('fp-score'), 'psfs-activity') },
  { type: 'Observation', profile: profile('fp-psfs-panel'), when: ({ code }) => hasCode(code, system('fp-score'), 'psfs-panel') },
  { type: 'Observation', profile: profile('fp-cfs-score'), when: ({ code }) => hasCode(code, 'http://snomed.info/sct', '763264000') },
  { type: 'QuestionnaireResponse', profile: profile('fp-psfs-response'), when: (response) => isAnswerTo(response, 'fp-psfs') },
  { type: 'QuestionnaireResponse', profile: profile('fp-cfs-response'), when: (response) => isAnswerTo(response, 'fp-cfs') },
  { type: 'Consent', profile: profile('fp-consent'), when: ({ category }) => hasCode(category, system('fp-consent-purpose')) },
  { type: 'PlanDefinition', profile: profile('fp-pathway') },
  { type: 'Communication', profile: profile('fp-message-trace'), when: ({ category }) => hasCode(category, system('fp-message-type')) },
  { type: 'Provenance', profile: profile('fp-provenance') },
  { type: 'AuditEvent', profile: profile('fp-audit-event') },
];

/** Every type for which the project has a profile. */
export const TYPES_WITH_PROFILE: readonly string[] = [...new Set(PROFILES.map(({ type }) => type))];

/** The types of what the project publishes under its URL, and which its clients therefore do not change. */
export const BUILT_IN_TYPES: readonly string[] = [
  'ActivityDefinition',
  'CapabilityStatement',
  'CodeSystem',
  'OperationDefinition',
  'PlanDefinition',
  'Questionnaire',
  'SearchParameter',
  'StructureDefinition',
  'ValueSet',
];

/** The profiles of the project for a type, by canonical URL. */
export function profilesOfType(type: string): readonly string[] {
  return PROFILES.filter((each) => each.type === type).map((each) => each.profile);
}

/** The profiles that a resource is meant to meet, but does not claim. */
export function unclaimedProfiles(resource: Resource): readonly string[] {
  const claimed: readonly unknown[] = Array.isArray(resource.meta?.profile) ? resource.meta.profile : [];
  const claims = new Set(claimed.map((each) => textOf(each).split('|', 1)[0]));
  return PROFILES.filter((each) => each.type === resource.resourceType && !claims.has(each.profile))
    .filter(({ when }) => when?.(resource) !== false)
    .map((each) => each.profile);
}

/** True for a URL below the project's own base: what is not known there does not exist. */
export function isOwn(url: string): boolean {
  return url.startsWith(`${CANONICAL_BASE}/`);
}

function hasCode(concepts: unknown, codeSystem: string, code?: string): boolean {
  const codings = objects(concepts).flatMap((concept) => objects(concept.coding));
  return codings.some((each) => each.system === codeSystem && (code === undefined || each.code === code));
}

function isAnswerTo({ questionnaire }: Resource, id: string): boolean {
  return typeof questionnaire === 'string' && questionnaire.split('|', 1)[0] === `${CANONICAL_BASE}/Questionnaire/${id}`;
}

function objects(value: unknown): readonly Record<string, unknown>[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

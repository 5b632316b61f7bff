/** Responses to the two questionnaires, and the people they are about, for tests. */
import type { Resource } from '../../server/fhir/resource.ts';

const BASE = 'https://fellesplan.example/fhir';
const DIRECTION = { system: `${BASE}/CodeSystem/fp-psfs-direction`, code: '0-cannot-10-without-difficulty' };
export const profileOf = (id: string): string => `${BASE}/StructureDefinition/${id}`;

/** A person of 84. */
export const ingrid: Resource = { resourceType: 'Patient', id: 'ingrid', birthDate: '1941-05-17', name: [{ family: 'Solvik' }] };

export const goal = (id: string, words: string, over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Goal',
  id,
  lifecycleStatus: 'active',
  description: { text: words },
  subject: { reference: 'Patient/ingrid' },
  ...over,
});

type Activity = readonly [name: string, score: number];

/** A PSFS conversation about `activities`. */
export const psfs = (id: string, conversation: number, activities: readonly Activity[], over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'QuestionnaireResponse',
  id,
  meta: { profile: [profileOf('fp-psfs-response')] },
  language: 'nb',
  questionnaire: `${BASE}/Questionnaire/fp-psfs|0.1.0`,
  status: 'completed',
  subject: { reference: 'Patient/ingrid' },
  authored: `2026-0${conversation}-10T10:45:00+01:00`,
  author: { reference: 'PractitionerRole/fysio' },
  item: [
    { linkId: 'date', answer: [{ valueDate: `2026-0${conversation}-10` }] },
    { linkId: 'conversation', answer: [{ valueInteger: conversation }] },
    { linkId: 'direction', answer: [{ valueCoding: DIRECTION }] },
    ...activities.map(([name, score]) => ({
      linkId: 'activity',
      item: [
        { linkId: 'activity.name', answer: [{ valueString: name }] },
        { linkId: 'activity.score', answer: [{ valueInteger: score }] },
      ],
    })),
  ],
  ...over,
});

export const cfs = (id: string, level: string, over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'QuestionnaireResponse',
  id,
  meta: { profile: [profileOf('fp-cfs-response')] },
  questionnaire: `${BASE}/Questionnaire/fp-cfs`,
  status: 'completed',
  subject: { reference: 'Patient/ingrid' },
  authored: '2026-02-15T14:00:00+01:00',
  author: { reference: 'PractitionerRole/fastlege' },
  item: [
    { linkId: 'reference-date', answer: [{ valueDate: '2026-02-01' }] },
    { linkId: 'level', answer: [{ valueCoding: { system: `${BASE}/CodeSystem/fp-cfs-level`, code: level } }] },
    { linkId: 'note', answer: [{ valueString: 'Vurdert sammen med datteren.' }] },
  ],
  ...over,
});

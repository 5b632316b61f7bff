/**
 * What is looked up for an extraction: what was made of the response before, and what is known of the patient.
 */
import { parseJson } from '../../fhir/json.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { FhirContext } from '../../interactions/context.ts';
import { both, NOTHING, reachOf } from '../../interactions/reach.ts';
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { Found } from '../../store/resource-store.ts';
import { SCORE_SYSTEM } from './score-parts.ts';
import type { Extract } from './score-writer.ts';
import type { Known } from './scores.ts';

/** More scores and goals than any patient has. */
const LOOKED_AT_MAX = 2000;

/** The searches of an extraction; those about the patient find what the caller may read. */
export async function searchesFor(ctx: FhirContext, { id, patientId }: Extract): Promise<readonly SearchQuery[]> {
  const search = (type: string, where: Clause): SearchQuery => ({ types: [type], where, sort: [], limit: LOOKED_AT_MAX, total: 'none' });
  const patient = { kind: 'reference', type: 'Patient', id: patientId ?? '' } as const;
  const ofPatient = async (type: string, param: string, more?: Clause): Promise<SearchQuery> => {
    if (patientId === undefined) return { ...search(type, NOTHING), limit: 1 };
    const reach = await reachOf(ctx, { interaction: '$extract', right: 'read', type });
    const own: Clause = type === 'Patient' ? { op: 'id', ids: [patientId] } : { op: 'match', param, test: patient };
    return search(type, both(more === undefined ? own : { op: 'and', clauses: [own, more] }, reach));
  };
  const code = (value: string): Clause => ({ op: 'match', param: 'code', test: { kind: 'token', system: SCORE_SYSTEM, code: value } });
  return [
    search('Observation', { op: 'match', param: 'derived-from', test: { kind: 'reference', type: 'QuestionnaireResponse', id } }),
    await ofPatient('Observation', 'subject', code('psfs-panel')),
    await ofPatient('Observation', 'subject', code('psfs-activity')),
    await ofPatient('Goal', 'subject'),
    await ofPatient('Patient', '_id'),
  ];
}

/** What the searches found. */
export function knownIn(found: Found): Known {
  const [derived = [], panels = [], scores = [], goals = [], people = []] = found.searches.map((page) =>
    page.matches.map(({ json }) => parseJson(json) as Resource),
  );
  const birthDate = people[0]?.birthDate;
  return { derived, panels, scores, goals, ...(typeof birthDate === 'string' ? { birthDate } : {}) };
}

/**
 * The plan and the team of the patient in context, for the app that is started with them: what is active now, as far as the
 * user sees the plan and the scopes let the app read it. An app opens them without a search.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#fhir-context
 */
import type { FhirContextItem } from '../launch-context.ts';
import type { Principal } from '../principal.ts';
import { parseResourceScopes } from '../scopes.ts';
import { hasStatus, refers } from './directory.ts';
import { type ReachSources, reachOf } from './reach.ts';
import { seesPlan } from './standing.ts';

const TYPES = ['CarePlan', 'CareTeam'] as const;
/** Of each type. Who has more of them than this searches for them. */
const AT_MOST = 10;

/** `CarePlan/id` and `CareTeam/id`, plans first; nothing where the user does not see the patient's plan. */
export async function planInContext(
  user: Principal,
  patientId: string,
  scope: string,
  sources: ReachSources,
  nowMs: number,
): Promise<readonly FhirContextItem[]> {
  const types = TYPES.filter((type) => reads(scope, type));
  if (types.length === 0) return [];
  const reach = await reachOf(user, sources, nowMs);
  if (reach.unbound || !seesPlan(reach.patients.get(patientId) ?? new Set())) return [];
  const pages = await Promise.all(
    types.map((type) =>
      sources.store.search({
        types: [type],
        where: { op: 'and', clauses: [refers('subject', 'Patient', patientId), hasStatus(['active'])] },
        sort: [],
        limit: AT_MOST,
        total: 'none',
      }),
    ),
  );
  return pages.flatMap((page) => page.matches).map(({ type, id }) => ({ reference: `${type}/${id}` }));
}

/** Whether a scope lets all of a type be read; one with a query may leave this plan out. */
function reads(scope: string, type: string): boolean {
  return parseResourceScopes(scope).some((each) => each.read && each.query === undefined && (each.type === '*' || each.type === type));
}

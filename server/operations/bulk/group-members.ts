/**
 * Who is in a group now.
 *
 * Spec: https://hl7.org/fhir/R4/group-definitions.html#Group.member
 */
import { periodRange } from '../../fhir/date-range.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { SERVER_ZONE, timeZone } from '../../fhir/time-zone.ts';
import type { FhirContext } from '../../interactions/context.ts';

/** Ids of the patients that are members of a group now: neither inactive nor outside their period. */
export async function membersOf(ctx: FhirContext, groupId: string): Promise<readonly string[]> {
  const group = await ctx.store.read('Group', groupId);
  const { member } = (group?.json == null ? {} : JSON.parse(group.json)) as Partial<Resource>;
  const members: readonly unknown[] = Array.isArray(member) ? member : [];
  const zone = timeZone(SERVER_ZONE);
  const nowMs = ctx.nowMs();
  const ids = members.filter(isObject).flatMap(({ entity, inactive, period }) => {
    const within = periodRange(period, zone);
    if (inactive === true || (within !== undefined && (nowMs < within.low || nowMs > within.high))) return [];
    const reference = isObject(entity) ? String(entity.reference ?? '') : '';
    return /(?:^|\/)Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1] ?? [];
  });
  return [...new Set(ids)];
}

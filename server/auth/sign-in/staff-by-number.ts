/**
 * Who works here with a national identity number: a Person has the number and links to the Practitioner. An organisation
 * says so of its own staff alone: the Person that it keeps (managingOrganization) counts for who acts for it or one of its
 * units, and while the Practitioner works nowhere else, for they may be named elsewhere in person, and whoever signs in as
 * them is let in to that. Of who works in several places administration keeps the Person, which has no keeper and counts
 * everywhere.
 *
 * Spec: https://hl7.org/fhir/R4/person.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { keptIdentifier } from '../../search/personal-number.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { isCurrentRole, organizationsAbove } from '../access-rule/actor.ts';
import { findAll, idOf, readResource, refers } from '../access-rule/directory.ts';
import { namesOne } from '../access-rule/links.ts';
import { PERSON } from '../access-rule/person-access.ts';
import type { Identifier } from '../ehr-identity.ts';

/** The id of the one Practitioner that these numbers lead to for who acts for `organization` now; of two it is neither. */
export async function staffByNumber(
  store: ResourceStore,
  numbers: readonly Identifier[],
  organization: Resource | undefined,
  nowMs: number,
): Promise<string | undefined> {
  if (numbers.length === 0) return undefined;
  const clauses = numbers.map(
    ({ system, value }): Clause => ({
      op: 'match',
      param: 'identifier',
      test: { kind: 'token', system, code: keptIdentifier(system, value) },
    }),
  );
  const persons = await findAll(store, PERSON, { op: 'or', clauses });
  if (persons.length === 0) return undefined;
  const actingFor = await wholesOf(store, organization);
  const found = new Set<string>();
  for (const { active, managingOrganization: keeper, link } of persons) {
    if (active === false || (keeper !== undefined && !namesOne(keeper, actingFor))) continue;
    for (const practitioner of linksToStaff(link))
      if (keeper === undefined || (await worksOnlyAt(store, practitioner, keeper, nowMs))) found.add(practitioner);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/** An organisation and those that it is part of, as references. */
async function wholesOf(store: ResourceStore, organization: Resource | undefined): Promise<ReadonlySet<string>> {
  if (organization === undefined) return new Set();
  return new Set([`Organization/${organization.id}`, ...(await organizationsAbove(store, organization))]);
}

/** True when every role that somebody has now is at the keeper or its units. */
async function worksOnlyAt(store: ResourceStore, practitioner: string, keeper: unknown, nowMs: number): Promise<boolean> {
  const roles = await findAll(store, 'PractitionerRole', refers('practitioner', 'Practitioner', practitioner));
  for (const role of roles.filter((each) => isCurrentRole(each, nowMs))) {
    const at = idOf(role.organization, 'Organization');
    const unit = at === undefined ? undefined : await readResource(store, 'Organization', at);
    if (!namesOne(keeper, await wholesOf(store, unit))) return false;
  }
  return true;
}

function linksToStaff(link: unknown): readonly string[] {
  const links = (link ?? []) as readonly { readonly target?: unknown }[];
  return links.flatMap(({ target }) => idOf(target, 'Practitioner') ?? []);
}

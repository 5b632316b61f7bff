/**
 * Who works here with a national identity number: a Person has the number and links to the Practitioner. Whoever keeps
 * the Person (managingOrganization) says so for those who act for that organisation or its units, as an EHR does for its
 * own users; one without a keeper is administration's, and says it everywhere. So no organisation's system makes anybody
 * one of another's staff, or keeps them out there.
 *
 * Spec: https://hl7.org/fhir/R4/person.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { keptIdentifier } from '../../search/personal-number.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { organizationsAbove } from '../access-rule/actor.ts';
import { findAll, idOf } from '../access-rule/directory.ts';
import { namesOne } from '../access-rule/links.ts';
import { PERSON } from '../access-rule/person-access.ts';
import type { Identifier } from '../ehr-identity.ts';

/** The id of the one Practitioner that these numbers lead to for who acts for `organization`; of two it is neither. */
export async function staffByNumber(
  store: ResourceStore,
  numbers: readonly Identifier[],
  organization: Resource | undefined,
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
  const above = organization === undefined ? [] : [`Organization/${organization.id}`, ...(await organizationsAbove(store, organization))];
  const keepers = new Set(above);
  const counting = persons.filter(
    ({ active, managingOrganization: keeper }) => active !== false && (keeper === undefined || namesOne(keeper, keepers)),
  );
  const found = new Set(counting.flatMap(linksToStaff));
  return found.size === 1 ? [...found][0] : undefined;
}

function linksToStaff({ link }: Resource): readonly string[] {
  const links = (link ?? []) as readonly { readonly target?: unknown }[];
  return links.flatMap(({ target }) => idOf(target, 'Practitioner') ?? []);
}

/**
 * Who reads a Person. It holds the national identity number of somebody who works in health or welfare, by which they
 * sign in, and links to who they are in the directory. So it is for whom it is about, and for whoever keeps it:
 *
 * | who | reads a Person |
 * |---|---|
 * | system of an organisation | whose managingOrganization is that organisation or one of its units |
 * | anybody who signs in | that links to who they have signed in as |
 *
 * A link to a patient opens it to nobody else: that somebody works here is no part of their plan.
 *
 * Spec: https://hl7.org/fhir/R4/person.html
 */
import type { Clause } from '../../search/query.ts';
import { refersToAny } from './directory.ts';
import type { BoundReach } from './reach.ts';

export const PERSON = 'Person';

const THEMSELVES = ['Patient/', 'RelatedPerson/', 'Practitioner/'];
const ORGANIZATION = ['Organization/'];

/** The Person resources that exist for a caller; systems that their scopes alone bind are not asked about here. */
export function personClause({ service, references }: BoundReach): Clause {
  const isSystem = service !== undefined && service.practitionerId === undefined;
  const named = [...references].filter((reference) => (isSystem ? ORGANIZATION : THEMSELVES).some((type) => reference.startsWith(type)));
  return named.length === 0 ? { op: 'none' } : refersToAny(isSystem ? 'organization' : 'link', named);
}

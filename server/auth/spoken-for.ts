/**
 * For which organisations an EHR may speak: those the operator has written down for it, and their units as this service
 * knows them. What the EHR says of how organisations hang together does not count.
 *
 * Spec: https://hl7.org/fhir/R4/organization.html (partOf)
 */
import type { Resource } from '../fhir/resource.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { findAll, idOf, readResource } from './access-rule/directory.ts';
import { type Identifier, ORGANIZATION_NUMBER_SYSTEM } from './ehr-identity.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

const LEVELS_AT_MOST = 5;

/** True when the EHR may say that a user acts for this organisation: always, when nothing is written down for it. */
export async function speaksFor(
  { organizationNumbers }: Pick<TrustedIssuer, 'organizationNumbers'>,
  { system, value }: Identifier,
  store: ResourceStore,
): Promise<boolean> {
  if (organizationNumbers === undefined || organizationNumbers.includes(value)) return true;
  const found = await findAll(store, 'Organization', { op: 'match', param: 'identifier', test: { kind: 'token', system, code: value } });
  // Of two with the same number neither is believed.
  let unit: Resource | undefined = found.length === 1 ? found[0] : undefined;
  for (let level = 0; unit !== undefined && level < LEVELS_AT_MOST; level += 1) {
    const above = idOf(unit.partOf, 'Organization');
    unit = above === undefined ? undefined : await readResource(store, 'Organization', above);
    if (numbersOf(unit).some((number) => organizationNumbers.includes(number))) return true;
  }
  return false;
}

function numbersOf(organization: Resource | undefined): readonly string[] {
  const identifiers = (organization?.identifier ?? []) as readonly Partial<Identifier>[];
  return identifiers.flatMap(({ system, value }) => (system === ORGANIZATION_NUMBER_SYSTEM && value !== undefined ? [value] : []));
}

/**
 * Whom those resources are about that stand for Binaries.
 *
 * Spec: https://hl7.org/fhir/R4/binary-definitions.html#Binary.securityContext
 */
import { patientsOf } from '../audit/patients-of.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import type { ResourceStore } from '../store/resource-store.ts';

/** Ids of the patients whom each is about, in their order; none for one that is not there. */
export async function patientsOfContexts(
  store: Pick<ResourceStore, 'readMany'>,
  contexts: readonly ResourceKey[],
): Promise<readonly (readonly string[])[]> {
  const found = await store.readMany(contexts.filter(({ type }) => type !== 'Patient'));
  return contexts.map(({ type, id }) => {
    if (type === 'Patient') return [id];
    const version = found.find((each) => each.type === type && each.id === id);
    return version === undefined ? [] : patientsOf(type, id, version.json);
  });
}

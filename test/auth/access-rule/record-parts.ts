import type { Resource } from '../../../server/fhir/resource.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';
import { indexer, NOW_MS } from './people.ts';

const BASE = 'https://fellesplan.example/fhir';
const OID = 'urn:oid:2.16.578.1.12.4.1.4.';

export const CODES = {
  custodian: `${BASE}/StructureDefinition/fp-custodian`,
  teamRole: `${BASE}/CodeSystem/fp-team-role`,
  purpose: `${BASE}/CodeSystem/fp-consent-purpose`,
  familyRelation: 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation',
  responsibility: 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility',
  organizationNumber: `${OID}101`,
} as const;

export const ref = (reference: string) => ({ reference });

/** An organisation; `type` is a code of fp-team-role. */
export function organization(id: string, number: string, { partOf, type }: { partOf?: string; type?: string } = {}): Resource {
  return {
    resourceType: 'Organization',
    id,
    identifier: [{ system: CODES.organizationNumber, value: number }],
    ...(partOf === undefined ? {} : { partOf: ref(`Organization/${partOf}`) }),
    ...(type === undefined ? {} : { type: [{ coding: [{ system: CODES.teamRole, code: type }] }] }),
  };
}

/** The role `<practitioner>-role` in an organisation. */
export function role(practitioner: string, at: string, more: object = {}): Resource {
  return {
    resourceType: 'PractitionerRole',
    id: `${practitioner}-role`,
    practitioner: ref(`Practitioner/${practitioner}`),
    organization: ref(`Organization/${at}`),
    ...more,
  };
}

export function inRole(code: string, member: string) {
  return { role: [{ coding: [{ system: CODES.teamRole, code }] }], member: ref(member) };
}

interface Provision {
  readonly actor?: readonly string[];
  readonly provision?: readonly object[];
}

/** An active consent, `<patient>-<purpose>`. */
export function consentTo(purpose: 'innsyn' | 'plan', patient: string, { actor, provision }: Provision = {}): Resource {
  return {
    resourceType: 'Consent',
    id: `${patient}-${purpose}`,
    status: 'active',
    category: [{ coding: [{ system: CODES.purpose, code: purpose }] }],
    patient: ref(`Patient/${patient}`),
    provision: {
      type: 'permit',
      ...(actor === undefined ? {} : { actor: actors(actor) }),
      ...(provision === undefined ? {} : { provision }),
    },
  };
}

/** A block that names these. */
export function deny(...references: readonly string[]): Provision {
  return { provision: [{ type: 'deny', actor: actors(references) }] };
}

function actors(references: readonly string[]) {
  return references.map((reference) => ({ reference: ref(reference) }));
}

/** Writes resources past the API, as first versions or on top of what is there. */
export async function put(store: ResourceStore, ...resources: readonly Resource[]): Promise<void> {
  const keys = resources.map(({ resourceType, id }) => ({ type: resourceType, id: id! }));
  await store.transact({
    lookups: { versions: keys },
    build: (found) => ({
      result: undefined,
      writes: resources.map((resource, at) => ({
        ...keys[at]!,
        versionId: (found.version(keys[at]!.type, keys[at]!.id)?.versionId ?? 0) + 1,
        lastUpdatedMs: Math.max(found.nowMs, NOW_MS),
        method: 'PUT' as const,
        json: JSON.stringify(resource),
        index: indexer(resource),
      })),
    }),
  });
}

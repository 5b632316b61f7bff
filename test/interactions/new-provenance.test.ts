import { describe, expect, it } from 'vitest';
import type { Principal } from '../../server/auth/principal.ts';
import { parseJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { type Activity, newProvenance } from '../../server/interactions/new-provenance.ts';
import { storedText } from '../../server/interactions/stored-form.ts';
import { indexer } from '../auth/access-rule/people.ts';

const CALLERS: readonly [who: string, caller: Partial<Principal>, name?: string][] = [
  ['a system', {}],
  ['a system with a name that is escaped', {}, 'Nord "og" Sør\\ 𝔫'],
  ['a system of an organisation', { organizationNumber: '310043842' }, 'Solvik kommune'],
  ['personnel', { fhirUser: 'Practitioner/n1', purposeOfUse: 'TREAT' }],
  ['personnel of an organisation', { fhirUser: 'Practitioner/n1', organizationNumber: '310043842' }],
  ['personnel by this server’s URL', { fhirUser: 'http://localhost/fhir/PractitionerRole/r1' }],
  ['personnel of another server', { fhirUser: 'https://ehr.example/fhir/Practitioner/x' }],
  ['a patient', { fhirUser: 'Patient/p1', purposeOfUse: 'PATRQT' }],
  ['a patient under the id that forms are made of', { fhirUser: 'Patient/some-id' }],
  ['a relative', { fhirUser: 'RelatedPerson/r1' }],
];
const TARGETS = ['CarePlan/c1/_history/1', 'CarePlan/some-id/_history/12', 'Patient/p1/_history/3', 'Patient/some-id/_history/1'];
const ACTIVITIES: readonly Activity[] = ['CREATE', 'UPDATE', 'DELETE'];
/** The last ends at midnight, as far as its text goes. */
const TIMES_MS = [Date.UTC(2026, 10, 22, 12, 0, 0, 7), Date.UTC(2027, 0, 1)];

function tellerOf(caller: Partial<Principal>, name?: string) {
  const principal: Principal = { clientId: 'ehr', subject: 'ehr', scope: '', scopes: [], ...caller };
  return { principal, index: indexer, ...(name === undefined ? {} : { clientName: () => name }) };
}

describe('the Provenance of one version', () => {
  // Twice: when its form is made, and from the form.
  it.each(CALLERS)('is, and is found by, what that of several would be with one of them: by %s', (_who, caller, name) => {
    const teller = tellerOf(caller, name);
    for (const nowMs of TIMES_MS) {
      for (const activity of ACTIVITIES) {
        for (const target of TARGETS) {
          const { json, index, ...made } = newProvenance(teller, { activity, targets: [target] }, 'id', nowMs);
          const several = newProvenance(teller, { activity, targets: [target, 'Goal/g1/_history/1'] }, 'other', nowMs);
          const { id: _id, meta: _meta, ...said } = parseJson(several.json ?? '') as Resource;
          const { versionId: _version, lastUpdated: _changed, ...meta } = _meta ?? {};
          const { resourceType, ...rest } = said;
          const alone = { resourceType, meta, ...rest, target: [{ reference: target }] } as Resource;
          expect(json).toBe(storedText(alone, 'id', 1, nowMs));
          expect(index).toEqual(indexer(alone));
          expect(made).toEqual({ type: 'Provenance', id: 'id', versionId: 1, lastUpdatedMs: nowMs, method: 'POST', alongside: true });
        }
      }
    }
  });

  it('says the name that its client has now', () => {
    const told = { activity: 'CREATE', targets: ['Goal/g/_history/1'] } as const;
    const name = (now: string) => /"display":"(\w+ kommune)"/.exec(newProvenance(tellerOf({}, now), told, 'id', 0).json ?? '')?.[1];
    expect([name('Solvik kommune'), name('Nordvik kommune'), name('Solvik kommune')]).toEqual([
      'Solvik kommune',
      'Nordvik kommune',
      'Solvik kommune',
    ]);
  });

  it('is right however many clients there are', () => {
    const told = { activity: 'CREATE', targets: ['Goal/g/_history/1'] } as const;
    for (const _round of [1, 2]) {
      for (let n = 0; n < 1_100; n += 1) {
        expect(newProvenance(tellerOf({ clientId: `ehr-${n}` }), told, 'id', 0).json).toContain(`"ehr-${n}"`);
      }
    }
  });
});

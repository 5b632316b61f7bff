import { describe, expect, it } from 'vitest';
import { keptReach } from '../../../server/auth/access-rule/kept-reach.ts';
import type { Reach } from '../../../server/auth/access-rule/reach.ts';
import type { Principal } from '../../../server/auth/principal.ts';

const SECOND = 1_700_000_000_000;
const of = (more: Partial<Principal>): Principal => ({ clientId: 'app', subject: 'x', scope: '', scopes: [], ...more });
const nurse = of({ fhirUser: 'Practitioner/nurse', organizationNumber: '100000002' });

function counting() {
  const state = { nowMs: SECOND, found: 0 };
  const find = async (): Promise<Reach> => {
    state.found += 1;
    return { unbound: true };
  };
  return { state, reach: keptReach(find, () => state.nowMs) };
}

describe('what callers reach is kept', () => {
  it('within a second, for the same person and organisation, whatever the token', async () => {
    const { state, reach } = counting();
    await reach(nurse, 1);
    state.nowMs += 999;
    await reach({ ...nurse, scope: 'patient/*.rs', patientId: 'p1', tokenId: 'another' }, 1);
    expect(state.found).toBe(1);
  });

  it.each([
    ['in the next second', nurse, 1, 1000],
    ['after a write that decides it', nurse, 2, 0],
    ['for another person', { ...nurse, fhirUser: 'Practitioner/gp' }, 1, 0],
    ['for another organisation', { ...nurse, organizationNumber: '200000001' }, 1, 0],
    ['for a system', of({ organizationNumber: '100000002' }), 1, 0],
  ])('and found out anew %s', async (_why, principal, revision, laterMs) => {
    const { state, reach } = counting();
    await reach(nurse, 1);
    state.nowMs += laterMs;
    await reach(principal, revision);
    expect(state.found).toBe(2);
  });

  it('but never in an emergency', async () => {
    const { state, reach } = counting();
    for (let times = 0; times < 3; times += 1) await reach({ ...nurse, purposeOfUse: 'BTG', patientId: 'p1' }, 1);
    expect(state.found).toBe(3);
  });

  it('for a bounded number of callers, and not when it could not be found out', async () => {
    const { state, reach } = counting();
    await reach(nurse, 1);
    for (let each = 0; each < 1000; each += 1) await reach({ ...nurse, fhirUser: `Practitioner/${each}` }, 1);
    await reach(nurse, 1);
    expect(state.found).toBe(1002);
    let attempts = 0;
    const failing = keptReach(
      async () => {
        attempts += 1;
        throw new Error('away');
      },
      () => SECOND,
    );
    for (let times = 0; times < 2; times += 1) await expect(failing(nurse, 1)).rejects.toThrow('away');
    expect(attempts).toBe(2);
  });
});

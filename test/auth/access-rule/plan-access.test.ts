import { expect, it } from 'vitest';
import { createScopeAccess } from '../../../server/auth/access.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import type { Principal } from '../../../server/auth/principal.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { CONSENTS, fill, IN_AN_EMERGENCY, NOW_MS, PEOPLE } from './people.ts';

const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });

/** Ids of a type that a caller sees, or `denied` when the scopes already say no. */
async function sees(store: ResourceStore, principal: Principal, type: string): Promise<readonly string[] | 'denied'> {
  const access = createPlanAccess({ scopes, store, nowMs: () => NOW_MS, emergencies: IN_AN_EMERGENCY });
  const decision = await access.decide({ principal: { ...principal }, interaction: 'search-type', right: 'search', type });
  if (decision.kind === 'deny') return 'denied';
  const where = decision.kind === 'narrow' ? decision.clause : ({ op: 'all' } as const);
  const page = await store.search({ types: [type], where, sort: [{ by: 'id', descending: false }], limit: 50, total: 'none' });
  return page.matches.map((match) => match.id);
}

/** Who sees Ida's plan: + yes, - no (as if it were not there), x denied by scope; columns as in `COLUMNS`. */
const COLUMNS = [
  'active for all',
  'active for home care and mother',
  'block on the nurse',
  'block on the hospital',
  'withdrawn',
  'none',
] as const;
const MATRIX: Readonly<Record<string, string>> = {
  coordinator: '+ + + + - -',
  'team nurse': '+ + - + - -',
  // Whom a block names in one role does not come in by another.
  'team nurse acting for the ward': '+ - - - - -',
  'team nurse acting for nobody known': '- - - - - -',
  'GP on the last day': '+ - + + - -',
  'former member': '- - - - - -',
  'outsider nurse, same unit': '- - - - - -',
  'nurse of a ward in the team': '+ - + - - -',
  'nurse of another hospital': '- - - - - -',
  'owner of an accepted task': '+ - + - - -',
  'owner outside the team': '+ - + + - -',
  'retired member': '- - - - - -',
  'coordinating unit': '- - - - - -',
  'whom a referral went to': '- - - - - -',
  'coordinating unit in the team': '+ - + + - -',
  'breaking the glass': '+ + + + + +',
  'emergency access of another': '- - - - - -',
  patient: '+ + + + + +',
  'another patient': '- - - - - -',
  mother: '+ + + + - -',
  father: '- - - - - -',
  'co-mother of a child of 11': '+ + + + + +',
  'relative who is unknown': '- - - - - -',
  'system of the municipality': '+ + + + - -',
  'system of another hospital': '- - - - - -',
  'system bound by its scopes alone': '+ + + + + +',
  'system without an organisation': '- - - - - -',
  'team nurse with another patient in context': '- - - - - -',
  'team nurse with the patient in context': '+ + - + - -',
  'team nurse without a scope': 'x x x x x x',
};

onEachDatabase('the access rule', (open) => {
  it.each(COLUMNS)('decides who sees the plan when consent is: %s', async (column) => {
    const { resources } = await open();
    await fill(resources, CONSENTS[column]!);
    const expected: Record<string, string> = {};
    const found: Record<string, string> = {};
    for (const [who, row] of Object.entries(MATRIX)) {
      expected[who] = row.split(' ')[COLUMNS.indexOf(column)]!;
      const plans = await sees(resources, PEOPLE[who]!, 'CarePlan');
      found[who] = plans === 'denied' ? 'x' : plans.includes('plan') ? '+' : '-';
    }
    expect(found).toEqual(expected);
  });

  it.each(['active for the municipality', 'block that is over', 'for the plan only', 'not begun', 'run out'])(
    'reads a consent that is: %s',
    async (name) => {
      const { resources } = await open();
      await fill(resources, CONSENTS[name]!);
      const plans = await sees(resources, PEOPLE['team nurse']!, 'CarePlan');
      expect(plans).toEqual(name === 'active for the municipality' || name === 'block that is over' ? ['plan'] : []);
    },
  );

  it.each([
    ['one of its people', ['PractitionerRole/nurse-role'], true],
    ['one of its people in person', ['Practitioner/nurse'], true],
    ['one of its units', ['Organization/home-care'], true],
    ['all of its people who take part', ['coordinator', 'nurse', 'gp', 'unit'].map((name) => `PractitionerRole/${name}-role`), false],
    ['all of its people but one', ['coordinator', 'nurse', 'unit'].map((name) => `PractitionerRole/${name}-role`), true],
    ['the organisation', ['Organization/solvik'], false],
  ])('leaves a system of an organisation what the others of it see, when a block names %s', async (_whom, references, reached) => {
    const { resources } = await open();
    const actor = references.map((reference) => ({ reference: { reference } }));
    const [active] = CONSENTS['active for all']!;
    await fill(resources, [{ ...active!, provision: { type: 'permit', provision: [{ type: 'deny', actor }] } }]);
    expect((await sees(resources, PEOPLE['system of the municipality']!, 'CarePlan')).includes('plan')).toBe(reached);
  });

  it('never opens the record of anyone else', async () => {
    const { resources } = await open();
    await fill(resources, CONSENTS['active for all']!);
    for (const [who, principal] of Object.entries(PEOPLE)) {
      if (who === 'another patient' || who === 'system bound by its scopes alone') continue;
      const plans = await sees(resources, principal, 'CarePlan');
      expect(plans, who).not.toContain('other-plan');
      expect(await sees(resources, principal, 'Patient'), who).not.toContain('other');
    }
  });

  it('opens goals, tasks, team and person along with the plan', async () => {
    const { resources } = await open();
    await fill(resources, CONSENTS['active for all']!);
    const nurse = PEOPLE['team nurse']!;
    expect(await sees(resources, nurse, 'Patient')).toEqual(['ida']);
    expect(await sees(resources, nurse, 'Goal')).toEqual(['goal']);
    expect(await sees(resources, nurse, 'Task')).toEqual(['asked', 'help', 'task']);
    expect(await sees(resources, nurse, 'CareTeam')).toEqual(['old-team', 'team']);
    expect(await sees(resources, nurse, 'Organization')).toHaveLength(7);
  });

  it('shows a coordinating unit who was reported and what, and no plan', async () => {
    const { resources } = await open();
    await fill(resources, CONSENTS.none!);
    const unit = PEOPLE['coordinating unit']!;
    expect(await sees(resources, unit, 'Patient')).toEqual(['ida']);
    expect(await sees(resources, unit, 'ServiceRequest')).toEqual(['need', 'referral']);
    expect(await sees(resources, unit, 'RelatedPerson')).toEqual(['co-mother', 'father', 'mother']);
    for (const type of ['CarePlan', 'Goal', 'CareTeam', 'Task', 'Consent']) expect(await sees(resources, unit, type), type).toEqual([]);
  });

  it('opens nothing of the whole system at once, nor types that belong to nobody', async () => {
    const { resources } = await open();
    await fill(resources, CONSENTS['active for all']!);
    const access = createPlanAccess({ scopes, store: resources, nowMs: () => NOW_MS });
    for (const type of ['*', 'Subscription']) {
      const decision = await access.decide({ principal: PEOPLE['team nurse']!, interaction: 'x', right: 'search', type });
      expect(decision, type).toEqual({ kind: 'narrow', clause: { op: 'none' } });
    }
  });

  it('asks the store once for a request, and anew for the next: a withdrawal counts at once', async () => {
    const { resources } = await open();
    await fill(resources, CONSENTS['active for all']!);
    let searches = 0;
    const search: ResourceStore['search'] = (query) => {
      searches += 1;
      return resources.search(query);
    };
    const counting: ResourceStore = { ...resources, search };
    const access = createPlanAccess({ scopes, store: counting, nowMs: () => NOW_MS });
    const first = { ...PEOPLE['team nurse']! };
    await access.decide({ principal: first, interaction: 'read', right: 'read', type: 'CarePlan' });
    const once = searches;
    await access.decide({ principal: first, interaction: 'read', right: 'read', type: 'Goal' });
    expect(searches).toBe(once);
    await access.decide({ principal: { ...first }, interaction: 'read', right: 'read', type: 'Goal' });
    expect(searches).toBe(2 * once);
  });
});

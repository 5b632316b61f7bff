/**
 * A plan of another plan API, in the shape that sends CarePlan, Condition, Goal and ServiceRequest in one transaction
 * and claims no profile: it is taken as R4, and what it lacks by the profiles of the project is told.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction · https://hl7.org/fhir/R4/resource-operation-validate.html
 */
import { expect, it } from 'vitest';
import type { Issue } from '../../server/fhir/outcome.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { onEachServer } from '../support/each-server.ts';
import { bundle, entry, patient } from '../support/fixtures.ts';

const PROFILES = 'https://fellesplan.example/fhir/StructureDefinition';
const byProfiles = { services: { writeValidation: 'profile' as const } };
const subject = { reference: 'Patient/p1' };
const urn = (number: number): string => `urn:uuid:5f0c1c9e-6d5e-4d0b-9d5e-00000000000${number}`;

const condition = { resourceType: 'Condition', code: { text: 'KOLS' }, subject };
const goal = { resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'Gå til butikken' }, subject };
const request = { resourceType: 'ServiceRequest', status: 'active', intent: 'plan', code: { text: 'Trening' }, subject };
const plan = {
  resourceType: 'CarePlan',
  status: 'active',
  intent: 'plan',
  subject,
  addresses: [{ reference: urn(2) }],
  goal: [{ reference: urn(3) }],
  activity: [{ reference: { reference: urn(4) } }],
};
const sent = [plan, condition, goal, request];
const transaction = bundle(
  'transaction',
  ...sent.map((resource, index) => entry('POST', resource.resourceType, resource, { fullUrl: urn(index + 1) })),
);

/** What each lacks by the profile of its kind: issue code, expression, and the rule or the element that is missing. */
const PLAN_LACKS = [
  'invariant CarePlan fp-cp-2',
  'invariant CarePlan fp-cp-3',
  'structure CarePlan CarePlan.extension',
  'structure CarePlan CarePlan.extension:custodian',
  'structure CarePlan CarePlan.identifier',
  'structure CarePlan CarePlan.identifier:uuid',
  'structure CarePlan CarePlan.category',
  'structure CarePlan CarePlan.category:planType',
  'structure CarePlan CarePlan.title',
  'structure CarePlan CarePlan.period',
  'structure CarePlan CarePlan.careTeam',
];
const GOAL_LACKS = ['structure Goal Goal.start[x]', 'structure Goal Goal.expressedBy'];

/** The issues of this severity: code, expression, and what the text begins with. */
function told(outcome: Resource | undefined, severity: string): string[] {
  const issues = (outcome?.issue ?? []) as readonly Issue[];
  return issues
    .filter((issue) => issue.severity === severity)
    .map(({ code, expression, diagnostics }) => `${code} ${expression?.join()} ${diagnostics?.split(': ', 1)[0]}`);
}

onEachServer('a plan of another plan API', (start) => {
  it('is taken in one transaction, and what it lacks is told for each entry', async () => {
    const server = await start(byProfiles);
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const answer = await server.request('POST', '', transaction, { Prefer: 'return=OperationOutcome' });
    expect(answer.status, answer.text).toBe(200);
    const responses = (answer.body.entry as { response: { status: string; outcome: Resource } }[]).map(({ response }) => response);
    expect(responses.map(({ status }) => status)).toEqual(sent.map(() => '201 Created'));
    expect(responses.flatMap(({ outcome }) => told(outcome, 'error'))).toEqual([]);
    expect(responses.map(({ outcome }) => told(outcome, 'warning'))).toEqual([PLAN_LACKS, [], GOAL_LACKS, []]);
  });

  it.each([
    ['fp-care-plan', plan, PLAN_LACKS],
    ['fp-goal', goal, GOAL_LACKS],
  ])('is told by $validate what it lacks against %s', async (profile, resource, lacks) => {
    const server = await start(byProfiles);
    const answer = await server.request('POST', `${resource.resourceType}/$validate?profile=${PROFILES}/${profile}`, resource);
    expect(answer.status, answer.text).toBe(200);
    expect(told(answer.body, 'error')).toEqual(lacks);
  });
});

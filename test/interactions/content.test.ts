import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bundle, carePlan, entry, observation, patient } from '../support/fixtures.ts';
import type { TestAnswer } from '../support/test-server.ts';

const PROFILE = 'https://fellesplan.example/fhir/StructureDefinition';
const TELL = { Prefer: 'return=OperationOutcome' };
const byProfiles = { services: { writeValidation: 'profile' as const } };

interface Told {
  readonly severity: string;
  readonly code: string;
  readonly expression?: readonly string[];
  readonly details?: { readonly text?: string; readonly coding?: readonly { readonly code: string }[] };
}

const issuesOf = (answer: TestAnswer) => (answer.body.issue ?? []) as readonly Told[];
const rulesOf = (issues: readonly Told[]) => issues.flatMap(({ details }) => details?.coding?.map(({ code }) => code) ?? []);

onEachServer('content that is written', (start) => {
  it('is taken when it is R4 and claims nothing, and told what the profile of its kind asks for', async () => {
    const server = await start(byProfiles);
    const answer = await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }), TELL);
    expect(answer.status, answer.text).toBe(201);
    const [done, ...notes] = issuesOf(answer);
    expect(done).toMatchObject({ severity: 'information', code: 'informational' });
    expect(new Set(notes.map(({ severity }) => severity))).toEqual(new Set(['warning']));
    expect(rulesOf(notes)).toEqual(expect.arrayContaining(['fp-cp-1', 'fp-cp-2']));
    expect(rulesOf(notes)).not.toContain('dom-6');
    const patch = [{ op: 'add', path: '/title', value: 'Plan' }];
    const headers = { ...TELL, 'If-Match': 'W/"1"', 'Content-Type': 'application/json-patch+json' };
    expect(rulesOf(issuesOf(await server.request('PATCH', 'CarePlan/c1', patch, headers)))).toContain('fp-cp-1');
    const batch = await server.request('POST', '', bundle('transaction', entry('POST', 'CarePlan', carePlan())), TELL);
    expect(batch.text).toContain('fp-cp-1');
  });

  it('is refused when it claims the profile and does not meet it', async () => {
    const server = await start(byProfiles);
    const claimed = carePlan({ meta: { profile: [`${PROFILE}/fp-care-plan`] } });
    const answer = await server.request('POST', 'CarePlan', claimed);
    expect(answer.status).toBe(422);
    const severities = issuesOf(answer).map(({ severity }) => severity);
    expect(severities).toEqual(severities.toSorted((a, b) => Number(a !== 'error') - Number(b !== 'error')));
    expect(severities).not.toContain('information');
    expect(rulesOf(issuesOf(answer))).not.toContain('dom-6');
  });

  it.each([
    [
      'what matters',
      observation({ code: { coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-observation', code: 'what-matters' }] } }),
      true,
    ],
    ['a weight', observation(), false],
    ['a frailty score', observation({ code: { coding: [{ system: 'http://snomed.info/sct', code: '763264000' }] } }), true],
    ['a teacher', { resourceType: 'Practitioner', name: [{ text: 'Lærer' }] }, false],
    ['a patient', patient(), true],
  ])('is held against the profile that is meant: %s', async (_what, resource, isAdvised) => {
    const server = await start(byProfiles);
    const answer = await server.request('POST', resource.resourceType, resource, TELL);
    expect(answer.status, answer.text).toBe(201);
    expect(issuesOf(answer).some(({ severity }) => severity === 'warning')).toBe(isAdvised);
  });

  it('is told of in the language asked for', async () => {
    const server = await start(byProfiles);
    const text = async (language: string) => {
      const answer = await server.request('POST', 'Observation', observation({ status: 'odd' }), { 'Accept-Language': language });
      expectRefusal(answer, 422, 'code-invalid', 'Observation.status');
      return issuesOf(answer)[0]?.details?.text ?? '';
    };
    const [nb, nn, en] = [await text('nb-NO,nb;q=0.9,en;q=0.5'), await text('nn'), await text('de')];
    expect(nb).toContain('Koden odd er ikke');
    expect(nn).toContain('Koden odd er ikkje');
    expect(en).toContain('The code odd is not');
    expect(await text('no')).toBe(nb);
    expect(await text('en;q=0.1, nn;q=0.8')).toBe(nn);
    const transaction = bundle('transaction', entry('POST', 'Observation', observation({ status: 'odd' })));
    expect((await server.request('POST', '', transaction, { 'Accept-Language': 'nn' })).text).toContain('er ikkje');
  });

  it('is refused with an extension of ours that is misspelt, and with a profile of ours that is none', async () => {
    const server = await start(byProfiles);
    const misspelt = patient({ extension: [{ url: `${PROFILE}/fp-next-revue`, valueDate: '2026-05-01' }] });
    expectRefusal(await server.request('POST', 'Patient', misspelt), 422, 'structure', 'Patient.extension[0]');
    const elsewhere = patient({ extension: [{ url: 'http://other.test/extension', valueDate: '2026-05-01' }] });
    expect((await server.request('POST', 'Patient', elsewhere)).status).toBe(201);
    const claimed = patient({ meta: { profile: [`${PROFILE}/fp-pasient`] } });
    expectRefusal(await server.request('POST', 'Patient', claimed), 422, 'structure', 'Patient.meta.profile[0]');
  });
});

onEachServer('$validate', (start) => {
  it('tells what the profile of the kind asks for as warnings', async () => {
    const server = await start();
    const answer = await server.request('POST', 'CarePlan/$validate', carePlan());
    expect(answer.status).toBe(200);
    expect(issuesOf(answer).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(rulesOf(issuesOf(answer).filter(({ severity }) => severity === 'warning'))).toContain('fp-cp-1');
    const asked = await server.request('POST', `CarePlan/$validate?profile=${PROFILE}/fp-care-plan`, carePlan());
    expect(rulesOf(issuesOf(asked).filter(({ severity }) => severity === 'error'))).toContain('fp-cp-1');
  });

  it.each(['http://other.test/StructureDefinition/none', `${PROFILE}/fp-none`])(
    'says of the profile %s that it is not known [R4 resource-operation-validate]',
    async (profile) => {
      const server = await start();
      const answer = await server.request('POST', `Patient/$validate?profile=${encodeURIComponent(profile)}`, patient());
      expectRefusal(answer, 200, 'not-found', 'profile');
    },
  );
});

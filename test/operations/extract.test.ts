import { expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bundle, entry } from '../support/fixtures.ts';
import { bearer, type TestAnswer, type TestServer } from '../support/test-server.ts';
import { cfs, goal, ingrid, profileOf, psfs } from './forms.ts';

const terminology = createTerminology();

interface Entry {
  readonly resource: Resource;
  readonly response: { readonly status: string; readonly etag: string; readonly outcome?: { issue: { diagnostics: string }[] } };
}

const entriesOf = (answer: TestAnswer): readonly Entry[] => {
  expect([answer.status, answer.body.type], answer.text).toEqual([200, 'transaction-response']);
  return answer.body.entry as Entry[];
};
const statusesOf = (answer: TestAnswer) => entriesOf(answer).map(({ response }) => response.status.slice(0, 3));
const profilesOf = (answer: TestAnswer) => entriesOf(answer).map(({ resource }) => resource.meta?.profile?.[0]?.split('/').at(-1));
const panelOf = (answer: TestAnswer): Resource =>
  entriesOf(answer).find(({ resource }) => resource.meta?.profile?.[0] === profileOf('fp-psfs-panel'))!.resource;
const componentsOf = (panel: Resource): Record<string, unknown> =>
  Object.fromEntries(
    (panel.component as { code: { coding: { code: string }[] }; [value: string]: unknown }[]).map(({ code, ...value }) => [
      code.coding[0]?.code,
      value.valueInteger ?? (value.valueQuantity as { value: number } | undefined)?.value ?? 'concept',
    ]),
  );
const meaningOf = (panel: Resource) => (panel.interpretation as { coding: { code: string }[] }[] | undefined)?.[0]?.coding[0]?.code;

async function put(server: TestServer, ...resources: readonly Resource[]): Promise<void> {
  for (const resource of resources) {
    const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
    expect(answer.status, answer.text).toBeLessThan(300);
  }
}
const countOf = async (server: TestServer, query = ''): Promise<unknown> =>
  (await server.request('GET', `Observation?_summary=count${query}`)).body.total;
const extract = (server: TestServer, id: string, headers = {}) =>
  server.request('POST', `QuestionnaireResponse/${id}/$extract`, undefined, headers);

onEachServer('$extract', (start) => {
  const begin = async (): Promise<TestServer> => {
    const server = await start({ services: { terminology } });
    await put(server, ingrid);
    return server;
  };

  it('makes a score of each activity and a panel, all valid against their profiles [profiles/README PSFS]', async () => {
    const server = await begin();
    await put(
      server,
      goal('butikk', 'Gå til butikken.'),
      psfs('r1', 1, [
        ['Gå til butikken', 3],
        ['Bære varene hjem', 4],
      ]),
    );
    const answer = await extract(server, 'r1');
    expect(statusesOf(answer)).toEqual(['201', '201', '201']);
    expect(profilesOf(answer)).toEqual(['fp-psfs-score', 'fp-psfs-score', 'fp-psfs-panel']);
    const [first, second, panel] = entriesOf(answer).map(({ resource }) => resource);
    expect(first).toMatchObject({
      status: 'final',
      valueInteger: 3,
      code: { text: 'Gå til butikken', coding: [{ code: 'psfs-activity', display: 'PSFS: skår for aktivitet' }] },
      subject: { reference: 'Patient/ingrid' },
      focus: [{ reference: 'Goal/butikk' }],
      effectiveDateTime: '2026-01-10T10:45:00+01:00',
      issued: '2026-01-10T10:45:00+01:00',
      performer: [{ reference: 'PractitionerRole/fysio' }],
      derivedFrom: [{ reference: 'QuestionnaireResponse/r1' }],
    });
    expect(second?.focus).toBeUndefined();
    expect(panel).toMatchObject({
      valueQuantity: { value: 3.5, system: 'http://unitsofmeasure.org', code: '{score}' },
      hasMember: [first, second].map((score) => ({ reference: `Observation/${score?.id}` })),
    });
    expect(componentsOf(panel!)).toEqual({ 'psfs-conversation': 1, 'psfs-total': 7, 'psfs-direction': 'concept' });
    for (const { resource } of entriesOf(answer)) {
      const issues = server.services.validator.validate(resource).filter(({ severity }) => severity === 'error');
      expect(issues, JSON.stringify(resource)).toEqual([]);
    }
  });

  it.each([
    [[3, 3], [5, 5], 2, 'clear-improvement'],
    [[3, 3], [5, 4], 1.5, 'no-clear-change'],
    [[7, 6], [4, 5], -2, 'clear-worsening'],
    [[4, 4], [4, 4], 0, 'no-clear-change'],
  ])('tells the change from the conversation before: %j to %j is %d, %s', async (before, after, change, meaning) => {
    const server = await begin();
    const conversation = (id: string, number: number, scores: number[]) =>
      psfs(
        id,
        number,
        scores.map((score, place) => [`Aktivitet ${place}`, score] as const),
      );
    await put(server, conversation('r1', 1, before), conversation('r2', 2, after));
    await extract(server, 'r1');
    const panel = panelOf(await extract(server, 'r2'));
    expect([componentsOf(panel)['psfs-change'], meaningOf(panel)]).toEqual([change, meaning]);
  });

  it('gives the same Observations when the same response is extracted again, also at the same time', async () => {
    const server = await begin();
    await put(server, psfs('r1', 1, [['Gå til butikken', 3]]));
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => extract(server, 'r1')));
    const ids = (answer: TestAnswer) => entriesOf(answer).map(({ resource }) => resource.id);
    for (const other of others) expect(ids(other)).toEqual(ids(first!));
    expect(statusesOf(await extract(server, 'r1'))).toEqual(['200', '200']);
    expect(await countOf(server)).toBe(2);
    expect(entriesOf(await extract(server, 'r1')).map(({ response }) => response.etag)).toEqual(['W/"1"', 'W/"1"']);
  });

  it('changes the scores when the response is amended, and marks those that it no longer gives', async () => {
    const server = await begin();
    await put(
      server,
      psfs('r1', 1, [
        ['Gå til butikken', 3],
        ['Bære varene hjem', 4],
      ]),
    );
    const before = entriesOf(await extract(server, 'r1')).map(({ resource }) => resource.id);
    await put(
      server,
      psfs(
        'r1',
        1,
        [
          ['gå til  butikken', 5],
          ['Knyte sko', 2],
        ],
        { status: 'amended' },
      ),
    );
    const answer = await extract(server, 'r1');
    expect(statusesOf(answer)).toEqual(['200', '201', '200', '200']);
    const [walk, tie, panel, dropped] = entriesOf(answer).map(({ resource }) => resource);
    expect([walk?.id, panel?.id, dropped?.id]).toEqual([before[0], before[2], before[1]]);
    expect([walk?.status, walk?.valueInteger, dropped?.status]).toEqual(['amended', 5, 'entered-in-error']);
    expect(panel?.hasMember).toEqual([walk, tie].map((score) => ({ reference: `Observation/${score?.id}` })));
    expect(statusesOf(await extract(server, 'r1'))).toEqual(['200', '200', '200']);
  });

  it('reckons the change of the next conversation anew when an earlier one is amended or entered in error', async () => {
    const server = await begin();
    await put(server, psfs('r1', 1, [['Gå', 1]]), psfs('r2', 2, [['Gå', 3]]), psfs('r3', 3, [['Gå', 4]]));
    for (const id of ['r1', 'r2', 'r3']) await extract(server, id);
    const third = async () => (await server.request('GET', 'Observation?code=psfs-panel&derived-from=QuestionnaireResponse/r3')).body;
    const change = async () => componentsOf(((await third()).entry as Entry[])[0]!.resource)['psfs-change'];
    expect(await change()).toBe(1);
    await put(server, psfs('r2', 2, [['Gå', 2]], { status: 'amended' }));
    await extract(server, 'r2');
    expect(await change()).toBe(2);
    await put(server, psfs('r2', 2, [['Gå', 2]], { status: 'entered-in-error' }));
    const answer = await extract(server, 'r2');
    expect(entriesOf(answer).map(({ resource }) => resource.status)).toEqual(['entered-in-error', 'entered-in-error', 'final']);
    expect(await change()).toBe(3);
  });

  it.each([
    ['the target of a goal', goal('g', 'Jeg vil ut', { target: [{ measure: { text: 'Gå til butikken' }, detailInteger: 8 }] }), 'Goal/g'],
    ['the words of a goal', goal('g', 'Jeg vil gå til butikken, helst alene'), 'Goal/g'],
    ['no goal that was cancelled', goal('g', 'Gå til butikken', { lifecycleStatus: 'cancelled' }), undefined],
    ['no goal of another person', goal('g', 'Gå til butikken', { subject: { reference: 'Patient/other' } }), undefined],
  ])('points a score at %s', async (_what, resource, focus) => {
    const server = await begin();
    await put(server, resource, psfs('r1', 1, [['Gå til butikken', 3]]));
    const [score] = entriesOf(await extract(server, 'r1'));
    expect(score?.resource.focus).toEqual(focus === undefined ? undefined : [{ reference: focus }]);
  });

  it('points a score where the earlier score of the activity points, and at none when two goals could be meant', async () => {
    const server = await begin();
    const earlier = { resourceType: 'Observation', id: 'old', status: 'final', valueInteger: 2, subject: { reference: 'Patient/ingrid' } };
    const code = { coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-score', code: 'psfs-activity' }], text: 'Stå opp' };
    await put(server, goal('a', 'Gå til butikken'), goal('b', 'Gå til butikken'), goal('c', 'Noe annet'));
    await put(server, { ...earlier, code, effectiveDateTime: '2025-12-01', focus: [{ reference: 'Goal/c' }] });
    await put(
      server,
      psfs('r1', 1, [
        ['Gå til butikken', 3],
        ['Stå opp', 4],
      ]),
    );
    const [walk, rise] = entriesOf(await extract(server, 'r1'));
    expect([walk?.resource.focus, rise?.resource.focus]).toEqual([undefined, [{ reference: 'Goal/c' }]]);
  });

  it('warns when the conversation before is not known', async () => {
    const server = await begin();
    await put(server, psfs('r3', 3, [['Gå', 4]]));
    const warnings = entriesOf(await extract(server, 'r3')).flatMap(({ response }) => response.outcome?.issue ?? []);
    expect(warnings).toMatchObject([{ severity: 'warning', code: 'business-rule' }]);
  });

  it('makes a CFS score of the level and the day two weeks before [profiles/README CFS]', async () => {
    const server = await begin();
    await put(server, cfs('c1', '6'));
    const [only, ...others] = entriesOf(await extract(server, 'c1'));
    expect([others, only?.response.outcome]).toEqual([[], undefined]);
    expect(only?.resource).toMatchObject({
      meta: { profile: [profileOf('fp-cfs-score')] },
      status: 'final',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '763264000' }] },
      effectiveDateTime: '2026-02-01',
      valueQuantity: { value: 6, code: '{score}' },
      performer: [{ reference: 'PractitionerRole/fastlege' }],
      note: [{ text: 'Vurdert sammen med datteren.' }],
      component: [{ valueCodeableConcept: { coding: [{ code: '6', display: 'Lever med moderat skrøpelighet' }] } }],
    });
    expect(server.services.validator.validate(only?.resource).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(statusesOf(await extract(server, 'c1'))).toEqual(['200']);
  });

  it.each([
    ['1961-02-02', true],
    ['1961-02-01', false],
    ['1962', true],
    ['1961', false],
    [undefined, false],
  ])('warns under 65 years on the day that counts: born %s, warned %s', async (birthDate, warned) => {
    const server = await begin();
    const { birthDate: _old, ...person } = ingrid;
    await put(server, { ...person, ...(birthDate === undefined ? {} : { birthDate }) }, cfs('c1', '6'));
    const [score] = entriesOf(await extract(server, 'c1'));
    expect(score?.response.outcome?.issue.map(({ diagnostics }) => diagnostics)).toEqual(
      warned ? ['CFS is not validated for people under 65'] : undefined,
    );
  });

  it('takes the rater from the response, else from who is logged in, and refuses when nobody has rated', async () => {
    const server = await begin();
    const { author: _nobody, ...anonymous } = cfs('c1', '6');
    await put(server, anonymous as Resource);
    expectRefusal(await extract(server, 'c1'), 422, 'required', 'QuestionnaireResponse.author');
    const me = { Authorization: bearer({ fhirUser: `${server.url}/Practitioner/lege` }) };
    const [score] = entriesOf(await extract(server, 'c1', me));
    expect(score?.resource.performer).toEqual([{ reference: 'Practitioner/lege' }]);
  });

  it('stores a response that comes with the request along with its scores, once', async () => {
    const server = await begin();
    const { id: _id, ...response } = psfs('', 1, [['Gå til butikken', 3]]);
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'questionnaire-response', resource: response }] };
    const first = await server.request('POST', 'QuestionnaireResponse/$extract', parameters);
    expect([statusesOf(first), profilesOf(first)]).toEqual([
      ['201', '201', '201'],
      ['fp-psfs-response', 'fp-psfs-score', 'fp-psfs-panel'],
    ]);
    const again = await server.request('POST', 'QuestionnaireResponse/%24extract', response);
    expect(statusesOf(again)).toEqual(['200', '200', '200']);
    expect((await server.request('GET', 'QuestionnaireResponse?_summary=count')).body.total).toBe(1);
    const changed = psfs('r9', 2, [['Gå til butikken', 8]]);
    expect(statusesOf(await server.request('POST', 'QuestionnaireResponse/$extract', changed))).toEqual(['201', '201', '201']);
    const stale = { ...changed, meta: { ...changed.meta, versionId: '7' } };
    const answer = await server.request('POST', 'QuestionnaireResponse/$extract', stale);
    expectRefusal(answer, 409, 'conflict', 'QuestionnaireResponse.meta.versionId');
  });

  it('refuses what gives no scores', async () => {
    const server = await begin();
    const other = psfs('x', 1, [['Gå', 3]], { questionnaire: 'http://example.org/q', meta: { source: 'urn:x' } });
    await put(server, other, psfs('open', 1, [['Gå', 3]], { status: 'in-progress' }), psfs('gone', 1, [['Gå', 3]]));
    await server.request('DELETE', 'QuestionnaireResponse/gone');
    expectRefusal(await extract(server, 'x'), 422, 'not-supported', 'QuestionnaireResponse.questionnaire');
    expectRefusal(await extract(server, 'open'), 422, 'business-rule', 'QuestionnaireResponse.status');
    expectRefusal(await extract(server, 'gone'), 410, 'deleted');
    expectRefusal(await extract(server, 'none'), 404, 'not-found');
    const type = (body?: unknown) => server.request('POST', 'QuestionnaireResponse/$extract', body);
    expectRefusal(await type(), 400, 'value', 'questionnaire-response');
    expectRefusal(await type({ resourceType: 'Parameters' }), 400, 'value', 'questionnaire-response');
    expectRefusal(await type({ resourceType: 'Parameters', parameter: [{ name: 'odd' }] }), 400, 'not-supported', 'odd');
    expectRefusal(await type(ingrid), 400, 'invalid', 'QuestionnaireResponse.resourceType');
    const tooHigh = 'QuestionnaireResponse.item[3].item[1].answer[0].value.ofType(integer)';
    expectRefusal(await type(psfs('r', 1, [['Gå', 12]])), 422, 'invariant', tooHigh);
    expectRefusal(await server.request('GET', 'QuestionnaireResponse/x/$extract'), 405, 'not-supported');
    expectRefusal(await server.request('POST', 'Patient/ingrid/$extract'), 404, 'not-found');
    expect([await countOf(server), (await server.request('GET', 'QuestionnaireResponse/r')).status]).toEqual([0, 404]);
  });

  it('writes only where the caller may, and tells nothing of responses that are hidden', async () => {
    const server = await begin();
    await put(server, psfs('r1', 1, [['Gå', 3]]));
    const as = (patientId: string, letters: { create: boolean }) => {
      const scope = { level: 'patient', read: true, update: true, delete: false, search: true, ...letters } as const;
      return {
        Authorization: bearer({
          patientId,
          scope: 'x',
          scopes: [
            { ...scope, type: 'QuestionnaireResponse' },
            { ...scope, type: 'Observation' },
          ],
        }),
      };
    };
    expectRefusal(await extract(server, 'r1', as('other', { create: true })), 404, 'not-found');
    expectRefusal(await extract(server, 'r1', as('ingrid', { create: false })), 403, 'forbidden');
    expect(await countOf(server)).toBe(0);
    expect(statusesOf(await extract(server, 'r1', as('ingrid', { create: true })))).toEqual(['201', '201']);
    const blind = { level: 'user', create: true, read: true, update: true, delete: false, search: true } as const;
    const scopes = [
      { ...blind, type: 'QuestionnaireResponse' },
      { ...blind, type: 'Observation', read: false },
    ];
    expectRefusal(await extract(server, 'r1', { Authorization: bearer({ scopes }) }), 403, 'forbidden');
  });

  it('keeps the labels that were put on a score', async () => {
    const server = await begin();
    await put(server, psfs('r1', 1, [['Gå', 3]]));
    const [score] = entriesOf(await extract(server, 'r1'));
    const meta = { profile: ['http://hl7.org/fhir/StructureDefinition/Observation'], tag: [{ code: 'seen' }] };
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: meta }] };
    expect((await server.request('POST', `Observation/${score?.resource.id}/$meta-add`, parameters)).status).toBe(200);
    expect(statusesOf(await extract(server, 'r1'))).toEqual(['200', '200']);
    await put(server, psfs('r1', 1, [['Gå', 4]], { status: 'amended' }));
    const [changed] = entriesOf(await extract(server, 'r1'));
    expect(changed?.resource).toMatchObject({ valueInteger: 4, meta: { versionId: '3', tag: meta.tag } });
    expect(changed?.resource.meta?.profile).toHaveLength(2);
  });

  it('is carried out as an entry of a batch, and refused in a transaction, with which it could not fail', async () => {
    const server = await begin();
    await put(server, psfs('r1', 1, [['Gå', 3]]));
    const answer = await server.request('POST', '', bundle('batch', entry('POST', 'QuestionnaireResponse/r1/$extract')));
    expect([(answer.body.entry as Entry[])[0]?.response.status, await countOf(server)]).toEqual(['200 OK', 2]);
    const whole = await server.request('POST', '', bundle('transaction', entry('POST', 'QuestionnaireResponse/r1/$extract')));
    expectRefusal(whole, 400, 'not-supported', 'Bundle.entry[0].request.url');
  });
});

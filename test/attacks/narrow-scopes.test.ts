/**
 * Scopes with a query. The app chooses the query, so that it must not be a way to ask what the user may not; and it
 * bounds every interaction, not searches alone.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { put, ref } from '../auth/access-rule/record-parts.ts';
import { type Ask, openStronghold, STORES, type Stronghold, WHO } from './stronghold.ts';

const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const SURVEY = `patient/Observation.cruds?category=${CATEGORY}|survey`;
const observation = (id: string, category: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ system: CATEGORY, code: category }] }],
  code: { text: 'x' },
  subject: ref('Patient/ida'),
});

/** What would be found out about Ida through types that everybody may read, were it followed. */
const LEADING_ON = [
  'user/PractitionerRole.rs?_has:CareTeam:participant:patient=ida',
  'user/PractitionerRole.rs?_has:CareTeam:participant:patient.family=Testnes',
  'user/PractitionerRole.rs?_id=ke-role&_has:CareTeam:participant:patient=ida',
  'user/PractitionerRole.rs?%5Fhas:CareTeam:participant:patient=ida',
  'user/Organization.rs?_has:CarePlan:custodian:patient=ida',
  'user/Organization.rs?_list=ida-list',
  'user/Practitioner.rs?_has:PractitionerRole:practitioner:_has:CareTeam:participant:patient=ida',
  'user/PractitionerRole.rs?practitioner._has:Provenance:agent:target=CarePlan/ida-plan',
  'system/PractitionerRole.rs?_has:Task:owner:patient=ida',
];
/** Queries that narrow nothing. */
const SAYING_NOTHING = ['_count=1', '_sort=_id', '_summary=true', '_content=x', '_text=x', '_include=*', 'nonsense=1', 'category'];

describe.each(STORES)('a scope with a query on %s', (store) => {
  let place: Stronghold;
  beforeAll(async () => {
    place = await openStronghold(store);
    await put(place.database.resources, observation('ida-survey', 'survey'), observation('ida-vital', 'vital-signs'));
  });
  afterAll(() => place.close());

  it.each(LEADING_ON)('finds nothing out by leading on to what is hidden: %s', async (scope) => {
    const { scope: _whole, ...outsider } = scope.startsWith('system') ? WHO['system of another hospital'] : WHO.outsider;
    const ask = await place.as({ ...outsider, scope });
    const type = /\/(\w+)\./.exec(scope)?.[1];
    const answer = await ask('GET', `${type}?_count=100`);
    expect(answer.status, answer.text).toBe(403);
    expect(answer.body.issue?.[0]).toMatchObject({ code: 'forbidden' });
    expect((await ask('GET', 'PractitionerRole/ke-role')).status).toBe(403);
  });

  it.each(SAYING_NOTHING)('opens nothing when it narrows nothing: %s', async (query) => {
    const ask = await place.as({ ...WHO.nurse, patient: 'ida', scope: `patient/Observation.rs?${query}` });
    for (const path of ['Observation', 'Observation/ida-survey']) expect((await ask('GET', path)).status, path).toBe(403);
  });

  describe('bounds', () => {
    let ask: Ask;
    beforeAll(async () => {
      ask = await place.as({ ...WHO.nurse, patient: 'ida', scope: SURVEY });
    });

    it('reading, in every way', async () => {
      for (const [path, status] of [
        ['Observation/ida-survey', 200],
        ['Observation/ida-survey/$meta', 200],
        ['Observation/ida-vital', 404],
        ['Observation/ida-vital/_history/1', 404],
        ['Observation/ida-vital/_history', 404],
        ['Observation/ida-vital/$meta', 404],
        ['Observation/ida-vital/$diff', 404],
        ['Patient/ida/$everything', 403],
        ['CarePlan/ida-plan/$everything', 403],
        ['Patient/ida/$access-log', 403],
      ] as const)
        expect((await ask('GET', path)).status, path).toBe(status);
      const searches = [
        'Observation',
        'Observation?_include=*&_revinclude=*',
        'Observation?category:not=survey',
        'Patient/ida/Observation',
      ];
      for (const path of searches) {
        const { text, status } = await ask('GET', path);
        expect([status, text.includes('ida-vital'), text.includes('Patient/ida"}}')], path).toEqual([
          200,
          false,
          text.includes('ida-survey'),
        ]);
      }
    });

    it('writing: what is there before, and what would be there after', async () => {
      const match = { 'If-Match': 'W/"1"' };
      const patch = { ...match, 'Content-Type': 'application/json-patch+json' };
      const vital = [{ op: 'replace', path: '/category/0/coding/0/code', value: 'vital-signs' }];
      const { id: _id, ...fresh } = observation('x', 'vital-signs');
      const { category: _category, ...without } = fresh;
      const tried = [
        await ask('POST', 'Observation', fresh),
        await ask('POST', 'Observation', without),
        await ask('PUT', 'Observation/ida-vital', observation('ida-vital', 'survey'), match),
        await ask('PUT', 'Observation/ida-survey', observation('ida-survey', 'vital-signs'), match),
        await ask('PATCH', 'Observation/ida-survey', JSON.stringify(vital), patch),
        await ask('DELETE', 'Observation/ida-vital'),
      ];
      expect(tried.map(({ status }) => status)).toEqual([403, 403, 404, 403, 403, 404]);
    });

    it('what is told of a patch: whoever may change and not read is not shown the rest', async () => {
      const patch = [{ op: 'add', path: '/language', value: 'nn' }];
      const headers = { 'Content-Type': 'application/json-patch+json', Prefer: 'return=representation' };
      const answers: string[] = [];
      for (const scope of [
        'patient/Observation.u',
        'patient/Observation.write',
        `patient/Observation.u patient/Observation.r?category=${CATEGORY}|survey`,
      ]) {
        const writer = await place.as({ ...WHO.coordinator, patient: 'ida', scope });
        for (const id of ['ida-survey', 'ida-vital']) {
          const { status, text } = await writer('PATCH', `Observation/${id}`, JSON.stringify(patch), headers);
          answers.push(`${status} ${text === '' ? 'nothing' : 'all'}`);
        }
        const entry = { resourceType: 'Binary', contentType: 'application/json-patch+json', data: btoa(JSON.stringify(patch)) };
        for (const type of ['batch', 'transaction']) {
          const bundle = {
            resourceType: 'Bundle',
            type,
            entry: [{ resource: entry, request: { method: 'PATCH', url: 'Observation/ida-vital' } }],
          };
          expect((await writer('POST', '', bundle, { Prefer: 'return=representation' })).text).not.toContain('vital-signs');
        }
      }
      expect(answers).toEqual(['200 nothing', '200 nothing', '200 nothing', '200 nothing', '200 all', '200 nothing']);
    });

    it('each entry of a batch', async () => {
      const urls = ['Observation/ida-vital', 'Observation?_total=accurate', 'Patient/ida', 'Goal?patient=ida'];
      const entry = urls.map((url) => ({ request: { method: 'GET', url } }));
      const { body } = await ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
      const answered = body.entry as readonly { response: { status: string }; resource?: { total?: number } }[];
      expect(answered.map(({ response, resource }) => [response.status.slice(0, 3), resource?.total])).toEqual([
        ['404', undefined],
        ['200', 1],
        ['403', undefined],
        ['403', undefined],
      ]);
    });

    it('beside another scope of its kind, what either gives', async () => {
      const both = await place.as({
        ...WHO.nurse,
        patient: 'ida',
        scope: `${SURVEY} patient/Observation.r?category=${CATEGORY}|vital-signs`,
      });
      expect((await both('GET', 'Observation/ida-vital')).status).toBe(200);
      expect((await both('GET', 'Observation')).text).not.toContain('ida-vital');
      expect((await both('DELETE', 'Observation/ida-vital')).status).toBe(404);
    });
  });
});

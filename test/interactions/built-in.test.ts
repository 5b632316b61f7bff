import { expect, it } from 'vitest';
import { publishDefinitions } from '../../server/composition/publish-definitions.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf } from '../support/expect-answer.ts';
import { bundle, entry } from '../support/fixtures.ts';

const BASE = 'https://fellesplan.example/fhir';

onEachServer('definitions that come with the service', (start) => {
  it('are read and searched at the FHIR base [R4 resource#canonical]', async () => {
    const server = await start();
    expect(await publishDefinitions(server.services)).toBeGreaterThan(60);
    expect(keysOf(await server.request('GET', `Questionnaire?url=${BASE}/Questionnaire/fp-psfs`))).toEqual(['Questionnaire/fp-psfs']);
    for (const key of [
      'StructureDefinition/fp-care-plan',
      'ValueSet/fp-team-role',
      'CodeSystem/fp-plan-type',
      'PlanDefinition/fp-pathway-hph',
      'CapabilityStatement/fp-plan-source',
    ]) {
      const read = await server.request('GET', key);
      expect([read.status, read.body.url, read.headers.get('ETag')]).toEqual([200, `${BASE}/${key}`, 'W/"1"']);
      expect(keysOf(await server.request('GET', `${key.split('/')[0]}?url=${BASE}/${key}`))).toEqual([key]);
    }
    const parameters = await server.request('GET', 'SearchParameter?_sort=_id&code=member-role');
    expect(keysOf(parameters)).toEqual(['SearchParameter/fp-careteam-member-role']);
  });

  it('keep their version from one start to the next', async () => {
    const server = await start();
    await publishDefinitions(server.services);
    expect(await publishDefinitions(server.services)).toBe(0);
    expect((await server.request('GET', 'Questionnaire/fp-psfs/_history')).body.total).toBe(1);
  });

  it('get a new version when an older service had said something else', async () => {
    const server = await start({ services: { writeValidation: 'off' } });
    await server.request('PUT', 'ValueSet/fp-team-role', { resourceType: 'ValueSet', id: 'fp-team-role', status: 'draft' });
    await publishDefinitions(server.services);
    const read = await server.request('GET', 'ValueSet/fp-team-role');
    expect([read.headers.get('ETag'), read.body.status]).toEqual(['W/"2"', 'active']);
  });

  it('are not changed by clients; definitions of others are', async () => {
    const server = await start({ services: { writeValidation: 'off' } });
    await publishDefinitions(server.services);
    const own = (await server.request('GET', 'Questionnaire/fp-psfs')).body;
    expectRefusal(await server.request('PUT', 'Questionnaire/fp-psfs', own), 422, 'business-rule', 'Questionnaire.url');
    expectRefusal(await server.request('DELETE', 'Questionnaire/fp-psfs'), 422, 'business-rule', 'Questionnaire.url');
    const shadow = { resourceType: 'ValueSet', url: `${BASE}/ValueSet/fp-team-role`, status: 'active' };
    expectRefusal(await server.request('POST', 'ValueSet', shadow), 422, 'business-rule', 'ValueSet.url');
    const inBundle = await server.request('POST', '', bundle('transaction', entry('POST', 'ValueSet', shadow)));
    expectRefusal(inBundle, 422, 'business-rule', 'Bundle.entry[0].resource.url');
    const tag = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ code: 'mine' }] } }] };
    expectRefusal(await server.request('POST', 'Questionnaire/fp-psfs/$meta-add', tag), 422, 'business-rule', 'Questionnaire.url');
    const other = { resourceType: 'Questionnaire', url: 'https://kommune.test/Questionnaire/egen', status: 'draft' };
    expect((await server.request('POST', 'Questionnaire', other)).status).toBe(201);
  });
});

onEachServer('the capability statement', (start) => {
  it('names the profiles of each type and what must be told by If-Match', async () => {
    const server = await start();
    const stated = (await server.request('GET', 'metadata')).body as unknown as {
      rest: { resource: { type: string; supportedProfile?: string[]; conditionalDelete: string }[] }[];
    };
    const of = (type: string) => stated.rest[0]?.resource.find((each) => each.type === type);
    expect(of('CarePlan')).toMatchObject({ supportedProfile: [`${BASE}/StructureDefinition/fp-care-plan`], conditionalDelete: 'single' });
    expect(of('Observation')?.supportedProfile).toHaveLength(4);
    expect([of('Binary')?.supportedProfile, of('Binary')?.conditionalDelete]).toEqual([undefined, 'multiple']);
  });

  it('is not sent again to who has it [RFC 9110 if-none-match]', async () => {
    const server = await start();
    const first = await server.request('GET', 'metadata');
    const etag = first.headers.get('ETag') ?? '';
    expect(etag).toMatch(/^W\/"[0-9a-f]{16}"$/);
    const again = await server.request('GET', 'metadata', undefined, { 'If-None-Match': etag });
    expect([again.status, again.text, again.headers.get('ETag')]).toEqual([304, '', etag]);
    expect((await server.request('GET', 'metadata?_summary=true')).headers.get('ETag')).not.toBe(etag);
    expect(first.text.length).toBeLessThan(600_000);
  });
});

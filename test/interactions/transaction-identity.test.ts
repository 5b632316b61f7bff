import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bundle, entry, observation, patient } from '../support/fixtures.ts';
import type { TestAnswer, TestServer } from '../support/test-server.ts';

const P = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const CONDITION = 'identifier=urn:test:patients|p-1';
const WHOLE = { Prefer: 'return=representation' };

interface Answered {
  readonly response: { readonly status: string; readonly location?: string };
  readonly resource?: Record<string, unknown>;
}

const create = (over: Record<string, unknown> = {}) => entry('POST', 'Patient', patient(over));
const createOnce = (over: Record<string, unknown> = {}) => entry('POST', 'Patient', patient(over), { request: { ifNoneExist: CONDITION } });
const update = (over: Record<string, unknown> = {}) => entry('PUT', `Patient?${CONDITION}`, patient(over));
const put = (id: string, over: Record<string, unknown> = {}) => entry('PUT', `Patient/${id}`, patient({ id, ...over }));
const jsonPatch = (operations: unknown) => ({
  resourceType: 'Binary',
  contentType: 'application/json-patch+json',
  data: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
const answersOf = (answer: TestAnswer): Answered[] => {
  expect(answer.status, answer.text).toBe(200);
  return (answer.body.entry ?? []) as Answered[];
};
const statusesOf = (answer: TestAnswer) => answersOf(answer).map(({ response }) => response.status.slice(0, 3));
const idOf = (answered: Answered | undefined) => answered?.response.location?.split('/').at(-3);

onEachServer('the resources of a transaction', (start) => {
  /** A server that has the Patient `old`, who meets the condition. */
  async function withOld(): Promise<TestServer> {
    const server = await start();
    await server.request('PUT', 'Patient/old', patient({ id: 'old' }));
    return server;
  }

  it.each([
    ['by its id', 'Patient/old'],
    ['by a condition', `Patient?${CONDITION}`],
  ])('are created anew where the match is deleted %s in the same transaction [R4 http#trules]', async (_how, url) => {
    const server = await withOld();
    const value = entry('POST', 'Observation', observation({ subject: { reference: P } }));
    const answer = await server.request(
      'POST',
      '',
      bundle('transaction', value, { ...createOnce(), fullUrl: P }, entry('DELETE', url)),
      WHOLE,
    );
    expect(statusesOf(answer)).toEqual(['201', '201', '204']);
    const [observed, person] = answersOf(answer);
    expect(idOf(person)).not.toBe('old');
    expect(observed?.resource?.subject).toEqual({ reference: `Patient/${idOf(person)}` });
    expect((await server.request('GET', `Patient?${CONDITION}&_summary=count`)).body.total).toBe(1);
  });

  it('are the same in whatever order the entries stand [R4 http#trules]', async () => {
    for (const entries of [
      [create(), createOnce()],
      [createOnce(), create()],
    ]) {
      const server = await start();
      const answer = await server.request('POST', '', bundle('transaction', ...entries), WHOLE);
      expect(statusesOf(answer).toSorted()).toEqual(['200', '201']);
      const [first, second] = answersOf(answer);
      expect(first?.resource).toEqual(second?.resource);
      expect(first?.resource?.birthDate).toBe('1941-05-17');
    }
  });

  it.each([
    ['two updates by one condition that nothing meets', [update(), update({ active: true })], 0],
    ['an update by a condition that a creation meets', [create(), update()], 1],
    ['an update by a condition that an update by id comes to meet', [put('new'), update()], 1],
    ['a patch by a condition that a creation meets', [create(), entry('PATCH', `Patient?${CONDITION}`, { resourceType: 'Parameters' })], 1],
  ])('are refused as one resource twice: %s [R4 http#trules]', async (why, entries, place) => {
    const server = await (why.startsWith('a patch') ? withOld() : start());
    const before = (await server.request('GET', 'Patient?_summary=count')).body.total;
    expectRefusal(await server.request('POST', '', bundle('transaction', ...entries)), 400, 'invalid', `Bundle.entry[${place}]`);
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(before);
  });

  it('are several when one that is there and one that is created meet If-None-Exist [R4 http#ccreate]', async () => {
    const server = await withOld();
    const answer = await server.request('POST', '', bundle('transaction', create(), createOnce()));
    expectRefusal(answer, 412, 'multiple-matches', 'Bundle.entry[1].request.ifNoneExist');
  });

  it('keep version-specific links as such: to what is written, or to the version they name [R4 http#trules]', async () => {
    const server = await withOld();
    const links = ['http://elsewhere.example/fhir/Patient/x/_history/7', 'Patient/old/_history/1', 'Patient/other/_history/3'];
    const focus = links.map((reference) => ({ reference }));
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('POST', 'Patient', patient({ id: 'x', identifier: [{ value: 'x' }] }), {
          fullUrl: 'http://elsewhere.example/fhir/Patient/x',
        }),
        put('old', { active: true }),
        entry('POST', 'Observation', observation({ focus })),
      ),
      WHOLE,
    );
    const [person, , observed] = answersOf(answer);
    expect(observed?.resource?.focus).toEqual([{ reference: `Patient/${idOf(person)}/_history/1` }, ...focus.slice(1)]);
  });

  it('are linked to in narratives [R4 http#trules]', async () => {
    const server = await start();
    const div = (link: string) => `<div xmlns="http://www.w3.org/1999/xhtml"><a title="a > b" href="${link}">x</a></div>`;
    const value = observation({ text: { status: 'additional', div: div(P) }, subject: { reference: P } });
    const answer = await server.request(
      'POST',
      '',
      bundle('transaction', entry('POST', 'Observation', value), { ...create(), fullUrl: P }),
      WHOLE,
    );
    const [observed, person] = answersOf(answer);
    expect(observed?.resource?.text).toEqual({ status: 'additional', div: div(`Patient/${idOf(person)}`) });
    const lost = observation({ text: { status: 'additional', div: div('urn:uuid:00000000-0000-4000-8000-000000000001') } });
    const refused = await server.request(
      'POST',
      '',
      bundle('transaction', entry('POST', 'Observation', lost), { ...create(), fullUrl: P }),
    );
    expectRefusal(refused, 422, 'invalid', 'Bundle.entry[0].resource.text.div');
  });

  it('are linked to by patches, as by resources [R4 http#patch]', async () => {
    const server = await withOld();
    await server.request('PUT', 'Observation/o', observation({ id: 'o' }));
    const patchWith = (reference: string) =>
      entry('PATCH', 'Observation/o', jsonPatch([{ op: 'add', path: '/subject', value: { reference } }]));
    const post = (...entries: unknown[]) => server.request('POST', '', bundle('transaction', ...entries), WHOLE);
    const [, found] = answersOf(await post(put('old'), patchWith(`Patient?${CONDITION}`)));
    expect(found?.resource?.subject).toEqual({ reference: 'Patient/old' });
    const value = { name: 'value', valueReference: { reference: `Patient?${CONDITION}` } };
    const operation = [{ name: 'type', valueCode: 'replace' }, { name: 'path', valueString: 'Observation.subject' }, value];
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'operation', part: operation }] };
    const [replaced] = answersOf(await post(entry('PATCH', 'Observation/o', parameters)));
    expect(replaced?.resource?.subject).toEqual({ reference: 'Patient/old' });
    expectRefusal(await post(patchWith(P)), 400, 'invalid', 'Bundle.entry[0].resource.data');
    expectRefusal(await post(patchWith('Patient?identifier=nobody')), 400, 'not-found', 'Bundle.entry[0].resource');
    const text = entry('PATCH', 'Observation/o', jsonPatch([{ op: 'replace', path: '/subject/reference', value: `Patient?${CONDITION}` }]));
    expectRefusal(await post(text), 400, 'invalid', 'Bundle.entry[0].resource.subject.reference');
  });
});

onEachServer('the entries of a batch', (start) => {
  it('do not refer to what other entries create [R4 http#brules]', async () => {
    const server = await start();
    const value = entry('POST', 'Observation', observation({ subject: { reference: P } }));
    const answer = await server.request('POST', '', bundle('batch', { ...create(), fullUrl: P }, value));
    expect(statusesOf(answer)).toEqual(['201', '400']);
    expect(answersOf(answer)[1]?.response).toMatchObject({
      outcome: { issue: [{ code: 'invalid', expression: ['Bundle.entry[1].resource.subject.reference'] }] },
    });
  });

  it('that change one resource are carried out in their order', async () => {
    const server = await start();
    const entries = Array.from({ length: 12 }, (_, n) => put('one', { name: [{ family: `F${n}` }] }));
    const answers = answersOf(await server.request('POST', '', bundle('batch', ...entries)));
    expect(answers.map(({ response }) => response.location?.split('/').at(-1))).toEqual(entries.map((_, n) => String(n + 1)));
    expect((await server.request('GET', 'Patient/one')).body.name).toEqual([{ family: 'F11' }]);
  });
});

import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf } from '../support/expect-answer.ts';
import { bundle, carePlan, entry } from '../support/fixtures.ts';
import type { TestServer } from '../support/test-server.ts';

const URL = 'http://forms.example/sleep';

const form = (id: string, version: string, title: string, url = URL) =>
  entry('PUT', `Questionnaire/${id}`, { resourceType: 'Questionnaire', id, url, version, title, status: 'active' });

const response = (id: string, questionnaire: string, status = 'completed') =>
  entry('PUT', `QuestionnaireResponse/${id}`, { resourceType: 'QuestionnaireResponse', id, status, questionnaire });

/** Two versions of a questionnaire, and responses that name it bare, in each version, and in one that is not held. */
async function fill(server: TestServer): Promise<(path: string) => Promise<{ found: string[]; included: string[] }>> {
  const forms = [form('q1', '1.0', 'Søvn'), form('q2', '2.0', 'Hvile'), form('other', '1.0', 'Uro', 'http://forms.example/unrest')];
  const responses = [
    response('bare', URL),
    response('first', `${URL}|1.0`),
    response('second', `${URL}|2.0`, 'in-progress'),
    response('unheld', `${URL}|3.0`),
  ];
  const answer = await server.request('POST', '', bundle('transaction', ...forms, ...responses));
  expect(answer.status, answer.text).toBe(200);
  return async (path) => {
    const found = await server.request('GET', path);
    expect(found.status, found.text).toBe(200);
    return { found: namesOf(keysOf(found)), included: namesOf(keysOf(found, 'include')) };
  };
}

const namesOf = (keys: readonly string[]) => keys.map((key) => key.replace(/^Questionnaire(?:Response)?\//, '')).sort();

onEachServer('canonical URLs as links', (start) => {
  it('lead a chain to the version they name, or to any [R4 references#canonical]', async () => {
    const search = await fill(await start());
    const found = async (query: string) => (await search(`QuestionnaireResponse?${query}`)).found;
    expect(await found('questionnaire.title=søvn')).toEqual(['bare', 'first']);
    expect(await found('questionnaire:Questionnaire.title=hvile')).toEqual(['bare', 'second']);
    expect(await found('questionnaire.title=uro')).toEqual([]);
    expect(await found(`_filter=${encodeURIComponent('questionnaire.title eq "hvile" and status eq completed')}`)).toEqual(['bare']);
    expect(await found('questionnaire.status=active')).toEqual(['bare', 'first', 'second']);
  });

  it('are followed backwards by _has, alone and within a chain', async () => {
    const search = await fill(await start());
    const has = async (query: string) => (await search(`Questionnaire?_has:QuestionnaireResponse:questionnaire:${query}`)).found;
    expect(await has('status=in-progress')).toEqual(['q2']);
    expect(await has('_id=first')).toEqual(['q1']);
    expect(await has('_id=bare')).toEqual(['q1', 'q2']);
    expect(await has('_id=unheld')).toEqual([]);
    const among = await search('QuestionnaireResponse?questionnaire._has:QuestionnaireResponse:questionnaire:_id=second');
    expect(among.found).toEqual(['bare', 'second']);
  });

  it('are followed with and without a version, where a resource names several [R4 references#canonical]', async () => {
    const server = await start();
    const path = (id: string, url: string, version: string) =>
      entry('PUT', `PlanDefinition/${id}`, { resourceType: 'PlanDefinition', id, url, version, title: `Forløp ${id}`, status: 'active' });
    const plan = (id: string, ...instantiatesCanonical: string[]) =>
      entry('PUT', `CarePlan/${id}`, carePlan({ id, instantiatesCanonical }));
    const written = bundle(
      'transaction',
      path('home', 'http://paths.example/home', '1'),
      path('home-again', 'http://paths.example/home', '2'),
      path('fall', 'http://paths.example/fall', '1'),
      plan('both', 'http://paths.example/home|1', 'http://paths.example/fall'),
      plan('unheld', 'http://paths.example/fall|9', 'http://paths.example/other'),
    );
    expect((await server.request('POST', '', written)).status).toBe(200);
    const keys = async (query: string, mode?: 'include') => keysOf(await server.request('GET', query), mode).sort();
    expect(await keys('CarePlan?instantiates-canonical:PlanDefinition.title=forløp fall')).toEqual(['CarePlan/both']);
    expect(await keys('CarePlan?instantiates-canonical:PlanDefinition.title=forløp home-again')).toEqual([]);
    expect(await keys('PlanDefinition?_has:CarePlan:instantiates-canonical:_id=both')).toEqual([
      'PlanDefinition/fall',
      'PlanDefinition/home',
    ]);
    expect(await keys('CarePlan?_include=CarePlan:instantiates-canonical', 'include')).toEqual([
      'PlanDefinition/fall',
      'PlanDefinition/home',
    ]);
    expect(await keys('PlanDefinition?_id=fall&_revinclude=CarePlan:instantiates-canonical', 'include')).toEqual(['CarePlan/both']);
  });

  it('are followed by _include, _revinclude, * and :iterate', async () => {
    const server = await start();
    const search = await fill(server);
    const included = async (path: string) => (await search(path)).included;
    expect(await included('QuestionnaireResponse?_id=first&_include=QuestionnaireResponse:questionnaire')).toEqual(['q1']);
    expect(await included('QuestionnaireResponse?_id=bare&_include=QuestionnaireResponse:questionnaire:Questionnaire')).toEqual([
      'q1',
      'q2',
    ]);
    expect(await included('QuestionnaireResponse?_id=second&_include=*')).toEqual(['q2']);
    expect(await included('QuestionnaireResponse?_id=unheld&_include=*')).toEqual([]);
    expect(await included('Questionnaire?_id=q1&_revinclude=QuestionnaireResponse:questionnaire')).toEqual(['bare', 'first']);
    expect(await included('Questionnaire?_id=other,q2&_revinclude=*')).toEqual(['bare', 'second']);
    const plan = {
      resourceType: 'PlanDefinition',
      id: 'path',
      url: 'http://paths.example/home',
      status: 'active',
      library: ['http://l.example/l'],
    };
    const library = { resourceType: 'Library', id: 'l', url: 'http://l.example/l', version: '1', status: 'active', type: { text: 'x' } };
    const made = carePlan({ id: 'c', instantiatesCanonical: [plan.url] });
    await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('PUT', 'PlanDefinition/path', plan),
        entry('PUT', 'Library/l', library),
        entry('PUT', 'CarePlan/c', made),
      ),
    );
    const onwards = 'CarePlan?_id=c&_include=CarePlan:instantiates-canonical&_include:iterate=PlanDefinition:depends-on';
    expect(await included(onwards)).toEqual(['Library/l', 'PlanDefinition/path']);
  });

  it('are followed by includes from and to more than can be asked for at once', async () => {
    const server = await start();
    const numbers = Array.from({ length: 260 }, (_, n) => n);
    const url = (n: number) => `http://forms.example/${n}`;
    const forms = numbers.map((n) => form(`f${n}`, '1', 'Skjema', url(n)));
    const responses = numbers.map((n) => response(`r${n}`, n % 2 === 0 ? url(n) : `${url(n)}|1`));
    for (const entries of [forms, responses]) await server.request('POST', '', bundle('transaction', ...entries));
    const from = await server.request('GET', 'QuestionnaireResponse?_count=260&_include=QuestionnaireResponse:questionnaire');
    const to = await server.request('GET', 'Questionnaire?_count=260&_revinclude=*');
    expect([keysOf(from, 'include').length, keysOf(to, 'include').length]).toEqual([260, 260]);
  });

  it('are followed so often in one search, and no oftener', async () => {
    const server = await start();
    await fill(server);
    const has = (times: number) => Array(times).fill('_has:QuestionnaireResponse:questionnaire:status=in-progress').join('&');
    expect(keysOf(await server.request('GET', `Questionnaire?${has(16)}`))).toEqual(['Questionnaire/q2']);
    expectRefusal(await server.request('GET', `Questionnaire?${has(17)}`), 403, 'too-costly');
    expect(keysOf(await server.request('GET', 'ActivityDefinition?depends-on.depends-on.depends-on.title=x'))).toEqual([]);
  });

  it('are not followed through more definitions than can be gone through', async () => {
    const server = await start();
    await fill(server);
    const many = Array.from({ length: 151 }, (_, n) =>
      form(`many-${n}`, '1', n < 150 ? 'Mange' : 'Mange til', `http://forms.example/${n}`),
    );
    const naming = [response('first', 'http://forms.example/0|1'), response('last', 'http://forms.example/149')];
    await server.request('POST', '', bundle('transaction', ...many, ...naming));
    const through = await server.request('GET', 'QuestionnaireResponse?questionnaire.title:exact=Mange');
    expect(keysOf(through)).toEqual(['QuestionnaireResponse/first', 'QuestionnaireResponse/last']);
    expectRefusal(await server.request('GET', 'QuestionnaireResponse?questionnaire.title=mange'), 403, 'too-costly');
    expect(keysOf(await server.request('GET', 'QuestionnaireResponse?questionnaire.title=hvile')).length).toBe(2);
    const named = await server.request('GET', 'Questionnaire?_has:QuestionnaireResponse:questionnaire:status=in-progress');
    expect(keysOf(named)).toEqual(['Questionnaire/q2']);
    expect(keysOf(await server.request('GET', 'Questionnaire?_has:QuestionnaireResponse:questionnaire:status=stopped'))).toEqual([]);
  });
});

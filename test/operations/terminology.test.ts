import { expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { loadContent } from '../../terminology/service/content.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bearer, type TestAnswer } from '../support/test-server.ts';
import { LARGE, largeSystem } from '../terminology/large-system.ts';

const terminology = createTerminology();

const OWN = 'https://fellesplan.example/fhir';
const PLAN_TYPES = `${OWN}/ValueSet/fp-plan-type`;
const GENDER = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const GENDER_SYSTEM = 'http://hl7.org/fhir/administrative-gender';
const REASONS = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const USE = 'http://hl7.org/fhir/address-use';
const LOCAL = 'urn:test:colours';

const colours: Resource = {
  resourceType: 'CodeSystem',
  id: 'colours',
  url: LOCAL,
  version: '2',
  language: 'nb',
  status: 'active',
  content: 'complete',
  hierarchyMeaning: 'is-a',
  concept: [
    {
      code: 'red',
      display: 'Rød',
      definition: 'Som blod',
      designation: [{ language: 'en', value: 'Red' }],
      concept: [{ code: 'pink', display: 'Rosa' }],
    },
    { code: 'blue', display: 'Blå' },
  ],
};
const warm: Resource = {
  resourceType: 'ValueSet',
  id: 'warm',
  url: 'urn:test:warm',
  status: 'active',
  compose: { include: [{ system: LOCAL, filter: [{ property: 'concept', op: 'is-a', value: 'red' }] }] },
};
const toGender: Resource = {
  resourceType: 'ConceptMap',
  id: 'to-gender',
  url: 'urn:test:to-gender',
  status: 'active',
  group: [{ source: LOCAL, target: GENDER_SYSTEM, element: [{ code: 'blue', target: [{ code: 'other', equivalence: 'wider' }] }] }],
};

interface Expanded {
  readonly total: number;
  readonly offset?: number;
  readonly contains?: readonly { code: string; display?: string; designation?: readonly { language: string; value: string }[] }[];
  readonly parameter?: readonly { name: string }[];
}

const expansionOf = (answer: TestAnswer): Expanded => {
  expect([answer.status, answer.body.resourceType], answer.text).toEqual([200, 'ValueSet']);
  return answer.body.expansion as Expanded;
};
const codesOf = (answer: TestAnswer) => expansionOf(answer).contains?.map(({ code }) => code) ?? [];
type Out = { name: string; part?: Out[]; [value: string]: unknown };
const outOf = (answer: TestAnswer): Out[] => {
  expect([answer.status, answer.body.resourceType], answer.text).toEqual([200, 'Parameters']);
  return answer.body.parameter as Out[];
};
const outcomeOf = (answer: TestAnswer, name: string): unknown => {
  const found = outOf(answer).find((each) => each.name === name);
  return Object.entries(found ?? {}).find(([key]) => key.startsWith('value'))?.[1];
};
const parameters = (...parameter: readonly object[]) => ({ resourceType: 'Parameters', parameter });

onEachServer('terminology operations', (start) => {
  const begin = () => start({ services: { terminology } });

  it('expands a value set by its URL, valid as a ValueSet [R4 valueset-operation-expand]', async () => {
    const server = await begin();
    const answer = await server.request('GET', `ValueSet/$expand?url=${GENDER}`);
    expect(codesOf(answer)).toEqual(['male', 'female', 'other', 'unknown']);
    expect(answer.body).toMatchObject({ url: GENDER, status: 'active', expansion: { total: 4 } });
    expect(answer.body.compose).toBeUndefined();
    const errors = server.services.validator.validate(answer.body).filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([]);
    const whole = await server.request('GET', `ValueSet/$expand?url=${GENDER}&includeDefinition=true`);
    expect(whole.body.compose).toBeDefined();
  });

  it.each([
    ['filter=plan&count=2', 4, ['individuell-plan', 'oppfolgingsplan']],
    ['filter=plan&offset=2&count=2', 4, ['behandlingsplan', 'egenbehandlingsplan']],
    ['offset=4', 5, ['tiltakslogg']],
    ['count=0', 5, []],
    ['offset=9&count=3', 5, []],
    ['filter=IND%20plan', 1, ['individuell-plan']],
    ['filter=nothing', 0, []],
    ['filter=&offset=4&activeOnly=', 5, ['tiltakslogg']],
  ])('filters before it pages, and counts all: %s', async (query, total, codes) => {
    const server = await begin();
    const answer = await server.request('GET', `ValueSet/$expand?url=${PLAN_TYPES}&${query}`);
    expect([expansionOf(answer).total, codesOf(answer)]).toEqual([total, codes]);
    expect(expansionOf(answer).parameter?.map(({ name }) => name)).toEqual(
      ['filter', 'offset', 'count', 'version'].filter(
        (name) => name === 'version' || new RegExp(`${name}=.`).test(query.replace('filter=&', '')),
      ),
    );
  });

  it('shows displays in the language asked for, and designations when asked', async () => {
    const server = await begin();
    const displays = async (language: string) => {
      const answer = await server.request('GET', `ValueSet/$expand?url=${PLAN_TYPES}&displayLanguage=${language}&filter=egenb`);
      return expansionOf(answer).contains?.[0]?.display;
    };
    expect([await displays('nb'), await displays('en')]).toEqual(['Egenbehandlingsplan', 'Self-management plan']);
    const answer = await server.request('GET', `ValueSet/$expand?url=${PLAN_TYPES}&includeDesignations=true&count=1`);
    expect(
      expansionOf(answer)
        .contains?.[0]?.designation?.map(({ language }) => language)
        .toSorted(),
    ).toEqual(['en', 'nn']);
  });

  it('shows the designations of the value set itself, and takes them for displays', async () => {
    const server = await begin();
    const languages = 'http://hl7.org/fhir/ValueSet/languages';
    const danish = await server.request('GET', `ValueSet/$expand?url=${languages}&displayLanguage=da&designation=en&count=1`);
    const [first] = expansionOf(danish).contains ?? [];
    expect([first?.display, first?.designation?.map(({ language }) => language)]).toEqual(['Arabisk', ['en']]);
    const plain = await server.request('GET', `ValueSet/$expand?url=${languages}&count=1`);
    expect(expansionOf(plain).contains).toEqual([{ system: 'urn:ietf:bcp:47', code: 'ar', display: 'Arabic' }]);
    const all = await server.request('GET', `ValueSet/$expand?url=${languages}&includeDesignations=true&count=1`);
    expect(expansionOf(all).contains?.[0]?.designation?.length).toBeGreaterThan(1);
  });

  it('leaves out codes that are no longer used when only active ones are wanted', async () => {
    const server = await begin();
    const count = async (query: string) =>
      expansionOf(await server.request('GET', `ValueSet/$expand?url=urn:oid:2.16.578.1.12.4.1.1.9060&count=0${query}`)).total;
    expect([await count(''), await count('&activeOnly=true')]).toEqual([36, 35]);
  });

  it('expands value sets stored here, by id and by URL, and those in the request, with the code systems they use', async () => {
    const server = await begin();
    const inRequest = parameters({ name: 'valueSet', resource: warm }, { name: 'count', valueInteger: 5 });
    const unknown = await server.request('POST', 'ValueSet/$expand', inRequest);
    expectRefusal(unknown, 422, 'not-found', 'ValueSet.compose');
    for (const resource of [colours, warm]) await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
    for (const answer of [
      await server.request('POST', 'ValueSet/$expand', inRequest),
      await server.request('POST', 'ValueSet/$expand', warm),
      await server.request('GET', 'ValueSet/warm/$expand'),
      await server.request('GET', 'ValueSet/$expand?url=urn:test:warm'),
      await server.request('POST', 'ValueSet/%24expand', parameters({ name: 'url', valueUri: 'urn:test:warm' })),
    ]) {
      expect(codesOf(answer)).toEqual(['red', 'pink']);
    }
    const { url: _url, ...nameless } = warm;
    expect(codesOf(await server.request('POST', 'ValueSet/$expand', nameless))).toEqual(['red', 'pink']);
    // What was stored or sent does not stay behind in the terminology that validates.
    expect(terminology.knows('urn:test:warm')).toBe(false);
  });

  it('names no URL that nobody gave, and records what the expansion depends on [R4 valueset ValueSet.expansion.parameter]', async () => {
    const server = await begin();
    const { url: _url, ...nameless } = warm;
    const given = parameters(
      { name: 'valueSet', resource: nameless },
      { name: 'excludeNotForUI', valueBoolean: true },
      { name: 'excludePostCoordinated', valueBoolean: true },
      { name: 'displayLanguage', valueCode: 'en' },
      { name: 'designation', valueString: 'urn:ietf:bcp:47|en' },
    );
    await server.request('PUT', 'CodeSystem/colours', colours);
    const answer = await server.request('POST', 'ValueSet/$expand', given);
    expect(answer.body.url).toBeUndefined();
    expect(expansionOf(answer)).toMatchObject({
      parameter: [
        { name: 'displayLanguage', valueCode: 'en' },
        { name: 'designation', valueString: 'urn:ietf:bcp:47|en' },
        { name: 'excludeNotForUI', valueBoolean: true },
        { name: 'version', valueUri: `${LOCAL}|2` },
      ],
      contains: [{ code: 'red', display: 'Red', designation: [{ language: 'en', value: 'Red' }] }, { code: 'pink' }],
    });
    const errors = server.services.validator.validate(answer.body).filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([]);
    const without = await server.request('GET', `ValueSet/$expand?url=${GENDER}&exclude-system=${GENDER_SYSTEM}`);
    expect(expansionOf(without)).toMatchObject({ total: 0, parameter: [{ name: 'exclude-system', valueUri: GENDER_SYSTEM }] });
  });

  it.each(['system-version', 'check-system-version', 'force-system-version'])('holds to the version that %s asks for', async (name) => {
    const server = await begin();
    const get = (wanted: string) => server.request('GET', `ValueSet/$expand?url=${GENDER}&count=1&${name}=${wanted}`);
    const version = { name: 'version', valueUri: `${GENDER_SYSTEM}|4.0.1` };
    const held = await get(`${GENDER_SYSTEM}|4.0.1`);
    expect(expansionOf(held).parameter).toEqual([
      { name: 'count', valueInteger: 1 },
      { name, valueUri: `${GENDER_SYSTEM}|4.0.1` },
      version,
    ]);
    expect(codesOf(await get('urn:another|1'))).toEqual(['male']);
    expectRefusal(await get(`${GENDER_SYSTEM}|3.0`), 422, 'not-found', name);
  });

  it('marks an expansion as unclosed where a code system is held in part [R4 extension-valueset-unclosed]', async () => {
    const server = await begin();
    const some = { ...colours, content: 'fragment' };
    const expanded = async (resource: Resource) => {
      await server.request('PUT', 'CodeSystem/colours', resource);
      return expansionOf(await server.request('POST', 'ValueSet/$expand', { ...warm, compose: { include: [{ system: LOCAL }] } }));
    };
    const extension = [{ url: 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed', valueBoolean: true }];
    expect(await expanded(some)).toMatchObject({ total: 3, extension });
    expect(await expanded(colours)).not.toHaveProperty('extension');
  });

  it('says of a filter that it is not understood', async () => {
    const server = await begin();
    await server.request('PUT', 'CodeSystem/colours', colours);
    const odd = { ...warm, compose: { include: [{ system: LOCAL, filter: [{ property: 'hue', op: '=', value: '7' }] }] } };
    expectRefusal(await server.request('POST', 'ValueSet/$expand', odd), 422, 'not-supported', 'ValueSet.compose');
  });

  it('takes an abstract code for valid unless it is not allowed', async () => {
    const server = await begin();
    const place = { ...colours, concept: [{ code: 'warm', property: [{ code: 'notSelectable', valueBoolean: true }] }] };
    for (const resource of [place, { ...warm, compose: { include: [{ system: LOCAL }] } }]) {
      await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
    }
    const result = async (path: string, query: string) =>
      outcomeOf(await server.request('GET', `${path}/$validate-code?code=warm${query}`), 'result');
    for (const path of ['ValueSet/warm', 'CodeSystem/colours']) {
      expect([await result(path, ''), await result(path, '&abstract=true'), await result(path, '&abstract=false')]).toEqual([
        true,
        true,
        false,
      ]);
    }
  });

  it('refuses expansions that cannot be given', async () => {
    const server = await begin();
    const get = (query: string) => server.request('GET', `ValueSet/$expand?${query}`);
    expectRefusal(await get(''), 400, 'value', 'url');
    expectRefusal(await get('url=urn:none'), 404, 'not-found');
    expectRefusal(await get(`url=${GENDER}|9.9`), 404, 'not-found');
    expectRefusal(await get('url=http://hl7.org/fhir/ValueSet/ucum-units'), 403, 'too-costly');
    expectRefusal(await get('url=http://hl7.org/fhir/ValueSet/procedure-code'), 422, 'not-found', 'ValueSet.compose');
    expectRefusal(await get(`url=${GENDER}&count=-1`), 400, 'value', 'count');
    expectRefusal(await get(`url=${GENDER}&count=many`), 400, 'value', 'count');
    expectRefusal(await get(`url=${GENDER}&activeOnly=yes`), 400, 'value', 'activeOnly');
    expectRefusal(await get(`url=${GENDER}&url=${GENDER}`), 400, 'value', 'url');
    expectRefusal(await get(`url=${GENDER}&context=x`), 400, 'not-supported', 'context');
    expectRefusal(await get('valueSet=x'), 400, 'value', 'valueSet');
    expectRefusal(await server.request('GET', 'ValueSet/none/$expand'), 404, 'not-found');
    expectRefusal(await server.request('GET', 'Patient/$expand'), 404, 'not-found');
    const badCount = parameters({ name: 'url', valueUri: GENDER }, { name: 'count', valueString: 'x' });
    expectRefusal(await server.request('POST', 'ValueSet/$expand', badCount), 400, 'value', 'Parameters.parameter[1]');
    const wrongType = parameters({ name: 'valueSet', resource: colours });
    expectRefusal(await server.request('POST', 'ValueSet/$expand', wrongType), 400, 'structure', 'ValueSet.resourceType');
    const scopes = [{ level: 'user', type: 'Patient', create: false, read: true, update: false, delete: false, search: true }] as const;
    const denied = await server.request('GET', `ValueSet/$expand?url=${GENDER}`, undefined, { Authorization: bearer({ scopes }) });
    expectRefusal(denied, 403, 'forbidden');
    const without = await start();
    expectRefusal(await without.request('GET', `ValueSet/$expand?url=${GENDER}`), 400, 'not-supported');
  });

  it('does not try compositions out of all proportion', async () => {
    const server = await begin();
    const of = (compose: object) => server.request('POST', 'ValueSet/$expand', { ...warm, compose });
    const many = Array.from({ length: 1001 }, () => ({ system: GENDER_SYSTEM }));
    expectRefusal(await of({ include: [{ system: GENDER_SYSTEM }], exclude: many }), 403, 'too-costly');
    const codes = Array.from({ length: 30_000 }, (_, place) => ({ code: String(place) }));
    expectRefusal(await of({ include: [{ system: LOCAL, concept: codes }, ...many.slice(0, 900)] }), 403, 'too-costly');
    for (let depth = 0; depth < 20; depth += 1) {
      const valueSet = depth === 0 ? [GENDER] : [`urn:test:${depth - 1}`];
      const nested = { ...warm, id: `n${depth}`, url: `urn:test:${depth}`, compose: { include: [{ valueSet }, { valueSet }] } };
      expect((await server.request('PUT', `ValueSet/n${depth}`, nested)).status).toBe(201);
    }
    expectRefusal(await server.request('GET', 'ValueSet/n19/$expand'), 403, 'too-costly');
    expect(codesOf(await server.request('GET', 'ValueSet/n3/$expand'))).toHaveLength(4);
    const itself = { include: [{ system: GENDER_SYSTEM }, { valueSet: [warm.url] }] };
    expectRefusal(await of(itself), 422, 'not-found', 'ValueSet.compose');
  });

  it.each(['(a+)+$', '.*.*.*x', '(', 7])('does not try the regular expression %s in a filter', async (value) => {
    const server = await begin();
    const wild = { ...warm, compose: { include: [{ system: GENDER_SYSTEM, filter: [{ property: 'code', op: 'regex', value }] }] } };
    const answer = await server.request('POST', 'ValueSet/$expand', wild);
    expectRefusal(answer, 422, 'not-supported', 'ValueSet.compose.include[0].filter[0].value');
  });

  it.each([
    [`url=${GENDER}&system=${GENDER_SYSTEM}&code=male`, true, 'Male', undefined],
    [`url=${GENDER}&code=male`, true, 'Male', undefined],
    [`url=${GENDER}&system=${GENDER_SYSTEM}&code=man`, false, undefined, 'code-invalid'],
    [`url=${GENDER}&system=${GENDER_SYSTEM}&code=male&display=Gentleman`, false, 'Male', 'invalid'],
    [`url=${GENDER}&system=urn:other&code=male`, false, undefined, 'code-invalid'],
    [`url=http://hl7.org/fhir/ValueSet/procedure-code&system=http://snomed.info/sct&code=1`, false, undefined, 'not-found'],
    [`url=${GENDER}&system=${GENDER_SYSTEM}&systemVersion=1.0&code=male`, false, 'Male', 'not-found'],
  ])('tells whether a code is in a value set: %s', async (query, result, display, issue) => {
    const server = await begin();
    const answer = await server.request('GET', `ValueSet/$validate-code?${query}`);
    expect([outcomeOf(answer, 'result'), outcomeOf(answer, 'display')]).toEqual([result, display]);
    const issues = outOf(answer).find(({ name }) => name === 'issues')?.resource as { issue: { code: string }[] } | undefined;
    expect(issues?.issue[0]?.code).toBe(issue);
    expect(outcomeOf(answer, 'message') === undefined).toBe(issue === undefined);
  });

  it('takes a coding or a concept, and value sets stored here', async () => {
    const server = await begin();
    for (const resource of [colours, warm]) await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
    const url = { name: 'url', valueUri: 'urn:test:warm' };
    const check = async (path: string, ...given: object[]) => outcomeOf(await server.request('POST', path, parameters(...given)), 'result');
    const concept = {
      coding: [
        { system: GENDER_SYSTEM, code: 'male' },
        { system: LOCAL, code: 'pink' },
      ],
    };
    expect(await check('ValueSet/$validate-code', url, { name: 'coding', valueCoding: { system: LOCAL, code: 'red' } })).toBe(true);
    expect(await check('ValueSet/$validate-code', url, { name: 'coding', valueCoding: { system: LOCAL, code: 'blue' } })).toBe(false);
    expect(await check('ValueSet/warm/$validate-code', { name: 'codeableConcept', valueCodeableConcept: concept })).toBe(true);
    expect(await check('CodeSystem/colours/$validate-code', { name: 'code', valueCode: 'pink' })).toBe(true);
    expect(await check('CodeSystem/$validate-code', { name: 'codeSystem', resource: colours }, { name: 'code', valueCode: 'green' })).toBe(
      false,
    );
    const german = { name: 'displayLanguage', valueCode: 'en' };
    const inEnglish = await server.request(
      'POST',
      'CodeSystem/colours/$validate-code',
      parameters({ name: 'code', valueCode: 'red' }, german),
    );
    expect(outcomeOf(inEnglish, 'display')).toBe('Red');
  });

  it.each([
    [`url=${REASONS}&code=TREAT`, true],
    [`url=${REASONS}&code=NONE`, false],
    [`system=${REASONS}&code=TREAT`, true],
    [`url=${REASONS}&system=${USE}&code=TREAT`, false],
    ['url=http://unitsofmeasure.org&code=mg/dL', true],
    ['url=http://unitsofmeasure.org&code=mgg', false],
    ['url=urn:unknown&code=x', false],
    [`url=${REASONS}&version=1.0&code=TREAT`, false],
  ])('tells whether a code is in a code system: %s', async (query, result) => {
    const server = await begin();
    expect(outcomeOf(await server.request('GET', `CodeSystem/$validate-code?${query}`), 'result')).toBe(result);
  });

  it('refuses to validate when a code or a value set is not named', async () => {
    const server = await begin();
    const get = (path: string) => server.request('GET', path);
    expectRefusal(await get(`ValueSet/$validate-code?url=${GENDER}`), 400, 'value', 'code');
    expectRefusal(await get('ValueSet/$validate-code?code=male'), 400, 'value', 'url');
    expectRefusal(await get('ValueSet/$validate-code?url=urn:none&code=male'), 404, 'not-found');
    expectRefusal(await get('CodeSystem/$validate-code?code=male'), 400, 'value', 'url');
    const twice = parameters({ name: 'code', valueCode: 'a' }, { name: 'coding', valueCoding: { code: 'a' } });
    expectRefusal(await server.request('POST', 'CodeSystem/$validate-code', twice), 400, 'value', 'code');
    const empty = parameters({ name: 'codeableConcept', valueCodeableConcept: { text: 'x' } });
    expectRefusal(await server.request('POST', 'CodeSystem/$validate-code', empty), 400, 'value', 'coding');
  });

  it.each([
    ['Coding', { system: 5, code: 'red' }],
    ['Coding', { system: null, code: 'red' }],
    ['Coding', { system: LOCAL, version: 6, code: 'red' }],
    ['CodeableConcept', { coding: { code: 'red' } }],
    ['CodeableConcept', { coding: [null] }],
    ['CodeableConcept', { coding: [{ system: [], code: 'red' }] }],
  ])('refuses a %s whose elements are of other types: %j', async (type, value) => {
    const server = await begin();
    const name = type === 'Coding' ? 'coding' : 'codeableConcept';
    const code = { name, [`value${type}`]: value };
    for (const [path, more] of [
      ['ValueSet/$validate-code', [{ name: 'url', valueUri: 'http://hl7.org/fhir/ValueSet/observation-status' }]],
      ['ConceptMap/$translate', []],
      ...(type === 'Coding' ? [['CodeSystem/$lookup', []] as const] : []),
    ] as const)
      expectRefusal(await server.request('POST', path, parameters(...more, code)), 400, 'value', `Parameters.parameter[${more.length}]`);
  });

  it('looks a code up: names, designations, parents and children [R4 codesystem-operation-lookup]', async () => {
    const server = await begin();
    await server.request('PUT', 'CodeSystem/colours', colours);
    const answer = await server.request('GET', `CodeSystem/$lookup?system=${LOCAL}&code=red&displayLanguage=en`);
    expect(['name', 'version', 'display'].map((name) => outcomeOf(answer, name))).toEqual([LOCAL, '2', 'Red']);
    const parts = outOf(answer).flatMap(({ part }) => part?.map((each) => Object.values(each)[1]).join('=') ?? []);
    expect(parts).toEqual(['en=Red', 'definition=Som blod', 'child=pink']);
    const some = await server.request('GET', `CodeSystem/$lookup?system=${LOCAL}&code=pink&property=parent,display`);
    expect(outOf(some).filter(({ name }) => name === 'property')).toEqual([
      {
        name: 'property',
        part: [
          { name: 'code', valueCode: 'parent' },
          { name: 'value', valueCode: 'red' },
        ],
      },
    ]);
    const named = async (property: string) => {
      const found = outOf(await server.request('GET', `CodeSystem/$lookup?system=${LOCAL}&code=old&property=${property}`));
      return found.flatMap(({ part }) => (part === undefined ? [] : [part.map((each) => Object.values(each)[1])]));
    };
    const use = { system: 'http://snomed.info/sct', code: '900000000000013009' };
    const old = {
      code: 'old',
      designation: [{ language: 'en-GB', use, value: 'Old' }, { value: 'Gml.' }],
      property: [
        { code: 'hue', valueInteger: 7 },
        { code: 'inactive', valueBoolean: true },
      ],
    };
    await server.request('PUT', 'CodeSystem/colours', { ...colours, concept: [...(colours.concept as object[]), old] });
    expect(await named('hue')).toEqual([['hue', 7]]);
    expect(await named('inactive')).toEqual([['inactive', true]]);
    expect(await named('lang.en')).toEqual([['en-GB', use, 'Old']]);
    expect(await named('lang.e')).toEqual([]);
    expect(await named('designation')).toEqual([['en-GB', use, 'Old'], ['Gml.']]);
    const coding = parameters({ name: 'coding', valueCoding: { system: REASONS, code: 'TREAT' } });
    expect(outcomeOf(await server.request('POST', 'CodeSystem/$lookup', coding), 'display')).toBe('treatment');
    const get = (query: string) => server.request('GET', `CodeSystem/$lookup?${query}`);
    const versioned = await get('system=http://terminology.hl7.org/CodeSystem/v2-0360|2.7&code=MD');
    expect(outcomeOf(versioned, 'display')).toBe('Doctor of Medicine');
    expectRefusal(await get(`system=${LOCAL}&code=green`), 404, 'not-found');
    expectRefusal(await get(`system=${LOCAL}&code=red&version=1`), 404, 'not-found');
    expectRefusal(await get('system=urn:none&code=red'), 404, 'not-found');
    expectRefusal(await get('code=red'), 400, 'value', 'system');
    expectRefusal(await get(`system=${LOCAL}`), 400, 'value', 'code');
    expectRefusal(await get(`system=${LOCAL}&code=red&property=odd`), 400, 'value', 'property');
  });

  it('knows the version of a release that was loaded', async () => {
    const content = loadContent();
    content.addSystem(largeSystem(9, '7'));
    const server = await start({ services: { terminology: createTerminology(content) } });
    const get = (query: string) => server.request('GET', `CodeSystem/${query}`);
    expect(outcomeOf(await get(`$lookup?system=${LARGE}&version=7&code=1`), 'display')).toBe('No. 1');
    expect(outcomeOf(await get(`$lookup?system=${LARGE}|7&code=1`), 'version')).toBe('7');
    expectRefusal(await get(`$lookup?system=${LARGE}&version=8&code=1`), 404, 'not-found');
    expect(outcomeOf(await get(`$validate-code?url=${LARGE}&version=7&code=1`), 'result')).toBe(true);
    expect(outcomeOf(await get(`$validate-code?url=${LARGE}&version=8&code=1`), 'result')).toBe(false);
  });

  it.each([
    ['PurposeOfUse', 'TREAT', 'subsumes'],
    ['TREAT', 'PurposeOfUse', 'subsumed-by'],
    ['TREAT', 'TREAT', 'equivalent'],
    ['ETREAT', 'COC', 'not-subsumed'],
  ])('says how %s stands to %s: %s', async (codeA, codeB, outcome) => {
    const server = await begin();
    const answer = await server.request('GET', `CodeSystem/$subsumes?system=${REASONS}&codeA=${codeA}&codeB=${codeB}`);
    expect(outcomeOf(answer, 'outcome')).toBe(outcome);
  });

  it('compares codes of a stored code system, and refuses what cannot be compared', async () => {
    const server = await begin();
    await server.request('PUT', 'CodeSystem/colours', colours);
    const get = (path: string) => server.request('GET', path);
    expect(outcomeOf(await get('CodeSystem/colours/$subsumes?codeA=red&codeB=pink'), 'outcome')).toBe('subsumes');
    const codings = (system: string) =>
      parameters(
        { name: 'codingA', valueCoding: { system, code: 'pink' } },
        { name: 'codingB', valueCoding: { system: LOCAL, code: 'red' } },
      );
    expect(outcomeOf(await server.request('POST', 'CodeSystem/$subsumes', codings(LOCAL)), 'outcome')).toBe('subsumed-by');
    expectRefusal(await server.request('POST', 'CodeSystem/$subsumes', codings(REASONS)), 400, 'value', 'system');
    expectRefusal(await get('CodeSystem/$subsumes?codeA=red&codeB=pink'), 400, 'value', 'system');
    expectRefusal(await get(`CodeSystem/$subsumes?system=${LOCAL}&codeA=red`), 400, 'value', 'codeB');
    expectRefusal(await get(`CodeSystem/$subsumes?system=${LOCAL}&codeA=red&codeB=green`), 404, 'not-found');
    expectRefusal(await get(`CodeSystem/colours/$subsumes?system=${REASONS}&codeA=red&codeB=pink`), 400, 'value', 'system');
  });

  it('translates by all concept maps, by one, by a stored one and by one in the request [R4 conceptmap-operation-translate]', async () => {
    const server = await begin();
    const targets = (answer: TestAnswer) =>
      outOf(answer).flatMap(
        ({ part }) => part?.filter(({ name }) => name === 'concept').map(({ valueCoding }) => (valueCoding as Coding).code) ?? [],
      );
    interface Coding {
      readonly code: string;
    }
    const get = (query: string) => server.request('GET', `ConceptMap/$translate?${query}`);
    expect(targets(await get(`system=${USE}&code=home`))).toEqual(['H', 'H', 'H']);
    const one = await get(`url=http://hl7.org/fhir/ConceptMap/cm-address-use-v2&system=${USE}&code=home`);
    expect([outcomeOf(one, 'result'), targets(one)]).toEqual([true, ['H']]);
    const narrowed = await get(`system=${USE}&code=home&targetsystem=http://terminology.hl7.org/CodeSystem/v2-0190`);
    expect(targets(narrowed)).toEqual(['H']);
    const blue = [
      { name: 'code', valueCode: 'blue' },
      { name: 'system', valueUri: LOCAL },
    ];
    expect(outcomeOf(await server.request('POST', 'ConceptMap/$translate', parameters(...blue)), 'result')).toBe(false);
    const inRequest = await server.request(
      'POST',
      'ConceptMap/$translate',
      parameters(...blue, { name: 'conceptMap', resource: toGender }),
    );
    expect(targets(inRequest)).toEqual(['other']);
    await server.request('PUT', 'ConceptMap/to-gender', toGender);
    expect(targets(await get(`system=${LOCAL}&code=blue`))).toEqual(['other']);
    expect(targets(await server.request('GET', `ConceptMap/to-gender/$translate?system=${LOCAL}&code=blue`))).toEqual(['other']);
    expect(outcomeOf(await get(`system=${LOCAL}&code=red`), 'message')).toBe('No match was found');
    expectRefusal(await get('url=urn:none&system=urn:x&code=x'), 404, 'not-found');
    expectRefusal(await get(`system=${LOCAL}`), 400, 'value', 'code');
    const back = await get(`url=urn:test:to-gender&system=${GENDER_SYSTEM}&code=other&reverse=true`);
    expect(targets(back)).toEqual(['blue']);
    expect(back.text).toContain('"valueCode":"narrower"');
    expect(targets(await get(`url=urn:test:to-gender&system=${LOCAL}&code=blue&reverse=true`))).toEqual([]);
    expectRefusal(await get(`system=${LOCAL}&code=blue&reverse=true`), 400, 'not-supported', 'reverse');
    const none = await get('url=http://hl7.org/fhir/ConceptMap/102&system=http://terminology.hl7.org/CodeSystem/v2-0487&code=ATTE');
    expect([outcomeOf(none, 'result'), targets(none), none.text.includes('unmatched')]).toEqual([false, [], true]);
    // A stored map leaves its other codes to another stored one.
    const { id: _id, url: _url, ...group } = toGender;
    const other = {
      ...group,
      id: 'other',
      url: 'urn:test:other',
      group: [{ source: LOCAL, target: 'urn:x', element: [{ code: 'blue' }], unmapped: { mode: 'fixed', code: 'x' } }],
    };
    const first = {
      ...group,
      id: 'first',
      url: 'urn:test:first',
      group: [{ source: LOCAL, target: 'urn:x', element: [{ code: 'blue' }], unmapped: { mode: 'other-map', url: other.url } }],
    };
    for (const each of [other, first]) expect((await server.request('PUT', `ConceptMap/${each.id}`, each)).status).toBe(201);
    expect(targets(await get(`url=${first.url}&system=${LOCAL}&code=odd`))).toEqual(['x']);
    const sent = await server.request('POST', 'ConceptMap/$translate', parameters(...blue, { name: 'conceptMap', resource: group }));
    expect(outOf(sent).flatMap(({ part }) => part?.map(({ name }) => name) ?? [])).toEqual(['equivalence', 'concept']);
  });
});

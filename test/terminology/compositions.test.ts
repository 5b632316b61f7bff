import { describe, expect, it } from 'vitest';
import { loadContent } from '../../terminology/service/content.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import type { Expansion, ExpansionProblem } from '../../terminology/terminology-service.ts';
import { LARGE, largeSystem } from './large-system.ts';

const ZOO = 'http://zoo.example/cs';
const PART = 'http://part.example/cs';
const NOT_HELD = 'http://none.example/cs';

const zoo = {
  resourceType: 'CodeSystem',
  url: ZOO,
  version: '3',
  language: 'en',
  content: 'complete',
  property: [
    { code: 'legs', type: 'integer' },
    { code: 'group', uri: 'http://hl7.org/fhir/concept-properties#notSelectable', type: 'boolean' },
    { code: 'never', type: 'string' },
  ],
  concept: [
    {
      code: 'animal',
      display: 'Animal',
      property: [{ code: 'group', valueBoolean: true }],
      concept: [
        {
          code: 'dog',
          display: 'Dog',
          designation: [
            { language: 'nb', value: 'Hund' },
            { language: 'de', value: 'Hund (de)' },
          ],
          property: [
            { code: 'legs', valueInteger: 4 },
            { code: 'eats', valueCode: 'meat' },
            { code: 'eats', valueCode: 'bones' },
          ],
        },
        { code: 'dodo', display: 'Dodo', property: [{ code: 'status', valueCode: 'retired' }] },
      ],
    },
  ],
};
const part = { resourceType: 'CodeSystem', url: PART, content: 'fragment', concept: [{ code: 'a' }, { code: 'b' }] };
const terminology = createTerminology().including([zoo, part]);

const composed = (compose: object) => ({ resourceType: 'ValueSet', url: 'http://zoo.example/vs', compose });
const codesOf = (expansion: Expansion | ExpansionProblem) =>
  'problem' in expansion ? expansion.problem : expansion.contains.map(({ code }) => code);
const expanded = (compose: object, request: object = {}) => terminology.expand({ valueSet: composed(compose), ...request });
const filtered = (property: string, op: string, value: string) => ({ include: [{ system: ZOO, filter: [{ property, op, value }] }] });

describe('what a value set is made of [R4 valueset#compositions]', () => {
  it.each([
    [
      'an exclusion by what is not held',
      { include: [{ system: ZOO }], exclude: [{ valueSet: ['http://none.example/vs'] }] },
      'unknown-system',
    ],
    [
      'an exclusion by a code system that is not held',
      { include: [{ valueSet: [], system: ZOO }], exclude: [{ system: ZOO, valueSet: ['http://none.example/vs'] }] },
      'unknown-system',
    ],
    [
      'a value set that is held and one that is not',
      { include: [{ system: ZOO, valueSet: ['http://none.example/vs'] }] },
      'unknown-system',
    ],
    ['a filter that is not understood', filtered('concept', 'child-of', 'animal'), 'unknown-filter'],
    ['a filter by a property that the code system does not have', filtered('wings', '=', '2'), 'unknown-filter'],
  ])('is not listed as if it were known: %s', (_what, compose, problem) => {
    expect(codesOf(expanded(compose))).toBe(problem);
    expect(terminology.membershipIn(composed(compose), ZOO, 'dog')).toBe('unknown');
  });

  it('keeps certain what does not depend on what is unknown', () => {
    const compose = { include: [{ system: ZOO }], exclude: [{ system: NOT_HELD }, { system: ZOO, concept: [{ code: 'dog' }] }] };
    expect(codesOf(expanded(compose))).toEqual(['animal', 'dodo']);
    expect(terminology.membershipIn(composed(compose), ZOO, 'dog')).toBe('out');
  });

  it('says which filter it does not understand', () => {
    const service = terminology.including([composed(filtered('wings', '=', '2'))]);
    const { membership, message } = service.validateCode('http://zoo.example/vs', { system: ZOO, code: 'dog' });
    expect([membership, message]).toEqual(['unknown', `Not known here: the filter wings = 2 of ${ZOO}`]);
  });

  it('leaves out inactive codes where it says so', () => {
    const compose = { inactive: false, include: [{ system: ZOO }] };
    expect(codesOf(expanded(compose))).toEqual(['animal', 'dog']);
    expect(terminology.membershipIn(composed(compose), ZOO, 'dodo')).toBe('out');
    expect(terminology.membershipIn(composed(compose), undefined, 'dodo')).toBe('out');
    expect(terminology.membershipIn(composed({ ...compose, inactive: true }), ZOO, 'dodo')).toBe('in');
  });

  it('takes codes from the version of a code system that it names [R4 valueset#expansion]', () => {
    const older = { ...zoo, version: '2', concept: [{ code: 'auk' }] };
    const edition = { ...zoo, url: 'http://zoo.example/edition', version: 'http://zoo.example/edition/1/version/20260101' };
    const service = terminology.including([zoo, older, edition]);
    const listed = (include: object) => codesOf(service.expand({ valueSet: composed({ include: [include] }) }));
    const all = ['animal', 'dog', 'dodo'];
    expect(listed({ system: ZOO })).toEqual(all);
    expect(listed({ system: ZOO, version: '3' })).toEqual(all);
    expect(listed({ system: ZOO, version: '*' })).toEqual(all);
    expect(listed({ system: ZOO, version: '2' })).toEqual(['auk']);
    expect(listed({ system: ZOO, version: '1' })).toBe('unknown-system');
    expect(listed({ system: edition.url, version: 'http://zoo.example/edition/1' })).toEqual(all);
    const older2 = composed({ include: [{ system: ZOO, version: '2' }] });
    expect(['auk', 'dog'].map((code) => service.membershipIn(older2, ZOO, code))).toEqual(['in', 'out']);
    expect(service.expand({ valueSet: older2 })).toMatchObject({ versions: [`${ZOO}|2`] });
    expect(service.membershipIn(composed({ include: [{ system: ZOO, version: '1' }] }), ZOO, 'dog')).toBe('unknown');
    // Classifications that have a URL under FHIR's have versions of their own.
    const others = { ...zoo, url: 'http://hl7.org/fhir/sid/zoo' };
    const ofOthers = terminology.including([others, { ...others, version: '2', concept: [{ code: 'auk' }] }]);
    const second = composed({ include: [{ system: others.url, version: '2' }] });
    expect(codesOf(ofOthers.expand({ valueSet: second }))).toEqual(['auk']);
    // Code systems of FHIR itself come with its version: https://hl7.org/fhir/R4/valueset-task-code.html names 3.6.0.
    expect(codesOf(terminology.expand({ valueSet: 'http://hl7.org/fhir/ValueSet/task-code' }))).toContain('fulfill');
  });

  it('has no code that its code system does not have, though it lists it [R4 valueset#expansion]', () => {
    const compose = { include: [{ system: ZOO, concept: [{ code: 'dog' }, { code: 'unicorn' }] }] };
    expect(codesOf(expanded(compose))).toEqual(['dog']);
    expect(terminology.membershipIn(composed(compose), ZOO, 'unicorn')).toBe('out');
    const inPart = { include: [{ system: PART, concept: [{ code: 'c' }] }] };
    expect(codesOf(expanded(inPart))).toEqual(['c']);
    expect(codesOf(expanded({ include: [{ system: NOT_HELD, concept: [{ code: 'x' }] }] }))).toEqual(['x']);
  });

  it('takes codes in any case where the code system does [R4 codesystem CodeSystem.caseSensitive]', () => {
    const service = terminology.including([{ ...zoo, caseSensitive: false }]);
    const listed = (compose: object) => codesOf(service.expand({ valueSet: composed(compose) }));
    const isIn = (compose: object, code: string) => service.membershipIn(composed(compose), ZOO, code);
    expect(listed(filtered('concept', 'is-a', 'ANIMAL'))).toEqual(['animal', 'dog', 'dodo']);
    expect(listed(filtered('concept', 'is-not-a', 'Dog'))).toEqual(['animal', 'dodo']);
    expect(listed(filtered('concept', 'generalizes', 'Dog'))).toEqual(['animal', 'dog']);
    expect(listed(filtered('parent', '=', 'Animal'))).toEqual(['dog', 'dodo']);
    expect(listed({ include: [{ system: ZOO }], exclude: [{ system: ZOO, concept: [{ code: 'DOG' }] }] })).toEqual(['animal', 'dodo']);
    expect(isIn(filtered('concept', 'descendent-of', 'animal'), 'DOG')).toBe('in');
    expect(isIn({ include: [{ system: ZOO, concept: [{ code: 'Dog' }] }] }, 'dOG')).toBe('in');
    expect(service.subsumes(ZOO, 'Animal', 'Dog')).toBe('subsumes');
    expect(service.subsumes(ZOO, 'DOG', 'dog')).toBe('equivalent');
    expect(isIn(filtered('concept', 'descendent-of', 'animal'), 'cat')).toBe('out');
    expect(terminology.membershipIn(composed(filtered('concept', 'is-a', 'animal')), ZOO, 'DOG')).toBe('out');
  });

  it('is open where a code system is held in part only', () => {
    const open = (compose: object) => (expanded(compose) as Expansion).isOpen;
    expect(open({ include: [{ system: PART }] })).toBe(true);
    expect(open({ include: [{ system: PART, concept: [{ code: 'a' }] }] })).toBe(false);
    expect(open({ include: [{ system: ZOO }] })).toBe(false);
    expect(terminology.membershipIn(composed({ include: [{ system: PART }] }), PART, 'c')).toBe('unknown');
  });

  it('tells the versions of its code systems, by way of other value sets as well', () => {
    const inner = { ...composed({ include: [{ system: ZOO }, { system: PART }] }), url: 'http://zoo.example/inner' };
    const outer = composed({ include: [{ valueSet: [inner.url] }] });
    const expansion = terminology.including([inner]).expand({ valueSet: outer });
    expect(expansion).toMatchObject({ versions: [`${ZOO}|3`], isOpen: true });
  });

  it('is its expansion where it comes as nothing else', () => {
    const contains = [
      { system: ZOO, code: 'dog', display: 'The dog', contains: [{ system: NOT_HELD, code: 'poodle' }] },
      { display: 'A heading', contains: [{ system: ZOO, code: 'dodo' }] },
    ];
    const only = { resourceType: 'ValueSet', url: 'http://zoo.example/only', expansion: { contains } };
    expect(terminology.expand({ valueSet: only })).toMatchObject({
      contains: [{ display: 'The dog' }, { code: 'dodo' }, { code: 'poodle' }],
    });
    expect(terminology.membershipIn(only, NOT_HELD, 'poodle')).toBe('in');
    expect(terminology.membershipIn(only, ZOO, 'animal')).toBe('out');
    expect(terminology.membershipIn({ ...only, compose: { include: [{ system: ZOO }] } }, NOT_HELD, 'poodle')).toBe('out');
  });

  it('finds the system of a bare code in the value sets that it is made of', () => {
    const inner = { ...composed({ include: [{ system: ZOO }] }), url: 'http://zoo.example/inner' };
    const outer = composed({ include: [{ valueSet: [inner.url] }] });
    const service = terminology.including([inner, outer]);
    expect(service.validateCode(outer.url, { code: 'dog' })).toMatchObject({ membership: 'in', system: ZOO, display: 'Dog', message: '' });
  });
});

describe('filters [R4 valueset-filter-operator]', () => {
  it.each([
    ['a property that is there several times', 'eats', '=', 'meat', ['dog']],
    ['its other value', 'eats', '=', 'bones', ['dog']],
    ['one of a list', 'eats', 'in', 'fish, bones', ['dog']],
    ['none of a list', 'eats', 'not-in', 'fish,bones', ['animal', 'dodo']],
    ['a pattern', 'display', 'regex', 'D.*', ['dog', 'dodo']],
    ['a property that there is', 'eats', 'exists', 'true', ['dog']],
    ['one that there is not', 'legs', 'exists', 'false', ['animal', 'dodo']],
    ['one that is declared and not used', 'never', 'exists', 'true', []],
    ['the parent', 'parent', '=', 'animal', ['dog', 'dodo']],
    ['the child', 'child', '=', 'dog', ['animal']],
  ])('choose by %s', (_what, property, op, value, expected) => {
    expect(codesOf(expanded(filtered(property, op, value)))).toEqual(expected);
  });
});

describe('an expansion [R4 valueset-operation-expand]', () => {
  const whole = { include: [{ system: ZOO }, { system: PART }] };

  it('leaves out what only groups others, by whatever name the code system says so', () => {
    expect(codesOf(expanded(whole, { excludeNotForUI: true }))).toEqual(['dog', 'dodo', 'a', 'b']);
  });

  it('leaves out a code system, or the version of one', () => {
    expect(codesOf(expanded(whole, { excludeSystems: [ZOO] }))).toEqual(['a', 'b']);
    expect(codesOf(expanded(whole, { excludeSystems: [`${ZOO}|3`] }))).toEqual(['a', 'b']);
    expect(codesOf(expanded(whole, { excludeSystems: [`${ZOO}|2`] }))).toEqual(['animal', 'dog', 'dodo', 'a', 'b']);
    expect(expanded({ include: [{ system: ZOO }] }, { excludeSystems: [ZOO] })).toMatchObject({ total: 0, versions: [] });
  });

  it.each([
    ['nn', 'Hund'],
    ['de-AT', 'Hund (de)'],
    ['en-GB', 'Dog'],
    ['fr, de;q=0.5', 'Hund (de)'],
    ['n', 'Dog'],
    ['', 'Dog'],
  ])('shows displays in the language %s, or one that will do [RFC 4647]', (displayLanguage, display) => {
    const { contains } = expanded({ include: [{ system: ZOO, concept: [{ code: 'dog' }] }] }, { displayLanguage }) as Expansion;
    expect(contains[0]?.display).toBe(display);
  });

  it('shows what the value set itself calls a code before what the code system does', () => {
    const named = [{ code: 'dog', display: 'The dog', designation: [{ language: 'nn', value: 'Bikkje' }] }];
    const shown = (displayLanguage: string | undefined, system = ZOO) => {
      const expansion = expanded({ include: [{ system, concept: named }] }, displayLanguage === undefined ? {} : { displayLanguage });
      return (expansion as Expansion).contains[0]?.display;
    };
    expect(['nn', 'nb', 'de', 'fr', undefined].map((language) => shown(language))).toEqual([
      'Bikkje',
      'Hund',
      'Hund (de)',
      'The dog',
      'The dog',
    ]);
    expect(shown('nn', NOT_HELD)).toBe('Bikkje');
  });
});

describe('an expansion of very many codes', () => {
  const content = loadContent();
  content.addSystem(largeSystem(300_000, '7'));
  const large = createTerminology(content).including([zoo]);
  const one = { include: [{ system: LARGE }] };
  const two = { include: [{ system: LARGE, filter: [{ property: 'concept', op: 'is-a', value: 'all' }] }, { system: ZOO }] };
  const answered = (compose: object, request: object) => {
    const expansion = large.expand({ valueSet: composed(compose), ...request });
    return 'problem' in expansion ? expansion.problem : [expansion.total, expansion.contains.length];
  };

  it('gives a page of it, and no page that is as large itself', () => {
    expect(answered(one, { count: 3, offset: 299_999 })).toEqual([300_000, 1]);
    expect(answered(one, { count: 0 })).toEqual([300_000, 0]);
    expect(answered(one, { offset: 400_000 })).toEqual([300_000, 0]);
    expect(answered(one, {})).toBe('too-costly');
    expect(answered(one, { count: 200_000 })).toBe('too-costly');
  });

  it('does not go through all of them for a page that cannot be taken from the middle', () => {
    expect(answered(two, { count: 1 })).toBe('too-costly');
    const nested = { ...composed(two), url: 'http://zoo.example/nested' };
    const valueSet = { compose: { include: [{ valueSet: [nested.url] }] } };
    expect(large.including([nested]).expand({ valueSet, count: 1 })).toMatchObject({ problem: 'too-costly' });
    const few = { compose: { include: [{ system: LARGE, concept: [{ code: '5' }], valueSet: [nested.url] }] } };
    expect(large.including([nested]).expand({ valueSet: few })).toMatchObject({ total: 1 });
  });
});

describe('concept maps [R4 conceptmap]', () => {
  const SOURCE = 'http://source.example';
  const TARGET = 'http://target.example';
  const map = (url: string, unmapped?: object) => ({
    resourceType: 'ConceptMap',
    url,
    group: [
      {
        source: SOURCE,
        target: TARGET,
        targetVersion: '2',
        element: [
          { code: 'none', target: [{ equivalence: 'unmatched' }] },
          {
            code: 'left',
            target: [{ code: 'LEFT', equivalence: 'wider', product: [{ property: 'urn:side', value: 'L', system: 'urn:sides' }] }],
          },
          { code: 'if', target: [{ code: 'IF', equivalence: 'wider', dependsOn: [{ property: 'urn:side', value: 'L' }] }] },
        ],
        ...(unmapped === undefined ? {} : { unmapped }),
      },
    ],
  });
  const maps = [
    map('urn:map'),
    map('urn:same', { mode: 'provided' }),
    map('urn:fixed', { mode: 'fixed', code: 'OTHER', display: 'Other' }),
    map('urn:on', { mode: 'other-map', url: 'urn:fixed' }),
    map('urn:round', { mode: 'other-map', url: 'urn:round' }),
  ];
  const service = terminology.including(maps);
  const translated = (map: string, code: string) => service.translate({ system: SOURCE, code }, { map });

  it('tell of no target where there is none', () => {
    expect(translated('urn:map', 'none')).toEqual([{ equivalence: 'unmatched', products: [], source: 'urn:map' }]);
  });

  it('tell the version of the target, and what else comes out', () => {
    expect(translated('urn:map', 'left')).toEqual([
      {
        equivalence: 'wider',
        concept: { code: 'LEFT', system: TARGET, version: '2' },
        products: [{ element: 'urn:side', concept: { code: 'L', system: 'urn:sides' } }],
        source: 'urn:map',
      },
    ]);
  });

  it('tell nothing that holds only together with another element', () => {
    expect(translated('urn:map', 'if')).toEqual([]);
  });

  it.each([
    ['urn:map', undefined, undefined],
    ['urn:same', 'odd', 'urn:same'],
    ['urn:fixed', 'OTHER', 'urn:fixed'],
    ['urn:on', 'OTHER', 'urn:fixed'],
    ['urn:round', undefined, undefined],
  ])('say in %s what becomes of a code that they do not list', (url, code, source) => {
    const [match, another] = translated(url, 'odd');
    expect([match?.concept?.code, match?.source, another]).toEqual([code, source, undefined]);
    expect(service.translate({ code: 'odd' }, { map: url })).toEqual([]);
  });
});

describe('a hierarchy', () => {
  it.each([
    [undefined, 'subsumes'],
    ['is-a', 'subsumes'],
    ['part-of', undefined],
    ['grouped-by', undefined],
  ])('of the meaning %s makes a code subsume another: %s [R4 codesystem-operation-subsumes]', (hierarchyMeaning, outcome) => {
    const { content, url, concept } = zoo;
    const service = terminology.including([{ resourceType: 'CodeSystem', url, content, concept, hierarchyMeaning }]);
    expect(service.subsumes(ZOO, 'animal', 'dog')).toBe(outcome);
    expect(service.subsumes(ZOO, 'dog', 'dog')).toBe('equivalent');
    expect(service.codeSystems().find((each) => each.url === ZOO)?.isTaxonomy).toBe(outcome !== undefined);
  });
});

describe('canonicals', () => {
  it('have a version, also where it stands in the URL of the code system itself', () => {
    const url = 'http://terminology.hl7.org/CodeSystem/v2-0360|2.7';
    expect(terminology.definition('CodeSystem', url)?.url).toBe(url);
    expect(terminology.lookup({ system: url, code: 'MD' })?.display).toBeDefined();
    expect(terminology.definition('CodeSystem', `${ZOO}|3`)?.url).toBe(ZOO);
  });
});

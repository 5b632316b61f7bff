/**
 * The operations of a terminology service.
 *
 * Spec: https://hl7.org/fhir/R4/terminology-service.html · valueset-operation-expand.html · codesystem-operation-lookup.html
 */
import { expect } from 'vitest';
import { type Asked, get, type Page, parameters, SYSTEM, section } from './statement.ts';

const GENDER = 'http://hl7.org/fhir/administrative-gender';
const GENDERS = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const OWN = 'http://s.example/ValueSet/own';
const COLOURS = 'http://s.example/colours';
const posts = (path: string, ...parameter: readonly object[]): Asked => ['POST', path, parameters(...parameter)];
const codes = (...expected: readonly string[]) =>
  expect.toSatisfy(
    (contains: readonly { readonly code: string }[]) =>
      contains
        .map(({ code }) => code)
        .sort()
        .join() === [...expected].sort().join(),
  );
const names = (...expected: readonly string[]) =>
  expect.toSatisfy((list: readonly { readonly name: string }[]) => expected.every((each) => list.some(({ name }) => name === each)));
const holding = (name: string, value: object) => expect.arrayContaining([{ name, ...value }]);

const colours = {
  resourceType: 'CodeSystem',
  id: 'colours',
  url: COLOURS,
  version: '1',
  status: 'active',
  content: 'complete',
  caseSensitive: true,
  hierarchyMeaning: 'is-a',
  language: 'en',
  valueSet: `${COLOURS}/vs`,
  concept: [
    {
      code: 'red',
      display: 'Red',
      definition: 'As blood',
      designation: [
        { language: 'nb', value: 'Rød' },
        { language: 'nn', value: 'Raud' },
      ],
      concept: [{ code: 'crimson', display: 'Crimson' }],
    },
    { code: 'blue', display: 'Blue', designation: [{ language: 'nb', value: 'Blå' }] },
  ],
};
const own = {
  resourceType: 'ValueSet',
  id: 'own',
  url: OWN,
  version: '1',
  name: 'Own',
  status: 'active',
  compose: { include: [{ system: COLOURS }], exclude: [{ system: COLOURS, concept: [{ code: 'blue' }] }] },
};
const isA = {
  resourceType: 'ValueSet',
  id: 'reds',
  url: 'http://s.example/ValueSet/reds',
  status: 'active',
  compose: { include: [{ system: COLOURS, filter: [{ property: 'concept', op: 'is-a', value: 'red' }] }] },
};
const map = {
  resourceType: 'ConceptMap',
  id: 'map',
  url: 'http://s.example/ConceptMap/map',
  status: 'active',
  sourceUri: OWN,
  targetUri: GENDERS,
  group: [
    {
      source: COLOURS,
      target: GENDER,
      element: [
        { code: 'red', target: [{ code: 'female', equivalence: 'equivalent' }] },
        { code: 'blue', target: [{ equivalence: 'unmatched' }] },
      ],
    },
  ],
};
const given = [colours, own, isA, map];

const expand = section('valueset-operation-expand');

export const expansions: Page = {
  title: '$expand',
  given,
  statements: [
    expand.shall('all codes of a value set that is known by its url', get(`ValueSet/$expand?url=${GENDERS}`), {
      status: 200,
      at: {
        resourceType: 'ValueSet',
        url: GENDERS,
        'expansion.total': 4,
        'expansion.contains': codes('male', 'female', 'other', 'unknown'),
        'expansion.timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        'expansion.contains.0.system': GENDER,
      },
    }),
    expand.shall('of an instance', get('ValueSet/own/$expand'), { status: 200, at: { 'expansion.contains': codes('red', 'crimson') } }),
    expand.shall('by POST', posts('ValueSet/$expand', { name: 'url', valueUri: OWN }), { status: 200, at: { 'expansion.total': 2 } }),
    expand.shall(
      'of a value set that is sent',
      posts('ValueSet/$expand', { name: 'valueSet', resource: { ...own, id: 'sent', url: 'http://s.example/sent' } }),
      {
        status: 200,
        at: { 'expansion.total': 2 },
      },
    ),
    expand.is('of one that is sent as it is', ['POST', 'ValueSet/$expand', { ...own, id: 'sent', url: 'http://s.example/sent' }], {
      status: 200,
      at: { 'expansion.total': 2 },
    }),
    expand.shall('none is named: 400', get('ValueSet/$expand'), { status: 400 }),
    expand.shall('one that is not known: 404', get('ValueSet/$expand?url=http://s.example/none'), { status: 404, issue: ['not-found'] }),
    expand.is('filter: by what is shown', get(`ValueSet/$expand?url=${GENDERS}&filter=fem`), {
      status: 200,
      at: { 'expansion.contains': codes('female') },
    }),
    expand.is('filter: whatever the case', get(`ValueSet/$expand?url=${GENDERS}&filter=FEM`), {
      status: 200,
      at: { 'expansion.contains': codes('female') },
    }),
    expand.is('offset and count: a page of it', get(`ValueSet/$expand?url=${GENDERS}&offset=1&count=2`), {
      status: 200,
      at: { 'expansion.total': 4, 'expansion.offset': 1, 'expansion.contains.length': 2 },
    }),
    expand.should('count=0: how many there are', get(`ValueSet/$expand?url=${GENDERS}&count=0`), {
      status: 200,
      at: { 'expansion.total': 4, 'expansion.contains': undefined },
    }),
    expand.shall('what was asked for is told', get(`ValueSet/$expand?url=${GENDERS}&filter=fem&count=2`), {
      status: 200,
      at: {
        'expansion.parameter': expect.arrayContaining([
          { name: 'filter', valueString: 'fem' },
          { name: 'count', valueInteger: 2 },
        ]),
      },
    }),
    expand.is('a count below 0', get(`ValueSet/$expand?url=${GENDERS}&count=-1`), { status: 400 }),
    expand.is('displayLanguage', get(`ValueSet/$expand?url=${OWN}&displayLanguage=nb&filter=r%C3%B8d`), {
      status: 200,
      at: { 'expansion.contains.0.display': 'Rød' },
    }),
    section('http#language').should(
      'or else Accept-Language, and it is told',
      get(`ValueSet/$expand?url=${OWN}&count=1`, { 'Accept-Language': 'nn-NO, nb;q=0.5' }),
      {
        status: 200,
        at: { 'expansion.contains.0.display': 'Raud', 'expansion.parameter': holding('displayLanguage', { valueCode: 'nn' }) },
      },
    ),
    expand.is(
      'displayLanguage goes before it',
      get(`ValueSet/$expand?url=${OWN}&count=1&displayLanguage=nb`, { 'Accept-Language': 'nn' }),
      {
        status: 200,
        at: { 'expansion.contains.0.display': 'Rød' },
      },
    ),
    expand.is('where there is no such language, it is the one there is', get(`ValueSet/$expand?url=${OWN}&displayLanguage=fr&count=1`), {
      status: 200,
      at: { 'expansion.contains.0.display': 'Red' },
    }),
    expand.is('includeDesignations', get(`ValueSet/$expand?url=${OWN}&includeDesignations=true&count=1`), {
      status: 200,
      at: { 'expansion.contains.0.designation': expect.arrayContaining([{ language: 'nb', value: 'Rød' }]) },
    }),
    expand.is('or not', get(`ValueSet/$expand?url=${OWN}&count=1`), { status: 200, at: { 'expansion.contains.0.designation': undefined } }),
    expand.is('includeDefinition: what it is made of', get(`ValueSet/$expand?url=${OWN}&includeDefinition=true`), {
      status: 200,
      at: { 'compose.include.0.system': COLOURS },
    }),
    expand.is('or not', get(`ValueSet/$expand?url=${OWN}`), { status: 200, at: { compose: undefined } }),
    expand.is('what is left out is left out', get(`ValueSet/$expand?url=${OWN}&filter=blue`), {
      status: 200,
      at: { 'expansion.total': 0, 'expansion.contains': undefined },
    }),
    expand.is('is-a takes in the code itself', get('ValueSet/reds/$expand'), {
      status: 200,
      at: { 'expansion.contains': codes('red', 'crimson') },
    }),
    expand.is('the version of the code system is told', get(`ValueSet/$expand?url=${OWN}`), {
      status: 200,
      at: { 'expansion.parameter': holding('version', { valueUri: `${COLOURS}|1` }) },
    }),
    expand.is('a version of a value set by a bar', get(`ValueSet/$expand?url=${OWN}|1`), { status: 200, at: { 'expansion.total': 2 } }),
    expand.is('one that there is not', get(`ValueSet/$expand?url=${OWN}|9`), { status: 404 }),
    expand.shall(
      'a code system that is not held is an error',
      posts('ValueSet/$expand', {
        name: 'valueSet',
        resource: { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: 'http://s.example/nobody' }] } },
      }),
      {
        status: 422,
        issue: ['not-found'],
      },
    ),
    expand.departs(
      'MAY',
      'Nothing is expanded as of another day, and what is not followed is not passed over.',
      'date is refused',
      get(`ValueSet/$expand?url=${GENDERS}&date=2020-01-01`),
      { status: 400, issue: ['not-supported', 'date'] },
    ),
    expand.departs(
      'MAY',
      'Which value set an element is bound to is for who has the profile; a url says it.',
      'context is refused',
      get('ValueSet/$expand?context=http://hl7.org/fhir/StructureDefinition/Patient%23Patient.gender'),
      { status: 400, issue: ['not-supported', 'context'] },
    ),
  ],
};

const compose = section('valueset#compose');
const TREE = 'http://s.example/tree';
const kind = (valueString: string) => [{ code: 'kind', valueString }];
const tree = {
  resourceType: 'CodeSystem',
  id: 'tree',
  url: TREE,
  version: '1',
  status: 'active',
  content: 'complete',
  caseSensitive: true,
  hierarchyMeaning: 'is-a',
  property: [
    { code: 'kind', type: 'string' },
    { code: 'inactive', type: 'boolean', uri: 'http://hl7.org/fhir/concept-properties#inactive' },
    { code: 'notSelectable', type: 'boolean', uri: 'http://hl7.org/fhir/concept-properties#notSelectable' },
  ],
  concept: [
    {
      code: 'a',
      display: 'Alpha',
      property: [...kind('x'), { code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'a1',
          display: 'Alpha one',
          property: kind('y'),
          concept: [
            { code: 'a11', display: 'Alpha one one' },
            { code: 'a12', display: 'Alpha one two' },
          ],
        },
        { code: 'a2', display: 'Alpha two', property: [{ code: 'inactive', valueBoolean: true }] },
      ],
    },
    { code: 'b', display: 'Beta', property: kind('x') },
  ],
};
const listing = (id: string, ...listed: readonly string[]) => ({
  resourceType: 'ValueSet',
  id,
  url: `http://s.example/${id}`,
  status: 'active',
  compose: { include: [{ system: TREE, concept: listed.map((code) => ({ code })) }] },
});
/** A value set that is sent has these codes, in this order. */
const makes = (says: string, made: object, expected: readonly string[], query = '') =>
  compose.shall(says, ['POST', `ValueSet/$expand${query}`, { resourceType: 'ValueSet', status: 'active', compose: made }], {
    status: 200,
    at: { 'expansion.contains': inOrder(...expected) },
  });
const inOrder = (...expected: readonly string[]) =>
  expect.toSatisfy((contains: readonly { readonly code: string }[] = []) => contains.map(({ code }) => code).join() === expected.join());
const filtered = (property: string, op: string, value: string) => ({ include: [{ system: TREE, filter: [{ property, op, value }] }] });
const treeSet = (...names: readonly string[]) => ({ valueSet: names.map((name) => `http://s.example/${name}`) });

export const compositions: Page = {
  title: 'what value sets are made of',
  given: [tree, listing('ab', 'a', 'b'), listing('ba1', 'b', 'a1')],
  statements: [
    makes('a code system: all of it, in its order', { include: [{ system: TREE }] }, ['a', 'a1', 'a11', 'a12', 'a2', 'b']),
    makes('is-a: the code and all below it, in the order of the code system', filtered('concept', 'is-a', 'a'), [
      'a',
      'a1',
      'a11',
      'a12',
      'a2',
    ]),
    makes('descendent-of: all below it', filtered('concept', 'descendent-of', 'a'), ['a1', 'a11', 'a12', 'a2']),
    makes('is-not-a: neither', filtered('concept', 'is-not-a', 'a'), ['b']),
    makes('generalizes: the code and all above it', filtered('concept', 'generalizes', 'a11'), ['a', 'a1', 'a11']),
    makes('in: one of a list', filtered('concept', 'in', 'a,b'), ['a', 'b']),
    makes('=: a property', filtered('kind', '=', 'x'), ['a', 'b']),
    makes('not-in: none of a list', filtered('kind', 'not-in', 'x'), ['a1', 'a11', 'a12', 'a2']),
    makes('exists: it has the property', filtered('kind', 'exists', 'true'), ['a', 'a1', 'b']),
    makes('or has it not', filtered('kind', 'exists', 'false'), ['a11', 'a12', 'a2']),
    makes('regex: the whole of the code', filtered('code', 'regex', 'a1.'), ['a11', 'a12']),
    makes(
      'several filters: all of them',
      {
        include: [
          {
            system: TREE,
            filter: [
              { property: 'concept', op: 'is-a', value: 'a' },
              { property: 'kind', op: '=', value: 'y' },
            ],
          },
        ],
      },
      ['a1'],
    ),
    makes('codes that are listed: in the order of the list', { include: [{ system: TREE, concept: [{ code: 'b' }, { code: 'a' }] }] }, [
      'b',
      'a',
    ]),
    makes(
      'what two parts include is there once',
      {
        include: [
          { system: TREE, concept: [{ code: 'a' }] },
          { system: TREE, concept: [{ code: 'a' }, { code: 'b' }] },
        ],
      },
      ['a', 'b'],
    ),
    makes('value sets within one include: what is in all of them', { include: [treeSet('ab', 'ba1')] }, ['b']),
    makes('in several: what is in one of them', { include: [treeSet('ab'), treeSet('ba1')] }, ['a', 'b', 'a1']),
    makes('a system and a value set: what is in both', { include: [{ system: TREE, ...treeSet('ab') }] }, ['a', 'b']),
    makes('what is excluded is out', { include: [{ system: TREE }], exclude: [treeSet('ab')] }, ['a1', 'a11', 'a12', 'a2']),
    makes('inactive codes are out, where it says so', { inactive: false, include: [{ system: TREE }] }, ['a', 'a1', 'a11', 'a12', 'b']),
    makes('or where it is asked for', { include: [{ system: TREE }] }, ['a', 'a1', 'a11', 'a12', 'b'], '?activeOnly=true'),
    makes(
      'what is not for people to choose is out, where it is asked for',
      { include: [{ system: TREE }] },
      ['a1', 'a11', 'a12', 'a2', 'b'],
      '?excludeNotForUI=true',
    ),
    compose.shall(
      'a display of its own, and what is inactive or abstract',
      [
        'POST',
        'ValueSet/$expand',
        {
          resourceType: 'ValueSet',
          status: 'active',
          compose: { include: [{ system: TREE, concept: [{ code: 'a', display: 'Own' }, { code: 'a2' }] }] },
        },
      ],
      {
        status: 200,
        at: {
          'expansion.contains': [
            { system: TREE, code: 'a', display: 'Own', abstract: true },
            { system: TREE, code: 'a2', display: 'Alpha two', inactive: true },
          ],
        },
      },
    ),
    compose.shall(
      'a filter that is not known is an error',
      ['POST', 'ValueSet/$expand', { resourceType: 'ValueSet', status: 'active', compose: filtered('nonsense', '=', 'x') }],
      {
        status: 422,
        issue: ['not-supported', 'ValueSet.compose'],
      },
    ),
    compose.shall(
      'a version that is not held is an error',
      ['POST', 'ValueSet/$expand', { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: TREE, version: '2' }] } }],
      {
        status: 422,
        issue: ['not-found', 'ValueSet.compose'],
      },
    ),
  ],
};

const lookup = section('codesystem-operation-lookup');
const inSet = section('valueset-operation-validate-code');
const inSystem = section('codesystem-operation-validate-code');
const subsumes = section('codesystem-operation-subsumes');
const translate = section('conceptmap-operation-translate');
const result = (valueBoolean: boolean) => holding('result', { valueBoolean });

export const codesAndMaps: Page = {
  title: '$lookup, $validate-code, $subsumes and $translate',
  given,
  statements: [
    lookup.shall('name and display', get(`CodeSystem/$lookup?system=${GENDER}&code=male`), {
      status: 200,
      at: { resourceType: 'Parameters', parameter: names('name', 'display', 'version') },
    }),
    lookup.shall('by a coding', posts('CodeSystem/$lookup', { name: 'coding', valueCoding: { system: COLOURS, code: 'red' } }), {
      status: 200,
      at: { parameter: holding('display', { valueString: 'Red' }) },
    }),
    lookup.is('in a language', get(`CodeSystem/$lookup?system=${COLOURS}&code=red&displayLanguage=nb`), {
      status: 200,
      at: { parameter: holding('display', { valueString: 'Rød' }) },
    }),
    lookup.is('in the language of Accept-Language', get(`CodeSystem/$lookup?system=${COLOURS}&code=red`, { 'Accept-Language': 'nn' }), {
      status: 200,
      at: { parameter: holding('display', { valueString: 'Raud' }) },
    }),
    lookup.shall('a code that is not known', get(`CodeSystem/$lookup?system=${GENDER}&code=x`), { status: 404, issue: ['not-found'] }),
    lookup.shall('a system that is not known', get('CodeSystem/$lookup?system=http://s.example/none&code=x'), {
      status: 404,
      issue: ['not-found'],
    }),
    lookup.shall('a system is needed', get('CodeSystem/$lookup?code=x'), { status: 400 }),
    lookup.shall('a code is needed', get(`CodeSystem/$lookup?system=${GENDER}`), { status: 400 }),
    lookup.is('properties that are asked for', get(`CodeSystem/$lookup?system=${COLOURS}&code=crimson&property=parent`), {
      status: 200,
      at: {
        parameter: holding('property', {
          part: [
            { name: 'code', valueCode: 'parent' },
            { name: 'value', valueCode: 'red' },
          ],
        }),
      },
    }),
    inSet.shall('a code that is in it', get(`ValueSet/$validate-code?url=${GENDERS}&system=${GENDER}&code=male`), {
      status: 200,
      at: { parameter: result(true) },
    }),
    inSet.shall('one that is not, with a message', get(`ValueSet/$validate-code?url=${GENDERS}&system=${GENDER}&code=x`), {
      status: 200,
      at: {
        parameter: expect.toSatisfy(
          (list: readonly { name: string; valueBoolean?: boolean }[]) =>
            list.some((each) => each.name === 'result' && each.valueBoolean === false) && list.some(({ name }) => name === 'message'),
        ),
      },
    }),
    inSet.shall('one that is left out', get(`ValueSet/own/$validate-code?system=${COLOURS}&code=blue`), {
      status: 200,
      at: { parameter: result(false) },
    }),
    inSet.shall('a code of another system', get(`ValueSet/$validate-code?url=${GENDERS}&system=${COLOURS}&code=male`), {
      status: 200,
      at: { parameter: result(false) },
    }),
    inSet.shall('a wrong display is told', get(`ValueSet/$validate-code?url=${GENDERS}&system=${GENDER}&code=male&display=Woman`), {
      status: 200,
      at: { parameter: names('result', 'message', 'display') },
    }),
    inSet.shall(
      'any coding of a concept will do',
      posts(
        'ValueSet/$validate-code',
        { name: 'url', valueUri: GENDERS },
        {
          name: 'codeableConcept',
          valueCodeableConcept: {
            coding: [
              { system: SYSTEM, code: 'x' },
              { system: GENDER, code: 'male' },
            ],
          },
        },
      ),
      {
        status: 200,
        at: { parameter: result(true) },
      },
    ),
    inSet.shall('a value set that is not known', get(`ValueSet/$validate-code?url=http://s.example/none&system=${GENDER}&code=male`), {
      status: 404,
    }),
    inSet.shall('nothing to look at', get(`ValueSet/$validate-code?url=${GENDERS}`), { status: 400 }),
    inSet.departs(
      'SHALL',
      'A value set in which a code is there once says of which system it is; the system is told.',
      'a code without its system is looked for in all of the value set',
      get(`ValueSet/$validate-code?url=${GENDERS}&code=male`),
      { status: 200, at: { parameter: holding('system', { valueUri: GENDER }) } },
    ),
    inSystem.shall('a code of a system', get(`CodeSystem/$validate-code?url=${COLOURS}&code=red`), {
      status: 200,
      at: { parameter: result(true) },
    }),
    inSystem.shall('with its case, where that counts', get(`CodeSystem/$validate-code?url=${COLOURS}&code=RED`), {
      status: 200,
      at: { parameter: result(false) },
    }),
    subsumes.shall('the parent subsumes', get(`CodeSystem/$subsumes?system=${COLOURS}&codeA=red&codeB=crimson`), {
      status: 200,
      at: { parameter: holding('outcome', { valueCode: 'subsumes' }) },
    }),
    subsumes.shall('the child is subsumed', get(`CodeSystem/$subsumes?system=${COLOURS}&codeA=crimson&codeB=red`), {
      status: 200,
      at: { parameter: holding('outcome', { valueCode: 'subsumed-by' }) },
    }),
    subsumes.shall('the same is equivalent', get(`CodeSystem/$subsumes?system=${COLOURS}&codeA=red&codeB=red`), {
      status: 200,
      at: { parameter: holding('outcome', { valueCode: 'equivalent' }) },
    }),
    subsumes.shall('others are not', get(`CodeSystem/$subsumes?system=${COLOURS}&codeA=red&codeB=blue`), {
      status: 200,
      at: { parameter: holding('outcome', { valueCode: 'not-subsumed' }) },
    }),
    subsumes.shall('codes that are not known are an error', get(`CodeSystem/$subsumes?system=${COLOURS}&codeA=red&codeB=x`), {
      status: 404,
      issue: ['not-found'],
    }),
    translate.shall('what a code is in another system', get(`ConceptMap/map/$translate?system=${COLOURS}&code=red`), {
      status: 200,
      at: { parameter: result(true) },
    }),
    translate.shall('by the url of a map', get(`ConceptMap/$translate?url=http://s.example/ConceptMap/map&system=${COLOURS}&code=red`), {
      status: 200,
      at: { parameter: names('result', 'match') },
    }),
    translate.shall('unmatched is no match', get(`ConceptMap/map/$translate?system=${COLOURS}&code=blue`), {
      status: 200,
      at: { parameter: result(false) },
    }),
    translate.shall('nor is what the map does not have', get(`ConceptMap/map/$translate?system=${COLOURS}&code=crimson`), {
      status: 200,
      at: { parameter: result(false) },
    }),
    translate.shall('a code has its system', get('ConceptMap/map/$translate?code=red'), { status: 400, issue: ['value', 'system'] }),
    translate.is('the other way round', get(`ConceptMap/map/$translate?system=${GENDER}&code=female&reverse=true`), {
      status: 200,
      at: { parameter: result(true) },
    }),
  ],
};

const searching = section('search#token');
const coded = (id: string, code: string) => ({
  resourceType: 'Condition',
  id,
  subject: { reference: 'Patient/p' },
  code: { coding: [{ system: COLOURS, code }] },
});
const conditions = (...ids: readonly string[]) => ids.map((id) => `Condition/${id}`);

export const searchesByTerminology: Page = {
  title: 'searches by value set and hierarchy',
  given: [...given, coded('red', 'red'), coded('crimson', 'crimson'), coded('blue', 'blue')],
  statements: [
    searching.finds(':in a value set', `Condition?code:in=${OWN}`, ...conditions('red', 'crimson')),
    searching.finds(':not-in', `Condition?code:not-in=${OWN}`, ...conditions('blue')),
    searching.finds(':below takes in the code itself', `Condition?code:below=${COLOURS}|red`, ...conditions('red', 'crimson')),
    searching.finds(':above too', `Condition?code:above=${COLOURS}|crimson`, ...conditions('red', 'crimson')),
    searching.is(':in a value set that is not known is an error', get('Condition?code:in=http://s.example/none'), {
      status: 400,
      issue: ['not-supported', 'code:in'],
    }),
    searching.finds(':in by a reference to one that is stored', 'Condition?code:in=ValueSet/own', ...conditions('red', 'crimson')),
  ],
};

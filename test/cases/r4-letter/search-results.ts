/**
 * What a search answers: order, pages, totals, includes, parts of resources, and how it is asked.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#return · https://hl7.org/fhir/R4/http.html#search
 */
import { expect } from 'vitest';
import { basic, coded, get, type Page, reference, SYSTEM, section } from './statement.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const asking = section('http#search');
const bundle = section('search#searchset');
const paging = section('http#paging');
const named = (id: string, family: string, more: object = {}) => ({ resourceType: 'Patient', id, name: [{ family }], ...more });

export const ways: Page = {
  title: 'ways to ask',
  given: [
    named('a', 'Aas', { gender: 'male' }),
    named('b', 'Berg', { gender: 'female' }),
    named('c', 'Ceder'),
    basic('x', { subject: reference('Patient/a') }),
  ],
  statements: [
    asking.shall('POST _search with a form', ['POST', 'Patient/_search', 'family=berg', FORM], { status: 200, ids: ['Patient/b'] }),
    asking.shall('parameters of URL and form hold together', ['POST', 'Patient/_search?gender=male', 'family=a,b', FORM], {
      status: 200,
      ids: ['Patient/a'],
    }),
    asking.shall('also where both name the same', ['POST', 'Patient/_search?family=a,b', 'family=b,c', FORM], {
      status: 200,
      ids: ['Patient/b'],
    }),
    asking.is(
      'a form with its charset',
      ['POST', 'Patient/_search', 'family=berg', { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }],
      {
        status: 200,
        ids: ['Patient/b'],
      },
    ),
    asking.is('a form that is empty', ['POST', 'Patient/_search', '', FORM], { status: 200, ids: ['Patient/a', 'Patient/b', 'Patient/c'] }),
    asking.is('no body at all', ['POST', 'Patient/_search?family=berg'], { status: 200, ids: ['Patient/b'] }),
    asking.is('a body of another kind is 415', ['POST', 'Patient/_search', { family: 'berg' }], { status: 415 }),
    asking.is('POST at the base', ['POST', '_search', '_type=Patient&_id=a,b', FORM], { status: 200, ids: ['Patient/a', 'Patient/b'] }),
    asking.is('GET at the base', get('?_type=Patient,Basic&_id=a,x'), { status: 200, ids: ['Patient/a', 'Basic/x'] }),
    asking.is('GET in a compartment', get('Patient/a/Basic'), { status: 200, ids: ['Basic/x'] }),
    asking.is('GET of all of a compartment', get('Patient/a/*'), { status: 200, ids: ['Basic/x', 'Patient/a'] }),
    asking.is('POST in a compartment', ['POST', 'Patient/a/Basic/_search', '_id=x', FORM], { status: 200, ids: ['Basic/x'] }),
    asking.is('a compartment of what is no compartment is 404 or 400', get('Organization/a/Basic'), {
      status: 404,
      issue: ['not-found'],
    }),
    asking.is('a percent escape of UTF-8', get('Patient?family=%C3%85s'), { status: 200, ids: [] }),
    asking.is('a plus sign is a space', get('Patient?family=a+b'), { status: 200, ids: [] }),
    asking.is('no parameters: all there is', get('Patient'), { status: 200, ids: ['Patient/a', 'Patient/b', 'Patient/c'] }),
    asking.is('_format in a form', ['POST', 'Patient/_search', 'family=berg&_format=json', FORM], { status: 200, ids: ['Patient/b'] }),
    asking.is('_format in a form that is not spoken', ['POST', 'Patient/_search', 'family=berg&_format=xml', FORM], { status: 406 }),
    asking.is('a parameter without a value is left out, told, and not in self', get('Patient?family=&_id=a'), {
      status: 200,
      ids: ['Patient/a', 'outcome:OperationOutcome'],
      links: { self: '{base}/Patient?_id=a' },
    }),
    bundle.shall('a searchset with what was found', get('Patient?_id=a'), {
      status: 200,
      at: {
        resourceType: 'Bundle',
        type: 'searchset',
        'entry.0.fullUrl': '{base}/Patient/a',
        'entry.0.search.mode': 'match',
        'entry.0.request': undefined,
        'entry.0.response': undefined,
        'entry.0.resource.meta.versionId': '1',
      },
    }),
    bundle.shall('self says what was searched for', get('Patient?family=b&_count=5&_sort=family'), {
      status: 200,
      links: { self: '{base}/Patient?family=b&_count=5&_sort=family' },
    }),
    bundle.is('and finds the same', ['GET', '{self}'], { status: 200, ids: ['Patient/b'] }),
    bundle.shall('self of a search by POST can be asked', ['POST', 'Patient/_search', 'family=b', FORM], {
      status: 200,
      links: { self: expect.stringMatching(/^\{base\}\/Patient/) },
    }),
    bundle.is('and finds the same too', ['GET', '{self}'], { status: 200, ids: ['Patient/b'] }),
    bundle.is('search has no ETag of a resource', get('Patient?_id=a'), { status: 200, headers: { ETag: null, Location: null } }),
  ],
};

const sorting = section('search#sort');
const counting = section('search#count');
const totals = section('search#total');
const people = ['c', 'a', 'e', 'b', 'd'].map((id, place) =>
  named(id, `${id.toUpperCase()}name`, { birthDate: `19${60 + place}-01-01`, gender: place < 3 ? 'male' : 'female' }),
);
const persons = (...ids: readonly string[]) => ids.map((id) => `Patient/${id}`);

export const orderAndPages: Page = {
  title: 'order, pages and totals',
  given: [...people, { resourceType: 'Patient', id: 'z' }],
  statements: [
    sorting.finds('ascending', 'Patient?_sort=family', ...persons('a', 'b', 'c', 'd', 'e', 'z')),
    sorting.finds('descending', 'Patient?_sort=-birthdate&birthdate:missing=false', ...persons('d', 'b', 'e', 'a', 'c')),
    sorting.finds('by one, then another', 'Patient?_sort=gender,-family&gender:missing=false', ...persons('d', 'b', 'e', 'c', 'a')),
    sorting.finds('by id', 'Patient?_sort=_id', ...persons('a', 'b', 'c', 'd', 'e', 'z')),
    sorting.finds('by the last change', 'Patient?_sort=-_lastUpdated', ...persons('z', 'd', 'b', 'e', 'a', 'c')),
    sorting.refuses('by what is no parameter', 'Patient?_sort=bogus', 400, 'not-supported', '_sort'),
    counting.shall('no more than _count on a page', get('Patient?_count=2&_sort=family'), {
      status: 200,
      ids: persons('a', 'b'),
      links: { next: expect.stringMatching(/^\{base\}\//), previous: undefined, self: '{base}/Patient?_count=2&_sort=family' },
    }),
    paging.is('next goes on', ['GET', '{next}'], {
      status: 200,
      at: { 'entry.0.resource.id': 'c', 'entry.1.resource.id': 'd', 'entry.length': 2 },
    }),
    paging.is('to the end', ['GET', '{next}'], {
      status: 200,
      at: { 'entry.0.resource.id': 'e', 'entry.1.resource.id': 'z' },
      links: { next: undefined },
    }),
    paging.is('and back', ['GET', '{previous}'], { status: 200, at: { 'entry.0.resource.id': 'c', 'entry.1.resource.id': 'd' } }),
    paging.is('and back to the first', ['GET', '{previous}'], {
      status: 200,
      at: { 'entry.0.resource.id': 'a' },
      links: { previous: undefined },
    }),
    paging.is('without another page, there is no next', get('Patient?_count=6'), {
      status: 200,
      links: { next: undefined, previous: undefined },
    }),
    counting.shall('_count=0 is _summary=count', get('Patient?_count=0'), { status: 200, at: { total: 6, entry: undefined } }),
    counting.refuses('_count below 0', 'Patient?_count=-1', 400, 'value', '_count'),
    counting.refuses('_count that is no number', 'Patient?_count=all', 400, 'value', '_count'),
    counting.is('more than a page holds is no error', get('Patient?_count=1000000'), { status: 200, at: { 'entry.length': 6 } }),
    totals.is('_total=accurate', get('Patient?_total=accurate&_count=2'), { status: 200, at: { total: 6, 'entry.length': 2 } }),
    totals.is('which stays on the next page', ['GET', '{next}'], { status: 200, at: { total: 6 } }),
    totals.is('_total=none', get('Patient?_total=none'), { status: 200, at: { total: undefined } }),
    totals.is('_total=estimate', get('Patient?_total=estimate'), { status: 200, at: { total: 6 } }),
    totals.refuses('_total that is none', 'Patient?_total=roughly', 400, 'value', '_total'),
    totals.is('a total counts matches only', get('Patient?_total=accurate&_revinclude=Basic:subject&_id=a'), {
      status: 200,
      at: { total: 1 },
    }),
    totals.is('a total of 0 is said', get('Patient?_id=none&_total=accurate'), { status: 200, at: { total: 0, entry: undefined } }),
  ],
};

const include = section('search#include');
const revinclude = section('search#revinclude');
const seen = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: coded('x'),
  subject: reference('Patient/a'),
  ...more,
});

export const includes: Page = {
  title: 'includes',
  given: [
    { resourceType: 'Organization', id: 'o', name: 'O' },
    { resourceType: 'Practitioner', id: 'd' },
    named('a', 'Aas', { managingOrganization: reference('Organization/o'), generalPractitioner: [reference('Practitioner/d')] }),
    named('lost', 'Lost', { managingOrganization: reference('Organization/none') }),
    seen('one', { performer: [reference('Practitioner/d')] }),
    seen('two', { hasMember: [reference('Observation/one')] }),
    { ...seen('three'), subject: { identifier: { system: SYSTEM, value: '1' } } },
    { ...seen('four'), subject: reference('#p'), contained: [{ resourceType: 'Patient', id: 'p' }] },
    {
      resourceType: 'Provenance',
      id: 'v',
      target: [reference('Observation/one/_history/1')],
      recorded: '2020-01-01T00:00:00Z',
      agent: [{ who: reference('Practitioner/d') }],
    },
    seen('changed'),
    {
      resourceType: 'Provenance',
      id: 'w',
      target: [reference('Observation/changed/_history/1')],
      recorded: '2020-01-01T00:00:00Z',
      agent: [{ who: reference('Practitioner/d') }],
    },
  ],
  statements: [
    include.finds('what a parameter points at', 'Observation?_id=one&_include=Observation:subject', 'Observation/one', 'include:Patient/a'),
    include.finds(
      'once, however often it is pointed at',
      'Observation?_id=one,two&_include=Observation:subject',
      'Observation/one',
      'Observation/two',
      'include:Patient/a',
    ),
    include.finds(
      'of the type asked for',
      'Observation?_id=one&_include=Observation:performer:Practitioner',
      'Observation/one',
      'include:Practitioner/d',
    ),
    include.finds('of another type nothing', 'Observation?_id=one&_include=Observation:performer:Organization', 'Observation/one'),
    include.finds(
      'all that is pointed at',
      'Observation?_id=one&_include=*',
      'Observation/one',
      'include:Patient/a',
      'include:Practitioner/d',
    ),
    include.finds(
      'a match is no include as well',
      'Observation?_id=one,two&_include=Observation:has-member',
      'Observation/one',
      'Observation/two',
    ),
    include.finds(
      'one step only',
      'Observation?_id=one&_include=Observation:subject&_include=Patient:organization',
      'Observation/one',
      'include:Patient/a',
    ),
    include.finds(
      ':iterate goes on',
      'Observation?_id=one&_include=Observation:subject&_include:iterate=Patient:organization',
      'Observation/one',
      'include:Patient/a',
      'include:Organization/o',
    ),
    include.finds('what is not there is left out', 'Patient?_id=lost&_include=Patient:organization', 'Patient/lost'),
    include.finds('a reference by identifier leads to nothing', 'Observation?_id=three&_include=Observation:subject', 'Observation/three'),
    include.finds('what is contained is there already', 'Observation?_id=four&_include=Observation:subject', 'Observation/four'),
    include.shall('an include says so', get('Observation?_id=one&_include=Observation:subject'), {
      status: 200,
      at: { 'entry.0.search.mode': 'match', 'entry.1.search.mode': 'include', 'entry.1.fullUrl': '{base}/Patient/a' },
    }),
    include.refuses('a parameter that is not known', 'Observation?_include=Observation:bogus', 400, 'not-supported', '_include'),
    include.refuses('a parameter that is no reference', 'Observation?_include=Observation:code', 400, 'not-supported', '_include'),
    include.refuses('a form that is none', 'Observation?_include=subject', 400, 'invalid', '_include'),
    revinclude.finds(
      'what points at it',
      'Patient?_id=a&_revinclude=Observation:subject',
      'Patient/a',
      ...['one', 'two', 'changed'].map((id) => `include:Observation/${id}`),
    ),
    revinclude.finds(
      'what points at a version of it',
      'Observation?_id=one&_revinclude=Provenance:target',
      'Observation/one',
      'include:Provenance/v',
    ),
    revinclude.finds(
      'with a target type',
      'Observation?_id=one&_revinclude=Provenance:target:Observation',
      'Observation/one',
      'include:Provenance/v',
    ),
    include.is('a version that is pointed at', ['PUT', 'Observation/changed', seen('changed', { status: 'amended' })], { status: 200 }),
    include.shall('is included as that version', get('Provenance?_id=w&_include=Provenance:target'), {
      status: 200,
      ids: ['Provenance/w', 'include:Observation/changed'],
      at: { 'entry.1.resource.meta.versionId': '1', 'entry.1.resource.status': 'final' },
    }),
    include.finds('an include by canonical', 'QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire'),
    include.finds('nothing is included of nothing', 'Observation?_id=none&_include=Observation:subject'),
  ],
};

const summary = section('search#summary');
const elements = section('search#elements');
const contained = section('search#contained');
const told = {
  resourceType: 'Observation',
  id: 'o',
  meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Observation'] },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
  contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'Within' }] }],
  status: 'final',
  code: coded('x'),
  subject: reference('#p'),
  valueQuantity: { value: 1 },
  note: [{ text: 'n' }],
  method: coded('m'),
};
const first = (name: string) => `entry.0.resource.${name}`;

export const parts: Page = {
  title: 'parts of resources, and what is contained',
  given: [told, named('whole', 'Whole')],
  statements: [
    summary.is('true: the elements of the summary', get('Observation?_id=o&_summary=true'), {
      status: 200,
      at: {
        [first('status')]: 'final',
        [first('code')]: coded('x'),
        [first('valueQuantity')]: { value: 1 },
        [first('note')]: undefined,
        [first('method')]: undefined,
        [first('text')]: undefined,
        [first('contained')]: undefined,
        [first('meta.profile.0')]: 'http://hl7.org/fhir/StructureDefinition/Observation',
      },
    }),
    summary.should('SUBSETTED marks it', get('Observation?_id=o&_summary=true'), {
      status: 200,
      at: {
        [first('meta.tag.0')]: {
          system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
          code: 'SUBSETTED',
          display: 'subsetted',
        },
      },
    }),
    summary.shall('text: text, id, meta and what is mandatory', get('Observation?_id=o&_summary=text'), {
      status: 200,
      at: {
        [first('text.status')]: 'generated',
        [first('id')]: 'o',
        [first('status')]: 'final',
        [first('code')]: coded('x'),
        [first('valueQuantity')]: undefined,
        [first('subject')]: undefined,
      },
    }),
    summary.shall('data: all but text', get('Observation?_id=o&_summary=data'), {
      status: 200,
      at: { [first('text')]: undefined, [first('note.0.text')]: 'n', [first('contained.0.id')]: 'p' },
    }),
    summary.shall('count: no resources', get('Observation?_summary=count'), { status: 200, at: { total: 1, entry: undefined } }),
    summary.shall('false: all of it', get('Observation?_id=o&_summary=false'), {
      status: 200,
      at: { [first('text.status')]: 'generated', [first('meta.tag')]: undefined },
    }),
    summary.refuses('no includes with text', 'Observation?_summary=text&_include=Observation:subject', 400, 'invalid', '_summary'),
    elements.is('those asked for', get('Observation?_id=o&_elements=note'), {
      status: 200,
      at: { [first('note.0.text')]: 'n', [first('valueQuantity')]: undefined, [first('text')]: undefined },
    }),
    elements.should('and what is mandatory', get('Observation?_id=o&_elements=note'), {
      status: 200,
      at: { [first('status')]: 'final', [first('code')]: coded('x') },
    }),
    elements.should('SUBSETTED marks it', get('Observation?_id=o&_elements=note'), {
      status: 200,
      at: { [first('meta.tag.0.code')]: 'SUBSETTED' },
    }),
    elements.is('a choice by its name', get('Observation?_id=o&_elements=value'), {
      status: 200,
      at: { [first('valueQuantity')]: { value: 1 } },
    }),
    elements.is('a type before it', get('Observation?_id=o&_elements=Observation.note'), {
      status: 200,
      at: { [first('note.0.text')]: 'n' },
    }),
    elements.refuses('an element that is none', 'Observation?_elements=bogus', 400, 'value', '_elements'),
    section('resource#tags').is(
      'nobody stores a part for the whole',
      [
        'PUT',
        'Patient/whole',
        {
          ...named('whole', 'Whole'),
          meta: { tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }] },
        },
      ],
      {
        status: 422,
      },
    ),
    contained.finds('what is contained is not found', 'Patient?family=within'),
    contained.finds('_contained=true: its container', 'Patient?family=within&_contained=true', 'Observation/o'),
    contained.finds('_contained=both: beside what is not', 'Patient?family=w&_contained=both', 'Observation/o', 'Patient/whole'),
    contained.is('_containedType=contained: itself', get('Patient?family=within&_contained=true&_containedType=contained'), {
      status: 200,
      at: { 'entry.0.resource.resourceType': 'Patient', 'entry.0.resource.id': 'p', 'entry.0.fullUrl': '{base}/Observation/o#p' },
    }),
    contained.finds('a chain goes through what is contained', 'Observation?subject:Patient.family=within', 'Observation/o'),
  ],
};

const withModifiers = {
  resourceType: 'Observation',
  id: 'm',
  status: 'final',
  modifierExtension: [{ url: 'http://s.example/not', valueBoolean: true }],
  code: coded('x'),
  component: [{ code: coded('k'), valueQuantity: { value: 5 }, interpretation: [coded('H')], referenceRange: [{ text: 'r' }] }],
  bodySite: coded('b'),
};

export const nestedParts: Page = {
  title: 'parts within parts, and what changes the meaning of the rest',
  given: [
    withModifiers,
    {
      resourceType: 'Patient',
      id: 'p',
      deceasedDateTime: '2020-01-01',
      contact: [{ name: { family: 'C' } }],
      link: [{ other: reference('Patient/q'), type: 'replaced-by' }],
      _birthDate: { extension: [{ url: 'http://s.example/e', valueCode: 'x' }] },
    },
  ],
  statements: [
    summary.is('of a part of the summary, its own summary', get('Observation?_id=m&_summary=true'), {
      status: 200,
      at: { [first('component')]: [{ code: coded('k'), valueQuantity: { value: 5 } }], [first('bodySite')]: undefined },
    }),
    section('extensibility#modifierExtension').shall('a modifier extension is in every summary', get('Observation?_id=m&_summary=true'), {
      status: 200,
      at: { [first('modifierExtension.0.valueBoolean')]: true },
    }),
    section('extensibility#modifierExtension').shall('and in every list of elements', get('Observation?_id=m&_elements=bodySite'), {
      status: 200,
      at: { [first('modifierExtension.0.valueBoolean')]: true, [first('bodySite')]: coded('b') },
    }),
    elements.is('an element is whole', get('Observation?_id=m&_elements=component'), {
      status: 200,
      at: { [first('component.0.referenceRange.0.text')]: 'r' },
    }),
    summary.is('a choice in the summary', get('Patient?_id=p&_summary=true'), {
      status: 200,
      at: { [first('deceasedDateTime')]: '2020-01-01', [first('contact')]: undefined, [first('link.0.type')]: 'replaced-by' },
    }),
    summary.is('extensions of a value that is in it', get('Patient?_id=p&_elements=birthDate'), {
      status: 200,
      at: { [first('_birthDate.extension.0.valueCode')]: 'x' },
    }),
    elements.is('includes are not cut by the list', get('Patient?_id=p&_elements=gender&_revinclude=Observation:subject'), {
      status: 200,
      ids: ['Patient/p'],
    }),
    elements.is('several lists are one', get('Patient?_id=p&_elements=contact&_elements=link'), {
      status: 200,
      at: { [first('contact.0.name.family')]: 'C', [first('link.0.type')]: 'replaced-by' },
    }),
    summary.is('history is cut as well', get('Patient/p/_history?_summary=true'), {
      status: 200,
      at: { [first('contact')]: undefined, [first('meta.tag.0.code')]: 'SUBSETTED' },
    }),
    summary.is('and counted', get('Patient/p/_history?_summary=count'), { status: 200, at: { total: 1, entry: undefined } }),
    section('patient-operation-everything').is('and everything', get('Patient/p/$everything?_elements=link'), {
      status: expect.toSatisfy((status: number) => status === 200 || status === 400),
    }),
  ],
};

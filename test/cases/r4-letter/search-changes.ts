/**
 * What a search finds after changes and deletions, and values of the kinds that are easily read wrongly.
 *
 * Spec: https://hl7.org/fhir/R4/search.html · https://hl7.org/fhir/R4/datatypes.html
 */
import { expect } from 'vitest';
import { basic, coded, get, type Page, reference, SYSTEM, section } from './statement.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const searching = section('search');
const deleting = section('http#delete');
const about = (id: string, subject: object, more: object = {}) => basic(id, { subject, ...more });
const named = (id: string, family: string) => ({ resourceType: 'Patient', id, name: [{ family }] });

export const changes: Page = {
  title: 'what was changed or deleted',
  given: [
    named('p', 'Berg'),
    named('gone', 'Dal'),
    about('of', reference('Patient/p'), { code: coded('old') }),
    about('lost', reference('Patient/gone')),
    basic('a'),
    basic('A'),
  ],
  statements: [
    searching.finds('what it was', 'Basic?code=old', 'Basic/of'),
    searching.is('it is changed', ['PUT', 'Basic/of', about('of', reference('Patient/p'), { code: coded('new') })], { status: 200 }),
    searching.finds('it is not found by what it was', 'Basic?code=old'),
    searching.finds('but by what it is', 'Basic?code=new', 'Basic/of'),
    searching.finds('once', 'Basic?code=new,old', 'Basic/of'),
    searching.is(
      'a patch changes it',
      ['PATCH', 'Basic/of', [{ op: 'remove', path: '/subject' }], { 'Content-Type': 'application/json-patch+json' }],
      { status: 200 },
    ),
    searching.finds('and what was taken away finds nothing', 'Basic?subject=Patient/p'),
    searching.finds('nor includes', 'Patient?_id=p&_revinclude=Basic:subject', 'Patient/p'),
    searching.finds('it is missing', 'Basic?_id=of&subject:missing=true', 'Basic/of'),
    searching.finds('before the deletion a chain leads there', 'Basic?subject:Patient.family=dal', 'Basic/lost'),
    deleting.is('a target is deleted', ['DELETE', 'Patient/gone'], { status: 204 }),
    deleting.finds('a chain leads to it no longer', 'Basic?subject:Patient.family=dal'),
    deleting.finds('nor by what it does not have', 'Basic?subject:Patient.gender:missing=true'),
    deleting.finds('the reference itself is still there', 'Basic?subject=Patient/gone', 'Basic/lost'),
    deleting.finds('it is not included', 'Basic?_id=lost&_include=Basic:subject', 'Basic/lost'),
    deleting.finds('nobody is who has what is deleted', 'Patient?_has:Basic:subject:_id=lost'),
    deleting.is('what refers is deleted', ['DELETE', 'Basic/lost'], { status: 204 }),
    deleting.finds('it refers no longer', 'Basic?subject=Patient/gone'),
    deleting.is('brought back as something else', ['PUT', 'Basic/lost', about('lost', reference('Patient/p'))], { status: 201 }),
    deleting.finds('it is found by what it is', 'Basic?subject=Patient/p', 'Basic/lost'),
    deleting.finds('and not by what it was', 'Basic?subject=Patient/gone'),
    deleting.is('counts do not count what is deleted', get('Patient?_summary=count'), { status: 200, at: { total: 1 } }),
    section('resource#id').finds('ids that differ by case are two', 'Basic?_id=a,A', 'Basic/a', 'Basic/A'),
    section('resource#id').is('each has its own content', ['PUT', 'Basic/A', basic('A', { code: { text: 'upper' } })], { status: 200 }),
    section('resource#id').is('the other stays', get('Basic/a'), { status: 200, headers: { ETag: 'W/"1"' } }),
    section('http#paging').is('pages of a search by POST', ['POST', 'Basic/_search', '_count=1&_sort=_id', FORM], {
      status: 200,
      at: { 'entry.0.resource.id': 'A' },
      links: { next: expect.stringMatching(/^\{base\}\//) },
    }),
    section('http#paging').is('go on by GET', ['GET', '{next}'], { status: 200, at: { 'entry.0.resource.id': 'a' } }),
    section('http#paging').is('what is made in between', ['PUT', 'Basic/aa', basic('aa')], { status: 201 }),
    section('http#paging').is('is met where it belongs, and shifts nothing', ['GET', '{next}'], {
      status: 200,
      at: { 'entry.0.resource.id': 'aa' },
    }),
  ],
};

const date = section('search#date');
const order = (id: string, occurrence: object) => ({
  resourceType: 'ServiceRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: reference('Patient/p'),
  ...occurrence,
});
const orders = (...ids: readonly string[]) => ids.map((id) => `ServiceRequest/${id}`);

export const timings: Page = {
  title: 'timings and periods',
  given: [
    order('events', { occurrenceTiming: { event: ['2020-03-01', '2020-09-30'] } }),
    order('bounds', {
      occurrenceTiming: { repeat: { boundsPeriod: { start: '2020-03-01', end: '2020-09-30' }, frequency: 1, period: 1, periodUnit: 'd' } },
    }),
    order('code', { occurrenceTiming: { code: { text: 'daily' } } }),
    order('open', { occurrencePeriod: { start: '2020-03-01' } }),
    order('day', { occurrencePeriod: { start: '2020-03-01', end: '2020-03-01' } }),
  ],
  statements: [
    date.finds('of a timing, only its outer limits count', 'ServiceRequest?occurrence=2020', ...orders('events', 'bounds', 'day')),
    date.finds('a day between is not all of it', 'ServiceRequest?occurrence=2020-03-01', ...orders('day')),
    date.finds('it reaches beyond its first event', 'ServiceRequest?occurrence=gt2020-06', ...orders('events', 'bounds', 'open')),
    date.finds('it begins before its last', 'ServiceRequest?occurrence=lt2020-06', ...orders('events', 'bounds', 'open', 'day')),
    date.finds('it is over', 'ServiceRequest?occurrence=eb2020-10-01', ...orders('events', 'bounds', 'day')),
    date.finds('its last day is all of that day', 'ServiceRequest?occurrence=eb2020-09-30', ...orders('day')),
    date.finds('it begins after', 'ServiceRequest?occurrence=sa2020-02-29', ...orders('events', 'bounds', 'open', 'day')),
  ],
};

const ref = section('search#reference');
const token = section('search#token');
const seen = (id: string, more: object) => ({ resourceType: 'Observation', id, status: 'final', code: coded('c'), ...more });
const observations = (...ids: readonly string[]) => ids.map((id) => `Observation/${id}`);

export const values: Page = {
  title: 'values that are easily read wrongly',
  given: [
    named('p', 'Berg'),
    {
      resourceType: 'Patient',
      id: 'odd',
      identifier: [{ system: 'http://s.example/a?b=c&d', value: 'x+y z%' }, { value: 'ÆØÅ/1' }],
      active: false,
    },
    {
      resourceType: 'Patient',
      id: 'extended',
      _birthDate: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] },
      name: [{ family: 'Berg-Dal', text: 'x' }],
    },
    seen('typed', { subject: { type: 'Patient', identifier: { system: SYSTEM, value: '1' } } }),
    seen('untyped', { subject: { identifier: { system: SYSTEM, value: '2' } } }),
    seen('zero', { valueQuantity: { value: 0 } }),
    seen('negative', { valueQuantity: { value: -5.4 } }),
    seen('tiny', { valueQuantity: { value: 1e-9 } }),
    seen('pure', { valueQuantity: { value: 5, system: 'http://unitsofmeasure.org', code: '1' } }),
    seen('celsius', { valueQuantity: { value: 37, system: 'http://unitsofmeasure.org', code: 'Cel' } }),
  ],
  statements: [
    token.finds(
      'signs of a URL in system and value',
      `Patient?identifier=${encodeURIComponent('http://s.example/a?b=c&d|x+y z%')}`,
      'Patient/odd',
    ),
    token.finds('letters beyond ASCII, and a slash', `Patient?identifier=${encodeURIComponent('ÆØÅ/1')}`, 'Patient/odd'),
    token.finds('false is a value', 'Patient?active=false', 'Patient/odd'),
    token.finds('false is not missing', 'Patient?active:missing=false', 'Patient/odd'),
    section('search#missing').finds(
      'what is said to be unknown is missing',
      'Patient?birthdate:missing=true',
      'Patient/p',
      'Patient/odd',
      'Patient/extended',
    ),
    ref.finds('a reference by identifier, by its type', `Observation?subject:identifier=${SYSTEM}|1`, ...observations('typed')),
    ref.finds('by the value alone', 'Observation?subject:identifier=2', ...observations('untyped')),
    ref.finds('by the system alone', `Observation?subject:identifier=${SYSTEM}|`, ...observations('typed', 'untyped')),
    ref.finds('an identifier is no reference', 'Observation?subject=1'),
    section('search#quantity').finds('zero', 'Observation?value-quantity=0', ...observations('zero', 'tiny')),
    section('search#quantity').finds('zero, with digits', 'Observation?value-quantity=0.00000000', ...observations('zero', 'tiny')),
    section('search#quantity').finds('below zero', 'Observation?value-quantity=lt0', ...observations('negative')),
    section('search#quantity').finds('a negative number', 'Observation?value-quantity=-5.4', ...observations('negative')),
    section('search#quantity').finds('about a negative number', 'Observation?value-quantity=ap-5', ...observations('negative')),
    section('search#quantity').finds(
      'in kelvin',
      'Observation?value-quantity=310.15|http://unitsofmeasure.org|K',
      ...observations('celsius'),
    ),
    section('search#quantity').finds(
      'the number one as unit',
      'Observation?value-quantity=5|http://unitsofmeasure.org|1',
      ...observations('pure'),
    ),
    section('search#string').finds('a hyphen parts names', 'Patient?family=dal', 'Patient/extended'),
    section('search#string').finds('or does not', 'Patient?family=berg-d', 'Patient/extended'),
    section('search#string').finds('the beginning of several', 'Patient?family=berg', 'Patient/p', 'Patient/extended'),
  ],
};

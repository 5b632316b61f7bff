/**
 * The interactions on single resources, and what all requests share.
 *
 * Spec: https://hl7.org/fhir/R4/http.html
 */
import { expect } from 'vitest';
import { basic, coded, get, type Page, reference, section } from './statement.ts';

const DATE = expect.stringMatching(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const JSON_TYPE = expect.stringMatching(/^application\/fhir\+json/);
const PATIENT = { resourceType: 'Patient', id: 'p', active: true, gender: 'female', name: [{ family: 'Berg' }] };
const withoutId = { resourceType: 'Basic', code: { text: 'x' } };

const read = section('http#read');
const vread = section('http#vread');
const cread = section('http#cread');

export const reading: Page = {
  title: 'read, vread and conditional read',
  given: [PATIENT],
  statements: [
    read.shall('the resource has the id of the URL', get('Patient/p'), { status: 200, at: { id: 'p', resourceType: 'Patient' } }),
    read.should('ETag and Last-Modified come with it', get('Patient/p'), {
      status: 200,
      headers: { ETag: 'W/"1"', 'Last-Modified': DATE },
    }),
    read.is('what never was is 404', get('Patient/none'), { status: 404, issue: ['not-found'] }),
    read.is('a type that is none is 404', get('Patientt/p'), { status: 404, issue: ['not-supported'] }),
    read.is('types are spelt as they are', get('patient/p'), { status: 404, issue: ['not-supported'] }),
    read.is('ids are compared with their case', get('Patient/P'), { status: 404 }),
    read.is('_summary cuts a read, and SUBSETTED says so', get('Patient/p?_summary=true'), {
      status: 200,
      at: { 'meta.tag.0.code': 'SUBSETTED', 'meta.versionId': '1' },
    }),
    read.is('_summary=text leaves text, id and meta, and what changes the meaning of the rest', get('Patient/p?_summary=text'), {
      status: 200,
      members: ['resourceType', 'id', 'meta', 'active'],
    }),
    read.is('_elements cuts a read to these, and what changes their meaning', get('Patient/p?_elements=gender'), {
      status: 200,
      members: ['resourceType', 'id', 'meta', 'active', 'gender'],
      at: { 'meta.tag.0.code': 'SUBSETTED' },
    }),
    read.is('a read is no count', get('Patient/p?_summary=count'), { status: 400, issue: ['value', '_summary'] }),
    read.is('an id has 64 characters at most', get(`Patient/${'a'.repeat(65)}`), { status: 400, issue: ['value', 'id'] }),
    read.is('an id of 64 characters is one', get(`Patient/${'a'.repeat(64)}`), { status: 404, issue: ['not-found'] }),
    vread.shall('id and versionId are those of the URL', get('Patient/p/_history/1'), {
      status: 200,
      at: { id: 'p', 'meta.versionId': '1', 'meta.lastUpdated': INSTANT },
    }),
    vread.should('ETag and Last-Modified are those of the version', get('Patient/p/_history/1'), {
      status: 200,
      headers: { ETag: 'W/"1"', 'Last-Modified': DATE },
    }),
    vread.is('a version that is not there is 404', get('Patient/p/_history/2'), { status: 404, issue: ['not-found'] }),
    vread.is('a version of what is not there is 404', get('Patient/none/_history/1'), { status: 404 }),
    vread.is('a versionId is any id, and one that nobody gave is 404', get('Patient/p/_history/not-mine'), { status: 404 }),
    vread.is('_summary cuts a version', get('Patient/p/_history/1?_summary=data'), { status: 200, at: { 'meta.tag.0.code': 'SUBSETTED' } }),
    cread.is('304 for who has the version', get('Patient/p', { 'If-None-Match': 'W/"1"' }), {
      status: 304,
      text: '',
      headers: { ETag: 'W/"1"', 'Last-Modified': DATE },
    }),
    cread.is('200 for who has another', get('Patient/p', { 'If-None-Match': 'W/"2"' }), { status: 200 }),
    cread.is('a strong tag is compared weakly', get('Patient/p', { 'If-None-Match': '"1"' }), { status: 304 }),
    cread.is('* is any version', get('Patient/p', { 'If-None-Match': '*' }), { status: 304 }),
    cread.is('304 for who asked after the last change', get('Patient/p', { 'If-Modified-Since': 'Mon, 02 Mar 2099 08:00:00 GMT' }), {
      status: 304,
    }),
    cread.is('200 for who asked before it', get('Patient/p', { 'If-Modified-Since': 'Mon, 02 Mar 2020 08:00:00 GMT' }), { status: 200 }),
    ...['2099-01-01', '2099-01-01T00:00:00Z', 'Mon, 02 Mar 2099 08:00:00', '4070908800000'].map((date) =>
      cread.is(`a date that is none in HTTP says nothing: ${date}`, get('Patient/p', { 'If-Modified-Since': date }), { status: 200 }),
    ),
    ...['Monday, 02-Mar-49 08:00:00 GMT', 'Mon Mar  2 08:00:00 2099'].map((date) =>
      cread.is(`the older forms of dates are read: ${date}`, get('Patient/p', { 'If-Modified-Since': date }), { status: 304 }),
    ),
    cread.is(
      'If-None-Match counts before If-Modified-Since',
      get('Patient/p', { 'If-None-Match': 'W/"9"', 'If-Modified-Since': 'Mon, 02 Mar 2099 08:00:00 GMT' }),
      { status: 200 },
    ),
    cread.is('a version is read on condition as well', get('Patient/p/_history/1', { 'If-None-Match': 'W/"1"' }), { status: 304 }),
    cread.is('what is not there is 404, whatever is asked', get('Patient/none', { 'If-None-Match': '*' }), { status: 404 }),
  ],
};

const create = section('http#create');
const ccreate = section('http#ccreate');

export const creating: Page = {
  title: 'create and conditional create',
  given: [basic('one', { identifier: [{ system: 'http://s.example', value: '1' }] })],
  statements: [
    create.shall('the id is ours, whatever was sent', ['POST', 'Basic', { ...withoutId, id: 'mine' }], {
      status: 201,
      at: { id: expect.not.stringMatching(/^mine$/) },
    }),
    create.is('so that nothing is there under that id', get('Basic/mine'), { status: 404 }),
    create.shall(
      'versionId and lastUpdated that were sent are replaced',
      ['POST', 'Basic', { ...withoutId, meta: { versionId: '77', lastUpdated: '2001-01-01T00:00:00Z' } }],
      { status: 201, at: { 'meta.versionId': '1', 'meta.lastUpdated': expect.stringMatching(/^2026-/) } },
    ),
    create.should(
      'all else of meta stays as it was sent',
      [
        'POST',
        'Basic',
        { ...withoutId, meta: { source: 'urn:x', tag: [{ system: 'http://s.example', code: 't' }], security: [coded('s').coding[0]] } },
      ],
      { status: 201, at: { 'meta.source': 'urn:x', 'meta.tag.0.code': 't', 'meta.security.0.code': 's' } },
    ),
    create.shall('Location has the id and version that were made', ['POST', 'Basic', withoutId], {
      status: 201,
      headers: { Location: expect.stringMatching(/^\{base\}\/Basic\/[A-Za-z0-9\-.]{1,64}\/_history\/1$/) },
    }),
    create.should('which leads to the version', ['GET', '{Location}'], { status: 200, at: { 'meta.versionId': '1' } }),
    create.should('ETag and Last-Modified come with it', ['POST', 'Basic', withoutId], {
      status: 201,
      headers: { ETag: 'W/"1"', 'Last-Modified': DATE, 'Content-Type': JSON_TYPE },
    }),
    create.shall('a body that is no FHIR is 400', ['POST', 'Basic', '{"resourceType":"Basic",'], { status: 400, issue: ['structure'] }),
    create.shall('a type that is none is 404', ['POST', 'Basics', withoutId], { status: 404, issue: ['not-supported'] }),
    create.shall('a body of another type is refused', ['POST', 'Patient', withoutId], {
      status: 400,
      issue: ['invalid', 'Patient.resourceType'],
    }),
    create.shall('a body without a type is refused', ['POST', 'Basic', { code: { text: 'x' } }], { status: 400 }),
    create.shall('what breaks a rule of the resource is 422', ['POST', 'Basic', { resourceType: 'Basic' }], {
      status: 422,
      issue: ['structure', 'Basic'],
    }),
    create.is('an empty body is 400', ['POST', 'Basic', ''], { status: 400 }),
    create.is('a list of resources is no resource', ['POST', 'Basic', [withoutId]], { status: 400 }),
    create.is('POST to an id is 405, and Allow says what is there', ['POST', 'Basic/one', withoutId], {
      status: 405,
      headers: { Allow: expect.stringMatching(/GET.*PUT/) },
    }),
    ccreate.is(
      'nobody has it: 201',
      [
        'POST',
        'Basic',
        { ...withoutId, identifier: [{ system: 'http://s.example', value: '2' }] },
        { 'If-None-Exist': 'identifier=http://s.example|2' },
      ],
      { status: 201, headers: { ETag: 'W/"1"' } },
    ),
    ccreate.is('one has it: 200, and nothing is made', ['POST', 'Basic', withoutId, { 'If-None-Exist': 'identifier=http://s.example|2' }], {
      status: 200,
      at: { 'meta.versionId': '1', 'identifier.0.value': '2' },
      headers: { ETag: 'W/"1"', Location: expect.stringMatching(/^\{base\}\/Basic\//) },
    }),
    ccreate.is('several have it: 412', ['POST', 'Basic', withoutId, { 'If-None-Exist': 'identifier=http://s.example|' }], {
      status: 412,
      issue: ['multiple-matches', 'If-None-Exist'],
    }),
    ccreate.is(
      'a question mark before it is no part',
      ['POST', 'Basic', withoutId, { 'If-None-Exist': '?identifier=http://s.example|2' }],
      {
        status: 200,
      },
    ),
    ccreate.is('a condition that is none creates nothing', ['POST', 'Basic', withoutId, { 'If-None-Exist': '' }], {
      status: 400,
      issue: ['invalid', 'If-None-Exist'],
    }),
    ccreate.is('nor one that is not known', ['POST', 'Basic', withoutId, { 'If-None-Exist': 'bogus=1' }], {
      status: 400,
      issue: ['not-supported', 'If-None-Exist'],
    }),
    ccreate.is('an update has no such header', ['PUT', 'Basic/one', basic('one'), { 'If-None-Exist': '_id=one' }], { status: 400 }),
    ccreate.is(
      'escapes in the header are read',
      ['POST', 'Basic', withoutId, { 'If-None-Exist': 'identifier=http%3A%2F%2Fs.example%7C2' }],
      {
        status: 200,
      },
    ),
  ],
};

const update = section('http#update');
const upsert = section('http#upsert');
const concurrency = section('http#concurrency');

export const updating: Page = {
  title: 'update, client-defined ids and version-aware updates',
  given: [basic('b'), PATIENT],
  statements: [
    update.shall('a body without an id is 400', ['PUT', 'Basic/b', withoutId], { status: 400, issue: ['invalid', 'Basic.id'] }),
    update.shall('a body with another id is 400', ['PUT', 'Basic/b', basic('c')], { status: 400, issue: ['invalid', 'Basic.id'] }),
    update.shall('an id in another case is another id', ['PUT', 'Basic/b', basic('B')], { status: 400, issue: ['invalid', 'Basic.id'] }),
    update.shall('a body of another type is 400', ['PUT', 'Patient/p', basic('p')], { status: 400 }),
    update.shall('200 with ETag and Last-Modified of the new version', ['PUT', 'Basic/b', basic('b', { code: { text: 'y' } })], {
      status: 200,
      headers: { ETag: 'W/"2"', 'Last-Modified': DATE },
      at: { 'code.text': 'y', 'meta.versionId': '2' },
    }),
    update.shall(
      'versionId and lastUpdated that were sent are ignored',
      ['PUT', 'Basic/b', basic('b', { meta: { versionId: '1', lastUpdated: '2001-01-01T00:00:00Z' } })],
      { status: 200, at: { 'meta.versionId': '3', 'meta.lastUpdated': expect.stringMatching(/^2026-/) } },
    ),
    update.is('the whole is replaced, not merged', ['PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' }], {
      status: 200,
      members: ['resourceType', 'id', 'meta'],
    }),
    section('resource#tags').should(
      'tags, profiles and labels of an update are kept',
      ['PUT', 'Basic/b', basic('b', { meta: { tag: [{ system: 'http://s.example', code: 't1' }] } })],
      { status: 200, at: { 'meta.tag.0.code': 't1' } },
    ),
    section('resource#tags').is(
      'and those alone: an update without tags takes them away, which $meta-add does not',
      ['PUT', 'Basic/b', basic('b')],
      {
        status: 200,
        at: { 'meta.tag': undefined },
      },
    ),
    update.is('an update that changes nothing is a version', ['PUT', 'Basic/b', basic('b')], { status: 200, headers: { ETag: 'W/"6"' } }),
    upsert.is('an id that is not there is created: 201', ['PUT', 'Basic/new', basic('new')], {
      status: 201,
      headers: { ETag: 'W/"1"', 'Last-Modified': DATE, Location: '{base}/Basic/new/_history/1' },
    }),
    upsert.is('and the CapabilityStatement says so', get('metadata'), {
      status: 200,
      at: { 'rest.0.resource.0.updateCreate': true },
    }),
    upsert.is('an id that cannot be one is 400', ['PUT', 'Basic/a_b', basic('a_b')], { status: 400 }),
    concurrency.is('If-Match with the current version', ['PUT', 'Basic/b', basic('b'), { 'If-Match': 'W/"6"' }], {
      status: 200,
      headers: { ETag: 'W/"7"' },
    }),
    concurrency.is('another version is 412', ['PUT', 'Basic/b', basic('b'), { 'If-Match': 'W/"6"' }], {
      status: 412,
      issue: ['conflict', 'If-Match'],
    }),
    concurrency.is('and nothing was written', get('Basic/b'), { status: 200, headers: { ETag: 'W/"7"' } }),
    concurrency.is('what is not there matches no version', ['PUT', 'Basic/nobody', basic('nobody'), { 'If-Match': 'W/"1"' }], {
      status: 412,
    }),
    concurrency.is('nor any version', ['PUT', 'Basic/nobody', basic('nobody'), { 'If-Match': '*' }], { status: 412 }),
    concurrency.is('a tag that is none is 400', ['PUT', 'Basic/b', basic('b'), { 'If-Match': 'W/"7' }], {
      status: 400,
      issue: ['invalid', 'If-Match'],
    }),
    concurrency.is('several tags: one of them will do', ['PUT', 'Basic/b', basic('b'), { 'If-Match': 'W/"1", W/"7"' }], { status: 200 }),
    concurrency.is(
      'a patch is version-aware',
      ['PATCH', 'Basic/b', '[]', { 'If-Match': 'W/"1"', 'Content-Type': 'application/json-patch+json' }],
      {
        status: 412,
      },
    ),
    concurrency.is('a delete is version-aware', ['DELETE', 'Basic/b', undefined, { 'If-Match': 'W/"1"' }], { status: 412 }),
    concurrency.is('If-None-Match: * creates what is not there', ['PUT', 'Basic/fresh', basic('fresh'), { 'If-None-Match': '*' }], {
      status: 201,
    }),
    concurrency.is('and changes nothing that is', ['PUT', 'Basic/fresh', basic('fresh'), { 'If-None-Match': '*' }], { status: 412 }),
    concurrency.is(
      'a type that is versioned-update wants If-Match',
      [
        'PUT',
        'Goal/g',
        { resourceType: 'Goal', id: 'g', lifecycleStatus: 'active', description: { text: 'x' }, subject: reference('Patient/p') },
      ],
      { status: 201 },
    ),
    concurrency.departs(
      'MAY',
      'RFC 6585 has 428 for exactly this; R4 says 412, which a client cannot tell from a stale version.',
      'without it, an update is 428',
      [
        'PUT',
        'Goal/g',
        { resourceType: 'Goal', id: 'g', lifecycleStatus: 'active', description: { text: 'y' }, subject: reference('Patient/p') },
      ],
      { status: 428, issue: ['required'] },
    ),
  ],
};

const cond = section('http#cond-update');
const identified = (value: string, more: object = {}) => ({ ...withoutId, identifier: [{ system: 'http://s.example', value }], ...more });

export const conditionalUpdates: Page = {
  title: 'conditional update',
  given: [basic('one', { identifier: [{ system: 'http://s.example', value: '1' }] })],
  statements: [
    cond.is('no match, no id: created with an id of ours', ['PUT', 'Basic?identifier=http://s.example|2', identified('2')], {
      status: 201,
      headers: { Location: expect.stringMatching(/^\{base\}\/Basic\/.+\/_history\/1$/) },
    }),
    cond.is(
      'no match, an id that is free: created with that id',
      ['PUT', 'Basic?identifier=http://s.example|3', identified('3', { id: 'three' })],
      {
        status: 201,
        at: { id: 'three' },
      },
    ),
    cond.is('no match, an id that is taken: 409', ['PUT', 'Basic?identifier=http://s.example|4', identified('4', { id: 'one' })], {
      status: 409,
      issue: ['conflict', 'Basic.id'],
    }),
    cond.is('one match, no id: updated', ['PUT', 'Basic?identifier=http://s.example|1', identified('1', { code: { text: 'z' } })], {
      status: 200,
      at: { id: 'one', 'code.text': 'z', 'meta.versionId': '2' },
    }),
    cond.is('one match, its id: updated', ['PUT', 'Basic?identifier=http://s.example|1', identified('1', { id: 'one' })], {
      status: 200,
      at: { 'meta.versionId': '3' },
    }),
    cond.is('one match, another id: 400', ['PUT', 'Basic?identifier=http://s.example|1', identified('1', { id: 'three' })], {
      status: 400,
      issue: ['invalid', 'Basic.id'],
    }),
    cond.is('several matches: 412', ['PUT', 'Basic?identifier=http://s.example|', identified('1')], {
      status: 412,
      issue: ['multiple-matches', 'url'],
    }),
    cond.is('a condition that says nothing: 400', ['PUT', 'Basic', identified('1')], { status: 400, issue: ['invalid', 'url'] }),
    cond.is('a parameter that is not known: 400, and nothing is written', ['PUT', 'Basic?bogus=1', identified('1')], {
      status: 400,
      issue: ['not-supported', 'bogus'],
    }),
    cond.is('nor is leniency asked for', ['PUT', 'Basic?bogus=1', identified('1'), { Prefer: 'handling=lenient' }], { status: 400 }),
    cond.is('If-Match holds for the match', ['PUT', 'Basic?identifier=http://s.example|1', identified('1'), { 'If-Match': 'W/"1"' }], {
      status: 412,
      issue: ['conflict', 'If-Match'],
    }),
    cond.is('what is deleted is no match', ['DELETE', 'Basic/one'], { status: 204 }),
    cond.is('so that a new one is made', ['PUT', 'Basic?identifier=http://s.example|1', identified('1')], {
      status: 201,
      at: { id: expect.not.stringMatching(/^one$/) },
    }),
    cond.is('an id of what was deleted is brought back', ['PUT', 'Basic?identifier=http://s.example|9', identified('9', { id: 'one' })], {
      status: 201,
      headers: { ETag: 'W/"5"' },
    }),
  ],
};

const del = section('http#delete');
const cdel = section('http#cdelete');

export const deleting: Page = {
  title: 'delete and conditional delete',
  given: [basic('a'), basic('b'), basic('c', { identifier: [{ system: 'http://s.example', value: '1' }] }), basic('d')],
  statements: [
    del.should('204 without a body, or 200 with one', ['DELETE', 'Basic/a'], { status: 204, text: '' }),
    del.shall('what was deleted is 410', get('Basic/a'), { status: 410, issue: ['deleted'] }),
    read.may('with the ETag of the deletion', get('Basic/a'), { status: 410, headers: { ETag: 'W/"2"' } }),
    del.is('and is found by no search', get('Basic?_id=a'), { status: 200, ids: [] }),
    del.should('to delete again is no error', ['DELETE', 'Basic/a'], { status: 204 }),
    del.should('nor what never was', ['DELETE', 'Basic/never'], { status: 204 }),
    del.is('versions before it stay', get('Basic/a/_history/1'), { status: 200 }),
    vread.is('the version of a deletion is 410', get('Basic/a/_history/2'), { status: 410, issue: ['deleted'] }),
    del.is('deletion is in the history', get('Basic/a/_history'), {
      status: 200,
      at: {
        total: 2,
        'entry.0.request.method': 'DELETE',
        'entry.0.resource': undefined,
        'entry.0.response.status': expect.stringMatching(/^204/),
      },
    }),
    upsert.is('a PUT brings it back: 201', ['PUT', 'Basic/a', basic('a')], { status: 201, headers: { ETag: 'W/"3"' } }),
    del.is('a patch brings nothing back', ['DELETE', 'Basic/d'], { status: 204 }),
    section('http#patch').is('what was deleted is 410', ['PATCH', 'Basic/d', '[]', { 'Content-Type': 'application/json-patch+json' }], {
      status: 410,
    }),
    cread.is('410 whatever is asked for', get('Basic/d', { 'If-None-Match': 'W/"2"' }), { status: 410 }),
    cdel.is('one match is deleted', ['DELETE', 'Basic?identifier=http://s.example|1'], { status: 204 }),
    cdel.is('for good', get('Basic/c'), { status: 410 }),
    cdel.should('no match is no error', ['DELETE', 'Basic?identifier=http://s.example|1'], { status: 204 }),
    cdel.is('the CapabilityStatement says that several are deleted', get('metadata'), {
      status: 200,
      at: { 'rest.0.resource.0.conditionalDelete': expect.stringMatching(/^(single|multiple)$/) },
    }),
    cdel.is('without a condition nothing is', ['DELETE', 'Basic'], { status: 400, issue: ['invalid', 'url'] }),
    cdel.is('a parameter that is not known is 400', ['DELETE', 'Basic?bogus=1'], { status: 400, issue: ['not-supported', 'bogus'] }),
    cdel.is('a condition without a value is none', ['DELETE', 'Basic?identifier='], { status: 400 }),
  ],
};

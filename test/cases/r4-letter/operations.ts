/**
 * Operations in general, those on all resources, everything of a patient, compartments, and bulk data.
 *
 * Spec: https://hl7.org/fhir/R4/operations.html · resource-operation-validate.html · patient-operation-everything.html · https://hl7.org/fhir/uv/bulkdata/STU2/export.html
 */
import { expect } from 'vitest';
import { type Asked, basic, coded, get, type Page, parameters, reference, section } from './statement.ts';

const posts = (path: string, ...parameter: readonly object[]): Asked => ['POST', path, parameters(...parameter)];
const operation = section('operations#executing');
const PATIENT = { resourceType: 'Patient', id: 'p', active: true };
const seen = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: coded('x'),
  subject: reference('Patient/p'),
  ...more,
});

export const inGeneral: Page = {
  title: 'operations in general',
  given: [PATIENT],
  statements: [
    operation.shall('what changes nothing is asked by GET', get('Patient/p/$meta'), { status: 200 }),
    operation.shall('or by POST', ['POST', 'Patient/p/$meta', parameters()], { status: 200 }),
    operation.is('or by POST without a body', ['POST', 'Patient/p/$meta'], { status: 200 }),
    operation.shall('what changes something is by POST only', get('Patient/p/$meta-add'), {
      status: 405,
      headers: { Allow: expect.stringContaining('POST') },
    }),
    operation.is('an operation that there is not', get('Patient/p/$bogus'), { status: 404, issue: ['not-found'] }),
    operation.is('an operation of another type', get('Observation/p/$everything'), { status: 404 }),
    operation.is('an operation at another level', get('$everything'), { status: 404 }),
    operation.is('a parameter that is not known', get('Patient/p/$everything?bogus=1'), { status: 400, issue: ['not-supported', 'bogus'] }),
    operation.is('a body that is no Parameters', ['POST', 'Patient/p/$meta-add', PATIENT], { status: 400 }),
    operation.is('one resource that is returned is the body itself', get('Patient/p/$everything'), {
      status: 200,
      at: { resourceType: 'Bundle' },
    }),
    operation.is('what is no resource is in Parameters', get('Patient/p/$meta'), {
      status: 200,
      at: { resourceType: 'Parameters', 'parameter.0.name': 'return' },
    }),
    operation.is('what there is is in the CapabilityStatement', get('metadata'), {
      status: 200,
      at: {
        'rest.0.resource.0.operation': expect.arrayContaining([
          expect.objectContaining({ name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' }),
        ]),
      },
    }),
  ],
};

const validate = section('resource-operation-validate');
const error = (answered: { readonly severity: string }[]) => answered.some(({ severity }) => severity === 'error');
const HAS_ERROR = expect.toSatisfy(error);
const HAS_NONE = expect.toSatisfy((issues: { readonly severity: string }[]) => !error(issues));

export const validation: Page = {
  title: '$validate',
  given: [basic('b')],
  statements: [
    validate.shall('200 for what is right', ['POST', 'Basic/$validate', basic('x')], {
      status: 200,
      at: { resourceType: 'OperationOutcome', issue: HAS_NONE },
    }),
    validate.shall('and for what is not', ['POST', 'Basic/$validate', { resourceType: 'Basic' }], {
      status: 200,
      at: { resourceType: 'OperationOutcome', issue: HAS_ERROR },
    }),
    validate.is('nothing is stored', get('Basic/x'), { status: 404 }),
    validate.is('in Parameters', posts('Basic/$validate', { name: 'resource', resource: { resourceType: 'Basic' } }), {
      status: 200,
      at: { issue: HAS_ERROR },
    }),
    validate.is('what is stored', get('Basic/b/$validate'), { status: 200, at: { issue: HAS_NONE } }),
    validate.is(
      'against a profile',
      posts(
        'Basic/$validate',
        { name: 'resource', resource: basic('x') },
        { name: 'profile', valueUri: 'http://hl7.org/fhir/StructureDefinition/Basic' },
      ),
      { status: 200, at: { issue: HAS_NONE } },
    ),
    validate.is(
      'a profile that is not known is an error',
      posts('Basic/$validate', { name: 'resource', resource: basic('x') }, { name: 'profile', valueUri: 'http://s.example/none' }),
      { status: 200, at: { issue: HAS_ERROR } },
    ),
    validate.is(
      'mode=update wants the id',
      posts(
        'Basic/$validate',
        { name: 'resource', resource: { resourceType: 'Basic', code: { text: 'x' } } },
        { name: 'mode', valueCode: 'update' },
      ),
      { status: 200, at: { issue: HAS_ERROR } },
    ),
    validate.is('mode=delete of what is there', posts('Basic/b/$validate', { name: 'mode', valueCode: 'delete' }), {
      status: 200,
      at: { issue: HAS_NONE },
    }),
    validate.is('mode=delete leaves it there', get('Basic/b'), { status: 200 }),
    validate.is(
      'a mode that is none',
      posts('Basic/$validate', { name: 'resource', resource: basic('x') }, { name: 'mode', valueCode: 'bogus' }),
      { status: 400, issue: ['value', 'mode'] },
    ),
    validate.is('a resource of another type', ['POST', 'Patient/$validate', basic('x')], {
      status: 400,
      issue: ['invalid', 'Patient.resourceType'],
    }),
    validate.is('nothing at all', ['POST', 'Basic/$validate'], { status: 400 }),
  ],
};

const meta = section('resource-operations#meta');
const label = (code: string) => ({ system: 'http://s.example', code });
const adding = (id: string, added: object): Asked => posts(`Basic/${id}/$meta-add`, { name: 'meta', valueMeta: added });
const taking = (id: string, taken: object): Asked => posts(`Basic/${id}/$meta-delete`, { name: 'meta', valueMeta: taken });
const returned = (name: string) => `parameter.0.valueMeta.${name}`;

export const labels: Page = {
  title: '$meta, $meta-add and $meta-delete',
  given: [basic('b', { meta: { tag: [label('a')] } })],
  statements: [
    meta.is('what labels it has', get('Basic/b/$meta'), { status: 200, at: { [returned('tag')]: [label('a')] } }),
    meta.is('what labels there are', get('$meta'), { status: 200, at: { [returned('tag')]: [label('a')] } }),
    meta.shall(
      'those added are joined',
      adding('b', { tag: [label('b')], security: [label('s')], profile: ['http://hl7.org/fhir/StructureDefinition/Basic'] }),
      {
        status: 200,
        at: {
          [returned('tag')]: [label('a'), label('b')],
          [returned('security')]: [label('s')],
          [returned('profile')]: ['http://hl7.org/fhir/StructureDefinition/Basic'],
        },
      },
    ),
    meta.shall('one that is there is there once', adding('b', { tag: [label('b')] }), { status: 200, at: { [returned('tag.length')]: 2 } }),
    meta.shall('it is in the resource', get('Basic/b'), { status: 200, at: { 'meta.tag.length': 2, 'meta.security.0.code': 's' } }),
    meta.shall('those taken away are gone', taking('b', { tag: [label('a')] }), { status: 200, at: { [returned('tag')]: [label('b')] } }),
    meta.shall('what is not there is no error', taking('b', { tag: [label('zzz')] }), {
      status: 200,
      at: { [returned('tag')]: [label('b')] },
    }),
    meta.is('of what is not there', get('Basic/none/$meta'), { status: 404 }),
    meta.is('a meta is needed', posts('Basic/b/$meta-add'), { status: 400 }),
  ],
};

const everything = section('patient-operation-everything');
const compartment = section('compartmentdefinition');

export const aboutPatients: Page = {
  title: '$everything and compartments',
  given: [
    { ...PATIENT, managingOrganization: reference('Organization/o') },
    { resourceType: 'Patient', id: 'q' },
    { resourceType: 'Organization', id: 'o', name: 'O' },
    { resourceType: 'Practitioner', id: 'd' },
    seen('old', { effectiveDateTime: '2001-01-01', performer: [reference('Practitioner/d')] }),
    seen('new', { effectiveDateTime: '2021-01-01' }),
    seen('by', { subject: reference('Patient/q'), performer: [reference('Patient/p')] }),
    seen('focused', { subject: reference('Patient/q'), focus: [reference('Patient/p')] }),
    basic('about', { subject: reference('Patient/p') }),
    basic('other', { subject: reference('Patient/q') }),
  ],
  statements: [
    everything.shall('the patient and what is in the compartment, and what they refer to', get('Patient/p/$everything'), {
      status: 200,
      at: { type: 'searchset' },
      ids: [
        'Patient/p',
        'Observation/old',
        'Observation/new',
        'Observation/by',
        'Basic/about',
        'include:Organization/o',
        'include:Practitioner/d',
        'include:Patient/q',
      ],
    }),
    everything.is('_type chooses', get('Patient/p/$everything?_type=Basic'), { status: 200, ids: ['Basic/about'] }),
    everything.is('start and end choose by dates of care', get('Patient/p/$everything?start=2020-01-01&_type=Observation'), {
      status: 200,
      at: { entry: expect.not.arrayContaining([expect.objectContaining({ fullUrl: expect.stringMatching(/Observation\/old$/) })]) },
    }),
    everything.is('_since chooses by the last change', get('Patient/p/$everything?_since=2100-01-01T00:00:00Z'), { status: 200, ids: [] }),
    everything.is('_count gives pages', get('Patient/p/$everything?_count=2'), {
      status: 200,
      links: { next: expect.stringMatching(/^\{base\}\//) },
    }),
    everything.is('which go on', ['GET', '{next}'], { status: 200, at: { type: 'searchset' } }),
    everything.is('of nobody', get('Patient/none/$everything'), { status: 404 }),
    compartment.finds(
      'what refers to the patient by the parameters of the compartment',
      'Patient/p/Observation',
      'Observation/old',
      'Observation/new',
      'Observation/by',
    ),
    compartment.finds('and nothing else', 'Patient/p/Basic', 'Basic/about'),
    compartment.finds('conditions hold within it', 'Patient/p/Observation?date=gt2020', 'Observation/new'),
    compartment.is('a type that is never in it', get('Patient/p/Organization'), {
      status: 404,
      issue: ['not-found'],
    }),
    compartment.finds('a compartment of a Practitioner', 'Practitioner/d/Observation', 'Observation/old'),
    compartment.finds('the compartment of nobody is empty', 'Patient/none/Observation'),
  ],
};

const fhirPatch = section('fhirpatch');
const part = (name: string, value: object) => ({ name, ...value });
const patches = (type: string, ...parts: readonly object[]): Asked => [
  'PATCH',
  'Patient/p',
  parameters({ name: 'operation', part: [part('type', { valueCode: type }), ...parts] }),
];
const path = (valueString: string) => part('path', { valueString });

export const fhirPathPatches: Page = {
  title: 'FHIRPath Patch',
  given: [{ ...PATIENT, name: [{ family: 'A' }, { family: 'B' }] }],
  statements: [
    fhirPatch.shall(
      'add: an element',
      patches('add', path('Patient'), part('name', { valueString: 'birthDate' }), part('value', { valueDate: '1920-01-01' })),
      {
        status: 200,
        at: { birthDate: '1920-01-01' },
      },
    ),
    fhirPatch.shall(
      'add: to the end of a list',
      patches('add', path('Patient'), part('name', { valueString: 'name' }), part('value', { valueHumanName: { family: 'C' } })),
      {
        status: 200,
        at: { 'name.2.family': 'C' },
      },
    ),
    fhirPatch.shall(
      'insert: at a place',
      patches('insert', path('Patient.name'), part('value', { valueHumanName: { family: 'Z' } }), part('index', { valueInteger: 1 })),
      {
        status: 200,
        at: { 'name.0.family': 'A', 'name.1.family': 'Z', 'name.2.family': 'B' },
      },
    ),
    fhirPatch.shall(
      'move: from a place to another',
      patches('move', path('Patient.name'), part('source', { valueInteger: 1 }), part('destination', { valueInteger: 0 })),
      {
        status: 200,
        at: { 'name.0.family': 'Z', 'name.1.family': 'A' },
      },
    ),
    fhirPatch.shall('replace', patches('replace', path('Patient.birthDate'), part('value', { valueDate: '1930-01-01' })), {
      status: 200,
      at: { birthDate: '1930-01-01' },
    }),
    fhirPatch.shall('delete', patches('delete', path('Patient.name[0]')), { status: 200, at: { 'name.0.family': 'A', 'name.length': 3 } }),
    fhirPatch.shall('delete: of several is an error', patches('delete', path('Patient.name')), { status: 422 }),
    fhirPatch.is('delete: of none is no error', patches('delete', path('Patient.photo')), { status: 200 }),
    fhirPatch.shall('replace: of none is an error', patches('replace', path('Patient.gender'), part('value', { valueCode: 'male' })), {
      status: 422,
    }),
    fhirPatch.shall(
      'insert: beyond the end is an error',
      patches('insert', path('Patient.name'), part('value', { valueHumanName: { family: 'Q' } }), part('index', { valueInteger: 9 })),
      { status: 422 },
    ),
    fhirPatch.shall('a type that is none', patches('bogus', path('Patient')), {
      status: 400,
      issue: ['value'],
    }),
    fhirPatch.shall(
      'several are one after the other, all or none',
      [
        'PATCH',
        'Patient/p',
        parameters(
          {
            name: 'operation',
            part: [part('type', { valueCode: 'replace' }), path('Patient.active'), part('value', { valueBoolean: false })],
          },
          {
            name: 'operation',
            part: [part('type', { valueCode: 'replace' }), path('Patient.gender'), part('value', { valueCode: 'male' })],
          },
        ),
      ],
      { status: 422 },
    ),
    fhirPatch.is('so that nothing was changed', get('Patient/p'), { status: 200, at: { active: true } }),
  ],
};

const kickOff = section('bulk-data#kick-off');
const status = section('bulk-data#status');
const file = section('bulk-data#file');
const ASYNC = { Prefer: 'respond-async', Accept: 'application/fhir+json' };

export const bulk: Page = {
  title: 'bulk data export',
  given: [
    PATIENT,
    seen('o'),
    { resourceType: 'Organization', id: 'org', name: 'O' },
    { resourceType: 'Group', id: 'g', type: 'person', actual: true, member: [{ entity: reference('Patient/p') }] },
  ],
  statements: [
    kickOff.shall('Prefer: respond-async is needed', get('$export'), { status: 400 }),
    kickOff.shall('a format that is not given is refused', get('$export?_outputFormat=text/csv', ASYNC), { status: 400 }),
    kickOff.shall('a type that is none is refused', get('$export?_type=Bogus', ASYNC), { status: 400 }),
    kickOff.shall('202 with Content-Location', get('$export?_type=Patient&_outputFormat=ndjson', ASYNC), {
      status: 202,
      headers: { 'Content-Location': expect.stringMatching(/^\{base\}\//) },
    }),
    status.shall('200 with the manifest as JSON', ['POLL', '{Content-Location}'], {
      status: 200,
      headers: { 'Content-Type': expect.stringMatching(/^application\/json/), Expires: expect.stringMatching(/GMT$/) },
      at: {
        transactionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        request: expect.stringMatching(/^\{base\}\/\$export\?/),
        requiresAccessToken: true,
        'output.length': 1,
        'output.0.type': 'Patient',
        'output.0.count': 1,
        error: [],
      },
    }),
    file.shall('files are NDJSON', ['GET', '{file}', undefined, { Accept: 'application/fhir+ndjson' }], {
      status: 200,
      headers: { 'Content-Type': expect.stringMatching(/^application\/fhir\+ndjson/) },
      text: expect.stringMatching(/^\{"resourceType":"Patient","id":"p".*\}\n?$/),
    }),
    file.shall('who has no token gets none', ['GET', '{file}', undefined, { Authorization: '' }], { status: 401 }),
    section('bulk-data#delete').shall('DELETE: 202', ['DELETE', '{Content-Location}'], { status: 202 }),
    section('bulk-data#delete').shall('404 afterwards', ['GET', '{Content-Location}'], {
      status: 404,
      at: { resourceType: 'OperationOutcome' },
    }),
    kickOff.is('of all patients', get('Patient/$export', ASYNC), { status: 202 }),
    status.is('what is theirs, and nothing else', ['POLL', '{Content-Location}'], {
      status: 200,
      at: {
        output: expect.toSatisfy(
          (output: readonly { type: string }[]) =>
            output.some(({ type }) => type === 'Observation') && !output.some(({ type }) => type === 'Organization'),
        ),
      },
    }),
    kickOff.is('of a group', get('Group/g/$export?_type=Observation', ASYNC), { status: 202 }),
    status.is('what is theirs', ['POLL', '{Content-Location}'], {
      status: 200,
      at: { 'output.0.type': 'Observation', 'output.0.count': 1 },
    }),
    kickOff.is('_since a time to come', get('$export?_since=2100-01-01T00:00:00Z', ASYNC), { status: 202 }),
    status.is('nothing', ['POLL', '{Content-Location}'], { status: 200, at: { output: [] } }),
    kickOff.is('by POST', ['POST', '$export', parameters({ name: '_type', valueString: 'Patient' }), ASYNC], { status: 202 }),
    kickOff.is('of a group that is not there', get('Group/none/$export', ASYNC), { status: 404 }),
    kickOff.is('_typeFilter', get(`$export?_type=Observation&_typeFilter=${encodeURIComponent('Observation?status=amended')}`, ASYNC), {
      status: 202,
    }),
    status.is('what it finds', ['POLL', '{Content-Location}'], { status: 200, at: { output: [] } }),
  ],
};

import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bundle, entry, patient } from '../support/fixtures.ts';

const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };

const operation = (type: string, parts: Record<string, unknown>) => ({
  name: 'operation',
  part: [
    { name: 'type', valueCode: type },
    ...Object.entries(parts).map(([name, value]) =>
      name === 'path' || name === 'name'
        ? { name, valueString: value }
        : typeof value === 'number' && name !== 'value'
          ? { name, valueInteger: value }
          : { name, ...(value as object) },
    ),
  ],
});
const parameters = (...operations: unknown[]) => ({ resourceType: 'Parameters', parameter: operations });

const PERSON = patient({
  id: 'p1',
  name: [
    { family: 'Solvik', given: ['Ingrid', 'Marie'] },
    { use: 'old', family: 'Dal' },
  ],
  telecom: [{ system: 'phone', value: '1' }],
  deceasedBoolean: false,
  contact: [{ name: { text: 'Kari' } }],
});

onEachServer('patch', (start) => {
  it('applies a JSON Patch and gives the next version [R4 http#patch]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', PERSON);
    const answer = await server.request('PATCH', 'Patient/p1', [{ op: 'replace', path: '/name/0/family', value: 'Ny' }], JSON_PATCH);
    expect([answer.status, answer.headers.get('ETag'), (answer.body.name as { family: string }[])[0]?.family]).toEqual([
      200,
      'W/"2"',
      'Ny',
    ]);
    expect((await server.request('GET', 'Patient/p1/_history')).text).toContain('"method":"PATCH"');
  });

  it('refuses a patch whose result is not valid, changes the id, or is of a stale version', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', PERSON);
    const patch = (operations: unknown, headers = {}) => server.request('PATCH', 'Patient/p1', operations, { ...JSON_PATCH, ...headers });
    expectRefusal(await patch([{ op: 'add', path: '/gender', value: 'odd' }]), 422, 'code-invalid', 'Patient.gender');
    expectRefusal(await patch([{ op: 'replace', path: '/id', value: 'p2' }]), 400, 'invalid', 'Patient.id');
    expectRefusal(await patch([{ op: 'replace', path: '/resourceType', value: 'Group' }]), 400, 'invalid', 'Patient.resourceType');
    expectRefusal(await patch([{ op: 'replace', path: '', value: 1 }]), 400, 'structure', 'resourceType');
    expectRefusal(await patch([{ op: 'test', path: '/birthDate', value: '2000-01-01' }]), 422, 'processing', 'patch[0]');
    expectRefusal(await patch([], { 'If-Match': 'W/"4"' }), 412, 'conflict', 'If-Match');
    expectRefusal(await server.request('PATCH', 'Patient/none', [], JSON_PATCH), 404, 'not-found');
    expect((await server.request('GET', 'Patient/p1')).headers.get('ETag')).toBe('W/"1"');
  });

  it.each(['CarePlan', 'CareTeam', 'Goal', 'Task'])(
    'patches a %s with If-Match and its version only [R4 http#concurrency]',
    async (type) => {
      const server = await start({ services: { writeValidation: 'off' } });
      await server.request('PUT', `${type}/x`, { resourceType: type, id: 'x', identifier: [{ value: 'a' }] });
      const operations = [{ op: 'add', path: '/language', value: 'nb' }];
      for (const path of [`${type}/x`, `${type}?identifier=a`]) {
        const patch = (headers: object) => server.request('PATCH', path, operations, { ...JSON_PATCH, ...headers });
        const { versionId } = (await server.request('GET', `${type}/x`)).body.meta ?? {};
        expectRefusal(await patch({}), 428, 'required', 'If-Match');
        expectRefusal(await patch({ 'If-Match': '*' }), 428, 'required', 'If-Match');
        expectRefusal(await patch({ 'If-Match': 'W/"9"' }), 412, 'conflict', 'If-Match');
        expect((await patch({ 'If-Match': `W/"${versionId}"` })).status).toBe(200);
      }
      const data = Buffer.from(JSON.stringify(operations)).toString('base64');
      const binary = { resourceType: 'Binary', contentType: 'application/json-patch+json', data };
      const inBundle = (request: object) =>
        server.request('POST', '', bundle('transaction', entry('PATCH', `${type}/x`, binary, { request })));
      expectRefusal(await inBundle({}), 428, 'required', 'Bundle.entry[0].request.ifMatch');
      expect((await inBundle({ ifMatch: 'W/"3"' })).status).toBe(200);
    },
  );

  it('leaves no narrative that tells otherwise than the data [R4 http#patch]', async () => {
    const server = await start();
    const div = (words: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${words}</div>`;
    const text = (status: string) => ({ status, div: div('Ingrid, 1941') });
    const patched = async (status: string, ...operations: unknown[]) => {
      await server.request('PUT', 'Patient/p1', { ...PERSON, text: text(status) });
      return server.request('PATCH', 'Patient/p1', operations, JSON_PATCH);
    };
    const birth = { op: 'replace', path: '/birthDate', value: '1942-01-01' };
    const label = { op: 'add', path: '/meta/tag', value: [{ code: 'a' }] };
    for (const status of ['generated', 'extensions']) expect((await patched(status, birth)).body.text).toBeUndefined();
    expect((await patched('empty', birth)).body.text).toEqual(text('empty'));
    expect((await patched('generated', label)).body.text).toEqual(text('generated'));
    expect((await patched('additional', label)).body.text).toEqual(text('additional'));
    expectRefusal(await patched('additional', birth), 422, 'business-rule', 'Patient.text');
    const words = { op: 'replace', path: '/text/div', value: div('Ingrid, 1942') };
    expect((await patched('additional', birth, words)).body.text).toEqual({ status: 'additional', div: div('Ingrid, 1942') });
    expect((await patched('additional', birth, { op: 'remove', path: '/text' })).body.text).toBeUndefined();
  });

  it.each([
    ['adds a value', operation('add', { path: 'Patient', name: 'active', value: { valueBoolean: true } }), { active: true }],
    [
      'adds to the end of a list',
      operation('add', { path: 'Patient', name: 'telecom', value: { valueContactPoint: { system: 'email', value: 'a@b.example' } } }),
      { telecom: [PERSON.telecom, [{ system: 'email', value: 'a@b.example' }]].flat() },
    ],
    [
      'adds an element that has no type of its own',
      operation('add', {
        path: 'Patient',
        name: 'contact',
        value: {
          part: [
            { name: 'name', valueHumanName: { text: 'Ola' } },
            { name: 'gender', valueCode: 'male' },
          ],
        },
      }),
      { contact: [{ name: { text: 'Kari' } }, { name: { text: 'Ola' }, gender: 'male' }] },
    ],
    [
      'adds a choice element',
      operation('add', { path: 'Patient', name: 'multipleBirth', value: { valueInteger: 2 } }),
      { multipleBirthInteger: 2 },
    ],
    [
      'replaces a value',
      operation('replace', { path: 'Patient.birthDate', value: { valueDate: '1941-05-18' } }),
      { birthDate: '1941-05-18' },
    ],
    [
      'replaces the type of a choice',
      operation('replace', { path: 'Patient.deceased', value: { valueDateTime: '2026-01-01' } }),
      { deceasedDateTime: '2026-01-01', deceasedBoolean: undefined },
    ],
    [
      'replaces what a condition chooses',
      operation('replace', { path: "Patient.name.where(use = 'old').family", value: { valueString: 'Li' } }),
      {
        name: [
          { family: 'Solvik', given: ['Ingrid', 'Marie'] },
          { use: 'old', family: 'Li' },
        ],
      },
    ],
    ['deletes an element', operation('delete', { path: 'Patient.birthDate' }), { birthDate: undefined }],
    [
      'deletes one of a list',
      operation('delete', { path: 'Patient.name[1]' }),
      { name: [{ family: 'Solvik', given: ['Ingrid', 'Marie'] }] },
    ],
    ['deletes nothing where there is nothing', operation('delete', { path: 'Patient.photo' }), { birthDate: '1941-05-17' }],
    [
      'inserts into a list',
      operation('insert', { path: 'Patient.name[0].given', index: 1, value: { valueString: 'Anna' } }),
      {
        name: [
          { family: 'Solvik', given: ['Ingrid', 'Anna', 'Marie'] },
          { use: 'old', family: 'Dal' },
        ],
      },
    ],
    [
      'moves within a list',
      operation('move', { path: 'Patient.name', source: 1, destination: 0 }),
      {
        name: [
          { use: 'old', family: 'Dal' },
          { family: 'Solvik', given: ['Ingrid', 'Marie'] },
        ],
      },
    ],
  ])('%s by FHIRPath Patch [R4 fhirpatch]', async (_what, change, expected) => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', PERSON);
    const answer = await server.request('PATCH', 'Patient/p1', parameters(change));
    expect(answer.status, answer.text).toBe(200);
    for (const [name, value] of Object.entries(expected)) expect(answer.body[name], name).toEqual(value);
  });

  it.each([
    ['operations that are no list', { resourceType: 'Parameters', parameter: {} }, 400, 'structure', 'Parameters.parameter'],
    ['another parameter', parameters({ name: 'x' }), 400, 'structure', 'Parameters.parameter[0]'],
    ['an unknown type', parameters(operation('twist', { path: 'Patient' })), 400, 'value', 'Parameters.parameter[0].part[0]'],
    [
      'a part that is missing',
      parameters(operation('replace', { path: 'Patient.birthDate' })),
      400,
      'structure',
      'Parameters.parameter[0]',
    ],
    ['a path that is no FHIRPath', parameters(operation('delete', { path: 'Patient.(' })), 400, 'value', 'Parameters.parameter[0]'],
    [
      'a path that names nothing',
      parameters(operation('replace', { path: 'Patient.photo', value: { valueString: 'x' } })),
      422,
      'processing',
      'Parameters.parameter[0]',
    ],
    ['a path that names several', parameters(operation('delete', { path: 'Patient.name' })), 422, 'processing', 'Parameters.parameter[0]'],
    [
      'a path with a pattern that runs away',
      parameters(operation('delete', { path: `Patient.name.where('${'a'.repeat(60)}'.matches('(a|a)*b'))` })),
      422,
      'too-costly',
      'Parameters.parameter[0]',
    ],
    ['a path that gives no element', parameters(operation('delete', { path: '1 + 1' })), 422, 'processing', 'Parameters.parameter[0]'],
    [
      'an element that is unknown',
      parameters(operation('add', { path: 'Patient', name: 'shoe', value: { valueString: 'x' } })),
      422,
      'processing',
      'Parameters.parameter[0]',
    ],
    [
      'an element that is there',
      parameters(operation('add', { path: 'Patient', name: 'birthDate', value: { valueDate: '2000' } })),
      422,
      'processing',
      'Parameters.parameter[0]',
    ],
    [
      'a place beyond the list',
      parameters(operation('insert', { path: 'Patient.name', index: 5, value: { valueHumanName: {} } })),
      422,
      'processing',
      'Parameters.parameter[0]',
    ],
    [
      'a move beyond the list',
      parameters(operation('move', { path: 'Patient.name', source: 0, destination: 2 })),
      422,
      'processing',
      'Parameters.parameter[0]',
    ],
  ])('refuses %s', async (_what, body, status, code, expression) => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', PERSON);
    expectRefusal(await server.request('PATCH', 'Patient/p1', body), status, code, expression);
  });
});

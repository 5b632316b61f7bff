import { afterEach, describe, expect, it } from 'vitest';
import { loadDefinitions } from '../../../server/definitions/load.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import { mayTellNumber, staffNumberPlaces } from '../../../server/interactions/business-rules/staff-number-places.ts';
import { DIRECTORY } from '../../auth/access-rule/matrix-record.ts';
import { NOW_MS } from '../../auth/access-rule/people.ts';
import { put, ref } from '../../auth/access-rule/record-parts.ts';
import { type Ask, type RuledServer, startRuledServer, type TokenClaims } from '../../auth/access-rule/ruled-server.ts';
import { bundle, entry } from '../../support/fixtures.ts';
import { onEachDatabase } from '../../support/stores.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
const NUMBER = '23817010075';
const fnr = { system: `${OID}1`, value: NUMBER };
const dNumber = { system: `${OID}2`, value: '57834201582' };
const hpr = { system: `${OID}4`, value: '999000002' };
const local = (value: string) => ({ system: 'https://hr.example/employee', value });

const definitions = loadDefinitions();
const found = (resource: Resource): readonly string[] => {
  const places = staffNumberPlaces(resource, definitions).map(({ path }) => path.join('.'));
  if (places.length > 0) expect(mayTellNumber(resource.resourceType, JSON.stringify(resource))).toBe(true);
  return places;
};
const practitioner = (more: object): Resource => ({ resourceType: 'Practitioner', ...more });
const task = (owner: object): Resource => ({ resourceType: 'Task', status: 'requested', intent: 'order', owner });

/** What is written, and where a number is found in it. */
const TOLD: readonly (readonly [what: string, resource: Resource, ...places: string[]])[] = [
  ['a fødselsnummer beside an HPR number', practitioner({ identifier: [hpr, fnr] }), 'identifier.1'],
  ['a D-number', practitioner({ identifier: [dNumber] }), 'identifier.0'],
  ['a help number', practitioner({ identifier: [{ system: `${OID}3`, value: '80000000000' }] }), 'identifier.0'],
  ['a number that is no longer in use', practitioner({ identifier: [{ ...fnr, use: 'old' }] }), 'identifier.0'],
  ['a number that passes no check', practitioner({ identifier: [{ ...fnr, value: '12345678901' }] }), 'identifier.0'],
  ['the OID without its scheme', practitioner({ identifier: [{ ...fnr, system: '2.16.578.1.12.4.1.4.1' }] }), 'identifier.0'],
  ['the number as an employee number', practitioner({ identifier: [local(NUMBER)] }), 'identifier.0'],
  ['the number in groups, without a system', practitioner({ identifier: [{ value: '238170 10075' }] }), 'identifier.0'],
  ['the number in a narrative', practitioner({ text: { status: 'generated', div: `<div>Lege, ${NUMBER}</div>` } }), 'text.div'],
  ['the number in a name', practitioner({ name: [{ text: `Lars (238170-10075)` }] }), 'name.0.text'],
  ['an extension', practitioner({ extension: [{ url: 'urn:x', valueIdentifier: fnr }] }), 'extension.0.valueIdentifier'],
  ['a role', { resourceType: 'PractitionerRole', identifier: [fnr] }, 'identifier.0'],
  ['a role’s practitioner', { resourceType: 'PractitionerRole', practitioner: { identifier: fnr } }, 'practitioner.identifier'],
  ['an organisation of one person', { resourceType: 'Organization', identifier: [local(NUMBER)] }, 'identifier.0'],
  [
    'a contained Practitioner',
    { ...task(ref('#p')), contained: [{ id: 'p', ...practitioner({ identifier: [fnr] }) }] },
    'contained.0.identifier.0',
  ],
  [
    'a contained Practitioner with the number as an employee number',
    { ...task(ref('#p')), contained: [{ id: 'p', ...practitioner({ identifier: [local(NUMBER)] }) }] },
    'contained.0.identifier.0',
  ],
  ['a contained Person', { ...task({}), contained: [{ resourceType: 'Person', identifier: [fnr] }] }, 'contained.0.identifier.0'],
  [
    'a Practitioner in a definition',
    { resourceType: 'StructureDefinition', contained: [practitioner({ identifier: [fnr] })] },
    'contained.0.identifier.0',
  ],
  [
    'a Practitioner in a Bundle',
    { resourceType: 'Bundle', type: 'collection', entry: [{ resource: practitioner({ identifier: [fnr] }) }] },
    'entry.0.resource.identifier.0',
  ],
  ['a reference that says it is a Practitioner', task({ type: 'Practitioner', identifier: fnr }), 'owner.identifier'],
  ['a reference to a Practitioner', task({ ...ref('Practitioner/nurse'), identifier: fnr }), 'owner.identifier'],
  [
    'a reference to a Practitioner that says it is a patient',
    task({ ...ref('Practitioner/nurse'), type: 'Patient', identifier: fnr }),
    'owner.identifier',
  ],
  [
    'a reference to a contained Practitioner',
    { ...task({ ...ref('#p'), identifier: fnr }), contained: [{ id: 'p', ...practitioner({}) }] },
    'owner.identifier',
  ],
  ['a reference to a role elsewhere', task({ ...ref('https://ehr.example/fhir/PractitionerRole/1'), identifier: fnr }), 'owner.identifier'],
  ['a reference that may be to anybody', task({ identifier: fnr }), 'owner.identifier'],
  [
    'whom a patient’s GP is',
    { resourceType: 'Patient', identifier: [dNumber], generalPractitioner: [{ identifier: fnr }] },
    'generalPractitioner.0.identifier',
  ],
  [
    'who signed',
    { resourceType: 'Provenance', agent: [{ who: { identifier: fnr } }], signature: [{ who: { identifier: fnr } }] },
    'agent.0.who.identifier',
    'signature.0.who.identifier',
  ],
  [
    'a Person’s link',
    { resourceType: 'Person', link: [{ target: { type: 'Practitioner', identifier: fnr } }] },
    'link.0.target.identifier',
  ],
  ['what is no person', { resourceType: 'CarePlan', identifier: [fnr] }, 'identifier.0'],
];

const NOT_TOLD: readonly (readonly [what: string, resource: Resource])[] = [
  ['an HPR number and an employee number', practitioner({ identifier: [hpr, local('4711')] })],
  ['a system without a number', practitioner({ identifier: [{ system: fnr.system }] })],
  ['a phone number of eleven digits', practitioner({ telecom: [{ system: 'phone', value: NUMBER }] })],
  ['eleven digits that pass no check', practitioner({ identifier: [local('12345678901')] })],
  ['a bank account’s sort of help number', { resourceType: 'Organization', identifier: [local('80000000000')] }],
  ['a patient', { resourceType: 'Patient', identifier: [fnr, dNumber] }],
  ['a relative', { resourceType: 'RelatedPerson', identifier: [fnr] }],
  ['a Person', { resourceType: 'Person', identifier: [fnr], link: [{ target: ref('Practitioner/nurse') }] }],
  ['a contained patient', { ...task(ref('#p')), contained: [{ resourceType: 'Patient', id: 'p', identifier: [fnr] }] }],
  ['a reference that says it is a patient', task({ type: 'Patient', identifier: fnr })],
  ['a reference to a patient', { resourceType: 'Task', for: { ...ref('Patient/ida'), identifier: fnr } }],
  [
    'a reference to a contained relative',
    { ...task({ ...ref('#k'), identifier: fnr }), contained: [{ resourceType: 'RelatedPerson', id: 'k' }] },
  ],
  ['an element that names nobody but patients', { resourceType: 'CarePlan', subject: { identifier: fnr } }],
  ['a reference to staff by HPR number', task({ identifier: hpr })],
  ['a pattern in a profile', { resourceType: 'StructureDefinition', differential: { element: [{ patternIdentifier: fnr }] } }],
];

describe('a number of staff', () => {
  it.each(TOLD.map(([what, resource, ...places]) => ({ what, resource, places })))('is told by $what', ({ resource, places }) => {
    expect(found(resource)).toEqual(places);
  });

  it.each(NOT_TOLD)('is not told by %s', (_what, resource) => {
    expect(found(resource)).toEqual([]);
  });
});

onEachDatabase('writing a number of staff', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  const SYSTEM: TokenClaims = { scope: 'system/*.cruds', organization_number: '100000002' };
  const ADMINISTRATION = { scope: 'system/*.cruds', scopes_alone: true } as TokenClaims;
  async function start(claims: TokenClaims): Promise<Ask> {
    const database = await open({ nowMs: () => NOW_MS });
    await put(database.resources, ...DIRECTORY);
    ruled = await startRuledServer(database, { services: { newId: () => crypto.randomUUID() } });
    return ruled.as(claims);
  }
  const refused = async (answer: ReturnType<Ask>, expression: string): Promise<void> => {
    const { status, body, text } = await answer;
    expect(status, text).toBe(422);
    expect(body.issue?.[0]).toMatchObject({ severity: 'error', code: 'business-rule', expression: [expression] });
    expect(text).not.toContain(NUMBER);
  };
  const parameters = (path: string, value: object) => ({
    resourceType: 'Parameters',
    parameter: [
      {
        name: 'operation',
        part: [
          { name: 'type', valueCode: 'add' },
          { name: 'path', valueString: 'Practitioner' },
          { name: 'name', valueString: path },
          { name: 'value', ...value },
        ],
      },
    ],
  });
  const staff = practitioner({ identifier: [hpr, fnr] });
  const nurse = { id: 'nurse', ...staff };
  const jsonPatch = { 'Content-Type': 'application/json-patch+json' };

  /** Every way of writing, to be tried by administration, which the directory is otherwise open to. */
  const ways: readonly (readonly [way: string, expression: string, ...call: Parameters<Ask>])[] = [
    ['create', 'Practitioner.identifier[1]', 'POST', 'Practitioner', staff],
    ['conditional create', 'Practitioner.identifier[1]', 'POST', 'Practitioner', staff, { 'If-None-Exist': 'name=nobody' }],
    ['update', 'Practitioner.identifier[1]', 'PUT', 'Practitioner/nurse', nurse],
    ['update of a new one', 'Practitioner.identifier[1]', 'PUT', 'Practitioner/new', { ...nurse, id: 'new' }],
    ['conditional update', 'Practitioner.identifier[1]', 'PUT', 'Practitioner?_id=nurse', staff],
    [
      'JSON patch',
      'Practitioner.identifier[0]',
      'PATCH',
      'Practitioner/nurse',
      JSON.stringify([{ op: 'add', path: '/identifier', value: [fnr] }]),
      jsonPatch,
    ],
    ['FHIRPath patch', 'Practitioner.identifier[0]', 'PATCH', 'Practitioner/nurse', parameters('identifier', { valueIdentifier: fnr })],
    [
      'transaction',
      'Bundle.entry[1].resource.identifier[1]',
      'POST',
      '',
      bundle('transaction', entry('POST', 'Practitioner', practitioner({})), entry('POST', 'Practitioner', staff)),
    ],
    [
      'a number that comes in with a link',
      'Bundle.entry[0].resource.owner.identifier',
      'POST',
      '',
      bundle('transaction', entry('POST', 'Task', task({ reference: 'Practitioner?_id=nurse', type: 'Practitioner', identifier: fnr }))),
    ],
  ];

  it('is refused in every way', async () => {
    const ask = await start(ADMINISTRATION);
    for (const [way, expression, ...call] of ways) {
      await refused(ask(...call), expression).catch((error: unknown) => {
        throw new Error(way, { cause: error });
      });
    }
    const batch = await ask(
      'POST',
      '',
      bundle('batch', entry('POST', 'Practitioner', staff), entry('POST', 'Practitioner', practitioner({}))),
    );
    const entries = batch.body.entry as readonly { response: { status: string } }[];
    expect(entries.map(({ response }) => response.status.slice(0, 3))).toEqual(['422', '201']);
    const stored = await ask('POST', 'Practitioner/_search', `identifier=${fnr.system}|${NUMBER}&_total=accurate`, {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect(stored.body.total).toBe(0);
  });

  it('is refused in an import, whose other lines are stored', async () => {
    const ask = await start(ADMINISTRATION);
    const lines = [nurse, { id: 'other', ...practitioner({ identifier: [hpr] }) }].map((line) => JSON.stringify(line)).join('\n');
    const begun = await ask('POST', '$import', lines, { 'Content-Type': 'application/fhir+ndjson', Prefer: 'respond-async' });
    const below = (url: string | null) => url?.split('/fhir/')[1] ?? '';
    let status = await ask('GET', below(begun.headers.get('Content-Location')));
    for (let tries = 0; status.status === 202 && tries < 500; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      status = await ask('GET', below(begun.headers.get('Content-Location')));
    }
    const [errors] = (status.body as unknown as { error: readonly { url: string }[] }).error;
    const told = await ask('GET', below(errors?.url ?? null));
    expect(told.text).toContain('Practitioner.identifier[1]');
    expect(told.text).not.toContain(NUMBER);
    expect((await ask('GET', 'Practitioner/nurse')).text).not.toContain(NUMBER);
    expect((await ask('GET', 'Practitioner/other')).status).toBe(200);
  });

  it('is refused in the language of whoever writes', async () => {
    const ask = await start(SYSTEM);
    const textIn = async (language: string, resource: Resource): Promise<unknown> => {
      const { body } = await ask('POST', resource.resourceType, resource, { 'Accept-Language': language });
      return (body.issue?.[0] as { details?: { text?: string } } | undefined)?.details?.text;
    };
    expect(await textIn('nb', staff)).toContain('en egen Person');
    expect(await textIn('nn', staff)).toContain('ein eigen Person');
    expect(await textIn('en', staff)).toContain('a Person of its own');
  });

  it('goes with the Practitioner, the role and the Person in one transaction of the organisation’s system', async () => {
    const ask = await start(SYSTEM);
    const who = 'urn:uuid:7b0d7f2c-5d0d-4f52-a3c4-2f6f0a8f4a01';
    const home = ref('Organization/home-care');
    const all = bundle(
      'transaction',
      entry('POST', 'Practitioner', practitioner({ name: [{ family: 'Ny' }] }), { fullUrl: who }),
      entry('POST', 'PractitionerRole', { resourceType: 'PractitionerRole', practitioner: ref(who), organization: home }),
      entry('POST', 'Person', { resourceType: 'Person', identifier: [fnr], managingOrganization: home, link: [{ target: ref(who) }] }),
    );
    const answer = await ask('POST', '', all);
    expect(answer.status, answer.text).toBe(200);
    const again = await ask('POST', 'Person', { resourceType: 'Person', identifier: [fnr], managingOrganization: home });
    expect(again.status, again.text).toBe(422);
    expect(again.body.issue?.[0]).toMatchObject({ code: 'business-rule', expression: ['Person.identifier'] });
  });

  it('is not asked about at a base of its own, as a record system has', async () => {
    const database = await open({ nowMs: () => NOW_MS });
    ruled = await startRuledServer(database, { services: { access: { decide: () => ({ kind: 'allow' }) } } });
    const ask = await ruled.as(ADMINISTRATION);
    expect((await ask('POST', 'Practitioner', staff)).status).toBe(201);
  });
});

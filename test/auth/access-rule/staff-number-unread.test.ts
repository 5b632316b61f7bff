import { afterEach, expect, it } from 'vitest';
import { isObject, type Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import type { TestAnswer } from '../../support/test-server.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { consentTo, put, ref } from './record-parts.ts';
import { type Ask, type RuledServer, startRuledServer, type TokenClaims } from './ruled-server.ts';

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
/** The nurse's, and one that is nobody's. */
const NUMBER = '23817010075';
const NOBODYS = '17834201585';

type Call = readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>];

const post = (path: string, form: string): Call => ['POST', path, form, { 'Content-Type': 'application/x-www-form-urlencoded' }];
const inTransaction = (resource: object, request: object): Call => [
  'POST',
  '',
  { resourceType: 'Bundle', type: 'transaction', entry: [{ resource, request }] },
];
const inBatch = (url: string): Call => [
  'POST',
  '',
  { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url } }] },
];
const person = (number: string, more: object = {}): Resource => ({
  resourceType: 'Person',
  identifier: [{ system: FNR, value: number }],
  ...more,
});
const note = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: ref('Patient/ida') };

/** Every way of coming by a number, or of finding out whether it is there. */
const WAYS: Readonly<Record<string, (number: string) => Call>> = {
  read: () => ['GET', 'Person/nurse-person'],
  'read of the Practitioner': () => ['GET', 'Practitioner/nurse'],
  vread: () => ['GET', 'Person/nurse-person/_history/1'],
  'history of an instance': () => ['GET', 'Person/nurse-person/_history'],
  'history of the type': () => ['GET', 'Person/_history'],
  'history of a Practitioner': () => ['GET', 'Practitioner/nurse/_history'],
  'history of all': () => ['GET', '_history'],
  'search of all Persons': () => ['GET', 'Person?_total=accurate'],
  'search by id': () => ['GET', 'Person?_id=nurse-person'],
  'search by Practitioner': () => ['GET', 'Person?practitioner=nurse'],
  'search by keeper': () => ['GET', 'Person?organization=home-care'],
  'search by number': (number) => post('Person/_search', `identifier=${FNR}|${number}`),
  'search by number without its system': (number) => post('Person/_search', `identifier=${number}`),
  'count by number': (number) => post('Person/_search', `identifier=${FNR}|${number}&_summary=count`),
  'search by what is not the number': (number) => post('Person/_search', `identifier:not=${FNR}|${number}&_total=accurate`),
  'search by type of number': (number) => post('Person/_search', `identifier:of-type=urn:t|FNR|${number}`),
  'search by expression': (number) => post('Person/_search', `_filter=identifier eq ${FNR}|${number}`),
  'search by words': (number) => post('Person/_search', `_content=${number}`),
  'search by words of a Practitioner': (number) => post('Practitioner/_search', `_content=${number}`),
  'search in order of the number': () => ['GET', 'Person?_sort=identifier'],
  'search of all types': (number) => post('_search', `_type=Person,Practitioner&identifier=${FNR}|${number}`),
  'Practitioner by number': (number) => post('Practitioner/_search', `identifier=${FNR}|${number}`),
  'Practitioner by Person': (number) => post('Practitioner/_search', `_has:Person:practitioner:identifier=${FNR}|${number}`),
  'Practitioner by link': (number) => post('Practitioner/_search', `_has:Person:link:identifier=${FNR}|${number}`),
  'organisation by Person': (number) => post('Organization/_search', `_has:Person:organization:identifier=${FNR}|${number}`),
  'patient by Person': (number) => post('Patient/_search', `_has:Person:patient:identifier=${FNR}|${number}`),
  'role by the number of its Practitioner': (number) => post('PractitionerRole/_search', `practitioner.identifier=${FNR}|${number}`),
  'role by Person': (number) =>
    post('PractitionerRole/_search', `practitioner:Practitioner._has:Person:practitioner:identifier=${FNR}|${number}`),
  'task by the number of its owner': (number) => post('Task/_search', `owner:Practitioner.identifier=${FNR}|${number}`),
  'task by the number of the owner’s Practitioner': (number) =>
    post('Task/_search', `owner:PractitionerRole.practitioner.identifier=${FNR}|${number}`),
  'task by the identifier of its owner': (number) => post('Task/_search', `owner:identifier=${FNR}|${number}`),
  'team by the number of a member': (number) =>
    post('CareTeam/_search', `participant:PractitionerRole.practitioner._has:Person:practitioner:identifier=${FNR}|${number}`),
  'reverse include': () => ['GET', 'Practitioner?_id=nurse&_revinclude=Person:practitioner'],
  'reverse include of all': () => ['GET', 'Practitioner?_id=nurse&_revinclude=Person:link'],
  'include from a team': () => [
    'GET',
    'CareTeam?_include=CareTeam:participant&_include:iterate=PractitionerRole:practitioner&_revinclude:iterate=Person:practitioner',
  ],
  'reverse include of a patient': () => ['GET', 'Patient?_id=ida&_revinclude=Person:patient'],
  'compartment of a patient': () => ['GET', 'Patient/ida/Person'],
  'whole compartment of a patient': () => ['GET', 'Patient/ida/*'],
  'compartment of a Practitioner': () => ['GET', 'Practitioner/nurse/Person'],
  '$everything of a patient': () => ['GET', 'Patient/ida/$everything'],
  '$everything of a plan': () => ['GET', 'CarePlan/ida-plan/$everything'],
  $diff: () => ['GET', 'Person/nurse-person/$diff?from=1&to=1'],
  $meta: () => ['GET', 'Person/nurse-person/$meta'],
  $validate: () => ['GET', 'Person/nurse-person/$validate'],
  'entry of a batch': () => inBatch('Person/nurse-person'),
  'search in a batch': () => inBatch('Person?practitioner=nurse'),
  'conditional create': (number) => ['POST', 'Person', person(number), { 'If-None-Exist': `identifier=${FNR}|${number}` }],
  create: (number) => ['POST', 'Person', person(number, { managingOrganization: ref('Organization/home-care') })],
  'create of one’s own': (number) => ['POST', 'Person', person(number, { managingOrganization: ref('Organization/other-hospital') })],
  'update of what is hidden': (number) => [
    'PUT',
    'Person/nurse-person',
    person(number, { id: 'nurse-person', managingOrganization: ref('Organization/other-hospital') }),
  ],
  'conditional update': (number) => ['PUT', 'Person?practitioner=nurse', person(number)],
  delete: () => ['DELETE', 'Person/nurse-person'],
  'conditional delete': () => ['DELETE', 'Person?practitioner=nurse'],
  'conditional reference': (number) =>
    inTransaction(
      { ...note, performer: [ref(`Practitioner?_has:Person:practitioner:identifier=${FNR}|${number}`)] },
      { method: 'POST', url: 'Observation' },
    ),
  'conditional reference by number': (number) =>
    inTransaction({ ...note, performer: [ref(`Practitioner?identifier=${FNR}|${number}`)] }, { method: 'POST', url: 'Observation' }),
};

/** Who is told nothing of the number. */
const OTHERS: Readonly<Record<string, TokenClaims>> = {
  'a colleague': { scope: 'user/*.cruds', fhirUser: 'Practitioner/coordinator', organization_number: '100000002' },
  'staff elsewhere': { scope: 'user/*.cruds', fhirUser: 'Practitioner/stranger', organization_number: '300000001' },
  'a patient': { scope: 'patient/*.cruds', fhirUser: 'Patient/ida', patient: 'ida' },
  'a patient with all scopes': { scope: 'user/*.cruds', fhirUser: 'Patient/ida' },
  'a relative': { scope: 'user/*.cruds', fhirUser: 'RelatedPerson/ida-cousin', patient: 'ida' },
  'the system of another organisation': { scope: 'system/*.cruds', organization_number: '300000001' },
  'the system of a unit beside': { scope: 'system/*.cruds', organization_number: '100000003' },
};
const ADMINISTRATION = { scope: 'system/*.cruds', scopes_alone: true } as TokenClaims;
/** Who reads the Person, and nothing of it elsewhere. */
const KEEPERS: Readonly<Record<string, TokenClaims>> = {
  'the system of the unit': { scope: 'system/*.cruds', organization_number: '100000002' },
  'the system of the whole': { scope: 'system/*.cruds', organization_number: '100000001' },
  administration: ADMINISTRATION,
};
const HERSELF: TokenClaims = { scope: 'user/*.cruds', fhirUser: 'Practitioner/nurse', organization_number: '100000002' };

/** What an answer says, whichever number was asked about. */
function leftOf({ status, text }: TestAnswer, number: string): string {
  const body = ordered(text)
    .replaceAll(number, '(number)')
    .replaceAll(/"id":"[0-9a-f-]{36}"|_page=[\w-]+|(Person|Observation)\/[0-9a-f-]{36}/g, '(id)')
    .replaceAll(/"(lastUpdated|lastModified)":"[^"]+"/g, '(when)');
  return `${status} ${body}`;
}

/** What is included comes in no particular order, and the plan of a database may change between two questions. */
function ordered(text: string): string {
  const body: unknown = /"mode":"include"/.test(text) ? JSON.parse(text) : undefined;
  if (!isObject(body) || !Array.isArray(body.entry)) return text;
  const [matches, included] = [true, false].map((isMatch) =>
    (body.entry as { fullUrl: string; search: { mode: string } }[]).filter(({ search }) => (search.mode === 'match') === isMatch),
  );
  return JSON.stringify({ ...body, entry: [...matches!, ...included!.sort((a, b) => (a.fullUrl < b.fullUrl ? -1 : 1))] });
}

/** All that an answer holds but the Persons themselves. */
function besidePersons(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(besidePersons);
  if (!isObject(value)) return value;
  if (value.resourceType === 'Person') return 'a Person';
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, besidePersons(each)]));
}

interface Manifest {
  readonly output: readonly { readonly url: string }[];
}

async function finished(ask: Ask, status: string): Promise<Manifest> {
  for (let tries = 0; tries < 500; tries += 1) {
    const answer = await ask('GET', status);
    if (answer.status !== 202) return answer.body as unknown as Manifest;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The export did not end');
}

onEachDatabase('the national number of somebody who works here', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start(): Promise<RuledServer> {
    const database = await open({ nowMs: () => NOW_MS });
    await put(
      database.resources,
      ...DIRECTORY,
      ...recordOf(IDA, []),
      ...consentsOf(IDA, 'none'),
      consentTo('innsyn', 'ida', { actor: ['Organization/solvik', 'RelatedPerson/ida-cousin'] }),
      person(NUMBER, {
        id: 'nurse-person',
        managingOrganization: ref('Organization/home-care'),
        link: [{ target: ref('Practitioner/nurse') }],
      }),
      // The keeper has written that a patient is the same person, as they know.
      person('57834201582', {
        id: 'ke-person',
        managingOrganization: ref('Organization/home-care'),
        link: [{ target: ref('Practitioner/ke') }, { target: ref('Patient/other') }],
      }),
    );
    ruled = await startRuledServer(database, { services: { newId: () => crypto.randomUUID() } });
    return ruled;
  }

  it.each(Object.entries(OTHERS))('is neither read nor found out by %s', async (_who, claims) => {
    const ask = await (await start()).as(claims);
    const told: string[] = [];
    for (const [way, call] of Object.entries(WAYS)) {
      const asked = await ask(...call(NUMBER));
      const [there, nowhere] = [leftOf(asked, NUMBER), leftOf(await ask(...call(NOBODYS)), NOBODYS)];
      if (there !== nowhere) told.push(`${way}\n  there:   ${there}\n  nowhere: ${nowhere}`);
      const isOwn = asked.status === 201 && /create of one/.test(way);
      if (asked.text.includes(NUMBER) && !isOwn) told.push(`${way} tells the number: ${asked.text}`);
    }
    expect(told.join('\n')).toBe('');
    const own = await ask('GET', 'Person/nurse-person');
    expect(own.status).toBe(404);
    expect(own.body.issue?.[0]).toMatchObject({ code: 'not-found' });
  });

  it.each(Object.entries(KEEPERS))('is read by %s, on the Person alone', async (_who, claims) => {
    const ask = await (await start()).as(claims);
    const reading = Object.entries(WAYS).filter(([, call]) => call(NUMBER)[0] === 'GET' || /_search$/.test(call(NUMBER)[1]));
    const told: string[] = [];
    for (const [way, call] of reading) {
      const { status, body } = await ask(...call(NUMBER));
      if (status >= 500 || JSON.stringify(besidePersons(body)).includes(NUMBER)) told.push(`${way}: ${status}`);
    }
    expect(told).toEqual([]);
    expect((await ask('GET', 'Person/nurse-person')).text).toContain(NUMBER);
    const ids = async (call: Call): Promise<unknown> => {
      const entries = (await ask(...call)).body.entry as readonly { resource: Resource }[] | undefined;
      return entries?.map(({ resource }) => resource.id);
    };
    expect(await ids(WAYS['search by number']!(NUMBER))).toEqual(['nurse-person']);
    expect(await ids(WAYS['Practitioner by Person']!(NUMBER))).toEqual(['nurse']);
    expect(await ids(WAYS['Practitioner by number']!(NUMBER))).toBeUndefined();
  });

  it('is exported to whoever keeps the Person, and to no other', async () => {
    const { as, server } = await start();
    const exported = async (claims: TokenClaims): Promise<readonly Resource[]> => {
      const ask = await as(claims);
      const begun = await ask('GET', '$export?_type=Person,Practitioner,PractitionerRole', undefined, { Prefer: 'respond-async' });
      const below = (url: string | null) => url?.slice(server.url.length + 1) ?? '';
      const { output } = await finished(ask, below(begun.headers.get('Content-Location')));
      const files = await Promise.all(output.map(({ url }) => ask('GET', below(url))));
      return files.flatMap(({ text }) => text.trim().split('\n')).map((line) => JSON.parse(line) as Resource);
    };
    const [other, own, all] = [OTHERS['the system of another organisation']!, KEEPERS['the system of the unit']!, ADMINISTRATION];
    expect(JSON.stringify(await exported(other))).not.toContain(NUMBER);
    for (const claims of [own, all]) {
      const resources = await exported(claims);
      expect(resources.filter((each) => JSON.stringify(each).includes(NUMBER)).map(({ id }) => id)).toEqual(['nurse-person']);
    }
  });

  it('is read by herself, and changed by her system', async () => {
    const { as } = await start();
    const ask = await as(HERSELF);
    expect((await ask('GET', 'Person?practitioner=nurse&_total=accurate')).body.total).toBe(1);
    expect((await ask('GET', 'Person?_total=accurate')).body.total).toBe(1);
    const changed = person(NOBODYS, {
      id: 'nurse-person',
      managingOrganization: ref('Organization/home-care'),
      link: [{ target: ref('Practitioner/nurse') }],
    });
    const refused = await ask('PUT', 'Person/nurse-person', changed);
    expect(refused.status).toBe(403);
    expect(refused.body.issue?.[0]).toMatchObject({ code: 'forbidden', expression: ['Person'] });
    const system = await as(KEEPERS['the system of the unit']!);
    expect((await system('PUT', 'Person/nurse-person', changed)).status).toBe(200);
  });

  it('is not taken over, given away or noted without a keeper by a system of an organisation', async () => {
    const { as } = await start();
    const ask = await as(KEEPERS['the system of the unit']!);
    const elsewhere = { managingOrganization: ref('Organization/other-hospital') };
    const tried = [
      await ask('POST', 'Person', person(NOBODYS)),
      await ask('POST', 'Person', person(NOBODYS, elsewhere)),
      await ask('PUT', 'Person/nurse-person', person(NUMBER, { id: 'nurse-person', ...elsewhere })),
    ];
    for (const { status, text, body } of tried) {
      expect(status, text).toBe(403);
      expect(body.issue?.[0]).toMatchObject({ code: 'forbidden' });
    }
    const other = await as(OTHERS['the system of another organisation']!);
    const taken = await other('PUT', 'Person/nurse-person', person(NUMBER, { id: 'nurse-person', ...elsewhere }));
    expect(taken.status, taken.text).toBe(404);
    expect(taken.body.issue?.[0]).toMatchObject({ code: 'not-found' });
  });

  it('is a patient’s own, on a Person that links to them, and not their team’s', async () => {
    const { as } = await start();
    const patient = await as({ scope: 'patient/*.rs', fhirUser: 'Patient/other', patient: 'other' });
    expect((await patient('GET', 'Person/ke-person')).status).toBe(200);
    const another = await as({ scope: 'patient/*.rs', fhirUser: 'Patient/ida', patient: 'ida' });
    const hidden = await another('GET', 'Person/ke-person');
    expect(hidden.status).toBe(404);
    expect(hidden.body.issue?.[0]).toMatchObject({ code: 'not-found' });
  });
});

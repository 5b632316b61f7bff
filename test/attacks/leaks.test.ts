/**
 * What could be found out without being shown: by guessing bit by bit, by what is included, by totals, positions, page
 * links and files of others, by headers, and by how much work an answer takes.
 *
 * Spec: https://hl7.org/fhir/R4/search.html · https://cwe.mitre.org/data/definitions/203.html (observable discrepancy)
 */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentsOf, IDA } from '../auth/access-rule/matrix-record.ts';
import { put, ref } from '../auth/access-rule/record-parts.ts';
import { type Ask, type Got, openStronghold, STORES, type Stronghold, WHO } from './stronghold.ts';

/** Searches with a question in them; whatever is asked about Ida, the answer is the same. `true` and `false` are both tried. */
const ORACLES: readonly (readonly [how: string, ask: (bit: string) => string, isTrue: string, isFalse: string])[] = [
  ['the birth date', (bit) => `Patient?_id=ida&birthdate=${bit}`, 'lt2000', 'gt2000'],
  ['the birth date, by a chain', (bit) => `CarePlan?patient.birthdate=${bit}&_total=accurate&_id=ida-plan`, 'lt2000', 'gt2000'],
  [
    'the birth date, by a reverse chain from the directory',
    (bit) => `PractitionerRole?_has:CareTeam:participant:patient.birthdate=${bit}&_id=ke-role`,
    'lt2000',
    'gt2000',
  ],
  [
    'the birth date, by a reverse chain and a chain',
    (bit) => `Organization?_has:ServiceRequest:performer:subject:Patient.birthdate=${bit}&_id=coordinating-unit`,
    '1950',
    '1951',
  ],
  ['the birth date, by a filter', (bit) => `Patient?_filter=birthdate ${bit} 2000-01-01 and _id eq ida`, 'lt', 'gt'],
  ['the name, letter by letter', (bit) => `Patient?family=${bit}&_id=ida`, 'T', 'Q'],
  ['the name, by words of the content', (bit) => `Patient?_content=${bit}&_id=ida`, 'Testnes', 'Qestnes'],
  [
    'the name, by words below a chain',
    (bit) => `PractitionerRole?_has:CareTeam:participant:patient.family=${bit}&_id=ke-role`,
    'Testnes',
    'Qestnes',
  ],
  ['whether there is a plan', (bit) => `Patient?_has:CarePlan:subject:status=${bit}&_id=ida`, 'active', 'revoked'],
  ['whether something is missing', (bit) => `CarePlan?care-team:missing=${bit}&_id=ida-plan`, 'false', 'true'],
  ['what is not so', (bit) => `CarePlan?status:not=${bit}&_id=ida-plan`, 'revoked', 'active'],
  ['the version', (bit) => `CarePlan?_lastUpdated=${bit}&_id=ida-plan`, 'gt2000', 'gt2100'],
  ['the members of a list', (bit) => `Organization?_list=${bit}`, 'ida-list', 'eva-list'],
  ['a plan below a plan', (bit) => `CarePlan?part-of:below=CarePlan/${bit}`, 'ida-plan', 'eva-plan'],
  ['the total of both', (bit) => `CarePlan?_total=accurate&_count=0&subject=Patient/${bit},Patient/own`, 'ida', 'eva'],
  ['the order of both', (bit) => `Patient?_sort=${bit}birthdate&_id=ida,own`, '', '-'],
  ['the position behind the other', (bit) => `Patient?_sort=birthdate&_count=1&_id=own,${bit}`, 'ida', 'eva'],
  [
    'who is in a team with whom',
    (bit) => `PractitionerRole?_id=${bit}&_revinclude=CareTeam:participant&_include:iterate=CareTeam:participant`,
    'ke-role',
    'stranger-role',
  ],
  ['who changed it', (bit) => `Practitioner?_has:Provenance:agent:target=CarePlan/${bit}`, 'ida-plan', 'eva-plan'],
  ['who saw it', (bit) => `Practitioner?_has:AuditEvent:agent:patient=${bit}`, 'ida', 'eva'],
];

const GOAL = (patient: string) => ({
  resourceType: 'Goal',
  lifecycleStatus: 'active',
  description: { text: 'x' },
  subject: ref(`Patient/${patient}`),
});
const PLAN = (patient: string) => ({
  resourceType: 'CarePlan',
  id: `${patient}-plan`,
  status: 'active',
  intent: 'plan',
  subject: ref(`Patient/${patient}`),
});
const MATCH = { 'If-Match': 'W/"1"' };

interface Question {
  readonly how: string;
  readonly method: string;
  readonly path: string;
  readonly body?: (patient: string) => unknown;
  readonly headers?: Record<string, string>;
}
const question = (how: string, method: string, path: string, body?: Question['body'], headers?: Question['headers']): Question => ({
  how,
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(headers === undefined ? {} : { headers }),
});

/** The same asked about one who is hidden and one who is not there. */
const SAME_WORK: readonly Question[] = [
  question('read', 'GET', 'CarePlan/WHO-plan'),
  question('read of the person', 'GET', 'Patient/WHO'),
  question('conditional read', 'GET', 'CarePlan/WHO-plan', undefined, { 'If-None-Match': 'W/"1"' }),
  question('vread', 'GET', 'CarePlan/WHO-plan/_history/1'),
  question('history', 'GET', 'CarePlan/WHO-plan/_history'),
  question('search by patient', 'GET', 'CarePlan?patient=WHO&_total=accurate'),
  question('search by id', 'GET', 'CarePlan?_id=WHO-plan'),
  question('search with includes', 'GET', 'CarePlan?_id=WHO-plan&_include=*&_revinclude=*'),
  question('search in a compartment', 'GET', 'Patient/WHO/CarePlan'),
  question('search by a chain', 'GET', 'CarePlan?subject:Patient._id=WHO'),
  question('$everything', 'GET', 'Patient/WHO/$everything'),
  question('$diff', 'GET', 'CarePlan/WHO-plan/$diff'),
  question('$meta', 'GET', 'CarePlan/WHO-plan/$meta'),
  question('create about', 'POST', 'Goal', GOAL),
  question('conditional create', 'POST', 'Goal', GOAL, { 'If-None-Exist': 'patient=ida' }),
  question('update', 'PUT', 'CarePlan/WHO-plan', PLAN, MATCH),
  question('patch', 'PATCH', 'CarePlan/WHO-plan', () => '[{"op":"replace","path":"/status","value":"revoked"}]', {
    'Content-Type': 'application/json-patch+json',
    ...MATCH,
  }),
  question('delete', 'DELETE', 'CarePlan/WHO-plan', undefined, MATCH),
];

/** What is left of an answer when its own id, times and the links (which repeat the question) are out; which links there are stays. */
function leftOf({ status, headers, text, body }: Got): string {
  const own = ['date', 'x-request-id', 'content-length', 'last-modified'];
  const kept = [...headers].filter(([name]) => !own.includes(name));
  const links = ((body.link ?? []) as readonly { relation: string }[]).map(({ relation }) => relation);
  return JSON.stringify([status, kept, body.resourceType === 'Bundle' ? { ...body, link: links, meta: 0 } : text]);
}

const entriesOf = ({ body }: Got) =>
  ((body.entry ?? []) as readonly { resource: { resourceType: string; id: string } }[]).map(
    ({ resource }) => `${resource.resourceType}/${resource.id}`,
  );
const linkOf = ({ body }: Got, relation: string) =>
  (body.link as readonly { relation: string; url: string }[]).find((link) => link.relation === relation)?.url;

describe.each(STORES)('finding out without being shown on %s:', (store) => {
  let place: Stronghold;
  let outsider: Ask;
  let nurse: Ask;
  beforeAll(async () => {
    place = await openStronghold(store);
    await put(place.database.resources, {
      resourceType: 'CarePlan',
      id: 'part',
      status: 'active',
      intent: 'plan',
      subject: ref('Patient/ida'),
      partOf: [ref('CarePlan/ida-plan')],
    });
    outsider = await place.as(WHO.outsider);
    nurse = await place.as(WHO.nurse);
  });
  afterAll(() => place.close());

  it.each(ORACLES)('%s is not found out: yes and no are the same', async (_how, ask, isTrue, isFalse) => {
    const [yes, no] = [await outsider('GET', ask(isTrue)), await outsider('GET', ask(isFalse))];
    expect(yes.status, yes.text).toBe(200);
    expect(entriesOf(yes).filter((key) => /ida/.test(key))).toEqual([]);
    if (isTrue === 'ke-role' || isTrue === '') {
      // What is found of their own differs by what was asked; of Ida there is nothing in either.
      expect(entriesOf(no).filter((key) => /ida|nurse/.test(key))).toEqual([]);
      expect(entriesOf(yes).filter((key) => /ida|nurse/.test(key))).toEqual([]);
    } else expect(leftOf(yes)).toBe(leftOf(no));
  });

  it.each(ORACLES.filter(([how]) => !/list|changed|saw|order|position|total|who is in|below a plan|version/.test(how)))(
    '%s is found out by one of the team, so that the question is a real one',
    async (_how, ask, isTrue, isFalse) => {
      const [yes, no] = [await nurse('GET', ask(isTrue)), await nurse('GET', ask(isFalse))];
      expect([entriesOf(yes).length > 0, entriesOf(no).length > 0], `${yes.text} ${no.text}`).toEqual([true, false]);
    },
  );

  it('whatever is included, from wherever, nothing hidden comes along and nothing beyond it', async () => {
    for (const start of [
      'PractitionerRole?_id=ke-role',
      'Organization?_id=solvik,home-care',
      'Practitioner?_id=nurse,ke',
      'Patient?_id=own',
      'Task?_id=accepted',
    ]) {
      for (const more of ['_revinclude=*', '_include=*&_revinclude=*', '_include:iterate=*&_revinclude:iterate=*']) {
        const answer = await outsider('GET', `${start}&${more}&_count=1000`);
        expect(answer.status, answer.text).toBe(200);
        expect(answer.text, `${start}&${more}`).not.toMatch(/ida|secret-team|Testnes|"1950-01-01"/i);
      }
    }
  });

  it('an event of the log names no two persons who were asked for before they were there', async () => {
    await place.newEvents();
    const administration = await place.as(WHO.administration);
    const strangers = { ...WHO.outsider, organizationNumber: '999999999' };
    for (const ask of [administration, await place.as(strangers)]) {
      for (const id of ['later-1', 'later-2']) expect((await ask('GET', `Patient/${id}`)).status).toBe(404);
    }
    for (const id of ['later-1', 'later-2']) await fetch(`${place.fhir}/Patient/${id}`);
    const told = (await place.newEvents()).map(({ json }) => json);
    expect(told.filter((json) => json.includes('later-1')).length).toBeGreaterThanOrEqual(2);
    expect(told.filter((json) => json.includes('later-1') && json.includes('later-2'))).toEqual([]);
  });

  it('a group tells nobody who else is in it', async () => {
    const entity = (id: string) => ({ entity: ref(`Patient/${id}`) });
    const group = { resourceType: 'Group', id: 'both', type: 'person', actual: true, member: [entity('ida'), entity('own')] };
    await put(place.database.resources, group);
    for (const ask of [outsider, nurse, await place.as(WHO['another patient']), await place.as(WHO.coordinator)]) {
      expect((await ask('GET', 'Group/both')).status).toBe(404);
      for (const path of ['Group', 'Group?member=Patient/own', 'Patient?_id=own&_revinclude=Group:member'])
        expect(entriesOf(await ask('GET', path)), path).not.toContain('Group/both');
    }
  });

  it('whoever is named in the record of another, as kin or as the one who said something, does not have it by that', async () => {
    const about = ref('Patient/ida');
    const named = ref('Patient/own');
    const observation = { status: 'final', code: { text: 'x' }, subject: about, performer: [named] };
    const resources = [
      { resourceType: 'CareTeam', id: 'named', status: 'active', subject: about, participant: [{ member: named }] },
      { resourceType: 'Observation', id: 'named', ...observation },
      { resourceType: 'Communication', id: 'named', status: 'completed', subject: about, recipient: [named] },
      { resourceType: 'QuestionnaireResponse', id: 'named', status: 'completed', subject: about, author: named },
    ];
    await put(place.database.resources, ...resources);
    for (const ask of [outsider, await place.as(WHO['another patient'])]) {
      for (const { resourceType } of resources) {
        expect((await ask('GET', `${resourceType}/named`)).status, resourceType).toBe(404);
        expect(entriesOf(await ask('GET', resourceType)), resourceType).not.toContain(`${resourceType}/named`);
      }
      expect((await ask('GET', 'Patient/own/$everything')).text).not.toContain('/named');
    }
    for (const { resourceType } of resources) expect((await nurse('GET', `${resourceType}/named`)).status, resourceType).toBe(200);
  });

  it('a page link of another is of no use', async () => {
    await put(
      place.database.resources,
      ...[1, 2, 3].map((at) => ({
        resourceType: 'Goal',
        id: `ida-goal-${at}`,
        lifecycleStatus: 'active',
        description: { text: 'x' },
        subject: ref('Patient/ida'),
      })),
    );
    const first = await nurse('GET', 'Goal?subject=Patient/ida&_count=1&_total=accurate&_sort=_id');
    expect(first.body.total).toBe(4);
    const stolen = await outsider('GET', linkOf(first, 'next')!);
    expect([stolen.status, stolen.body.issue?.[0]?.code]).toEqual([400, 'invalid']);
    expect(stolen.text).not.toMatch(/Goal\/ida|Patient\/ida/);
  });

  it('the job and the files of another’s export are not there for anyone else', async () => {
    const started = await nurse('GET', 'Patient/$export?_type=CarePlan', undefined, { Prefer: 'respond-async' });
    expect(started.status, started.text).toBe(202);
    const status = started.headers.get('content-location')!;
    let done = await nurse('GET', status);
    for (let times = 0; done.status === 202 && times < 100; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      done = await nurse('GET', status);
    }
    const [file] = done.body.output as readonly { url: string }[];
    expect((await nurse('GET', file!.url)).text).toContain('ida-plan');
    for (const url of [status, file!.url]) {
      const [hidden, missing] = [
        await outsider('GET', url),
        await outsider('GET', url.replace(/job=[\w-]+/, `job=${crypto.randomUUID()}`)),
      ];
      expect(hidden.status).toBe(404);
      expect(leftOf(hidden)).toBe(leftOf(missing));
      expect((await outsider('DELETE', url)).status).not.toBe(202);
    }
    expect((await nurse('GET', file!.url)).status).toBe(200);
  });

  it('an exported file holds nothing any more of whoever has withdrawn consent since', async () => {
    const { scope: _whole, ...caller } = WHO.nurse;
    const member = await place.as({ ...caller, scope: 'user/*.rs' });
    const started = await member('GET', 'Patient/$export?_type=CarePlan,Patient', undefined, { Prefer: 'respond-async' });
    const status = started.headers.get('content-location')!;
    let done = await member('GET', status);
    for (let times = 0; done.status === 202 && times < 100; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      done = await member('GET', status);
    }
    const files = async () => {
      const answers = await Promise.all((done.body.output as readonly { url: string }[]).map(({ url }) => member('GET', url)));
      return answers.map((answer) => [answer.status, answer.text.includes('ida')]);
    };
    const actor = ['Organization/solvik', 'Organization/gp-office'].map((each) => ({ role: { text: 'x' }, reference: ref(each) }));
    const [kept] = consentsOf(IDA, 'active');
    const given = { ...kept, scope: { text: 'x' }, policyRule: { text: 'x' }, provision: { type: 'permit', actor } };
    expect(await files()).toEqual([
      [200, true],
      [200, true],
    ]);
    const administration = await place.as(WHO.administration);
    expect((await administration('PUT', 'Consent/ida-innsyn', { ...given, status: 'inactive' })).status).toBe(200);
    const after = await files();
    expect((await administration('PUT', 'Consent/ida-innsyn', given)).status).toBe(200);
    expect(after).toEqual([
      [200, false],
      [200, false],
    ]);
  });

  it('an export holds nothing of those whom the caller does not see', async () => {
    const started = await outsider('GET', '$export', undefined, { Prefer: 'respond-async' });
    expect(started.status, started.text).toBe(202);
    let done = await outsider('GET', started.headers.get('content-location')!);
    for (let times = 0; done.status === 202 && times < 200; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      done = await outsider('GET', started.headers.get('content-location')!);
    }
    for (const { url } of done.body.output as readonly { url: string }[])
      expect((await outsider('GET', url)).text).not.toMatch(/"Patient\/ida"|ida-plan/);
  });

  it('who asked for another’s data is not told by the log of their own doings whether it is there', async () => {
    const patient = await place.as(WHO['another patient']);
    for (const who of ['ida', 'eva']) {
      await patient('GET', `Patient/${who}`);
      await patient('GET', `CarePlan?patient=${who}`);
    }
    await place.newEvents();
    for (const path of [
      'AuditEvent?_count=1000',
      'AuditEvent?agent=Patient/own',
      'Patient/own/AuditEvent',
      'Patient/own/$everything',
      'Patient/own/$access-log',
    ]) {
      const { status, text } = await patient('GET', path);
      expect(status, path).toBe(200);
      expect(text, path).not.toMatch(/Patient\/(ida|eva)|(ida|eva)-plan/);
    }
    expect((await outsider('GET', 'AuditEvent?_total=accurate')).text).not.toMatch(/Patient\/(ida|eva)/);
  });

  it('a reference to what is hidden is validated as one to what is not there', async () => {
    const about = (patient: string) => ({
      ...PLAN('own'),
      careTeam: [ref(`CareTeam/${patient}-team`)],
      goal: [ref(`Goal/${patient}-goal`)],
    });
    for (const path of [
      'CarePlan/$validate?check-references=true',
      'CarePlan/own-plan/$validate?check-references=true&mode=update',
      'CarePlan/$validate',
    ]) {
      const [hidden, missing] = [await outsider('POST', path, about('ida')), await outsider('POST', path, about('eva'))];
      expect(hidden.status, hidden.text).toBe(200);
      expect(hidden.text.replaceAll('ida-', '(who)-')).toBe(missing.text.replaceAll('eva-', '(who)-'));
    }
  });

  it('a resource within another is found by nobody who does not see the whole', async () => {
    await put(place.database.resources, {
      resourceType: 'CarePlan',
      id: 'whole',
      status: 'active',
      intent: 'plan',
      subject: ref('Patient/ida'),
      contained: [{ resourceType: 'Patient', id: 'within', birthDate: '1950-01-01' }],
    });
    for (const path of [
      'Patient/within',
      'CarePlan/whole/Patient/within',
      'CarePlan?_id=whole&_contained=both',
      'Patient?_contained=true&_id=within',
    ]) {
      const answer = await outsider('GET', path);
      expect(answer.status === 200 ? entriesOf(answer) : []).toEqual([]);
      expect(answer.text).not.toContain('1950');
    }
  });

  it('hidden and missing have no tag, no time and no place of theirs in a header', async () => {
    for (const path of ['CarePlan/ida-plan', 'CarePlan/eva-plan']) {
      const { headers } = await outsider('GET', path, undefined, { 'If-None-Match': 'W/"1"' });
      expect([headers.get('etag'), headers.get('last-modified'), headers.get('location'), headers.get('content-location')]).toEqual([
        null,
        null,
        null,
        null,
      ]);
    }
  });

  it.each(SAME_WORK)('$how: hidden and missing ask the same of the store', async ({ method, path, body, headers }) => {
    const workFor = async (patient: string): Promise<string> => {
      const tries: string[] = [];
      // What is kept for a second is found out anew in some tries: the least is what the answer itself takes.
      for (let times = 0; times < 4; times += 1) {
        await place.newEvents();
        place.newWork();
        await outsider(method, path.replaceAll('WHO', patient), body?.(patient), headers);
        tries.push(place.newWork());
      }
      return tries.toSorted((a, b) => a.length - b.length || a.localeCompare(b))[0]!;
    };
    expect(await workFor('ida')).toBe(await workFor('eva'));
  });

  it('hidden and missing take equally long, by the medians of many, one after the other', async () => {
    const times: Record<'hidden' | 'missing', number[]> = { hidden: [], missing: [] };
    const one = async (which: 'hidden' | 'missing', path: string) => {
      const startMs = performance.now();
      await (await fetch(`${place.fhir}/${path}`, { headers: { Authorization: `Bearer ${token}` } })).arrayBuffer();
      times[which].push(performance.now() - startMs);
    };
    const token = await place.tokenOf(WHO.outsider);
    for (let round = 0; round < 150; round += 1) {
      // In turns, and each first as often as the other: what else the machine does meets both.
      const pair = [() => one('hidden', 'CarePlan/ida-plan'), () => one('missing', `CarePlan/eva-pla${'nmo'[round % 3]}`)];
      for (const each of round % 2 === 0 ? pair : pair.reverse()) await each();
    }
    const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
    const ratio = median(times.hidden) / median(times.missing);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.67);
  });
});

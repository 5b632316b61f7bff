/** Page tokens and links, the Bundle of a search, and what is included. */
import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FhirError } from '../../server/fhir/errors.ts';
import type { ResourceKey } from '../../server/fhir/resource.ts';
import { UTC } from '../../server/fhir/time-zone.ts';
import { findIncluded, type IncludeDirective } from '../../server/search/include.ts';
import { pageLinks } from '../../server/search/page-links.ts';
import { openPage, type PageState, sealPage } from '../../server/search/page-token.ts';
import { parseSearch } from '../../server/search/parse.ts';
import type { CursorPosition } from '../../server/search/query.ts';
import { searchsetText } from '../../server/search/searchset.ts';
import { openMemoryStore } from '../support/memory-search.ts';
import { BASE_URL, load, NOW_MS, searchEnvironment } from '../support/search-cases.ts';

const KEY = new Uint8Array(32).fill(7);
const STATE: PageState = {
  path: ['Patient'],
  parameters: [['identifier', 'urn:oid:2.16.578.1.12.4.1.4.1|15876500565']],
  handling: 'strict',
  caller: 'app user',
  nowMs: NOW_MS,
  after: { values: ['a', 5, null], type: 'Patient', id: 'p1' },
  total: 12,
};

describe('a page token', () => {
  it('gives back what was sealed', () => {
    expect(openPage(KEY, sealPage(KEY, STATE), NOW_MS)).toEqual(STATE);
  });

  it('gives back a long search, and stays short', () => {
    const long: PageState = { ...STATE, parameters: [['_id', Array.from({ length: 500 }, (_, at) => `patient-${at}`).join(',')]] };
    const token = sealPage(KEY, long);
    expect(openPage(KEY, token, NOW_MS)).toEqual(long);
    expect(token.length).toBeLessThan(3_000);
  });

  it('shows nothing of the search, and is another each time', () => {
    const [one, two] = [sealPage(KEY, STATE), sealPage(KEY, STATE)];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^[\w-]+$/);
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toMatch(/Patient|15876500565|identifier/);
  });

  it('is refused with one bit changed, anywhere', () => {
    const bytes = Buffer.from(sealPage(KEY, STATE), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const forged = Buffer.from(bytes);
      forged[at] = (forged[at] as number) ^ 1;
      expect(refusal(() => openPage(KEY, forged.toString('base64url'), NOW_MS))).toEqual(FORGED);
    }
  });

  it.each(['', 'abc', 'A'.repeat(20_000), 'å', '!!!!', Buffer.alloc(60).toString('base64url')])('is refused when made up: %j', (token) => {
    expect(refusal(() => openPage(KEY, token, NOW_MS))).toEqual(FORGED);
  });

  it('is refused under another key', () => {
    expect(refusal(() => openPage(new Uint8Array(32).fill(8), sealPage(KEY, STATE), NOW_MS))).toEqual(FORGED);
  });

  it('is refused after a day', () => {
    const token = sealPage(KEY, STATE);
    expect(openPage(KEY, token, NOW_MS + 86_400_000)).toEqual(STATE);
    expect(refusal(() => openPage(KEY, token, NOW_MS + 86_400_001))).toEqual(FORGED);
  });

  it('is refused when it leads to a place among texts that an earlier version sorted otherwise, and no other', () => {
    const { after: _, ...first } = STATE;
    const place = { values: [5, null], type: 'Patient', id: 'p1' };
    for (const state of [first, { ...STATE, after: place }, { ...first, before: place }]) {
      expect(openPage(KEY, sealedByEarlierVersion(state), NOW_MS)).toEqual(state);
    }
    const name = { values: ['aasen'], type: 'Patient', id: 'p1' };
    for (const state of [STATE, { ...first, after: name }, { ...first, before: name }]) {
      expect(openPage(KEY, sealPage(KEY, state), NOW_MS)).toEqual(state);
      expect(() => openPage(KEY, sealedByEarlierVersion(state), NOW_MS)).toThrow('sorted otherwise; start the search again');
      expect(refusal(() => openPage(KEY, sealedByEarlierVersion(state), NOW_MS))).toEqual(FORGED);
    }
  });
});

/** A token that does not say in which order texts are. */
function sealedByEarlierVersion(state: PageState): string {
  const iv = Buffer.alloc(12, 3);
  const cipher = createCipheriv('aes-256-gcm', KEY, iv);
  const content = [cipher.update(JSON.stringify(state)), cipher.final()];
  return Buffer.concat([Buffer.of(1), iv, ...content, cipher.getAuthTag()]).toString('base64url');
}

const FORGED = { status: 400, code: 'invalid', expression: ['_page'] };

describe('page links', () => {
  const search: PageState = {
    path: ['Patient'],
    parameters: [
      ['name', 'a b&c'],
      ['_count', '2'],
    ],
    handling: 'strict',
    caller: 'app user',
    nowMs: NOW_MS,
  };
  const at = (id: string): CursorPosition => ({ values: [], type: 'Patient', id });
  const page = (over: object) =>
    pageLinks({ baseUrl: BASE_URL, key: KEY, state: search, shown: search.parameters, matches: [], more: false, ...over });
  const stateOf = (url: string) => openPage(KEY, new URL(url).searchParams.get('_page') as string, NOW_MS);
  const urlOf = (links: ReturnType<typeof page>, relation: string) => links.find((link) => link.relation === relation)?.url as string;

  it('are self alone when all is on one page', () => {
    expect(page({ matches: [{ position: at('1') }] })).toEqual([{ relation: 'self', url: `${BASE_URL}/Patient?name=a+b%26c&_count=2` }]);
  });

  it('lead on from the last match', () => {
    const links = page({ matches: [{ position: at('1') }, { position: at('2') }], more: true });
    expect(links.map((link) => link.relation)).toEqual(['self', 'first', 'next']);
    expect(stateOf(urlOf(links, 'next'))).toEqual({ ...search, after: at('2') });
    expect(urlOf(links, 'first')).toBe(urlOf(links, 'self'));
  });

  it('lead both ways from a page in between', () => {
    const links = page({ state: { ...search, after: at('2') }, matches: [{ position: at('3') }, { position: at('4') }], more: true });
    expect(links.map((link) => link.relation)).toEqual(['self', 'first', 'previous', 'prev', 'next']);
    expect(stateOf(urlOf(links, 'previous'))).toEqual({ ...search, before: at('3') });
    expect(stateOf(urlOf(links, 'next'))).toEqual({ ...search, after: at('4') });
    expect(stateOf(urlOf(links, 'first'))).toEqual(search);
    expect(stateOf(urlOf(links, 'self'))).toEqual({ ...search, after: at('2') });
  });

  it('lead on, and back only when more precede, from a page reached backwards', () => {
    const links = page({ state: { ...search, before: at('3') }, matches: [{ position: at('1') }], more: false });
    expect(links.map((link) => link.relation)).toEqual(['self', 'first', 'next']);
    expect(stateOf(urlOf(links, 'next'))).toEqual({ ...search, after: at('1') });
  });

  it('lead back from a page that has become empty', () => {
    const links = page({ state: { ...search, after: at('2') } });
    expect(stateOf(urlOf(links, 'previous'))).toEqual({ ...search, before: at('2') });
  });

  it('show nothing of a search by POST', () => {
    const links = page({ shown: undefined, matches: [{ position: at('1') }], more: true });
    for (const { url } of links) expect(url).not.toContain('name');
    expect(stateOf(urlOf(links, 'self'))).toEqual(search);
  });
});

describe('a searchset', () => {
  const found = (type: string, id: string) => ({ type, id, json: `{"resourceType":"${type}","id":"${id}","value":1.00}` });

  it('holds matches, included and the outcome, with the stored text as it is', () => {
    const text = searchsetText({
      baseUrl: BASE_URL,
      matches: [found('Task', '1')],
      included: [found('Patient', '2')],
      total: 7,
      links: [{ relation: 'self', url: `${BASE_URL}/Task` }],
      issues: [{ severity: 'warning', code: 'not-supported', diagnostics: 'foo' }],
    });
    expect(text).toContain('"value":1.00');
    expect(JSON.parse(text)).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      total: 7,
      link: [{ relation: 'self', url: `${BASE_URL}/Task` }],
      entry: [
        { fullUrl: `${BASE_URL}/Task/1`, resource: { resourceType: 'Task', id: '1', value: 1 }, search: { mode: 'match' } },
        { fullUrl: `${BASE_URL}/Patient/2`, resource: { resourceType: 'Patient', id: '2', value: 1 }, search: { mode: 'include' } },
        {
          fullUrl: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
          resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'not-supported', diagnostics: 'foo' }] },
          search: { mode: 'outcome' },
        },
      ],
    });
  });

  it('has no empty list of entries', () => {
    const text = searchsetText({ baseUrl: BASE_URL, matches: [], links: [] });
    expect(JSON.parse(text)).toEqual({ resourceType: 'Bundle', type: 'searchset', link: [] });
  });
});

const everything = async (keys: readonly ResourceKey[]) => keys;

describe('findIncluded', () => {
  const ref = (reference: string) => ({ reference });
  const given = [
    {
      resourceType: 'CarePlan',
      id: 'plan',
      subject: ref('Patient/p'),
      careTeam: [ref('CareTeam/t'), ref('CareTeam/gone')],
      basedOn: [ref('CarePlan/plan')],
    },
    { resourceType: 'Patient', id: 'p', managingOrganization: ref('Organization/o1') },
    { resourceType: 'CareTeam', id: 't', participant: [{ member: ref('Practitioner/d') }] },
    { resourceType: 'Practitioner', id: 'd' },
    { resourceType: 'Organization', id: 'o1', partOf: ref('Organization/o2') },
    { resourceType: 'Organization', id: 'o2', partOf: ref('Organization/o3') },
    { resourceType: 'Organization', id: 'o3', partOf: ref('Organization/o1') },
    { resourceType: 'Task', id: 't1', for: ref('Patient/p'), basedOn: [ref('CarePlan/plan')] },
    { resourceType: 'Task', id: 't2', focus: ref('CareTeam/gone') },
    { resourceType: 'Provenance', id: 'v', target: [ref('Task/t1')] },
  ];

  const included = async (query: string, max = 100) => {
    const store = openMemoryStore();
    await load(store, given, UTC);
    const { includes } = parseSearch({ parameters: [...new URLSearchParams(query)], types: ['CarePlan'] }, searchEnvironment());
    const { keys, complete } = await findIncluded(store, includes, [{ type: 'CarePlan', id: 'plan' }], max, everything);
    return { keys: keys.map((key) => `${key.type}/${key.id}`), complete };
  };

  it.each([
    ['what a match points at', '_include=CarePlan:subject', ['Patient/p']],
    ['only one type of what it points at', '_include=CarePlan:subject:Group', []],
    ['what any of its parameters point at, without itself', '_include=CarePlan:*', ['CareTeam/t', 'Patient/p']],
    ['what a star means', '_include=*', ['CareTeam/t', 'Patient/p']],
    ['nothing of another type', '_include=Patient:organization', []],
    ['what points at a match', '_revinclude=Task:based-on', ['Task/t1']],
    ['any of a type that points at a match', '_revinclude=Task:*', ['Task/t1']],
    ['whatever points at a match', '_revinclude=*', ['Task/t1']],
    ['one step only without iterate', '_include=CarePlan:subject&_include=Patient:organization', ['Patient/p']],
    ['the next step with iterate', '_include=CarePlan:subject&_include:iterate=Patient:organization', ['Patient/p', 'Organization/o1']],
    [
      'a ring, each once, with iterate',
      '_include=CarePlan:subject&_include:iterate=Patient:organization&_include:iterate=Organization:partof',
      ['Patient/p', 'Organization/o1', 'Organization/o2', 'Organization/o3'],
    ],
    ['backwards on with iterate', '_revinclude=Task:based-on&_revinclude:iterate=Provenance:target', ['Task/t1', 'Provenance/v']],
    ['nothing by way of what is gone', '_include=CarePlan:care-team&_revinclude:iterate=Task:focus', ['CareTeam/t']],
    ['forwards on from what came backwards', '_revinclude=Task:based-on&_include:iterate=Task:patient', ['Task/t1', 'Patient/p']],
  ])('finds %s', async (_what, query, keys) => {
    expect(await included(query)).toEqual({ keys, complete: true });
  });

  it('asks once for all that leads on from the same type by parameters of their own', async () => {
    const store = openMemoryStore();
    await load(store, given, UTC);
    const asked: (readonly string[] | undefined)[] = [];
    const watched: typeof store = {
      ...store,
      referencesFrom: (sources, params, target) => {
        asked.push(params);
        return store.referencesFrom(sources, params, target);
      },
    };
    const query = '_include=CarePlan:care-team&_include=CarePlan:goal&_include=CarePlan:subject:Patient&_include=CarePlan:subject';
    const { includes } = parseSearch({ parameters: [...new URLSearchParams(query)], types: ['CarePlan'] }, searchEnvironment());
    const { keys } = await findIncluded(watched, includes, [{ type: 'CarePlan', id: 'plan' }], 100, everything);
    expect(keys.map(({ type }) => type).sort()).toEqual(['CareTeam', 'Patient']);
    expect(asked).toEqual([['care-team', 'goal', 'subject'], ['subject']]);
  });

  it('stops at a number, and says so', async () => {
    expect(await included('_include=*', 1)).toEqual({ keys: ['CareTeam/t'], complete: false });
  });

  it.each([
    [30, true],
    [50, false],
  ])('goes on to wholes %i levels up, or says that it stopped', async (levels, complete) => {
    const store = openMemoryStore();
    const unit = (n: number) => ({ resourceType: 'Organization', id: `u${n}`, partOf: ref(`Organization/u${n + 1}`) });
    await load(store, [...Array.from({ length: levels }, (_, n) => unit(n)), { resourceType: 'Organization', id: `u${levels}` }], UTC);
    const directive: IncludeDirective = { reverse: false, source: 'Organization', param: 'partof', target: undefined, iterate: true };
    const found = await findIncluded(store, [directive], [{ type: 'Organization', id: 'u0' }], 100, everything);
    expect(found.complete).toBe(complete);
    expect(found.keys).toHaveLength(complete ? levels : 32);
  });

  it('asks nothing of the store without matches', async () => {
    const directive: IncludeDirective = { reverse: false, source: undefined, param: undefined, target: undefined, iterate: true };
    expect(await findIncluded(openMemoryStore(), [directive], [], 10, everything)).toEqual({ keys: [], complete: true });
  });
});

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof FhirError) return { status: error.status, code: error.issues[0]?.code, expression: error.issues[0]?.expression };
    throw error;
  }
  return undefined;
}

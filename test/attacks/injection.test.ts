/**
 * Injection through every parameter: SQL, LIKE, FHIRPath, JSON, templates, paths and markup in searches, ids, headers,
 * patches and operations. It is asked as the one who sees everything; what is found is what the letters themselves match,
 * which is nothing. Afterwards the store holds what it held.
 *
 * Spec: https://owasp.org/Top10/A03_2021-Injection/ · https://cwe.mitre.org/data/definitions/89.html
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import { snapshotOf } from './snapshot.ts';
import { type Ask, type Got, openStronghold, STORES, type Stronghold, WHO } from './stronghold.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const WITHIN_MS = 3000;

/** By what might take it for its own. */
const PAYLOADS: Readonly<Record<string, readonly string[]>> = {
  SQL: [
    "'",
    "''",
    '"',
    '`',
    "' OR '1'='1",
    "' OR 1=1 --",
    "x') OR ('1'='1",
    "'; DROP TABLE resource; --",
    "'; DELETE FROM entry; --",
    "1; UPDATE version SET json = ''",
    "' UNION SELECT json, 1, 1, 1 FROM version --",
    "'||(SELECT json FROM version LIMIT 1)||'",
    "'; SELECT pg_sleep(5); --",
    "' AND 1=(SELECT COUNT(*) FROM generate_series(1,100000000)) --",
    "' AND randomblob(1000000000) --",
    "' || pg_read_file('/etc/passwd') --",
    "'; ATTACH DATABASE '/tmp/x' AS x; --",
    "'; COPY version TO '/tmp/x'; --",
    '/* x */',
    '$1',
    '?1',
    ':id',
    '$$x$$',
    "\\'; --",
    "E'\\x27'",
  ],
  LIKE: ['%', '_', '%%', '%a%', '[a-z]%', '\\%', '\\', '*', '?'],
  FHIRPath: [
    '%resource.descendants()',
    'Patient.where(true)',
    'iif(true, %context, {})',
    "'x' or true",
    'name.given.repeat($this)',
    '%`ext-x`',
  ],
  JSON: ['{"$ne":null}', '[]', '{}', 'null', 'true', '{"op":"all"}', '"}],"where":{"op":"all"}'],
  templates: [`$\{7*7}`, '{{7*7}}', '<%= 7*7 %>', '#{7*7}', `$\{process.env}`, '`id`', '$(id)', '|id', ';id', '& id'],
  paths: ['../../etc/passwd', '..\\..\\windows', 'file:///etc/passwd', '/etc/passwd\0.json', 'http://169.254.169.254/latest/meta-data'],
  markup: ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'-alert(1)-'", 'javascript:alert(1)', '<!--', ']]>'],
  text: [
    '\u0001',
    '\ufeff',
    '\u202e',
    '\ud83d\ude00',
    'İ',
    'ﬀ',
    'a'.repeat(2000),
    ',',
    '|',
    '||',
    '|||',
    '$',
    '\\,',
    '\\|',
    '\\\\',
    '-',
    '.',
    '/',
    '//',
    'Patient/',
    '#',
    '?',
    '&',
    '=',
  ],
};
const EVERY_PAYLOAD = Object.values(PAYLOADS).flat();
/** A few of each kind, where everything is tried in very many places. */
const A_FEW = Object.values(PAYLOADS).flatMap((kind) => kind.filter((_payload, at) => at % 4 === 3));

const registry = createSearchRegistry(loadDefinitions());
const TYPES = [
  'Patient',
  'CarePlan',
  'CareTeam',
  'Goal',
  'Task',
  'Observation',
  'Consent',
  'Provenance',
  'Questionnaire',
  'PractitionerRole',
] as const;
const MODIFIERS: Readonly<Record<string, readonly string[]>> = {
  string: ['', ':exact', ':contains'],
  token: ['', ':text', ':of-type', ':in', ':below'],
  reference: ['', ':identifier', ':Patient', ':below'],
  uri: ['', ':below', ':above'],
  date: [''],
  number: [''],
  quantity: [''],
  composite: [''],
};

const entriesOf = ({ body }: Got): number =>
  ((body.entry ?? []) as readonly { search?: { mode?: string } }[]).filter(({ search }) => search?.mode !== 'outcome').length;

describe.each(STORES)('injection on %s', (store) => {
  let place: Stronghold;
  let before: string;
  let all: Ask;
  let nurse: Ask;
  let outsider: Ask;
  beforeAll(async () => {
    place = await openStronghold(store);
    before = await snapshotOf(place.database.resources);
    all = await place.as(WHO.administration);
    nurse = await place.as(WHO.nurse);
    outsider = await place.as(WHO.outsider);
  });
  afterAll(() => place.close());

  /** Refused or found nothing, in time. */
  async function comesToNothing(ask: Promise<Got>, what: string): Promise<void> {
    const startMs = performance.now();
    const got = await ask;
    expect(got.status, `${what}: ${got.text.slice(0, 300)}`).toBeLessThan(500);
    expect(got.status < 300 ? entriesOf(got) : 0, `${what}: ${got.text.slice(0, 300)}`).toBe(0);
    expect(performance.now() - startMs, what).toBeLessThan(WITHIN_MS);
  }

  const kinds = Object.keys(MODIFIERS);
  it.each(kinds.flatMap((kind) => MODIFIERS[kind]!.map((modifier) => [kind, modifier] as const)))(
    'by the values of a %s%s parameter',
    { timeout: 60_000 },
    async (kind, modifier) => {
      const named = TYPES.flatMap((type) =>
        registry
          .forType(type)
          .filter((parameter) => parameter.type === kind)
          .map(({ code }) => [type, code] as const),
      );
      const [type, code] = named.find(([, each]) => !each.startsWith('_')) ?? ['Patient', '_id'];
      for (const payload of EVERY_PAYLOAD) {
        await comesToNothing(
          all('GET', `${type}?${code}${modifier}=${encodeURIComponent(payload)}`),
          `${type}?${code}${modifier}=${payload.slice(0, 60)}`,
        );
      }
    },
  );

  it.each(TYPES)('by every parameter of %s', { timeout: 60_000 }, async (type) => {
    for (const { code, type: kind } of registry.forType(type)) {
      for (const payload of ["' OR '1'='1", "'; DROP TABLE entry; --", '%', '%contextual', "x' UNION SELECT json FROM version --"]) {
        if (kind === 'special') continue;
        await comesToNothing(
          all('POST', `${type}/_search`, `${encodeURIComponent(code)}=${encodeURIComponent(payload)}`, FORM),
          `${type}?${code}=${payload}`,
        );
      }
    }
  });

  it.each([
    '_sort',
    '_include',
    '_revinclude',
    '_include:iterate',
    '_elements',
    '_filter',
    '_page',
    '_summary',
    '_total',
    '_count',
    '_type',
    '_has:CarePlan:subject:status',
    '_id',
    '_lastUpdated',
    '_list',
    '_tag',
    '_security',
    '_profile',
    '_source',
    'general-practitioner:Practitioner.name',
    'name:odd',
    'odd',
  ])('by %s, as its value and in its name', { timeout: 60_000 }, async (name) => {
    for (const payload of A_FEW) {
      const value = await all('GET', `Patient?_id=nobody&${name}=${encodeURIComponent(payload)}`);
      expect(value.status, `${name}=${payload}`).toBeLessThan(500);
      expect(entriesOf(value)).toBe(0);
      const inName = await all('GET', `Patient?_id=nobody&${name}${encodeURIComponent(payload)}=x`);
      expect(inName.status, `${name}${payload}`).toBeLessThan(500);
      expect(entriesOf(inName)).toBe(0);
    }
  });

  it('by ids, types, versions and operations in the path', { timeout: 60_000 }, async () => {
    // A dot is taken out of the path by the client itself.
    for (const payload of EVERY_PAYLOAD.filter((each) => each !== '.')) {
      const text = encodeURIComponent(payload);
      for (const path of [
        text,
        `Patient/${text}`,
        `Patient/ida/_history/${text}`,
        `Patient/${text}/_history`,
        `Patient/${text}/CarePlan`,
        `Patient/ida/${text}`,
        `Patient/$${text}`,
        `Patient/ida/$${text}`,
        `$${text}`,
      ]) {
        const got = await all('GET', path);
        expect(got.status, `${path}: ${got.text.slice(0, 200)}`).toBeLessThan(500);
        // All of a compartment is asked for by a star.
        if (payload !== '*' && got.status < 300) expect(entriesOf(got), path).toBe(0);
      }
    }
  });

  it('by headers', { timeout: 60_000 }, async () => {
    const goal = { resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'x' }, subject: { reference: 'Patient/ida' } };
    // What a header cannot carry does not leave the client.
    for (const payload of A_FEW.filter((each, at) => at % 2 === 0 && /^[\x20-\x7e]+$/.test(each))) {
      for (const name of [
        'If-None-Exist',
        'If-Match',
        'If-None-Match',
        'If-Modified-Since',
        'Prefer',
        'X-Request-Id',
        'Accept-Language',
        'X-Forwarded-For',
        'Forwarded',
        'Origin',
        'Referer',
        'User-Agent',
        'DPoP',
      ]) {
        const got = await outsider('POST', 'Goal', goal, { [name]: payload });
        expect(got.status, `${name}: ${payload}`).toBeGreaterThanOrEqual(400);
        expect(got.status, `${name}: ${payload} ${got.text}`).toBeLessThan(500);
      }
      for (const name of ['Accept', 'Content-Type', 'Authorization'])
        expect((await all('POST', 'Patient/_search', '_id=nobody', { [name]: payload })).status, `${name}: ${payload}`).toBeLessThan(500);
      const conditional = await outsider('POST', 'Goal', goal, { 'If-None-Exist': `description=${encodeURIComponent(payload)}` });
      expect([conditional.status >= 400, conditional.status < 500], conditional.text).toEqual([true, true]);
    }
  });

  it('by the paths and values of patches', { timeout: 60_000 }, async () => {
    for (const payload of A_FEW) {
      const parts = [
        ['type', { valueCode: 'replace' }],
        ['path', { valueString: payload }],
        ['value', { valueString: 'x' }],
      ] as const;
      const byPath = {
        resourceType: 'Parameters',
        parameter: [{ name: 'operation', part: parts.map(([name, value]) => ({ name, ...value })) }],
      };
      const one = await nurse('PATCH', 'Goal/ida-goal', byPath, { 'If-Match': 'W/"1"' });
      expect([one.status >= 400, one.status < 500], `${payload}: ${one.text}`).toEqual([true, true]);
      const pointer = JSON.stringify([{ op: 'replace', path: payload.startsWith('/') ? payload : `/${payload}`, value: 'x' }]);
      const two = await nurse('PATCH', 'Goal/ida-goal', pointer, { 'If-Match': 'W/"1"', 'Content-Type': 'application/json-patch+json' });
      expect([two.status >= 400, two.status < 500], `${payload}: ${two.text}`).toEqual([true, true]);
    }
  });

  it.each([
    ['ValueSet/$expand', ['url', 'filter', 'offset', 'count', 'displayLanguage']],
    ['CodeSystem/$lookup', ['system', 'code', 'version', 'property']],
    ['CodeSystem/$validate-code', ['url', 'code', 'display']],
    ['ValueSet/$validate-code', ['url', 'code', 'system']],
    ['CodeSystem/$subsumes', ['system', 'codeA', 'codeB']],
    ['ConceptMap/$translate', ['url', 'code', 'system', 'target']],
    ['CarePlan/ida-plan/$everything', ['start', 'end', '_since', '_type', '_count', '_page']],
    ['CarePlan/ida-plan/$diff', ['from', 'to']],
    ['CarePlan/ida-plan/$validate', ['profile', 'mode']],
    ['Patient/ida/$access-log', ['start', 'end', '_count', '_page']],
    ['CarePlan/ida-plan/_history', ['_count', '_since', '_at', '_page']],
    ['$bulk-status', ['job']],
    ['$bulk-file', ['job', 'file']],
  ] as const)('by the parameters of %s', { timeout: 60_000 }, async (path, names) => {
    for (const name of names) {
      for (const payload of A_FEW) {
        const got = await all('GET', `${path}?${name}=${encodeURIComponent(payload)}`);
        expect(got.status, `${name}=${payload}: ${got.text.slice(0, 200)}`).toBeLessThan(500);
      }
    }
  });

  it('by what is written into pages: it stands there as text', async () => {
    for (const payload of PAYLOADS.markup!) {
      const text = encodeURIComponent(payload);
      for (const path of [
        `/${text}`,
        `/app/${text}`,
        `/auth/${text}`,
        `/auth/sign-in/${text}`,
        `/auth/sign-in/callback?state=${text}&code=${text}`,
        `/auth/authorize?client_id=${text}&redirect_uri=${text}&state=${text}&scope=${text}`,
        `/ehr/hospital/${text}`,
        `/ehr/hospital/patients?q=${text}`,
        `/ehr/hospital/auth/authorize?client_id=${text}`,
        `/idp/${text}`,
        `/idp/authorize?client_id=${text}&request_uri=${text}`,
        `/fhir/${text}`,
      ]) {
        const answer = await fetch(place.origin + path, {
          headers: { Accept: 'text/html', 'Accept-Language': payload.replaceAll(/[^\x20-\x7e]/g, '') },
          redirect: 'manual',
        });
        const page = await answer.text();
        expect(answer.status, path).toBeLessThan(500);
        if (!(answer.headers.get('content-type') ?? '').startsWith('text/html')) continue;
        expect(page, path).not.toMatch(/<script>alert|<img src=x|onerror=alert|'-alert/);
        expect(answer.headers.get('content-security-policy'), path).toMatch(/default-src 'none'/);
      }
    }
  });

  it('after all of it the store holds what it held, and there was no fault', async () => {
    expect(await snapshotOf(place.database.resources)).toBe(before);
    expect(place.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

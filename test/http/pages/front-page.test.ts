import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOOD_PAIRS } from '../../../server/demo/good-pairs.ts';
import { LANGUAGES } from '../../../server/fhir/language.ts';
import { frontPage } from '../../../server/http/pages/front-page.ts';
import { FRONT_PAGE_TEXTS } from '../../../server/http/pages/front-page-texts.ts';

const app = express();
app.use(frontPage({ simulators: true, publicUrl: 'http://plan.example', pairs: GOOD_PAIRS, signIn: true }));
app.use((_request, response) => void response.status(404).json({ status: 404 }));
const server = app.listen(0);
let base = '';
beforeAll(async () => {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  base = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(base + path, { headers: { Accept: 'text/html', ...headers }, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the pages at the root', () => {
  it.each(LANGUAGES)('speak %s when asked to, and say so', async (language) => {
    const { status, headers, text } = await get(`/?lang=${language}`);
    expect([status, headers.get('content-language')]).toEqual([200, language]);
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain(FRONT_PAGE_TEXTS[language].lead);
  });

  it('speak the language of the browser, and else bokmål', async () => {
    expect((await get('/', { 'Accept-Language': 'nn-NO, nn;q=0.9' })).headers.get('content-language')).toBe('nn');
    expect((await get('/', { 'Accept-Language': 'fi' })).headers.get('content-language')).toBe('nb');
  });

  it('list good pairs of user and patient, each with a link that finds the user', async () => {
    const { text } = await get('/');
    for (const { user, patient, shows } of GOOD_PAIRS) {
      expect(text).toContain(`?q=${encodeURIComponent(user)}">${user}</a>`);
      expect(text).toContain(`<td>${patient}</td><td>${shows.nb}</td>`);
    }
  });

  it('have titles that tell them apart, and a name for the table [WCAG 2.4.2, 1.3.1]', async () => {
    const titles = await Promise.all(
      ['/', '/conformance', '/nowhere'].map(async (path) => /<title>(.*)<\/title>/.exec((await get(path)).text)?.[1]),
    );
    expect(titles).toEqual(['Fellesplan', 'Samsvar med profilene – Fellesplan', 'Siden finnes ikke – Fellesplan']);
    expect((await get('/')).text).toContain('<table aria-labelledby="pairs">');
  });

  it('tell how to check a resource', async () => {
    expect((await get('/conformance')).text).toContain("http://plan.example/fhir/CarePlan/$validate'");
  });

  it.each(LANGUAGES)('tell in %s how to check files and a SMART server, with reports in that language', async (language) => {
    const { text } = await get(`/conformance?lang=${language}`);
    expect(text).toContain(`npx fellesplan validate --language ${language} plan.json`);
    expect(text).toContain('npx fellesplan profiles fellesplan.fhir.tgz');
    expect(text).toContain(`conformance smart --language ${language} --fhir http://plan.example/ehr/hospital/fhir --config smart.json`);
    expect(text).toContain(FRONT_PAGE_TEXTS[language].conformanceSmart);
  });

  it('lead those without a record system to the sign-in', async () => {
    expect((await get('/')).text).toContain(
      `<a href="/app/launch.html?iss=${encodeURIComponent('http://plan.example/fhir')}">Logg inn for å se planen</a>`,
    );
  });

  it('have an icon', async () => {
    expect((await get('/')).text).toContain('<link rel="icon" href="/app/favicon.svg"');
    expect(await get('/favicon.ico')).toMatchObject({ status: 301 });
  });
});

describe('a page that is not there', () => {
  it.each([
    ['nb', 'Siden finnes ikke'],
    ['nn', 'Sida finst ikkje'],
    ['en', 'There is no such page'],
  ])('is a page in %s with a way back', async (language, title) => {
    const { status, text } = await get(`/nowhere?lang=${language}`);
    expect(status).toBe(404);
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain('<a href="/">');
  });

  it('does not repeat the address', async () => {
    expect((await get('/%22%3E%3Cscript%3Ealert(1)')).text).not.toContain('script');
  });

  it('is left to the rest of the service for programs', async () => {
    expect(await get('/nowhere', { Accept: 'application/json' })).toMatchObject({ status: 404, text: '{"status":404}' });
    expect(await get('/nowhere', { Accept: '*/*' })).toMatchObject({ text: '{"status":404}' });
  });
});

describe('the good pairs', () => {
  it('are those of the demo’s README', async () => {
    const readme = await readFile(new URL('../../../server/demo/README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| (hospital|municipality) +\| ([^,|]+), [^|]*\| ([^|]+?) *\|/gm)].map((row) => row.slice(1, 4));
    expect(rows).toEqual(GOOD_PAIRS.map(({ ehr, user, patient }) => [ehr, user, patient]));
  });
});

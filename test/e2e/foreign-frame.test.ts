import { createHash } from 'node:crypto';
import type { Browser, BrowserContext, FrameLocator, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGuardedBrowser } from '../support/browser.ts';
import { openSites, type Sites } from './foreign-frame-sites.ts';

const NURSE = /Silje Amundrud/;
const INGRID = { name: 'Ingrid Solberg', words: 'Å bo hjemme så lenge jeg kan' };
const ASTRID = { name: 'Astrid Moldskred', words: 'Jeg vil hjem til radioen og vinduet mitt' };
type Person = typeof INGRID;

let sites: Sites;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  [sites, browser] = await Promise.all([openSites(), startGuardedBrowser()]);
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await sites?.close();
});

/** A browser window in which the nurse is signed in to the record system. */
async function signedIn(): Promise<Page> {
  context = await browser.newContext({ locale: 'nb-NO', timezoneId: 'Europe/Oslo' });
  const page = await context.newPage();
  await page.goto(`${sites.ehr}/ehr/hospital/`);
  await page.getByRole('button', { name: NURSE }).first().click();
  await page.getByRole('searchbox').waitFor();
  return page;
}

async function openRecord(page: Page, { name }: Person): Promise<FrameLocator> {
  await page.goto(`${sites.ehr}/ehr/hospital/patients`);
  await page.getByRole('link', { name }).click();
  return page.frameLocator('iframe');
}

async function shows(app: FrameLocator, person: Person, other: Person): Promise<void> {
  await app.getByText(person.words).first().waitFor();
  const text = (await app.locator('body').textContent()) ?? '';
  expect(text).not.toContain(other.words);
  expect(text).not.toContain(other.name.split(' ')[1]);
}

const formOf = (request: Request) => new URLSearchParams(request.postData() ?? '');

describe('the plan app in a record system of another site', () => {
  it('is where a browser keeps nothing for it: third-party cookies are refused and storage is partitioned', async () => {
    context = await browser.newContext();
    const page = await context.newPage();
    const told = async (where: Page | FrameLocator) => JSON.parse((await where.locator('body').textContent()) ?? '{}') as unknown;
    await page.goto(`${sites.shared}/probe`);
    expect(await told(page)).toEqual({ cookies: 'server=1; script=1', found: null });
    await page.goto(`${sites.ehr}/probe`);
    const frame = page.frameLocator('iframe');
    await frame.locator('body').filter({ hasText: '{' }).waitFor();
    expect(await told(frame)).toEqual({ cookies: '', found: null });
    await page.goto(`${sites.shared}/probe`);
    expect(await told(page)).toEqual({ cookies: 'server=1; script=1', found: 'left by the site itself' });
  });

  it('shows the plan, by requests as SMART wants them of an app, and without a cookie', async () => {
    const page = await signedIn();
    const asked: Request[] = [];
    page.on('request', (request) => asked.push(request));
    await shows(await openRecord(page, INGRID), INGRID, ASTRID);

    const issuer = `${sites.ehr}/ehr/hospital/auth`;
    const launched = new URL(asked.find((request) => request.url().includes('/app/launch.html'))?.url() ?? '').searchParams;
    const authorization = new URL(asked.find((request) => request.url().startsWith(`${issuer}/authorize`))?.url() ?? '').searchParams;
    expect(Object.fromEntries(authorization)).toMatchObject({
      response_type: 'code',
      client_id: 'fellesplan-app',
      redirect_uri: `${sites.shared}/app/`,
      launch: launched.get('launch'),
      aud: launched.get('iss'),
      code_challenge_method: 'S256',
    });
    expect(authorization.get('state')).toMatch(/^[\w-]{22,}$/);
    expect(authorization.get('scope')).toContain('openid fhirUser launch');

    const token = formOf(asked.find((request) => request.url() === `${issuer}/token` && request.method() === 'POST')!);
    expect(Object.fromEntries(token)).toMatchObject({
      grant_type: 'authorization_code',
      redirect_uri: authorization.get('redirect_uri'),
      client_id: 'fellesplan-app',
    });
    const challenge = createHash('sha256').update(token.get('code_verifier')!).digest('base64url');
    expect(challenge).toBe(authorization.get('code_challenge'));

    const exchange = asked.find((request) => request.url() === `${sites.shared}/auth/token` && request.method() === 'POST')!;
    const given = (await (await exchange.response())!.json()) as { access_token: string };
    const plans = asked.filter((request) => request.url().includes('/fhir/CarePlan') && request.method() !== 'OPTIONS');
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) expect(await plan.headerValue('authorization')).toBe(`Bearer ${given.access_token}`);

    expect(sites.cookiesSent).toEqual([]);
    const names = (await context.cookies()).map(({ name }) => name);
    expect(names.sort()).toEqual(['hospital_form', 'hospital_session']);
    for (const frame of page.frames()) expect(frame.url()).not.toMatch(/launch=|code=|token|\d{11}/);
  });

  it('keeps two patients in two tabs apart, also when one is opened anew', async () => {
    const first = await signedIn();
    const second = await context.newPage();
    const [ingrid, astrid] = await Promise.all([openRecord(first, INGRID), openRecord(second, ASTRID)]);
    await Promise.all([shows(ingrid, INGRID, ASTRID), shows(astrid, ASTRID, INGRID)]);
    await first.reload();
    await shows(first.frameLocator('iframe'), INGRID, ASTRID);
    await shows(astrid, ASTRID, INGRID);
    await shows(await openRecord(first, ASTRID), ASTRID, INGRID);
  });

  it('works where the browser refuses it all storage, in two tabs', async () => {
    const first = await signedIn();
    await context.addInitScript(`
      const refuse = { get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); } };
      if (window !== top) for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name, refuse);
    `);
    const second = await context.newPage();
    const [ingrid, astrid] = await Promise.all([openRecord(first, INGRID), openRecord(second, ASTRID)]);
    await Promise.all([shows(ingrid, INGRID, ASTRID), shows(astrid, ASTRID, INGRID)]);
    const frame = first.frames().find((each) => each.url().startsWith(sites.shared))!;
    expect(await frame.evaluate('(() => { try { return String(sessionStorage); } catch (error) { return error.name; } })()')).toBe(
      'SecurityError',
    );
    // What was handed on through the name of the window is taken out of it.
    expect(await frame.evaluate('window.name')).toBe('');
  });
});

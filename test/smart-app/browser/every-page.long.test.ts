/**
 * Every page that a person can meet in the demo, in each language, at three widths and in both colour schemes: nothing is
 * missing for those who read, hear or steer it otherwise, nothing is shown that was not written for people, and nothing
 * leaks on the way.
 */
import type { BrowserContext, Frame, FrameLocator, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { demoInBrowser } from '../../e2e/demo-in-browser.ts';
import { builtApp } from '../built-app.ts';
import { faultsOf, keyboardFaults, namelessIn } from './page-faults.ts';

// The demo serves what is built.
beforeAll(async () => void (await builtApp()));
const started = demoInBrowser();

const LANGUAGES = ['nb', 'nn', 'en'] as const;
const WIDTHS = [320, 768, 1280] as const;
const HEIGHT = 900;

const contexts: BrowserContext[] = [];
/** What must not happen on any page, noted while pages are open. */
const leaks: string[] = [];
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  expect(leaks.splice(0)).toEqual([]);
});

/** A browser of its own, watched for faults in the console, for what is fetched from elsewhere, and for secrets in addresses. */
async function newPage(language = 'nb'): Promise<Page> {
  const context = await started.browser.newContext({
    viewport: { width: 1280, height: HEIGHT },
    locale: language,
    timezoneId: 'Europe/Oslo',
    reducedMotion: 'reduce',
  });
  contexts.push(context);
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => leaks.push(message));
  page.on('console', (message) => {
    // A page that is not there is told of in the console as well.
    if (message.type() === 'error' && !/status of 40\d/.test(message.text())) leaks.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(started.demo.url)) leaks.push(`fetched from elsewhere: ${url}`);
    if (/eyJ|access_token|\b\d{11}\b/.test(url) || /eyJ|\bcode=/.test(request.headers().referer ?? ''))
      leaks.push(`a secret in an address: ${url}`);
  });
  return page;
}

/** What is wrong with the page and its frames, at each width and in both colour schemes. */
async function lookAt(page: Page, name: string): Promise<string[]> {
  const found = await namelessIn(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const frame of page.frames()) found.push(...(await faultsOf(frame)));
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const frame of page.frames()) found.push(...(await faultsOf(frame)));
  await page.emulateMedia({ colorScheme: 'light' });
  return [...new Set(found)].map((fault) => `${name}: ${fault}`);
}

/** The same in each of the three languages, chosen in the app. */
async function lookInEachLanguage(page: Page, app: Page | FrameLocator, frame: () => Frame, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const [language, label] of [
    ['en', 'English'],
    ['nn', 'Nynorsk'],
    ['nb', 'Bokmål'],
  ] as const) {
    await app.getByRole('button', { name: label }).click();
    await expect.poll(() => frame().evaluate(() => document.documentElement.lang)).toBe(language);
    found.push(...(await lookAt(page, `${name} (${language})`)));
  }
  expect(await frame().evaluate(() => Object.values({ ...localStorage }).filter((value) => /eyJ|token/.test(String(value))))).toEqual([]);
  return found;
}

async function inRecord(ehr: 'hospital' | 'municipality', user: string, patient: string) {
  const page = await newPage();
  await page.goto(`${started.demo.url}/ehr/${ehr}/?q=${encodeURIComponent(user)}`);
  await page.getByRole('button', { name: user }).click();
  await page.getByRole('link', { name: patient }).click();
  const app = page.frameLocator('iframe');
  await app.locator('h1').waitFor();
  return { page, app, frame: () => page.frames().at(-1)! };
}

async function toSignIn(page: Page, person: RegExp): Promise<void> {
  await page.goto(started.demo.url);
  await page.getByRole('link', { name: 'Logg inn for å se planen' }).click();
  await page.getByRole('button', { name: /^Logg inn med/ }).click();
  await page.getByRole('button', { name: person }).click();
}

describe('pages outside of the plan', () => {
  const PAGES = [
    '/',
    '/conformance',
    '/nowhere',
    '/%ff',
    '/app/',
    '/app/launch.html',
    '/auth/nowhere',
    '/auth/authorize?client_id=nobody',
    '/auth/sign-in/nowhere',
    '/idp',
    '/idp/nowhere',
    '/idp/connect/authorize?client_id=nobody',
    '/ehr/hospital',
    '/ehr/municipality/?q=nobody-of-this-name',
    '/ehr/hospital/nowhere',
    '/ehr/hospital/auth/authorize?client_id=nobody',
  ];

  test.each(LANGUAGES)('can be read, heard and steered by keys, in %s', { timeout: 120_000 }, async (language) => {
    const page = await newPage(language);
    const found: string[] = [];
    for (const path of PAGES) {
      await page.goto(started.demo.url + path);
      await page.locator('h1').waitFor();
      found.push(...(await keyboardFaults(page)).map((fault) => `${path}: ${fault}`), ...(await lookAt(page, path)));
      const shown = await page.evaluate(() => document.documentElement.lang);
      if (shown !== language) found.push(`${path}: is in ${shown}`);
    }
    expect(found).toEqual([]);
  });
});

describe('signing in without a record system', () => {
  test('every step can be read, leads to the plan of the person and out again, and keeps the language of the app', {
    timeout: 120_000,
  }, async () => {
    const page = await newPage();
    await page.goto(started.demo.url);
    await page.getByRole('link', { name: 'Logg inn for å se planen' }).click();
    const provider = page.getByRole('button', { name: /^Logg inn med/ });
    await provider.waitFor();
    const found = await lookAt(page, 'sign-in');
    await provider.click();
    await page.getByRole('heading', { name: 'Hvem er du?' }).waitFor();
    found.push(...(await lookAt(page, 'identity provider')));
    await page.getByRole('button', { name: /^Ingrid Solberg/ }).click();
    await page.getByRole('heading', { name: 'Skal Fellesplan få tilgang?' }).waitFor();
    found.push(...(await keyboardFaults(page)), ...(await lookAt(page, 'consent')));
    await page.getByRole('button', { name: 'Gi tilgang' }).click();
    await page.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    await page.getByRole('img').first().waitFor();
    found.push(...(await lookInEachLanguage(page, page, () => page.mainFrame(), 'own plan')));
    await page.getByRole('button', { name: 'Hvem har sett planen' }).click();
    await page.getByText(/^\d+ besøk$/).waitFor();
    found.push(...(await lookAt(page, 'access log')));
    await page.getByRole('button', { name: 'Logg ut' }).click();
    await page.getByRole('heading', { name: 'Du er logget ut' }).waitFor();
    found.push(...(await lookAt(page, 'signed out')));
    expect(found).toEqual([]);

    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  test('staff choose a patient by name; nobody found is said in words', { timeout: 60_000 }, async () => {
    const page = await newPage();
    await toSignIn(page, /^Hanne Vikestad.*sikkerhetsnivå 4/);
    await page.getByRole('heading', { name: 'Hvem gjelder det?' }).waitFor();
    const found = await lookAt(page, 'choice of patient');
    await page.getByRole('searchbox').fill('ingen med dette navnet');
    await page.getByRole('button', { name: 'Søk' }).click();
    await page.getByText('Ingen du kan åpne, passer med søket.').waitFor();
    expect([...found, ...(await lookAt(page, 'nobody found'))]).toEqual([]);
  });

  test('who lets the app read nothing is told so, not of teams, and may sign in anew', { timeout: 60_000 }, async () => {
    const page = await newPage();
    await toSignIn(page, /^Ingrid Solberg/);
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
    await page.getByRole('button', { name: 'Gi tilgang' }).click();
    await page.getByText('Det kan være fordi appen ikke fikk lese opplysningene da du logget inn').waitFor();
    expect(await lookAt(page, 'nothing allowed')).toEqual([]);
    await page.getByRole('link', { name: 'Logg inn her' }).click();
    await page.getByRole('button', { name: /^Logg inn med/ }).waitFor();
  });
});

describe('the app within a record', () => {
  test.each([
    ['hospital', 'Silje Amundrud', 'Ingrid Solberg', 'Oppfølgingsplan etter sykehusopphold'],
    ['municipality', 'Lene Hovdestad', 'Arne Kvamsdal', 'Oppfølgingsplan for hjertesvikt'],
    ['municipality', 'Siri Lundemo', 'Marit Haugstad', 'Individuell plan, rehabilitering etter hjerneslag'],
    ['municipality', 'Tone Åkerlund', 'Solveig Brekkhus', 'Personen har ingen plan i Fellesplan'],
    ['municipality', 'Siri Lundemo', 'Tor Egil Myrvang', 'Her er det ingen plan å vise deg'],
  ] as const)('at the %s, %s sees of %s: %s', { timeout: 60_000 }, async (ehr, user, patient, heading) => {
    const { page, app, frame } = await inRecord(ehr, user, patient);
    await app.getByRole('heading', { level: 1, name: heading }).waitFor();
    expect(await lookInEachLanguage(page, app, frame, patient)).toEqual([]);
  });

  test('the list of patients can be read and steered by keys, also when nobody is found', { timeout: 60_000 }, async () => {
    const { page } = await inRecord('municipality', 'Lene Hovdestad', 'Arne Kvamsdal');
    await page.getByRole('link', { name: 'Til listen' }).click();
    const found = [...(await keyboardFaults(page)), ...(await lookAt(page, 'patients'))];
    await page.getByRole('searchbox').fill('ingen med dette navnet');
    await page.getByRole('button', { name: 'Søk' }).click();
    await page.getByText('0 personer passer med søket').waitFor();
    expect([...found, ...(await lookAt(page, 'nobody found'))]).toEqual([]);
  });

  test('emergency access can be read at each step, begins at the top of the plan, and hides nothing that has the focus', {
    timeout: 120_000,
  }, async () => {
    const { page, app, frame } = await inRecord('hospital', 'Gunnhild Storlid', 'Ingrid Solberg');
    await app.getByRole('button', { name: 'Bruk nødtilgang' }).click();
    await app.getByRole('button', { name: 'Avbryt' }).click();
    expect(await app.locator(':focus').textContent()).toBe('Bruk nødtilgang');
    await page.keyboard.press('Enter');
    await app.getByRole('button', { name: 'Åpne planen med nødtilgang' }).click();
    const found = await lookInEachLanguage(page, app, frame, 'emergency form');
    await app.getByLabel('Hvorfor trenger du planen nå?').fill('Falt hjemme, må vite hvem som følger henne opp');
    await app.getByRole('checkbox').check();
    await app.getByRole('button', { name: 'Åpne planen med nødtilgang' }).click();
    await app.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    expect(await frame().evaluate(() => scrollY)).toBe(0);
    found.push(...(await lookInEachLanguage(page, app, frame, 'emergency plan')));

    await app.getByText(/tidligere endringer$/).focus();
    for (let stops = 0; stops < 15; stops += 1) {
      await page.keyboard.press('Shift+Tab');
      const covered = await frame().evaluate(() => {
        const [one, banner] = [document.activeElement, document.querySelector('.fp-emergency-banner')];
        if (one === null || banner === null || banner.contains(one)) return '';
        return one.getBoundingClientRect().top < banner.getBoundingClientRect().bottom && banner.getBoundingClientRect().top >= 0
          ? (one.textContent ?? '')
          : '';
      });
      if (covered !== '') found.push(`the banner covers "${covered}"`);
    }
    const position = () => app.locator('.fp-emergency-banner').evaluate((banner) => getComputedStyle(banner).position);
    expect(await position()).toBe('sticky');
    // As a window of 1280 × 1024 at 400 %.
    await page.setViewportSize({ width: 320, height: 256 });
    expect(await position()).toBe('static');
    await page.setViewportSize({ width: 1280, height: HEIGHT });
    await app.getByRole('button', { name: 'Avslutt nødtilgangen' }).click();
    await app.getByRole('heading', { name: 'Her er det ingen plan å vise deg' }).waitFor();
    expect(found).toEqual([]);
  });
});

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { logEvent, nursesVisit } from '../log-events.ts';
import { patient } from '../sample-plan.ts';
import { browserHarness } from './harness.ts';

const harness = browserHarness();
const PAGES = [
  [
    logEvent(
      'visit-3',
      {
        recorded: '2026-03-03T08:15:00Z',
        outcomeDesc: 'brukte nødtilgang og åpnet planen',
        purposeOfEvent: [{ coding: [{ code: 'BTG' }], text: 'nødtilgang' }],
        entity: [{ what: { reference: 'Patient/x' }, description: 'Innlagt bevisstløs; pårørende ikke nådd' }],
      },
      { name: 'Per Vakt', role: 'Lege', organization: 'Fjordheim sykehus' },
    ),
    logEvent(
      'visit-2',
      { recorded: '2026-03-03T07:00:00Z', outcome: '8', outcomeDesc: 'prøvde å åpne planen, men fikk ikke tilgang' },
      { name: 'Uvedkommende Person', organization: 'Et annet sykehus' },
    ),
  ],
  [nursesVisit],
];

/** The log, opened by the person. */
async function openLog(options: Parameters<typeof harness.open>[1] = {}): Promise<Page> {
  const { state } = harness.fakes;
  state.fhirUser = `${harness.fakes.sharedOrigin}/fhir/Patient/${patient.id}`;
  if (state.accessLog.pages[0]?.length === 0 && state.accessLog.status === 200) state.accessLog = { status: 200, pages: PAGES };
  const page = await harness.open(harness.fakes.launchUrl(), options);
  await page.getByRole('button', { name: 'Hvem har sett planen' }).click();
  await page.getByRole('heading', { level: 1, name: 'Hvem har sett planen' }).waitFor();
  return page;
}

describe('who has seen the plan', () => {
  test('is told by day: who, from where, what and why; older visits are fetched when asked for', async () => {
    const page = await openLog();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    const day = page.getByRole('region', { name: '3. mars 2026' });
    await day.getByText('Per Vakt').waitFor();
    const [emergency, refused] = await day.getByRole('listitem').allTextContents();
    expect(emergency).toContain('Per Vakt, Lege, Fjordheim sykehus');
    expect(emergency).toContain('Brukte nødtilgang og åpnet planen.');
    expect(emergency).toContain('Begrunnelse: Innlagt bevisstløs; pårørende ikke nådd');
    expect(emergency).toContain('Formål: nødtilgang · Via Fellesplan');
    expect(refused).toContain('Nektet');
    await page.getByText('2 besøk', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Hent eldre' }).click();
    await page.getByRole('region', { name: '2. mars 2026' }).getByText('Kari Nordmann').waitFor();
    expect(await page.getByRole('button', { name: 'Hent eldre' }).count()).toBe(0);
  });

  test('can be narrowed by keyboard to one organisation, to refusals and to emergencies', async () => {
    const page = await openLog();
    await page.getByLabel('Person eller virksomhet').selectOption('Et annet sykehus');
    await page.getByText('1 av 2 besøk').waitFor();
    expect(await page.getByRole('listitem').allTextContents()).toHaveLength(1);
    await page.getByRole('button', { name: 'Bare nødtilgang' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Ingen besøk passer med det du har valgt.').waitFor();
    await page.getByLabel('Person eller virksomhet').selectOption('');
    await page.getByRole('listitem').getByText('Per Vakt').waitFor();
    expect(await page.getByRole('button', { name: 'Bare nødtilgang' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Bare nektet' }).click();
    expect(await page.getByRole('listitem').allTextContents()).toEqual([expect.stringContaining('Uvedkommende Person')]);
  });

  test('leads back to the plan, and is asked for anew in another language', async () => {
    const page = await openLog();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Who has seen the plan' }).waitFor();
    await expect.poll(() => harness.fakes.state.log.filter(({ url }) => url.includes('$access-log')).length).toBe(2);
    await page.getByRole('button', { name: 'Back to the plan' }).click();
    await page.getByRole('heading', { level: 1, name: 'Individuell plan for Ingrid' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  test('says so when nobody has, and when it could not be fetched', async () => {
    harness.fakes.state.accessLog = { status: 500, pages: [[]] };
    const page = await openLog();
    await page.getByRole('alert').getByText('Loggen kunne ikke hentes.').waitFor();
    harness.fakes.state.accessLog = { status: 200, pages: [[]] };
    await page.getByRole('button', { name: 'Prøv igjen' }).click();
    await page.getByText('Ingen har sett planen ennå.').waitFor();
  });

  test('is no longer offered once the server has said no', async () => {
    harness.fakes.state.accessLog = { status: 403, pages: [[]] };
    const page = await openLog();
    await page.getByText('Loggen er for personen selv').waitFor();
    await page.getByRole('button', { name: 'Tilbake til planen' }).click();
    await page.getByRole('heading', { level: 1, name: 'Individuell plan for Ingrid' }).waitFor();
    expect(await page.getByRole('button', { name: 'Hvem har sett planen' }).count()).toBe(0);
  });

  test('is not offered to others of the team, and not asked for on their behalf', async () => {
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByRole('heading', { level: 1, name: 'Individuell plan for Ingrid' }).waitFor();
    expect(await page.getByRole('button', { name: 'Hvem har sett planen' }).count()).toBe(0);
    expect(harness.fakes.state.log.some(({ url }) => url.includes('$access-log'))).toBe(false);
  });

  test.each([320, 1280])('at %d px nothing is cut off, headings go one level at a time, and every section has a name', async (width) => {
    const page = await openLog({ width });
    await page.getByRole('listitem').getByText('Per Vakt').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    expect(await page.locator('h1, h2, h3').evaluateAll((all) => all.map((one) => one.tagName))).toEqual(['H1', 'H2']);
    expect(await page.locator('section').count()).toBe(await page.getByRole('region', { name: /.+/ }).count());
    const small = await page.locator('button, select').evaluateAll((all) => all.filter((one) => one.clientHeight < 24).length);
    expect(small).toBe(0);
  });
});

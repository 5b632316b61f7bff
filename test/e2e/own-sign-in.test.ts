import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';

let demo: DemoProcess;
let browser: Browser;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo({ env: { FELLESPLAN_LOG: 'silent' } }), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  if (demo !== undefined) await removeData(demo);
});

async function frontPage(): Promise<Page> {
  const context = await browser.newContext({ locale: 'nb-NO', timezoneId: 'Europe/Oslo' });
  const page = await context.newPage();
  await page.goto(demo.url);
  return page;
}

/** From the front page to the sign-in of the identity provider, as this person. */
async function signIn(name: string): Promise<Page> {
  const page = await frontPage();
  await page.getByRole('link', { name: 'Logg inn for å se planen' }).click();
  await page.getByRole('button', { name: 'Logg inn med HelseID (simulert)' }).click();
  await page.getByRole('button', { name }).click();
  return page;
}

describe('the app without a record system', { timeout: 60_000 }, () => {
  it('shows a patient her own plan and who has seen it, and stays at a reload', async () => {
    const page = await signIn('Ingrid Solberg (pasient)');
    await page.getByRole('button', { name: 'Gi tilgang' }).click();
    await page.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    await page.getByText('178342 01585').waitFor();
    expect(page.url()).not.toMatch(/code=|iss=/);
    await page.reload();
    await page.getByRole('button', { name: 'Hvem har sett planen' }).click();
    await page.getByText('Formål: eget innsyn').first().waitFor();
    await page.context().close();
  });

  it('shows a relative the plan of the person chosen, and never emergency access', async () => {
    const page = await signIn('Anne Solberg Lidvik (pårørende)');
    await page.getByRole('button', { name: /Ingrid Solberg/ }).click();
    await page.getByRole('button', { name: 'Gi tilgang' }).click();
    await page.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    expect(await page.getByRole('button', { name: 'Bruk nødtilgang' }).count()).toBe(0);
    await page.context().close();
  });

  it('leads whoever said no, and whoever opens it by its address, to the sign-in', async () => {
    const page = await signIn('Ingrid Solberg (pasient)');
    await page.getByRole('button', { name: 'Avbryt' }).click();
    await page.getByRole('heading', { name: 'Innloggingen ble ikke godkjent' }).waitFor();
    await page.goto(`${demo.url}/app/`);
    await page.getByRole('heading', { name: 'Åpne Fellesplan fra journalsystemet' }).waitFor();
    await page.getByRole('link', { name: 'Logg inn her' }).click();
    await page.getByRole('button', { name: 'Logg inn med HelseID (simulert)' }).waitFor();
    await page.context().close();
  });
});

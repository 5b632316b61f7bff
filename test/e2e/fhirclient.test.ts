import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Servers, startServers } from '../conformance/smart/servers.ts';
import { startGuardedBrowser } from '../support/browser.ts';
import { type AppSite, openAppSite } from './fhirclient-app.ts';

let site: AppSite;
let servers: Servers;
let browser: Browser;

beforeAll(async () => {
  site = await openAppSite();
  [servers, browser] = await Promise.all([startServers(site), startGuardedBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await servers?.close();
  await site?.close();
});

/** What the app has written on its page. */
async function said(app: Page | FrameLocator): Promise<unknown> {
  const body = app.locator('body');
  await body.filter({ hasText: '{' }).waitFor();
  return JSON.parse((await body.textContent()) ?? '{}');
}

const FOUND = {
  patient: 'Solberg',
  again: 'Solberg',
  user: 'Practitioner/pr1',
  userName: 'Berg',
  observations: 2,
  newAccessToken: true,
  newRefreshToken: true,
};

describe('an app made with fhirclient, in a real browser', () => {
  it.each(['hospital', 'municipality'] as const)('is launched in the record of the %s, reads, refreshes and reads again', async (ehr) => {
    const page = await browser.newPage();
    await page.goto(`${servers.front.origin}/ehr/${ehr}/`);
    await page.getByRole('button', { name: /Kari Berg/ }).click();
    await page.getByRole('link', { name: 'Ingrid Solberg' }).click();
    expect(await said(page.frameLocator('iframe'))).toEqual({ ...FOUND, context: { need_patient_banner: false, tenant: '999000001' } });
    await page.close();
  });

  it('starts by itself at the shared service, where the user signs in with an identity provider', async () => {
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(`${site.launchUrl}?iss=${encodeURIComponent(`${servers.front.origin}/fhir`)}`);
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await page.getByRole('button', { name: /Kari Berg/ }).click();
    await page.getByRole('button', { name: /Ingrid Solberg/ }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    expect(await said(page)).toEqual({ ...FOUND, context: { tenant: '999000001' } });
    await page.close();
  });
});

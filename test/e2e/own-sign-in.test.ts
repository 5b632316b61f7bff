import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { demoInBrowser } from './demo-in-browser.ts';

const started = demoInBrowser();

async function frontPage(): Promise<Page> {
  const context = await started.browser.newContext({ locale: 'nb-NO', timezoneId: 'Europe/Oslo' });
  const page = await context.newPage();
  await page.goto(started.demo.url);
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

  it('signs out whoever asks: the tokens are good no longer, the window holds none, and there is a way in again', async () => {
    const page = await signIn('Ingrid Solberg (pasient)');
    await page.getByRole('button', { name: 'Gi tilgang' }).click();
    await page.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    const kept = await page.evaluate(() => Object.values(sessionStorage).join());
    const { ehr } = JSON.parse(kept) as { ehr: { accessToken: string; refreshToken: string; tokenEndpoint: string } };
    const read = async () =>
      (await fetch(`${started.demo.url}/fhir/Patient?_count=1`, { headers: { authorization: `Bearer ${ehr.accessToken}` } })).status;
    expect(await read()).toBe(200);
    const told: string[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/revoke'))
        told.push(
          `${response.status()} ${
            response
              .request()
              .postData()
              ?.match(/hint=(\w+)/)?.[1]
          }`,
        );
    });
    const last = page.waitForResponse((response) => response.request().postData()?.includes('hint=access_token') === true);
    await page.getByRole('button', { name: 'Logg ut' }).click();
    await page.getByRole('heading', { name: 'Du er logget ut' }).waitFor();
    await last;
    expect(told).toEqual(['200 refresh_token', '200 access_token']);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(await read()).toBe(401);
    const form = { grant_type: 'refresh_token', refresh_token: ehr.refreshToken, client_id: 'fellesplan-app' };
    const renewed = await fetch(ehr.tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
    expect([renewed.status, ((await renewed.json()) as { error: string }).error]).toEqual([400, 'invalid_grant']);
    await page.reload();
    await page.getByRole('heading', { name: 'Du er logget ut' }).waitFor();
    expect(await page.getByRole('button', { name: 'Logg ut' }).count()).toBe(0);
    expect(await page.getByText('journalsystem').count()).toBe(0);
    await page.getByRole('link', { name: 'Logg inn igjen' }).click();
    await page.getByRole('button', { name: 'Logg inn med HelseID (simulert)' }).waitFor();
    await page.context().close();
  });

  it('leads whoever said no, and whoever opens it by its address, to the sign-in', async () => {
    const page = await signIn('Ingrid Solberg (pasient)');
    await page.getByRole('button', { name: 'Avbryt' }).click();
    await page.getByRole('heading', { name: 'Innloggingen ble ikke godkjent' }).waitFor();
    expect(await page.getByText('journalsystem').count()).toBe(0);
    await page.getByRole('link', { name: 'Logg inn her' }).waitFor();
    await page.goto(`${started.demo.url}/app/`);
    await page.getByRole('heading', { name: 'Åpne Fellesplan fra journalsystemet' }).waitFor();
    await page.getByRole('link', { name: 'Logg inn her' }).click();
    await page.getByRole('button', { name: 'Logg inn med HelseID (simulert)' }).waitFor();
    await page.context().close();
  });
});

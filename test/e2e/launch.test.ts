import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { demoInBrowser } from './demo-in-browser.ts';
import { openRecord, shot } from './ehr-browser.ts';
import { MUNICIPAL_PERSON, municipalPlanBundle, personInRecord } from './municipal-plan.ts';

const started = demoInBrowser();

describe('the shared plan inside two record systems', () => {
  it.each([
    ['hospital', /Silje Amundrud/],
    ['municipality', /Hanne Vikestad/],
  ])('is found in the %s on the screen of a phone: no page is wider than that', { timeout: 60_000 }, async (ehr, user) => {
    const page = await started.browser.newPage({ locale: 'nb-NO', viewport: { width: 360, height: 700 } });
    const excess = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    await page.goto(`${started.demo.url}/ehr/${ehr}`);
    const users = await excess();
    await page.getByRole('button', { name: user }).first().click();
    await page.getByRole('link', { name: 'Ingrid Solberg' }).waitFor();
    const patients = await excess();
    await page.getByRole('link', { name: 'Ingrid Solberg' }).click();
    await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
    expect([users, patients, await excess()]).toEqual([0, 0, 0]);
    await page.close();
  });

  it('opens from the front page by way of the hospital, and from the municipality as the same plan at the same version', {
    timeout: 90_000,
  }, async () => {
    const front = await started.browser.newPage({ locale: 'nb-NO' });
    await front.goto(started.demo.url);
    await shot(front, 'launch', '1-front-page');
    const hospitalUrl = await front
      .getByRole('link', { name: 'Åpne sykehusets journalsystem' })
      .evaluate((link) => (link as { href?: string }).href ?? '');
    const municipalityUrl = await front
      .getByRole('link', { name: 'Åpne kommunens journalsystem' })
      .evaluate((link) => (link as { href?: string }).href ?? '');
    await front.close();

    const hospital = await openRecord(started.browser, {
      ehrUrl: hospitalUrl,
      user: /Silje Amundrud/,
      patient: 'Ingrid Solberg',
      shots: 'launch-2-hospital',
    });
    await hospital.app.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    await hospital.app.getByText('Å bo hjemme så lenge jeg kan').first().waitFor();
    await shot(hospital.page, 'launch-2-hospital', 'plan');
    const inHospital = await planLine(hospital.app);

    const municipality = await openRecord(started.browser, {
      ehrUrl: municipalityUrl,
      user: /Hanne Vikestad/,
      patient: 'Ingrid Solberg',
      shots: 'launch-3-municipality',
    });
    await municipality.app.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    await shot(municipality.page, 'launch-3-municipality', 'plan');
    expect(await planLine(municipality.app)).toEqual(inHospital);
    expect(inHospital.version).toMatch(/Versjon 1/);

    // No token, launch value or identity number is left in an address that a history or a log may keep.
    for (const page of [hospital.page, municipality.page]) {
      for (const frame of page.frames()) expect(frame.url()).not.toMatch(/launch=|code=|token|\d{11}/);
    }
    await hospital.page.context().close();
    await municipality.page.context().close();
  });

  it('begins the list of patients with those whose plan the user may see', { timeout: 60_000 }, async () => {
    const { page, app } = await openRecord(started.browser, {
      ehrUrl: `${started.demo.url}/ehr/hospital`,
      user: /Silje Amundrud/,
      patient: 'Astrid Moldskred',
      fromList: 'Mine pasienter',
    });
    await app.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    await page.context().close();
  });

  it.each([
    ['somebody of another ward', /Gunnhild Storlid/, 'Ingrid Solberg'],
    ['the same for a person without a plan', /Silje Amundrud/, 'Birger Lonevikmo'],
  ])('tells %s kindly, and no more than that there is no plan to show', { timeout: 60_000 }, async (_who, user, patient) => {
    const { page, app } = await openRecord(started.browser, { ehrUrl: `${started.demo.url}/ehr/hospital`, user, patient });
    await app.getByRole('heading', { name: 'Her er det ingen plan å vise deg' }).waitFor();
    expect(await app.locator('body').textContent()).not.toMatch(/Ingrid|Solberg|Birger|Lonevikmo/);
    await shot(page, 'launch-4-denied', patient.split(' ')[0] ?? '');
    await page.context().close();
  });

  it('shows all that a municipal system has written in one transaction', { timeout: 90_000 }, async () => {
    const written = await municipalPlanBundle(started.demo);
    expect(written.statuses).toEqual(Array.from({ length: written.statuses.length }, () => '201 Created'));
    await personInRecord(started.demo, 'municipality');

    const { page, app } = await openRecord(started.browser, {
      ehrUrl: `${started.demo.url}/ehr/municipality`,
      user: new RegExp(MUNICIPAL_PERSON.coordinator),
      patient: MUNICIPAL_PERSON.name,
    });
    await app.getByText(MUNICIPAL_PERSON.words).waitFor();
    for (const goal of MUNICIPAL_PERSON.goals) await app.getByRole('heading', { name: goal }).or(app.getByText(goal)).first().waitFor();
    for (const measure of MUNICIPAL_PERSON.measures) await app.getByText(measure).first().waitFor();
    await app.getByText(MUNICIPAL_PERSON.coordinator).first().waitFor();
    for (const activity of MUNICIPAL_PERSON.activities) await app.getByText(activity).first().waitFor();
    await shot(page, 'municipal-plan', 'plan');
    await page.context().close();
  });
});

/** Title, version and words of the plan, as the app shows them. */
async function planLine(app: ReturnType<Page['frameLocator']>): Promise<{ title: string | null; version: string | null }> {
  return {
    title: await app.getByRole('heading', { level: 1 }).first().textContent(),
    version: await app
      .getByText(/Versjon \d+/)
      .first()
      .textContent(),
  };
}

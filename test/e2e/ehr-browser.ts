/**
 * What a clinician does in a simulated EHR, by hand: sign in, find the patient, look at the plan in the record.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';

const OUTPUT = join(import.meta.dirname, 'output');

export interface OpenPlan {
  readonly page: Page;
  /** The plan app inside the record. */
  readonly app: FrameLocator;
}

/** Signs in at an EHR as the user whose name or role holds `user`, and opens the record of `patient`: found by search, or in a list of that name. */
export async function openRecord(
  browser: Browser,
  options: {
    readonly ehrUrl: string;
    readonly user: RegExp;
    readonly patient: string;
    readonly fromList?: string;
    readonly shots?: string;
  },
): Promise<OpenPlan> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, locale: 'nb-NO', timezoneId: 'Europe/Oslo' });
  const page = await context.newPage();
  await page.goto(options.ehrUrl);
  await shot(page, options.shots, 'users');
  await page.getByRole('button', { name: options.user }).first().click();
  if (options.fromList === undefined) {
    await page.getByRole('searchbox').fill(options.patient);
    await page.getByRole('button', { name: 'Søk' }).click();
  }
  await shot(page, options.shots, 'patients');
  const list = options.fromList === undefined ? page : page.getByRole('table', { name: options.fromList });
  await list.getByRole('link', { name: options.patient }).click();
  return { page, app: page.frameLocator('iframe') };
}

/** A picture of the page under test/e2e/output, when a name is given. */
export async function shot(page: Page, series: string | undefined, step: string): Promise<void> {
  if (series === undefined) return;
  mkdirSync(OUTPUT, { recursive: true });
  const picture = () => page.screenshot({ path: join(OUTPUT, `${series}-${step}.png`) });
  // A headless Chromium that is still drawing the page before refuses now and then; the next try has always worked.
  await picture().catch(async () => {
    await page.waitForTimeout(500);
    await picture();
  });
}

/** The built app, the fake services and a real browser, for the tests of one file. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { startBrowser } from '../../support/browser.ts';
import { builtApp } from '../built-app.ts';
import { FakeServices } from '../fake-services.ts';

export interface Harness {
  readonly fakes: FakeServices;
  /** Opens an address in a page of the test's own; errors in the page fail the test. */
  readonly open: (url: string, options?: PageOptions) => Promise<Page>;
}

interface PageOptions {
  readonly width?: number;
  readonly locale?: string;
  /** Runs in every frame before its own scripts. */
  readonly before?: () => void;
}

/** Registers the hooks; the getters are of use inside tests only. */
export function browserHarness(): Harness {
  let browser: Browser;
  let dist: string;
  let fakes: FakeServices;
  const contexts: BrowserContext[] = [];
  const pageErrors: string[] = [];

  beforeAll(async () => {
    [dist, browser] = await Promise.all([builtApp(), startBrowser()]);
  });
  beforeEach(async () => {
    fakes = await FakeServices.start({ dist });
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    await fakes.stop();
    const errors = pageErrors.splice(0);
    if (errors.length > 0) throw new Error(`errors in the page: ${errors.join('; ')}`);
  });
  afterAll(() => browser.close());

  return {
    get fakes() {
      return fakes;
    },
    open: async (url, { width = 1280, locale = 'nb-NO', before } = {}) => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, locale, reducedMotion: 'reduce' });
      contexts.push(context);
      if (before) await context.addInitScript(before);
      const page = await context.newPage();
      // Time goes on as usual, and a test may let it run ahead.
      await page.clock.install();
      page.on('pageerror', (error) => pageErrors.push(error.message));
      await page.goto(url);
      return page;
    },
  };
}

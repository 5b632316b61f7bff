/** The demo and a browser for the tests of one file: started before them, stopped after them, the data removed. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';

/** To be called at the top of a test file; what it gives is there once the tests run. */
export function demoInBrowser(): { readonly demo: DemoProcess; readonly browser: Browser } {
  let demo: DemoProcess | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo({ env: { FELLESPLAN_LOG: 'silent' } }), startBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    if (demo !== undefined) await removeData(demo);
  });
  const started = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The demo is started before the tests, not before that.');
    return value;
  };
  return {
    get demo() {
      return started(demo);
    },
    get browser() {
      return started(browser);
    },
  };
}

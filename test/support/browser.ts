/**
 * A real Chromium for tests: the one named by CHROMIUM_PATH, else an installed Chrome, else the one that npm brought.
 */
import { access } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = ['/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/chromium', '/usr/bin/chromium-browser'];
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];

async function executablePath(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  for (const path of INSTALLED) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  const { default: bundled } = await import('@sparticuz/chromium');
  return bundled.executablePath();
}

/** @returns a running headless browser; the caller closes it. Rejects when none can be started: a missing browser is a failure. */
export const startBrowser = async (extraArguments: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: await executablePath(), args: [...ARGUMENTS, ...extraArguments], headless: true });

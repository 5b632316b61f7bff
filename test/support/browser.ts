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

/**
 * The same, as browsers are set where apps of other sites are framed: third-party cookies are refused, and storage is
 * kept apart by the site of the page around. Playwright turns the latter off with a flag, without which the former does
 * not work either; that flag is asked for first, and then given without this one feature.
 */
export async function startGuardedBrowser(): Promise<Browser> {
  const path = await executablePath();
  const usual = await chromium.launch({ executablePath: path, args: [...ARGUMENTS, '--enable-automation'], headless: true });
  const session = await usual.newBrowserCDPSession();
  const { arguments: given } = await session.send('Browser.getBrowserCommandLine');
  await usual.close();
  const disabling = given.filter((flag) => flag.startsWith('--disable-features='));
  const others = disabling.map((flag) => flag.replace(/ThirdPartyStoragePartitioning,?/, ''));
  const args = [...ARGUMENTS, ...others, '--test-third-party-cookie-phaseout'];
  return chromium.launch({ executablePath: path, args, ignoreDefaultArgs: disabling, headless: true });
}

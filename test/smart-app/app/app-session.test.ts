import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppSession } from '../../../smart-app/src/app/app-session.ts';
import { startLaunch } from '../../../smart-app/src/smart/authorize.ts';
import { WindowStorage } from '../../../smart-app/src/smart/window-storage.ts';
import { FakeServices } from '../fake-services.ts';
import { testWindow } from '../smart/scripted-fetch.ts';

let fakes: FakeServices;

beforeEach(async () => {
  fakes = await FakeServices.start({ dist: '/nowhere' });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await fakes.stop();
});

/** Goes through the EHR's authorization as a browser would. @returns a window that stands at the redirect page. */
async function launchedWindow(): Promise<Window & typeof globalThis> {
  const redirectUri = `${fakes.appOrigin}/app/`;
  const host = testWindow();
  const config = await (await fetch(`${redirectUri}config.json`)).json();
  const search = new URL(fakes.launchUrl()).search;
  const authorize = await startLaunch({ search, redirectUri, config, storage: new WindowStorage(host) });
  const redirect = await fetch(authorize, { redirect: 'manual' });
  const location = new URL(redirect.headers.get('location') ?? '');
  const history = { replaceState: (_state: unknown, _title: string, url: string) => (location.search = url) };
  const window = Object.assign(host, { location, history });
  vi.stubGlobal('window', window);
  return window as unknown as Window & typeof globalThis;
}

test('loading twice at once, as React StrictMode does, redeems the code once and fetches once', async () => {
  const session = new AppSession(await launchedWindow());
  await Promise.all([session.load(), session.load()]);
  expect(session.state()).toMatchObject({ loading: false, error: undefined, data: { patient: { id: 'shared-patient' } } });
  expect([...fakes.state.redeemed.values()]).toEqual([1]);
  expect(fakes.state.exchanges).toBe(1);
  expect(fakes.state.log.filter(({ url }) => url.includes('/CarePlan?'))).toHaveLength(1);
});

test('loading again fetches the plan anew and keeps session and person', async () => {
  const session = new AppSession(await launchedWindow());
  await session.load();
  await session.load();
  expect(fakes.state.exchanges).toBe(1);
  expect(fakes.state.log.filter(({ url }) => url.endsWith('/Patient/_search'))).toHaveLength(1);
  expect(fakes.state.log.filter(({ url }) => url.includes('/CarePlan?'))).toHaveLength(2);
});

test('those who listen hear of every change until they leave', async () => {
  const session = new AppSession(await launchedWindow());
  const heard = vi.fn();
  const leave = session.subscribe(heard);
  await session.load();
  expect(heard).toHaveBeenCalled();
  const before = heard.mock.calls.length;
  leave();
  await session.load();
  expect(heard).toHaveBeenCalledTimes(before);
});

test('a code that was redeemed is not redeemed again when the exchange has to be tried again', async () => {
  const session = new AppSession(await launchedWindow());
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
    String(input).startsWith(`${fakes.sharedOrigin}/token`) ? Promise.reject(new TypeError('fetch failed')) : real(input, init),
  );
  await session.load();
  expect(session.state().error?.kind).toBe('connection');
  vi.stubGlobal('fetch', real);
  await session.load();
  expect(session.state()).toMatchObject({ error: undefined, data: { patient: { id: 'shared-patient' } } });
  expect([...fakes.state.redeemed.values()]).toEqual([1]);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_APP } from '../../../server/auth/plan-app.ts';
import { startBrowser } from '../../support/browser.ts';
import { person, type Services, startServices } from '../services.ts';
import { challengeOf, VERIFIER } from '../smart-server.ts';

const NUMBER = '13717404089';
let services: Services;
let app: Server;
let appUrl: string;
let browser: Browser;

beforeAll(async () => {
  app = createServer((_req, res) => res.setHeader('Content-Type', 'text/html; charset=utf-8').end('<title>app</title>'));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}/app/`;
  services = await startServices({
    appUrl,
    people: [
      { id: 'ingrid', name: 'Ingrid Solberg', nationalNumber: NUMBER, securityLevel: '4' },
      { id: 'low', name: 'Ingrid på nivå 3', nationalNumber: NUMBER, securityLevel: '3' },
    ],
  });
  const { patient, practitioner, organization, role } = person;
  for (const base of ['shared', 'hospital'] as const) await services.put(base, patient('p1', NUMBER, 'Solberg'));
  await services.put(
    'hospital',
    practitioner('pr1', '999012345', 'Berg'),
    organization('o', '999000001', 'Fjordheim'),
    role('r1', 'pr1', 'o'),
  );
  browser = await startBrowser([]);
});
afterAll(async () => {
  await browser.close();
  app.closeAllConnections();
  app.close();
  await services.close();
});

/** A page at the authorization endpoint, asked in a language; everything the page's policy forbids is noted. */
async function opened(of: { issuer: string; aud: string; locale: string }): Promise<{ readonly page: Page; readonly forbidden: string[] }> {
  const context = await browser.newContext({ locale: of.locale });
  const page = await context.newPage();
  const forbidden: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) forbidden.push(message.text());
  });
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: PLAN_APP,
    redirect_uri: appUrl,
    scope: 'openid fhirUser launch/patient offline_access patient/*.rs',
    state: 'st-1',
    aud: of.aud,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  await page.goto(`${of.issuer}/authorize?${request}`);
  return { page, forbidden };
}

async function arrived(page: Page): Promise<URLSearchParams> {
  await page.waitForURL(`${appUrl}**`);
  const sent = new URL(page.url()).searchParams;
  await page.context().close();
  return sent;
}

async function redeemed(issuer: string, code: string): Promise<Record<string, string>> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: appUrl,
    code_verifier: VERIFIER,
    client_id: PLAN_APP,
  });
  return (await (await fetch(`${issuer}/token`, { method: 'POST', body })).json()) as Record<string, string>;
}

describe('a standalone launch of an app of another site, in a browser', () => {
  it('goes through the simulated EHR by what assistive technology sees, and back to the app', async () => {
    const { server, fhirBaseUrl } = services.ehrs.hospital;
    const { page, forbidden } = await opened({ issuer: server.issuer, aud: fhirBaseUrl, locale: 'en-GB' });
    await page.getByRole('heading', { level: 1, name: 'Choose who you are' }).waitFor();
    await page.getByRole('button', { name: /Kari Berg/ }).click();
    await page.getByRole('searchbox', { name: 'Name or national identity number' }).fill('Solberg');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByRole('button', { name: /Ingrid Solberg/ }).click();
    await page.getByRole('group', { name: /Untick what the app/ }).waitFor();
    await page.getByRole('checkbox', { name: /when you are not signed in/ }).uncheck();
    await page.getByRole('button', { name: 'Allow' }).click();
    const sent = await arrived(page);
    expect(forbidden).toEqual([]);
    const tokens = await redeemed(server.issuer, sent.get('code')!);
    expect(tokens).toMatchObject({ patient: 'p1', scope: 'openid fhirUser launch/patient patient/*.rs' });
  });

  it('goes by way of the identity provider to the patient’s own record', async () => {
    const { issuer, fhirBaseUrl } = services.shared;
    const { page, forbidden } = await opened({ issuer, aud: fhirBaseUrl, locale: 'nn-NO' });
    await page.getByRole('button', { name: 'Logg inn med HelseID (simulert)' }).click();
    await page.getByRole('button', { name: 'Ingrid på nivå 3' }).click();
    await page.getByRole('alert').filter({ hasText: 'tryggleiksnivå 4' }).waitFor();
    await page.getByRole('button', { name: 'Logg inn med HelseID (simulert)' }).click();
    await page.getByRole('button', { name: 'Ingrid Solberg' }).click();
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'May Fellesplan have access?' }).waitFor();
    await page.getByRole('button', { name: 'Allow' }).click();
    const sent = await arrived(page);
    expect(forbidden).toEqual([]);
    expect((await redeemed(issuer, sent.get('code')!)).patient).toBe('p1');
  });

  it('can be given up, which the app is told', async () => {
    const { issuer, fhirBaseUrl } = services.shared;
    const { page } = await opened({ issuer, aud: fhirBaseUrl, locale: 'nb-NO' });
    await page.getByRole('button', { name: 'Avbryt' }).click();
    const sent = await arrived(page);
    expect([sent.get('error'), sent.get('state')]).toEqual(['access_denied', 'st-1']);
  });
});

import type { FrameLocator, Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { consent, needReport, otherConsent, otherPatient, otherPlan, patient, people, team, wholePlan } from '../sample-plan.ts';
import { browserHarness } from './harness.ts';

const harness = browserHarness();

/** Lets the page's own time run ahead of the clock on the wall until something shows; not so far that the session ends. */
async function runAhead(page: Page, shown: Locator): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.clock.fastForward(1_000);
        return shown.isVisible();
      },
      { timeout: 15_000 },
    )
    .toBe(true);
}

const heading = async (page: Page | FrameLocator): Promise<string> => (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';

describe('a launch inside the EHR', () => {
  test('shows what a team member asks first', async () => {
    const page = await harness.open(`${harness.fakes.ehrOrigin}/page?frame=${encodeURIComponent(harness.fakes.launchUrl())}`);
    const app = page.frameLocator('iframe');
    expect(await heading(app)).toBe('Individuell plan for Ingrid');
    await app.getByText('At jeg kan bo hjemme i mitt eget hus').waitFor();
    await app.getByText('Sagt av personen selv · 25. aug. 2026').waitFor();
    await app.getByRole('region', { name: 'Koordinator' }).getByRole('link', { name: 'Ring Kari Nes: +47 99 01 12 34' }).waitFor();
    await app.getByRole('region', { name: 'Oppfølgingsteam' }).getByText('Ola Berg').waitFor();
    await app.getByRole('region', { name: 'Mål' }).getByText('Mona Dahl').waitFor();
    await app.getByRole('row', { name: /Strukturert oppfølging etter hjemkomst.*Kari Nes.*3 dager over fristen.*Godtatt/ }).waitFor();
    await app.getByRole('row', { name: /Gå til butikken 2 4 ▲? ?\+2 tydelig bedring 6/ }).waitFor();
    await app.getByText('0 = kan ikke, 10 = uten vansker').first().waitFor();
    await app.getByRole('img', { name: /Kurve for Gå til butikken, Gå i trapp, Lage middag/ }).waitFor();
    await app.getByRole('row', { name: '10. aug. 2026 6 Lever med moderat skrøpelighet Mona Dahl' }).waitFor();
    await app.getByText('4 – sist endret 18. nov. 2026').first().waitFor();
  });

  test('is printed without the record around it: whose it is and how old stands on paper only', async () => {
    const page = await harness.open(`${harness.fakes.ehrOrigin}/page?frame=${encodeURIComponent(harness.fakes.launchUrl())}`);
    const app = page.frameLocator('iframe');
    const printed = app.getByText(/^Ingrid Marie Solberg · Født .* · Hentet fra Fellesplan .*2026/);
    const button = app.getByRole('button', { name: 'Skriv ut' });
    await button.waitFor();
    expect(await printed.isVisible()).toBe(false);
    const frame = page.frames().at(-1)!;
    await frame.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await button.click();
    expect(await frame.locator('body[data-printed]').count()).toBe(1);
    await page.emulateMedia({ media: 'print' });
    expect([await printed.isVisible(), await button.isVisible()]).toEqual([true, false]);
  });

  test('the code is redeemed once, and leaves the address', async () => {
    const page = await harness.open(harness.fakes.launchUrl());
    await heading(page);
    expect([...harness.fakes.state.redeemed.values()]).toEqual([1]);
    expect(harness.fakes.state.exchanges).toBe(1);
    expect(page.url()).toMatch(/\/app\/\?session=[\w-]{43}$/);
  });

  test('no address that the shared service sees holds the national number', async () => {
    await heading(await harness.open(harness.fakes.launchUrl()));
    const { log } = harness.fakes.state;
    expect(log.filter(({ method, url }) => method === 'POST' && url.endsWith('/fhir/Patient/_search'))).toHaveLength(1);
    for (const { url } of log) expect(url).not.toContain(patient.identifier?.[0]?.value);
  });

  test('a reload keeps the session without a new code', async () => {
    const page = await harness.open(harness.fakes.launchUrl());
    await heading(page);
    await page.reload();
    expect(await heading(page)).toBe('Individuell plan for Ingrid');
    expect([...harness.fakes.state.redeemed.values()]).toEqual([1]);
  });

  test('works in a frame of another site, where the browser keeps storage apart', async () => {
    const otherSite = harness.fakes.ehrOrigin.replace('127.0.0.1', 'localhost');
    const page = await harness.open(`${otherSite}/page?frame=${encodeURIComponent(harness.fakes.launchUrl())}`);
    const [, frame] = page.frames();
    expect(await heading(page.frameLocator('iframe'))).toBe('Individuell plan for Ingrid');
    await frame?.goto(frame.url());
    expect(await heading(page.frameLocator('iframe'))).toBe('Individuell plan for Ingrid');
    expect([...harness.fakes.state.redeemed.values()]).toEqual([1]);
  });

  test('works where the browser refuses storage; only a reload then needs a new launch', async () => {
    const before = (): void => {
      for (const name of ['sessionStorage', 'localStorage']) {
        Object.defineProperty(window, name, {
          get: () => {
            throw new DOMException('denied', 'SecurityError');
          },
        });
      }
    };
    const page = await harness.open(`${harness.fakes.ehrOrigin}/page?frame=${encodeURIComponent(harness.fakes.launchUrl())}`, { before });
    expect(await heading(page.frameLocator('iframe'))).toBe('Individuell plan for Ingrid');
    const alone = await harness.open(harness.fakes.launchUrl('launch-2'), { before });
    await heading(alone);
    await alone.reload();
    expect(await heading(alone)).toBe('Økten er utløpt');
  });

  test('two patients in two frames of one page never mix, not after a reload either', async () => {
    harness.fakes.state.others.set('launch-b', { ehrPatient: { ...otherPatient, id: 'ehr-9' }, sharedPatientId: 'shared-other' });
    harness.fakes.state.shared = [...wholePlan, otherPatient, otherPlan, otherConsent];
    const frames = ['launch-a', 'launch-b'].map((launch) => `frame=${encodeURIComponent(harness.fakes.launchUrl(launch))}`).join('&');
    const page = await harness.open(`${harness.fakes.ehrOrigin}/page?${frames}`);
    const titles = (): Promise<string[]> => Promise.all([0, 1].map((position) => heading(page.frameLocator('iframe').nth(position))));
    expect(await titles()).toEqual(['Individuell plan for Ingrid', 'Oppfølgingsplan for Arne']);
    expect([...harness.fakes.state.redeemed.values()]).toEqual([1, 1]);
    for (const frame of page.frames().slice(1)) await frame.goto(frame.url());
    expect(await titles()).toEqual(['Individuell plan for Ingrid', 'Oppfølgingsplan for Arne']);
    expect(await page.frameLocator('iframe').nth(1).getByText('Kari Nes').count()).toBe(0);
    expect([...harness.fakes.state.redeemed.values()]).toEqual([1, 1]);
  });

  test('the patient banner is shown only when the EHR asks for it', async () => {
    const without = await harness.open(harness.fakes.launchUrl());
    await heading(without);
    expect(await without.getByRole('region', { name: 'Pasient' }).count()).toBe(0);
    harness.fakes.state.needPatientBanner = true;
    const page = await harness.open(harness.fakes.launchUrl('launch-2'));
    const banner = page.getByRole('region', { name: 'Pasient' });
    await banner.getByText('Ingrid Marie Solberg').waitFor();
    await banner.getByText('178845 12345').waitFor();
  });

  test('a plan on several pages is fetched to its end', async () => {
    harness.fakes.state.pageSize = 3;
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByRole('row', { name: /Gå til butikken 2 4/ }).waitFor();
  });
});

describe('pages instead of a plan', () => {
  const shown = async (url = harness.fakes.launchUrl()): Promise<string> => heading(await harness.open(url));

  test('opened without a launch', async () => {
    expect(await shown(`${harness.fakes.appOrigin}/app/launch.html`)).toBe('Åpne Fellesplan fra journalsystemet');
    expect(await shown(`${harness.fakes.appOrigin}/app/`)).toBe('Åpne Fellesplan fra journalsystemet');
  });

  test('an EHR that is not registered', async () => {
    expect(await shown(harness.fakes.launchUrl('x', 'https://evil.test/fhir'))).toBe('Ukjent journalsystem');
  });

  test('the EHR says no', async () => {
    harness.fakes.state.authorizeError = 'access_denied';
    expect(await shown()).toBe('Innloggingen ble ikke godkjent');
  });

  test('an id_token with the nonce of another launch', async () => {
    harness.fakes.state.idToken = (claims) => ({ ...claims, nonce: 'other' });
    expect(await shown()).toBe('Innloggingen ble ikke godkjent');
    expect(harness.fakes.state.exchanges).toBe(0);
  });

  test('a redirect that this window did not start', async () => {
    expect(await shown(`${harness.fakes.appOrigin}/app/?code=stolen&state=made-up`)).toBe('Denne åpningen er allerede brukt');
    expect(harness.fakes.state.redeemed.size).toBe(0);
  });

  test('the shared service does not accept the user', async () => {
    harness.fakes.state.exchangeError = 'invalid_request';
    const page = await harness.open(harness.fakes.launchUrl());
    expect(await heading(page)).toBe('Du får ikke tilgang til Fellesplan');
    expect(await page.getByRole('button', { name: 'Prøv igjen' }).count()).toBe(0);
  });

  test('nobody at the shared service has the number', async () => {
    harness.fakes.state.sharedPatientId = undefined;
    expect(await shown()).toBe('Her er det ingen plan å vise deg');
  });

  test('a patient without a national number', async () => {
    harness.fakes.state.ehrPatient = { ...patient, id: 'ehr-8', identifier: [] };
    expect(await shown()).toBe('Pasienten mangler fødselsnummer eller D-nummer');
  });

  test('the person found is not the patient of the token', async () => {
    harness.fakes.state.sharedPatientId = 'someone-else';
    const page = await harness.open(harness.fakes.launchUrl());
    expect(await heading(page)).toBe('Stoppet: personene stemmer ikke overens');
    expect(await page.getByText('Ingrid').count()).toBe(0);
  });

  test('no access', async () => {
    harness.fakes.state.fhirStatus = 403;
    const page = await harness.open(harness.fakes.launchUrl());
    expect(await heading(page)).toBe('Her er det ingen plan å vise deg');
    await page.getByText('Opplysninger til brukerstøtte').click();
    await page.getByText('request-1').waitFor();
  });

  test.each([
    ['withdrawn', [consent('innsyn', 'inactive')]],
    ['deleted or never given', []],
  ])('a consent that is %s hides the plan', async (_how, consents) => {
    harness.fakes.state.shared = [...wholePlan.filter((one) => one.resourceType !== 'Consent'), ...consents];
    const page = await harness.open(harness.fakes.launchUrl());
    expect(await heading(page)).toBe('Planen kan ikke vises uten samtykke');
    expect(await page.getByText('Individuell plan for Ingrid').count()).toBe(0);
  });

  test('a person without a plan: the coordinating unit with its phone, and the reported need', async () => {
    harness.fakes.state.shared = [patient, ...people, needReport];
    const page = await harness.open(harness.fakes.launchUrl());
    expect(await heading(page)).toBe('Personen har ingen plan i Fellesplan');
    await page.getByRole('link', { name: 'Ring Solvik kommune: +47 99 01 10 00' }).waitFor();
    await page.getByText('Koordinator · meldt 10. nov. 2026 · Solvik kommune').waitFor();
  });

  test('a person without a plan may have a coordinator and a team', async () => {
    harness.fakes.state.shared = [patient, ...people, team];
    const page = await harness.open(harness.fakes.launchUrl());
    expect(await heading(page)).toBe('Personen har ingen plan i Fellesplan');
    await page.getByRole('region', { name: 'Koordinator' }).getByText('Kari Nes').waitFor();
  });

  test('a session that is over', async () => {
    expect(await shown(`${harness.fakes.appOrigin}/app/?session=gone`)).toBe('Økten er utløpt');
  });

  test('a session that cannot be renewed takes the plan off the screen', async () => {
    const page = await harness.open(harness.fakes.launchUrl());
    expect(await heading(page)).toBe('Individuell plan for Ingrid');
    harness.fakes.state.exchangeError = 'invalid_request';
    await page.clock.fastForward(harness.fakes.state.sharedLifetimeSeconds * 1000);
    await page.getByRole('heading', { level: 1, name: 'Økten er utløpt' }).waitFor();
    expect(await page.getByText('Kari Nes').count()).toBe(0);
  });
});

describe('a lost connection', () => {
  test('at the start: it says that it tries again, then offers to, and goes on when it is back', async () => {
    harness.fakes.state.fhirBroken = true;
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByText('Mistet forbindelsen – prøver igjen …').waitFor();
    await runAhead(page, page.getByRole('heading', { level: 1, name: 'Mistet forbindelsen' }));
    harness.fakes.state.fhirBroken = false;
    await page.getByRole('button', { name: 'Prøv igjen' }).click();
    await page.getByRole('heading', { level: 1, name: 'Individuell plan for Ingrid' }).waitFor();
    expect([...harness.fakes.state.redeemed.values()]).toEqual([1]);
  });

  test('with a plan on the screen: the plan stays, and is said to be old', async () => {
    const page = await harness.open(harness.fakes.launchUrl());
    await heading(page);
    harness.fakes.state.fhirBroken = true;
    await page.getByRole('button', { name: 'Hent på nytt' }).click();
    await runAhead(page, page.getByText('Du ser planen slik den var da den sist ble hentet.'));
    expect(await heading(page)).toBe('Individuell plan for Ingrid');
    const again = page.getByRole('button', { name: 'Prøv igjen' });
    await again.waitFor();
    harness.fakes.state.fhirBroken = false;
    // The page also tries by itself, and may be first.
    await again.click({ timeout: 5_000 }).catch(() => undefined);
    await page.getByText('Du ser planen slik den var').waitFor({ state: 'detached' });
  });

  test('a server that is busy for a moment is asked again without a word from the user', async () => {
    harness.fakes.state.fhirStatus = 503;
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByText('Mistet forbindelsen – prøver igjen …').waitFor();
    harness.fakes.state.fhirStatus = undefined;
    expect(await heading(page)).toBe('Individuell plan for Ingrid');
  });
});

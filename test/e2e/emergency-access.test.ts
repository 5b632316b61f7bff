import { describe, expect, it } from 'vitest';
import { demoInBrowser } from './demo-in-browser.ts';
import { openRecord, shot } from './ehr-browser.ts';

const REASON = 'Funnet forvirret hjemme, må vite hvem som følger henne opp';

const started = demoInBrowser();

describe('emergency access in the record', () => {
  it('opens the plan with a reason, says so while it lasts, is told to the coordinator, and ends at a press', {
    timeout: 120_000,
  }, async () => {
    const { page, app } = await openRecord(started.browser, {
      ehrUrl: `${started.demo.url}/ehr/hospital`,
      user: /Gunnhild Storlid/,
      patient: 'Ingrid Solberg',
    });
    await app.getByRole('heading', { name: 'Her er det ingen plan å vise deg' }).waitFor();
    await shot(page, 'emergency', '1-offer');
    await app.getByRole('button', { name: 'Bruk nødtilgang' }).click();
    await app.getByRole('button', { name: 'Åpne planen med nødtilgang' }).click();
    await app.getByText('Skriv en begrunnelse på minst 15 tegn.').waitFor();
    await app.getByText('Kryss av før du åpner planen.').waitFor();
    await shot(page, 'emergency', '2-form');
    await app.getByLabel('Hvorfor trenger du planen nå?').fill(REASON);
    await app.getByRole('checkbox').check();
    await app.getByRole('button', { name: 'Åpne planen med nødtilgang' }).click();
    await app.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    await app.getByText(/Nødtilgang til kl\. \d\d[.:]\d\d/).waitFor();
    expect(await app.locator(':focus').getAttribute('aria-label')).toBe('Nødtilgang til planen');
    await shot(page, 'emergency', '3-plan');
    expect(await app.locator('body').textContent()).toContain(REASON);

    const coordinator = await openRecord(started.browser, {
      ehrUrl: `${started.demo.url}/ehr/municipality`,
      user: /Hanne Vikestad/,
      patient: 'Ingrid Solberg',
    });
    await coordinator.app.getByRole('heading', { name: 'Nødtilgang er brukt' }).waitFor();
    await coordinator.app.getByText(REASON).waitFor();
    await coordinator.app.getByText('Gunnhild Storlid').first().waitFor();
    await shot(coordinator.page, 'emergency', '4-coordinator');
    await coordinator.page.context().close();

    await app.getByRole('button', { name: 'Avslutt nødtilgangen' }).click();
    await app.getByRole('heading', { name: 'Her er det ingen plan å vise deg' }).waitFor();
    expect(await app.locator('body').textContent()).not.toMatch(/Solberg|Nødtilgang til kl/);
    await page.context().close();
  });

  it('opens nothing for a person without a plan, and says so', { timeout: 60_000 }, async () => {
    const { page, app } = await openRecord(started.browser, {
      ehrUrl: `${started.demo.url}/ehr/hospital`,
      user: /Silje Amundrud/,
      patient: 'Birger Lonevikmo',
    });
    await app.getByRole('button', { name: 'Bruk nødtilgang' }).click();
    await app.getByLabel('Hvorfor trenger du planen nå?').fill(REASON);
    await app.getByRole('checkbox').check();
    await app.getByRole('button', { name: 'Åpne planen med nødtilgang' }).click();
    await app.getByRole('alert').getByText('Det er ingen plan å åpne for denne personen i Fellesplan.').waitFor();
    await shot(page, 'emergency', '5-nobody');
    await page.context().close();
  });
});

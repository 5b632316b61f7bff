import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND } from '../support/command.ts';
import { demoInBrowser } from './demo-in-browser.ts';
import { openRecord, shot } from './ehr-browser.ts';

const PATIENT = 'Ingrid Solberg';

const started = demoInBrowser();

describe('who has seen the plan', () => {
  it('is told to the coordinator in plain words: from which record, and who was refused; others of the team are not offered it', {
    timeout: 120_000,
  }, async () => {
    const hospital = `${started.demo.url}/ehr/hospital`;
    const stranger = await openRecord(started.browser, { ehrUrl: hospital, user: /Gunnhild Storlid/, patient: PATIENT });
    await stranger.app.getByRole('heading', { name: 'Her er det ingen plan å vise deg' }).waitFor();
    await stranger.page.context().close();

    const nurse = await openRecord(started.browser, {
      ehrUrl: `${started.demo.url}/ehr/municipality`,
      user: /Siri Lundemo/,
      patient: PATIENT,
    });
    await nurse.app.getByRole('heading', { name: 'Hva er viktig for deg?' }).waitFor();
    expect(await nurse.app.getByRole('button', { name: 'Hvem har sett planen' }).count()).toBe(0);
    await nurse.page.context().close();

    const { page, app } = await openRecord(started.browser, {
      ehrUrl: `${started.demo.url}/ehr/municipality`,
      user: /Hanne Vikestad/,
      patient: PATIENT,
    });
    await app.getByRole('button', { name: 'Hvem har sett planen' }).click();
    const refused = app.getByRole('listitem').filter({ hasText: 'Gunnhild Storlid' });
    await refused.getByText('Nektet').waitFor();
    expect(await refused.textContent()).toMatch(/Prøvde å åpne Fellesplan fra .*sykehus.*, men fikk ikke tilgang/);
    expect(await app.getByRole('listitem').filter({ hasText: 'Siri Lundemo' }).textContent()).toContain('Fysioterapeut, Solvik kommune');
    const own = app.getByRole('listitem').filter({ hasText: 'Du' }).first();
    expect(await own.textContent()).toMatch(
      /Åpnet Fellesplan fra .*kommune.*, åpnet planen og leste .*Formål: helsehjelp · Via Fellesplan/,
    );
    await shot(page, 'access-log', 'coordinator');
    expect(await app.locator('main').textContent()).not.toMatch(/\b\d{9,11}\b/);
    await page.context().close();
  });

  it('is exported by the operator while the service runs, and the file can be verified', { timeout: 60_000 }, () => {
    const file = join(started.demo.dataDir, 'ingrid.ndjson');
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [COMMAND, 'audit', ...args], { env: { ...started.demo.env }, encoding: 'utf8' });
    const written = run('export', '--patient', 'ingrid-solberg', '--out', file);
    expect(written.stderr).toMatch(/[1-9]\d* events, [1-9]\d* seals?/);
    const verified = run('verify', '--file', file);
    expect([verified.status, verified.stderr]).toEqual([0, '']);
  });
});

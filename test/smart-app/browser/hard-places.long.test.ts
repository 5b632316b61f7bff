/** Where a plan is hard to show: little room, much text, a slow network, no scripts, colours of the user's own. */
import type { Goal, Provenance } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { goals, needReport, patient, people, plan, wholePlan } from '../sample-plan.ts';
import { browserHarness } from './harness.ts';

const harness = browserHarness();

const LONG_WORD = 'Rehabiliteringsoppfølgingskoordineringsansvarligsamarbeidsmøte';

/** What reaches beyond the right edge of the page, but for what scrolls within a box of its own. */
const beyond = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth === width) return [];
    const reaching = [...document.body.querySelectorAll('*')].filter(
      (one) => one.getBoundingClientRect().right > width + 0.5 && one.closest('.fp-scroll *, .fp-hidden') === null,
    );
    return reaching.slice(0, 12).map((one) => `${one.tagName}.${one.getAttribute('class')}: ${(one.textContent ?? '').slice(0, 40)}`);
  });

describe('much in little room', () => {
  /** 200 goals, and a title, words and names that are longer than any line. */
  const large = () => {
    const many = Array.from(
      { length: 200 },
      (_, at): Goal => ({ ...goals[0]!, id: `goal-${at}`, description: { text: `${LONG_WORD} ${at}` } }),
    );
    const titled = {
      ...plan,
      title: LONG_WORD,
      description: LONG_WORD,
      note: [{ text: `${LONG_WORD} `.repeat(60) }],
      goal: many.map(({ id }) => ({ reference: `Goal/${id}` })),
    };
    const named = wholePlan.map((each) => (each.resourceType === 'Organization' ? { ...each, name: LONG_WORD } : each));
    return [...named.filter(({ resourceType, id }) => resourceType !== 'Goal' && id !== plan.id), ...many, titled];
  };

  test.each([280, 320, 768, 1280])('200 goals and words without end fit into %d px [WCAG 1.4.10]', async (width) => {
    harness.fakes.state.shared = large();
    const page = await harness.open(harness.fakes.launchUrl(), { width });
    await page.getByRole('heading', { level: 1, name: LONG_WORD }).waitFor();
    await page.getByRole('img').first().waitFor();
    expect(await page.getByRole('heading', { level: 3 }).count()).toBeGreaterThanOrEqual(200);
    expect(await beyond(page)).toEqual([]);
  });

  test('a plan of usual length fits into the frame that a record of 320 px has room for', async () => {
    const page = await harness.open(harness.fakes.launchUrl(), { width: 284, locale: 'nn-NO' });
    await page.getByRole('img').first().waitFor();
    expect(await beyond(page)).toEqual([]);
  });

  test('notes take the width that there is', async () => {
    harness.fakes.state.shared = large();
    const page = await harness.open(harness.fakes.launchUrl());
    const widths = await page
      .locator('.fp-facts-list')
      .evaluate((list) => [list.clientWidth, list.querySelector('.fp-facts-wide')?.clientWidth]);
    expect(widths[1]).toBe(widths[0]);
  });
});

describe('fetching again', () => {
  test('is told, and leaves the focus where it was [WCAG 4.1.3, 2.4.3]', async () => {
    const page = await harness.open(harness.fakes.launchUrl());
    const again = page.getByRole('button', { name: 'Hent på nytt' });
    await again.waitFor();
    const answers: (() => void)[] = [];
    await page.route('**/fhir/CarePlan?*', async (route) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      await route.continue();
    });
    await again.focus();
    await page.keyboard.press('Enter');
    const told = page.getByRole('banner').getByRole('status');
    await expect.poll(() => told.textContent()).toBe('Henter planen …');
    expect(await again.evaluate((button) => button === document.activeElement)).toBe(true);
    await expect.poll(() => answers.length).toBe(1);
    for (const answer of answers) answer();
    await expect.poll(() => told.textContent()).toMatch(/^Hentet kl\. \d\d:\d\d$/);
    expect(await again.evaluate((button) => button === document.activeElement)).toBe(true);
  });
});

describe('before and without scripts', () => {
  test('the page is not empty while the scripts are on their way', async () => {
    const page = await harness.open('about:blank');
    await page.route('**/*.js', () => new Promise(() => undefined));
    await page.goto(harness.fakes.launchUrl(), { waitUntil: 'commit' });
    await page.getByText('Fellesplan …').waitFor();
    expect(await page.getByText('Fellesplan …').evaluate((text) => getComputedStyle(text).fontWeight)).toBe('650');
  });

  test('where scripts are turned off, it says so in the three languages', async () => {
    const response = await fetch(harness.fakes.launchUrl());
    const [, said = ''] = /<noscript>(.*?)<\/noscript>/s.exec(await response.text()) ?? [];
    expect(said.match(/JavaScript/g)).toHaveLength(3);
  });
});

describe('colours of the user’s own', () => {
  test('states keep an edge where their ground is taken away', async () => {
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByRole('img').first().waitFor();
    const edge = () =>
      page
        .locator('.fp-badge')
        .first()
        .evaluate((badge) => getComputedStyle(badge).outlineStyle);
    expect(await edge()).toBe('none');
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await edge()).toBe('solid');
  });
});

describe('no plan', () => {
  test.each([
    [`Patient`, 'Du har ingen plan i Fellesplan'],
    ['Practitioner', 'Personen har ingen plan i Fellesplan'],
  ])('is said to a %s in words that fit', async (type, title) => {
    harness.fakes.state.fhirUser = `${harness.fakes.sharedOrigin}/fhir/${type}/${patient.id}`;
    harness.fakes.state.shared = [patient, ...people, needReport];
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  });
});

describe('the person’s own words', () => {
  test.each([
    ['Patient', 'Sagt av deg selv · 25. aug. 2026'],
    ['Practitioner', 'Sagt av personen selv · 25. aug. 2026'],
  ])('are named to a %s in words that fit', async (type, said) => {
    harness.fakes.state.fhirUser = `${harness.fakes.sharedOrigin}/fhir/${type}/${patient.id}`;
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByText(said).waitFor();
  });

  test('are asked for of the person in the second person', async () => {
    harness.fakes.state.fhirUser = `${harness.fakes.sharedOrigin}/fhir/Patient/${patient.id}`;
    harness.fakes.state.shared = wholePlan.filter(({ resourceType }) => resourceType !== 'Observation');
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByText('Ta det gjerne opp ved neste samtale.').waitFor();
  });
});

test('what the app says of a change is in the language of the app, what was written in its own [WCAG 3.1.2]', async () => {
  const change: Provenance = {
    resourceType: 'Provenance',
    id: 'change',
    language: 'nb',
    target: [{ reference: 'Task/task-done' }],
    recorded: '2026-10-02T12:00:00Z',
    agent: [{ who: { reference: 'PractitionerRole/ola-role' } }],
  };
  const spoken = wholePlan.map((each) => (each.id === 'task-done' ? { ...each, language: 'nn' } : each));
  harness.fakes.state.shared = [...spoken, change];
  const page = await harness.open(harness.fakes.launchUrl(), { locale: 'en-GB' });
  const words = page.getByRole('region', { name: 'Latest changes' }).getByText('Changed: Legemiddelgjennomgang');
  expect(
    await words.evaluate((said) => [said.closest('[lang]')?.getAttribute('lang'), said.querySelector('[lang]')?.getAttribute('lang')]),
  ).toEqual(['en', 'nn']);
});

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { browserHarness } from './harness.ts';

const harness = browserHarness();

const plan = async (options: Parameters<typeof harness.open>[1] = {}): Promise<Page> => {
  const page = await harness.open(harness.fakes.launchUrl(), options);
  await page.getByRole('heading', { level: 1, name: 'Individuell plan for Ingrid' }).waitFor();
  await page.getByRole('img').first().waitFor();
  return page;
};

describe('structure', () => {
  test('headings go down one level at a time, and there is one of the first [WCAG 1.3.1]', async () => {
    const page = await plan();
    const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((heading) => Number(heading.tagName[1])));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [position, level] of levels.slice(1).entries()) expect(level - (levels[position] ?? 0)).toBeLessThanOrEqual(1);
  });

  test('there is one banner and one main landmark, and every section has a name [WCAG 1.3.1]', async () => {
    const page = await plan();
    expect(await page.getByRole('banner').count()).toBe(1);
    expect(await page.getByRole('main').count()).toBe(1);
    expect(await page.locator('section').count()).toBe(await page.getByRole('region', { name: /.+/ }).count());
  });

  test('every table has a caption, and a scope on each head cell [WCAG 1.3.1]', async () => {
    const page = await plan();
    const tables = await page.locator('table').evaluateAll((all) =>
      all.map((table) => ({
        caption: table.querySelector('caption')?.textContent ?? '',
        withoutScope: table.querySelectorAll('th:not([scope])').length,
      })),
    );
    expect(tables.length).toBeGreaterThanOrEqual(3);
    for (const { caption, withoutScope } of tables) {
      expect(caption).not.toBe('');
      expect(withoutScope).toBe(0);
    }
  });

  test('the curve has a name that points at the table with the same figures [WCAG 1.1.1]', async () => {
    const page = await plan();
    expect(await page.getByRole('img').getAttribute('aria-label')).toContain('De samme tallene står i tabellen');
  });

  test('buttons, links and fields have names, ids are not used twice [WCAG 4.1.1, 4.1.2]', async () => {
    const page = await plan();
    const faults = await page.evaluate(() => {
      const controls = [...document.querySelectorAll('button, a[href], select, summary')];
      const nameless = controls.filter((control) => {
        const labels = control instanceof HTMLSelectElement ? [...control.labels].map((label) => label.textContent).join('') : '';
        return ((control.getAttribute('aria-label') ?? '') + (control.textContent ?? '') + labels).trim() === '';
      });
      const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
      return { nameless: nameless.length, twice: ids.filter((id, position) => ids.indexOf(id) !== position) };
    });
    expect(faults).toEqual({ nameless: 0, twice: [] });
  });
});

describe('language', () => {
  test('is the browser’s first, can be chosen, is kept, and marks the page [WCAG 3.1.1]', async () => {
    const page = await harness.open(harness.fakes.launchUrl(), { locale: 'nn-NO' });
    await page.getByRole('heading', { name: 'Kva er viktig for deg?' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('nn');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'What matters to you?' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.goto(harness.fakes.launchUrl('launch-2'));
    await page.getByRole('heading', { name: 'What matters to you?' }).waitFor();
    expect(await page.getByRole('button', { name: 'English' }).getAttribute('aria-pressed')).toBe('true');
  });

  test('the person’s own words are marked with their own language [WCAG 3.1.2]', async () => {
    const page = await harness.open(harness.fakes.launchUrl(), { locale: 'en-GB' });
    expect(await page.locator('blockquote').first().getAttribute('lang')).toBe('nb');
  });

  test('the user’s language at the EHR comes before the browser’s', async () => {
    harness.fakes.state.idToken = (claims) => ({ ...claims, locale: 'nn' });
    const page = await harness.open(harness.fakes.launchUrl(), { locale: 'en-GB' });
    await page.getByRole('heading', { name: 'Kva er viktig for deg?' }).waitFor();
  });
});

describe('keyboard', () => {
  test('the first stop skips to the content; every stop is visible and has a ring [WCAG 2.4.1, 2.4.7]', async () => {
    const page = await plan();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Gå til innholdet');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    const stops: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return undefined;
        const box = element.getBoundingClientRect();
        const ring = getComputedStyle(element).outlineStyle !== 'none';
        return { text: element.textContent ?? '', visible: box.width > 0 && box.height > 0, ring };
      });
      if (stop === undefined) break;
      expect(stop, stop.text).toMatchObject({ visible: true, ring: true });
      stops.push(stop.text);
    }
    expect(stops).toContain('+47 99 01 12 34');
    expect(stops).toContain('1 avsluttet tiltak');
  });

  test('what is folded opens with Enter', async () => {
    const page = await plan();
    await page.getByText('1 tidligere deltaker').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Per Lund').waitFor();
  });

  test('an error page takes the focus to its heading', async () => {
    harness.fakes.state.fhirStatus = 403;
    const page = await harness.open(harness.fakes.launchUrl());
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  });
});

describe('room', () => {
  test.each([
    [320, 'nb'],
    [320, 'nn'],
    [320, 'en'],
    [700, 'nn'],
    [1280, 'nb'],
  ])('at %d px nothing is cut off or scrolls sideways, in %s [WCAG 1.4.10]', async (width, locale) => {
    const page = await plan({ width, locale });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
  });

  test('at twice the size on a screen of 1280 px no word of the measures is broken [WCAG 1.4.4]', async () => {
    const page = await plan({ width: 640 });
    const cells = page.locator('.fp-measures tbody').first().locator('th, td');
    await cells.first().evaluate((cell) => {
      cell.textContent = 'Legemiddelgjennomgang: fysioterapitjenesten, rehabilitering og hverdagsmestring';
    });
    const broken = await cells.evaluateAll((all) => {
      const words = all.flatMap((cell) => {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        const found: Range[] = [];
        for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
          for (const { index, 0: word } of (node.textContent ?? '').matchAll(/[\p{L}\d]+/gu)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            found.push(range);
          }
        }
        return found;
      });
      return words.filter((word) => word.getClientRects().length > 1).map(String);
    });
    expect(broken).toEqual([]);
  });

  test('letters, words and lines may be spaced wider without loss [WCAG 1.4.12]', async () => {
    const page = await plan({ width: 700 });
    await page.addStyleTag({
      content: '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }',
    });
    const cut = await page
      .locator('main *')
      .evaluateAll(
        (all) =>
          all.filter((one) => getComputedStyle(one).overflowX === 'hidden' && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
            .length,
      );
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect({ cut, overflow }).toEqual({ cut: 0, overflow: 0 });
  });

  test('touch targets of controls are 24 px or more', async () => {
    const page = await plan({ width: 700 });
    const small = await page
      .locator('button, select, a.fp-phone')
      .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 24).length);
    expect(small).toBe(0);
  });
});

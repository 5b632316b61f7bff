/**
 * What is wrong with a page for those who read, hear or steer it otherwise: looked for in the page itself and in the tree
 * that the browser gives to screen readers. Few checks, each of which a person would miss.
 *
 * Spec: https://www.w3.org/TR/WCAG22/
 */
import type { Frame, Page } from 'playwright-core';

/** Roles that say nothing without a name. */
const NAMED_ROLES = new Set(
  [
    'button',
    'link',
    'textbox',
    'searchbox',
    'combobox',
    'checkbox',
    'img',
    'image',
    'heading',
    'region',
    'table',
    'navigation',
    'form',
    'Iframe',
  ].map((role) => role.toLowerCase()),
);

/** @returns one line for each fault in the frame, at its present size and colours. */
export async function faultsOf(frame: Frame): Promise<string[]> {
  const found = await Promise.all([frame.evaluate(structureFaults), frame.evaluate(textFaults), frame.evaluate(roomFaults)]);
  return [...new Set(found.flat())];
}

/** @returns one line for each role without a name in the page and its frames of the same site [WCAG 4.1.2]. */
export async function namelessIn(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const frames = [frameTree, ...(frameTree.childFrames ?? [])];
  const trees = await Promise.all(frames.map(({ frame }) => session.send('Accessibility.getFullAXTree', { frameId: frame.id })));
  await session.detach();
  return trees
    .flatMap(({ nodes }) => nodes)
    .filter(
      ({ ignored, role, name }) =>
        !ignored && NAMED_ROLES.has(String(role?.value).toLowerCase()) && String(name?.value ?? '').trim() === '',
    )
    .map(({ role }) => `a ${role?.value} has no name`);
}

/**
 * Goes through the page by the Tab key, once around.
 *
 * @returns one line for each stop that cannot be seen, and one when the way does not end [WCAG 2.1.2, 2.4.7].
 */
export async function keyboardFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const stopsAtMost = 20 + (await page.locator('a[href], button, input, select, summary, [tabindex="0"], iframe').count());
  for (let stops = 0; stops < stopsAtMost; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(focusedStop);
    if (stop === undefined) return faults;
    if (!stop.seen) faults.push(`the focus is not seen on "${stop.text}"`);
  }
  return [...faults, `the Tab key does not get out within ${stopsAtMost} stops`];
}

/** What has the focus, and whether it and its ring can be seen [WCAG 1.4.11]; nothing at the end of the page. Runs in the page. */
function focusedStop(): { readonly text: string; readonly seen: boolean } | undefined {
  const one = document.activeElement;
  if (one === null || one === document.body || one === document.documentElement) return undefined;
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // The ring stands apart from what it is around: on the ground of what is behind.
  let behind = one.parentElement;
  while (behind !== null && getComputedStyle(behind).backgroundColor.endsWith(', 0)')) behind = behind.parentElement;
  const ground = luminance(behind === null ? 'rgb(255, 255, 255)' : getComputedStyle(behind).backgroundColor);
  const { outlineStyle, outlineColor } = getComputedStyle(one);
  const ring = luminance(outlineColor);
  const contrast = (Math.max(ring, ground) + 0.05) / (Math.min(ring, ground) + 0.05);
  const box = one.getBoundingClientRect();
  const within = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0;
  return { text: (one.textContent ?? '').trim().slice(0, 30), seen: within && outlineStyle !== 'none' && contrast >= 3 };
}

/** Language, title, landmarks, headings, ids and tables [WCAG 1.3.1, 2.4.2, 3.1.1, 4.1.1]. Runs in the page. */
function structureFaults(): string[] {
  const faults: string[] = [];
  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];
  if (!['nb', 'nn', 'en'].includes(document.documentElement.lang)) faults.push(`the language is "${document.documentElement.lang}"`);
  if (document.title.trim() === '') faults.push('there is no title');
  for (const selector of ['main', 'h1']) {
    const count = all(selector).length;
    if (count !== 1) faults.push(`there are ${count} ${selector}`);
  }
  const levels = all('h1, h2, h3, h4, h5, h6').map((heading) => Number(heading.tagName[1]));
  for (const [at, level] of levels.slice(1).entries()) {
    if (level - (levels[at] ?? 0) > 1) faults.push(`a heading ${level} follows a heading ${levels[at]}`);
  }
  const ids = all('[id]').map(({ id }) => id);
  for (const id of ids.filter((each, at) => ids.indexOf(each) !== at)) faults.push(`the id ${id} is used twice`);
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']) {
    const named = all(`[${attribute}]`).flatMap((one) => one.getAttribute(attribute)?.split(/\s+/) ?? []);
    for (const id of named.filter((each) => !ids.includes(each))) faults.push(`${attribute} points at ${id}, which is not there`);
  }
  if (all('th:not([scope])').length > 0) faults.push('a head cell has no scope');
  return faults;
}

/** Contrast of every text against its ground, and what was not written for people [WCAG 1.4.3]. Runs in the page. */
function textFaults(): string[] {
  type Color = readonly [red: number, green: number, blue: number, alpha: number];
  const NOT_FOR_PEOPLE =
    /\b(?:[A-Z][a-z]+){1,3}\/[a-z0-9][a-z0-9.-]+|urn:\S+|https?:\/\/\S+|\b\d{4}-\d\d-\d\d\b|\bundefined\b|\bnull\b|\bNaN\b|\[object|\b\d{11}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-/;
  const colorOf = (text: string): Color => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const over = ([r, g, b, a]: Color, [R, G, B]: Color): Color => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const luminance = (color: Color): number => {
    const [red = 0, green = 0, blue = 0] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // A page that does not speak of dark colours is given white by the browser, whatever the user prefers.
  const groundOf = (element: Element | null): Color => {
    if (element === null) return [255, 255, 255, 1];
    const own = colorOf(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, groundOf(element.parentElement));
  };
  const isShown = (element: Element): boolean => {
    const { visibility } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    return visibility !== 'hidden' && width > 1 && height > 1 && element.checkVisibility();
  };
  const faults: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const [element, text] = [node.parentElement, (node.textContent ?? '').trim()];
    if (element === null || text === '' || element.closest('script, style, noscript, option, [aria-hidden="true"]') || !isShown(element))
      continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const [one, other] = [luminance(over(colorOf(element instanceof SVGElement ? style.fill : style.color), ground)), luminance(ground)];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (isLarge ? 3 : 4.5)) faults.push(`"${text.slice(0, 30)}" has a contrast of ${contrast.toFixed(2)}`);
    const [raw] = NOT_FOR_PEOPLE.exec(text) ?? [];
    if (raw !== undefined && element.closest('code, pre') === null) faults.push(`"${raw}" is not for people`);
  }
  return faults;
}

/** What reaches beyond the page, is cut off, or is too small for a finger [WCAG 1.4.10, 2.5.8]. Runs in the page. */
function roomFaults(): string[] {
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`${clientWidth} px scroll sideways by ${scrollWidth - clientWidth}`);
  for (const one of document.querySelectorAll('body *')) {
    // What is for screen readers alone is clipped on purpose.
    if (getComputedStyle(one).clipPath !== 'none') continue;
    const cut = getComputedStyle(one).overflowX === 'hidden' && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1;
    if (cut) faults.push(`"${(one.textContent ?? '').slice(0, 30)}" is cut off at ${clientWidth} px`);
  }
  for (const one of document.querySelectorAll('button, select, summary, input:not([type="hidden"], [type="checkbox"])')) {
    const { width, height } = one.getBoundingClientRect();
    if (one.checkVisibility() && (width < 24 || height < 24))
      faults.push(`"${(one.textContent ?? '').slice(0, 30)}" is ${width} × ${height} px`);
  }
  return faults;
}

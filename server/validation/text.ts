/**
 * Rules of the text of strings and markdown: not blank, no control characters, no HTML.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#string · https://hl7.org/fhir/R4/security.html#narrative
 */
import type { Run } from './run.ts';

const HTML_TAG = /<\/?[A-Za-z][A-Za-z0-9]*(?=[\s/>])[^>]*>?/;
/** Longer texts are not searched for HTML. */
const MAX_SEARCHED = 100_000;

function htmlTag(text: string): string | undefined {
  if (!text.includes('<') || text.length > MAX_SEARCHED) return undefined;
  return HTML_TAG.exec(text)?.[0].slice(0, 40);
}

/** The check of each markdown value: HTML in it is not shown as such. */
export function checkMarkdown(run: Run, value: unknown): void {
  if (typeof value !== 'string') return;
  const tag = value.includes('<') ? htmlTag(value.replace(/`[^`]*`/g, '')) : undefined;
  if (tag !== undefined) run.report('markdown-html', { tag }, run.options.markdownHtml);
}

/** The check of each string value. */
export function checkString(run: Run, value: unknown): void {
  if (typeof value !== 'string') return;
  if (hasControl(value)) run.report('string-control', {}, 'warning');
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  if (first <= 32 || last <= 32) run.report(value.trim() === '' ? 'string-blank' : 'value-whitespace', {}, 'warning');
  const tag = htmlTag(value);
  if (tag !== undefined) run.report('string-html', { tag }, run.options.stringHtml);
}

/** True when a text holds a control character besides tab, newline and return: XML cannot. */
function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return true;
  }
  return false;
}

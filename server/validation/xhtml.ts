/**
 * Rules of a narrative's div: well-formed XHTML, with the elements and attributes that FHIR allows, and some content.
 *
 * Spec: https://hl7.org/fhir/R4/narrative.html#xhtml
 */
import type { Run } from './run.ts';
import type { ValueCheck } from './type-plan.ts';

const ELEMENTS = new Set(
  'div p br h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo kbd samp code pre sub sup ul ol li dl dt dd table caption colgroup col thead tr td th tbody tfoot img map area ins del style'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set('title style class id idref lang xml:lang dir accesskey tabindex name xmlns'.split(' '));
const OWN_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'charset', 'type', 'hreflang', 'rel', 'rev', 'shape', 'coords', 'target'],
  img: ['src', 'alt', 'width', 'height', 'usemap', 'ismap', 'align', 'border', 'longdesc'],
  area: ['shape', 'coords', 'href', 'nohref', 'alt'],
  table: ['summary', 'width', 'border', 'frame', 'rules', 'cellspacing', 'cellpadding', 'align', 'bgcolor'],
  td: [
    'abbr',
    'axis',
    'headers',
    'scope',
    'rowspan',
    'colspan',
    'align',
    'valign',
    'width',
    'height',
    'bgcolor',
    'nowrap',
    'char',
    'charoff',
  ],
  th: [
    'abbr',
    'axis',
    'headers',
    'scope',
    'rowspan',
    'colspan',
    'align',
    'valign',
    'width',
    'height',
    'bgcolor',
    'nowrap',
    'char',
    'charoff',
  ],
  tr: ['align', 'valign', 'bgcolor', 'char', 'charoff'],
  thead: ['align', 'valign', 'char', 'charoff'],
  tbody: ['align', 'valign', 'char', 'charoff'],
  tfoot: ['align', 'valign', 'char', 'charoff'],
  col: ['span', 'width', 'align', 'valign', 'char', 'charoff'],
  colgroup: ['span', 'width', 'align', 'valign', 'char', 'charoff'],
  caption: ['align'],
  blockquote: ['cite'],
  q: ['cite'],
  ins: ['cite', 'datetime'],
  del: ['cite', 'datetime'],
  hr: ['width', 'size', 'align', 'noshade'],
  ol: ['start', 'type', 'compact'],
  ul: ['type', 'compact'],
  li: ['type', 'value'],
  pre: ['width', 'xml:space'],
  div: ['align'],
  p: ['align'],
  h1: ['align'],
  h2: ['align'],
  h3: ['align'],
  h4: ['align'],
  h5: ['align'],
  h6: ['align'],
  br: ['clear'],
  style: ['type', 'media', 'xml:space'],
};
const XHTML = 'http://www.w3.org/1999/xhtml';
const MAX_LENGTH = 10_000_000;
const TAG = /<(?:!--[\s\S]*?-->|!\[CDATA\[[\s\S]*?\]\]>|(\/?)([A-Za-z][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITY = /&(?!(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);)/;

/** The check of each xhtml value. */
export const checkXhtml: ValueCheck = (run, value) => {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return;
  const seen = new Set<string>();
  const fault = readXhtml(value.trim(), (rule, words) => {
    const key = `${rule} ${words.name} ${words.element ?? ''}`;
    if (!seen.has(key)) run.report(rule, words);
    seen.add(key);
  });
  if (fault !== undefined) run.report(fault === NAMESPACE ? 'xhtml-namespace' : 'xhtml-parse', { why: fault });
  else if (!hasContent(value))
    run.invariant(
      'txt-2',
      'The narrative SHALL have some non-whitespace content',
      'error',
      'http://hl7.org/fhir/StructureDefinition/Narrative|4.0.1',
    );
};

type Report = (
  rule: 'xhtml-element' | 'xhtml-attribute',
  words: { readonly name: string; readonly element?: string } & Record<string, string>,
) => void;
const NAMESPACE = 'the namespace is missing';

/** Reads the whole text; returns why it is not well-formed. */
function readXhtml(text: string, report: Report): string | undefined {
  const open: string[] = [];
  let at = 0;
  let first = true;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const words = text.slice(at, next < 0 ? text.length : next);
    if (ENTITY.test(words)) return 'an & that does not begin an entity';
    if (open.length === 0 && words.trim() !== '') return 'text outside the div';
    if (next < 0) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(text);
    if (tag === null) return `a tag that is not well-formed at '${text.slice(next, next + 30)}'`;
    at = TAG.lastIndex;
    const [, closing, name, attributes, alone] = tag;
    if (name === undefined) continue;
    if (closing === '/') {
      if (open.pop() !== name) return `</${name}> closes an element that is not open`;
      continue;
    }
    if (first && name !== 'div') return 'the outermost element is a div';
    if (open.length === 0 && !first) return 'there is one div';
    checkTag(name, attributes ?? '', report);
    if (first && !new RegExp(`xmlns\\s*=\\s*["']${XHTML}["']`).test(attributes ?? '')) return NAMESPACE;
    first = false;
    if (alone !== '/') open.push(name);
    if (open.length > 500) return 'nested too deep';
  }
  if (first) return 'there is no div';
  return open.length === 0 ? undefined : `<${open[open.length - 1]}> is not closed`;
}

function checkTag(name: string, attributes: string, report: Report): void {
  if (!ELEMENTS.has(name)) {
    report('xhtml-element', { name });
    return;
  }
  for (const [, attribute] of attributes.matchAll(ATTRIBUTE)) {
    if (ATTRIBUTES.has(attribute!) || OWN_ATTRIBUTES[name]?.includes(attribute!) || attribute!.startsWith('xmlns:')) continue;
    report('xhtml-attribute', { name: attribute!, element: name });
  }
}

/** Text or an image. */
function hasContent(text: string): boolean {
  return /<img[\s/]/.test(text) || text.replace(/<[^>]*>/g, '').replace(/&nbsp;|&#160;|\s/g, '') !== '';
}

const HTML_TAG = /<\/?[A-Za-z][A-Za-z0-9]*(?=[\s/>])[^>]*>?/;

/** The check of each markdown value: HTML in it is not shown as such. */
export const checkMarkdown = (run: Run, value: unknown): void => {
  if (typeof value !== 'string' || !value.includes('<') || value.length > 100_000) return;
  const tag = HTML_TAG.exec(value.replace(/`[^`]*`/g, ''))?.[0];
  if (tag !== undefined) run.report('markdown-html', { tag: tag.slice(0, 40) }, run.options.markdownHtml);
};

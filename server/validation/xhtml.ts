/**
 * Rules of a narrative's div: well-formed XHTML, with the elements and attributes that FHIR allows, and some content.
 *
 * Spec: https://hl7.org/fhir/R4/narrative.html#xhtml
 */
import { isObject } from '../fhir/resource.ts';
import type { Run } from './run.ts';
import type { ValueCheck } from './type-plan.ts';
import { outOfPlace, textOutOfPlace } from './xhtml-content.ts';
import { entityFault } from './xhtml-entities.ts';

/** Chapters 7 to 11 and 15 of HTML 4, without INS and DEL (9.4), and links and images; STYLE (chapter 14) is none of these. */
const ELEMENTS = new Set(
  'div p br h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo kbd samp code pre sub sup ul ol li dl dt dd table caption colgroup col thead tr td th tbody tfoot img map area'.split(
    ' ',
  ),
);
/** On every element, as the schema of FHIR's XHTML and HL7's validator have them. */
const ATTRIBUTES = new Set(
  'title style class id lang xml:lang dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan colspan xml:space'.split(
    ' ',
  ),
);
const OWN_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'name', 'charset', 'type', 'hreflang', 'rel', 'rev', 'shape', 'coords'],
  img: ['src', 'alt', 'longdesc', 'height', 'usemap', 'ismap', 'border'],
  map: ['name'],
  area: ['shape', 'coords', 'href', 'nohref', 'alt'],
  table: ['summary', 'border', 'frame', 'rules', 'cellspacing', 'cellpadding'],
  td: ['nowrap'],
  blockquote: ['cite'],
  q: ['cite'],
};
const XHTML = 'http://www.w3.org/1999/xhtml';
const NARRATIVE = 'http://hl7.org/fhir/StructureDefinition/Narrative|4.0.1';
const TXT_1 = {
  key: 'txt-1',
  severity: 'error',
  human:
    'The narrative SHALL contain only the basic html formatting elements and attributes described in chapters 7-11 (except section 4 of chapter 9) and 15 of the HTML 4.0 standard, <a> elements (either name or href), images and internally contained style attributes',
} as const;
const TXT_2 = { key: 'txt-2', severity: 'error', human: 'The narrative SHALL have some non-whitespace content' } as const;
const MAX_LENGTH = 10_000_000;
const TAG = /<(?:!--[\s\S]*?-->|!\[CDATA\[[\s\S]*?\]\]>|(\/?)([A-Za-z][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ID = /\s(?:id|name)\s*=\s*["']([^"'<]+)["']/g;

/** The check of each xhtml value. */
export const checkXhtml: ValueCheck = (run, value) => {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return;
  const seen = new Set<string>();
  let formal = false;
  const links: Links = { hrefs: [], images: [], anchors: new Set() };
  const fault = readXhtml(value.trim(), links, (rule, words) => {
    const key = `${rule} ${words.name} ${words.element ?? ''}`;
    if (!seen.has(key)) run.report(rule, words);
    seen.add(key);
    formal ||= rule !== 'xhtml-place';
  });
  if (formal) run.invariant(TXT_1, NARRATIVE);
  if (fault !== undefined) run.report(fault === NAMESPACE ? 'xhtml-namespace' : 'xhtml-parse', { why: fault });
  if (fault !== undefined) return;
  checkLinks(run, links);
  if (!hasContent(value)) run.invariant(TXT_2, NARRATIVE);
};

type Report = (
  rule: 'xhtml-element' | 'xhtml-attribute' | 'xhtml-block' | 'xhtml-place',
  words: { readonly name: string; readonly element?: string } & Record<string, string>,
) => void;
/** Where links lead and what they may lead to. */
interface Links {
  readonly hrefs: string[];
  readonly images: string[];
  readonly anchors: Set<string>;
}

/** Elements that have no place in a paragraph. */
const BLOCKS = new Set(['div', 'blockquote', 'table', 'ol', 'ul', 'p']);
const NAMESPACE = 'the namespace is missing';

/** Reads the whole text; returns why it is not well-formed. */
function readXhtml(text: string, links: Links, report: Report): string | undefined {
  const open: string[] = [];
  let at = 0;
  let first = true;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const words = text.slice(at, next < 0 ? text.length : next);
    const broken = entityFault(words);
    if (broken !== undefined) return broken;
    if (open.length === 0 && words.trim() !== '') return 'text outside the div';
    if (words.trim() !== '' && textOutOfPlace(open)) report('xhtml-place', { name: 'text', element: open[open.length - 1]! });
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
    const brokenAttribute = entityFault(attributes ?? '');
    if (brokenAttribute !== undefined) return brokenAttribute;
    if (BLOCKS.has(name) && open.includes('p')) report('xhtml-block', { name });
    const holder = first ? undefined : outOfPlace(name, open);
    if (holder !== undefined) report('xhtml-place', { name, element: holder });
    checkTag(name, attributes ?? '', links, report);
    if (first && !new RegExp(`xmlns\\s*=\\s*["']${XHTML}["']`).test(attributes ?? '')) return NAMESPACE;
    first = false;
    if (alone !== '/') open.push(name);
    if (open.length > 500) return 'nested too deep';
  }
  if (first) return 'there is no div';
  return open.length === 0 ? undefined : `<${open[open.length - 1]}> is not closed`;
}

function checkTag(name: string, attributes: string, links: Links, report: Report): void {
  if (!ELEMENTS.has(name)) report('xhtml-element', { name });
  for (const [, attribute, double, single] of attributes.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? '';
    if (attribute === 'id' || (attribute === 'name' && name === 'a')) links.anchors.add(value);
    else if (attribute === 'href') links.hrefs.push(value);
    else if (attribute === 'src') links.images.push(value);
    if (ATTRIBUTES.has(attribute!) || OWN_ATTRIBUTES[name]?.includes(attribute!) || attribute!.startsWith('xmlns')) continue;
    report('xhtml-attribute', { name: attribute!, element: name });
  }
}

/** Links run no script, those inside the resource lead to an id of it, and nothing is fetched from elsewhere when the narrative is shown. */
function checkLinks(run: Run, { hrefs, images, anchors }: Links): void {
  const inner = hrefs.filter((href) => href.startsWith('#') && href !== '#' && !anchors.has(href.slice(1)));
  const shown = images.filter((image) => image.startsWith('#'));
  const ids = inner.length === 0 && shown.length === 0 ? anchors : idsAround(run);
  for (const link of [...inner, ...shown]) if (!ids.has(link.slice(1))) run.report('xhtml-reference', { link: link.slice(0, 120) });
  for (const href of hrefs) {
    if (href === '' || /^(?:urn|cid):/.test(asRead(href))) run.report('xhtml-no-link', { link: href.slice(0, 120) });
  }
  for (const link of [...hrefs, ...images]) {
    if (/^(?:javascript|vbscript|data:text\/html|data:image\/svg)/.test(asRead(link)))
      run.report('xhtml-script-link', { link: link.slice(0, 40) });
  }
  for (const image of images) {
    if (/^(?:[a-z][a-z0-9+.-]*:)?\/\//.test(asRead(image))) run.report('xhtml-external-image', { link: image.slice(0, 120) });
  }
}

/** The ids that a link can lead to: those of elements and of narratives in the resource, and in the Bundle around it. */
function idsAround(run: Run): Set<string> {
  const bundle = run.resources.find(({ resourceType }) => resourceType === 'Bundle');
  return idsOf(bundle ?? run.resource, new Set());
}

/** A link as a browser reads it: entities resolved, white space and control characters left out, in lower case. */
function asRead(link: string): string {
  const plain = link.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
  return [...plain]
    .filter((character) => character.charCodeAt(0) > 32 && character !== '\u00a0')
    .join('')
    .toLowerCase();
}

/** Names of what may stand in a link to hide what it does. */
const NAMED: Readonly<Record<string, string>> = { colon: ':', tab: '\t', newline: '\n', nbsp: ' ', sol: '/', amp: '&', lpar: '(' };

function idsOf(value: unknown, into: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const item of value) idsOf(item, into);
  else if (isObject(value)) {
    if (typeof value.id === 'string') into.add(value.id);
    if (typeof value.div === 'string') for (const [, id] of value.div.matchAll(ID)) into.add(id!);
    for (const key in value) idsOf(value[key], into);
  }
  return into;
}

/** Text or an image. */
function hasContent(text: string): boolean {
  return /<img[\s/]/.test(text) || text.replace(/<[^>]*>/g, '').replace(/&nbsp;|&#160;|\s/g, '') !== '';
}

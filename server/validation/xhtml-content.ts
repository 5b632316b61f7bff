/**
 * Which elements of a narrative may stand in which: lists hold items, tables hold rows, paragraphs hold text.
 *
 * Spec: https://hl7.org/fhir/R4/narrative.html#xhtml · https://hl7.org/fhir/R4/fhir-xhtml.xsd
 */

const INLINE = 'a b em i strong small big sub sup code tt dfn q var abbr acronym cite bdo kbd samp'.split(' ');
/** Elements that do not stand inside themselves. */
const ONCE = new Set(INLINE);
/** Elements that hold text and what stands in a line of it. */
const LINES = new Set([...INLINE, ...'p h1 h2 h3 h4 h5 h6 pre address span caption dd dt'.split(' ')]);
/** Elements that do not stand in a line. */
const BLOCKS = new Set(['div', 'pre', 'table', 'ul', 'ol']);
const EMPTY = new Set(['br', 'img', 'hr', 'area']);
/** Elements that hold certain others only, and no text. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  table: ['tbody', 'tr', 'caption', 'thead', 'tfoot', 'col', 'colgroup'],
  tbody: ['tr'],
  thead: ['tr'],
  tfoot: ['tr'],
  tr: ['td', 'th'],
  ul: ['li'],
  ol: ['li'],
  dl: ['dt', 'dd'],
  map: ['area'],
};
/** Elements that stand in certain others only. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  tr: ['table', 'thead', 'tfoot', 'tbody'],
  tbody: ['table'],
  thead: ['table'],
  tfoot: ['table'],
  caption: ['table'],
  colgroup: ['table'],
  col: ['colgroup', 'table'],
  th: ['tr', 'thead', 'tfoot'],
  td: ['tr', 'thead', 'tfoot'],
  li: ['ul', 'ol'],
  dt: ['dl'],
  dd: ['dl'],
};

/** The element around that an element has no place in; undefined when it may stand there. `open` are the elements around it, outermost first: at least the div. */
export function outOfPlace(name: string, open: readonly string[]): string | undefined {
  const parent = open[open.length - 1]!;
  if (EMPTY.has(parent)) return parent;
  if (Object.hasOwn(ONLY, parent) && !ONLY[parent]!.includes(name)) return parent;
  if (Object.hasOwn(WITHIN, name) && !WITHIN[name]!.includes(parent)) return parent;
  if (ONCE.has(name) && open.includes(name)) return name;
  return BLOCKS.has(name) ? open.find((around) => LINES.has(around)) : undefined;
}

/** True when text has no place in the innermost of the open elements. */
export function textOutOfPlace(open: readonly string[]): boolean {
  const parent = open[open.length - 1];
  return parent !== undefined && (EMPTY.has(parent) || Object.hasOwn(ONLY, parent));
}

/**
 * What a concept is called: in the language that is wanted, and whether a text is one of its names.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem.html#designations · https://www.rfc-editor.org/rfc/rfc4647#section-3.4
 */
import type { Concept } from './code-system.ts';

/** Displays are compared without regard to case and runs of spaces. */
export function isDisplayOf(concept: Concept, display: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();
  const wanted = plain(display);
  return plain(concept.display ?? '') === wanted || concept.designations.some((one) => plain(one.value) === wanted);
}

/**
 * The designation in the first of the languages wanted that there is, else the display (which is in `own`, where that is
 * told). `nb` and `nn` fall back to each other before the next; `en-GB` to `en`.
 */
export function displayIn(concept: Concept, languages: string | undefined, own: string | undefined): string | undefined {
  if (languages === undefined) return concept.display;
  for (const one of languages.split(',').flatMap(rangesOf)) {
    if (own !== undefined && isOfRange(own, one)) return concept.display;
    const found = concept.designations.find((item) => isOfRange(item.language, one));
    if (found !== undefined) return found.value;
  }
  return concept.display;
}

const BOKMAAL_FIRST = ['nb', 'no', 'nn'];
const NYNORSK_FIRST = ['nn', 'nb', 'no'];

/** The languages that will do for one that is wanted, the best first (RFC 4647 lookup). */
function rangesOf(language: string): readonly string[] {
  const wanted = language.toLowerCase().split(';', 1)[0]!.trim();
  const [primary = ''] = wanted.split('-', 1);
  if (primary === 'nn') return NYNORSK_FIRST;
  if (primary === 'nb' || primary === 'no') return BOKMAAL_FIRST;
  return primary === '' ? [] : [...new Set([wanted, primary])];
}

/** True for `nb-NO` of the range `nb`, and not for `nbx`. */
function isOfRange(language: string, range: string): boolean {
  const tag = language.toLowerCase();
  return tag === range || tag.startsWith(`${range}-`);
}

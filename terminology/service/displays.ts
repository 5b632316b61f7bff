/**
 * What a concept is called: in the language that is wanted, and whether a text is one of its names.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem.html#designations · https://www.rfc-editor.org/rfc/rfc4647#section-3.4
 */
import type { Designation } from '../terminology-service.ts';
import type { Concept } from './code-system.ts';
import { isJson, type Json, textOf } from './json-values.ts';

/** A designation of a resource. */
export function designationOf({ language, use, value }: Json): Designation {
  return { language: textOf(language ?? ''), value: textOf(value), ...(isJson(use) ? { use } : {}) };
}

/** Displays are compared without regard to case and runs of spaces. */
export function isDisplayOf(concept: Concept, display: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();
  const wanted = plain(display);
  return plain(concept.display ?? '') === wanted || concept.designations.some((one) => plain(one.value) === wanted);
}

interface Names {
  readonly display?: string | undefined;
  readonly designations: readonly Designation[];
  /** The language of the display, where it is told. */
  readonly language?: string | undefined;
}

/**
 * What is shown in the first of the languages wanted in which there is a name; of several the first has it. Undefined when none
 * has. `nb` and `nn` fall back to each other before the next; `en-GB` to `en`.
 */
export function displayIn(languages: string, ...named: readonly Names[]): string | undefined {
  for (const one of languages.split(',').flatMap(rangesOf)) {
    for (const { display, designations, language } of named) {
      if (language !== undefined && display !== undefined && isOfRange(language, one)) return display;
      const found = designations.find((item) => isOfRange(item.language, one));
      if (found !== undefined) return found.value;
    }
  }
  return undefined;
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

/**
 * The separators within a search value and how they are escaped, and how a value is shown in an error text.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#escaping
 */
import type { FhirError } from '../fhir/errors.ts';
import { badValue } from '../fhir/errors.ts';
import { holdsPersonalNumber } from './personal-number.ts';

/** The parts of `text` between separators that no backslash precedes. Escapes stay in the parts. */
export function splitEscaped(text: string, separator: ',' | '$' | '|'): readonly string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** False for a backslash before anything else than a separator or another backslash, which R4 calls illegal. */
export function isEscaped(text: string): boolean {
  return !text.includes('\\') || !text.replace(/\\[,$|\\]/g, '').includes('\\');
}

/** The value with `\,` `\$` `\|` and `\\` turned into what they stand for. */
export function unescapeValue(text: string): string {
  return text.includes('\\') ? text.replace(/\\([,$|\\])/g, '$1') : text;
}

/** A value as an error text may hold it: short, and without what may be a national identity number. */
export function shown(value: string): string {
  const masked = holdsPersonalNumber(value) ? value.replace(/[\p{N}%]/gu, '…') : value.replace(/\d{11,}|\d{6}[\s\-.]\d{5}(?!\d)/g, '…');
  return masked.length > 64 ? `${masked.slice(0, 64)}…` : masked;
}

/** 400 `value`: what is wrong with the value of parameter `name`. */
export function badSearchValue(name: string, value: string, why: string): FhirError {
  return badValue(`Search parameter ${shown(name)}: '${shown(value)}' ${why}`, shown(name));
}

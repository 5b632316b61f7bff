/**
 * How texts are compared: without case, accents and punctuation, and the Norwegian and Sámi letters by their keyboard forms.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#string
 */

const LETTERS: Readonly<Record<string, string>> = { æ: 'ae', ø: 'o', đ: 'd', ŧ: 't', ŋ: 'n', ß: 'ss', ð: 'd', þ: 'th', ł: 'l', œ: 'oe' };

/** A text as it is compared. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[æøđŧŋßðþłœ]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’‘ʼ]/g, '')
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim();
}

/** The words of a plain text. */
export const words = (text: string): readonly string[] => plain(text).split(' ').filter(Boolean);

/** The parts of a value between separators that are not escaped; what is left is still escaped. */
export function split(text: string, separator: ',' | '$' | '|'): readonly string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === separator) parts.push('');
    else if (letter === '\\') parts.push(`${parts.pop()}${letter}${text.charAt(++at)}`);
    else parts.push(parts.pop() + letter);
  }
  return parts;
}

/** A value without its escapes. */
export const unescaped = (text: string): string => text.replace(/\\([\\,$|])/g, '$1');

/** A value that means itself. */
export const escaped = (text: string): string => text.replace(/[\\,$|]/g, '\\$&');

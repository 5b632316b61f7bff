/**
 * Text made safe inside XML and HTML, in content and in quoted attributes.
 *
 * Spec: https://www.w3.org/TR/xml/#charsets · https://www.w3.org/TR/xml/#syntax
 */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The text with its markup escaped; characters that XML cannot hold become U+FFFD. */
export function escapeMarkup(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r\x7f-\x9f]|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);
}

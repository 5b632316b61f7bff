/**
 * What stands in the code blocks of a page, to be run as it is written.
 *
 * Spec: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of each block of the language in the file (its path from the root of the repository), in order. */
export function blocksOf(file: string, language: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '');
}

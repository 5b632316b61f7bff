/**
 * A JSON file of the operator's, which may hold secrets: what is wrong with it is told without a word of its content.
 */
import { readFile } from 'node:fs/promises';
import { didYouMean } from '../fhir/nearest.ts';

/** The value in the file. @throws Error naming the file when it cannot be read, or is not JSON. */
export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code})`);
  });
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes what stands at the fault.
    throw new Error(`${file} is not JSON`);
  }
}

/** Each member of an object that means nothing here: where a word is misspelt, what it was to limit would not be. */
export function unknownMembers(object: Readonly<Record<string, unknown>>, known: readonly string[]): readonly string[] {
  const unknown = Object.keys(object).filter((name) => !known.includes(name));
  return unknown.map((name) => `${name}: there is no such member${didYouMean(name, known)}`);
}

/** @throws Error with a line for each problem, when there are any. */
export function refuseFile(file: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${file} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

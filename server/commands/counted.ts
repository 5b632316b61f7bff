/**
 * Numbers of things in the words of a command: `1 event`, `2 events`.
 */

/** The number with the noun, in the plural for all but one; `many` is a plural that is not made with an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

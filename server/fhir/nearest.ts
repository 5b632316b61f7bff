/**
 * The name that was probably meant by one that is not known. Only names that everybody may know are looked through: those
 * of the specification, and what the CapabilityStatement tells.
 */

const LONGEST_READ = 64;
const EDITS_MAX = 2;
/** A name of so many letters may be wrong in one of them. */
const LETTERS_FOR_AN_EDIT = 3;

/**
 * The known name that differs least from `name`: by capitals alone, else by at most two letters that are missing, too many,
 * wrong or swapped (one in a short name). Undefined when none is near. Of equals, the first.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > LONGEST_READ) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.min(EDITS_MAX, Math.floor(name.length / LETTERS_FOR_AN_EDIT)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const edits = editsBetween(wanted, candidate.toLowerCase());
    if (edits >= least) continue;
    best = candidate;
    least = edits;
  }
  return best;
}

/** What to say after an error text about an unknown name: which was probably meant, as a sentence of its own; empty when none is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : `. Did you mean ${near}?`;
}

/** The letters to be put in, taken out, changed or swapped with the next to make one text the other. */
function editsBetween(one: string, other: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const isSame = one[row - 1] === other[at - 1];
      const swapped = row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      next.push(
        Math.min(
          last[at]! + 1,
          next[at - 1]! + 1,
          last[at - 1]! + (isSame ? 0 : 1),
          swapped ? before[at - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = last;
    last = next;
  }
  return last[other.length]!;
}

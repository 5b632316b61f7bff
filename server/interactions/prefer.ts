/**
 * The Prefer header: what to send back from a write, and whether unknown search parameters are an error.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#ops · https://hl7.org/fhir/R4/search.html#errors
 */

export type Return = 'minimal' | 'representation' | 'OperationOutcome';

export interface Prefer {
  readonly return?: Return;
  readonly handling: 'strict' | 'lenient';
}

const NO_WISHES: Prefer = { handling: 'strict' };

const RETURNS: readonly string[] = ['minimal', 'representation', 'OperationOutcome'] satisfies Return[];

/** What the header asks for; of two wishes for one thing the first counts, and what is not known is ignored, as RFC 7240 says. */
export function parsePrefer(header: string | undefined): Prefer {
  if (header === undefined) return NO_WISHES;
  if (header !== last.header) last = { header, prefer: read(header) };
  return last.prefer;
}

/** All entries of a Bundle have that of the request. */
let last: { readonly header: string; readonly prefer: Prefer } = { header: '', prefer: NO_WISHES };

function read(header: string): Prefer {
  const wishes = header.split(/[;,]/).map((wish) => wish.replace(/["\s]/g, '').split('=', 2));
  const wish = (asked: string) => wishes.find(([name]) => name?.toLowerCase() === asked)?.[1];
  const returns = RETURNS.find((each) => each === wish('return')) as Return | undefined;
  const handling = wish('handling') === 'lenient' ? 'lenient' : 'strict';
  return returns === undefined ? { handling } : { return: returns, handling };
}

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

/** What the header asks for; what is not known in it is ignored, as RFC 7240 says. */
export function parsePrefer(header: string | undefined): Prefer {
  if (header === undefined) return NO_WISHES;
  const wishes = header.split(/[;,]/).map((wish) => wish.trim().replace(/"/g, ''));
  const returns = (['minimal', 'representation', 'OperationOutcome'] as const).find((each) => wishes.includes(`return=${each}`));
  const handling = wishes.includes('handling=lenient') ? 'lenient' : 'strict';
  return returns === undefined ? { handling } : { return: returns, handling };
}

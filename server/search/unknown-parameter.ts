/**
 * A search parameter that a type does not have, or that does not lead where a chain wants to go. It is not yet an error:
 * another type may have it, and handling decides whether it is refused or left out.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#errors
 */
import { shown } from './values.ts';

export class UnknownParameter extends Error {
  readonly type: string;
  readonly code: string;

  constructor(type: string, code: string, why?: string) {
    super(why ?? `${shown(type)} has no parameter ${shown(code)}`);
    this.type = type;
    this.code = code;
  }
}

/**
 * A search parameter that a type does not have. It is not yet an error: handling decides whether it is refused or left out.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#errors
 */
export class UnknownParameter extends Error {
  readonly type: string;
  readonly code: string;

  constructor(type: string, code: string) {
    super(`${type} has no search parameter ${code}`);
    this.type = type;
    this.code = code;
  }
}

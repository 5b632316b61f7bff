/**
 * R4 invariants whose expression does not say what their own text says, with the expression that does. HL7 corrected
 * them in later versions.
 *
 * Spec: https://hl7.org/fhir/R4/invariants.html · https://build.fhir.org/invariants.html
 */

const ERRATA: Readonly<Record<string, string>> = {
  // "If there are more than one enableWhen, enableBehavior must be specified".
  'enableWhen.count() > 2 implies enableBehavior.exists()': 'enableWhen.count() > 1 implies enableBehavior.exists()',
  // A name that is missing breaks the cardinality, not its form.
  "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')": "name.empty() or name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')",
};

/** The expression of a constraint as it is meant. */
export function repairedExpression(expression: string): string {
  return Object.hasOwn(ERRATA, expression) ? ERRATA[expression]! : expression;
}

/**
 * The refusal of a write that breaks a rule of the service, in the language of whoever writes.
 *
 * Spec: https://hl7.org/fhir/R4/operationoutcome.html · https://hl7.org/fhir/R4/http.html#Status-Codes
 */
import { FhirError } from '../../fhir/errors.ts';
import type { Language } from '../../fhir/language.ts';

/** What is said of a broken rule, in each language. */
export type RuleWords = Readonly<Record<Language, string>>;

/** 422 `business-rule` at `expression`: `diagnostics` in English, `details.text` in the language asked for. */
export function ruleBroken(words: RuleWords, language: Language | undefined, expression: string): FhirError {
  const details = { text: words[language ?? 'en'] };
  return new FhirError(422, [{ severity: 'error', code: 'business-rule', details, diagnostics: words.en, expression: [expression] }]);
}

/**
 * Rules of content: invariants, terminology, references, narrative, Bundles and questionnaires.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies.html · https://hl7.org/fhir/R4/references.html · https://hl7.org/fhir/R4/bundle.html
 */
import type { Rule } from './rules.ts';

export const CONTENT_RULES = {
  'invariant-failed': [
    'exception',
    'The rule {key} could not be evaluated: {why}',
    'Regelen {key} kunne ikke evalueres: {why}',
    'Regelen {key} kunne ikkje evaluerast: {why}',
  ],
} as const satisfies Readonly<Record<string, Rule>>;

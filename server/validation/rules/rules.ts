/**
 * Every rule of the validator that is not an invariant of a profile: its issue code and its text in three languages.
 * `{name}` stands for a word given where the rule is broken.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html · https://hl7.org/fhir/R4/valueset-issue-type.html
 */
import type { Language } from '../../fhir/language.ts';
import type { IssueCode } from '../../fhir/outcome.ts';
import { CONTENT_RULES } from './content.ts';
import { DEFINITION_RULES } from './definition.ts';
import { MEASURE_RULES } from './measure.ts';
import { QUESTIONNAIRE_RULES } from './questionnaire.ts';
import { STRUCTURE_RULES } from './structure.ts';

/** Issue code, then the text in English, bokmål and nynorsk. */
export type Rule = readonly [code: IssueCode, en: string, nb: string, nn: string];

export const RULES = {
  ...STRUCTURE_RULES,
  ...CONTENT_RULES,
  ...DEFINITION_RULES,
  ...MEASURE_RULES,
  ...QUESTIONNAIRE_RULES,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;

const COLUMN = { en: 1, nb: 2, nn: 3 } as const;

/** Each text that was asked for, cut at its words: what is between, then the name of a word, by turns. */
const cut = new Map<string, readonly string[]>();

/** The text of a rule in a language, with its words put in. */
export function ruleText(rule: RuleId, words: Readonly<Record<string, string>>, language: Language): string {
  const text = RULES[rule][COLUMN[language]];
  let parts = cut.get(text);
  if (parts === undefined) {
    parts = text.split(/\{(\w+)\}/);
    cut.set(text, parts);
  }
  let filled = parts[0]!;
  for (let at = 1; at < parts.length; at += 2) filled += (words[parts[at]!] ?? `{${parts[at]}}`) + parts[at + 1];
  return filled;
}

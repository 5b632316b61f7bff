/**
 * Rules of single types that their definitions say in words only, by type or inner path.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html
 */
import { attachmentRules } from './attachment.ts';
import { bundleRules } from './bundle.ts';
import { codingRules, quantityRules } from './coding.ts';
import {
  codeSystemRules,
  questionnaireRules,
  searchParameterRules,
  structureDefinitionRules,
  valueSetRules,
} from './definition/definition-rules.ts';
import { identifierRules } from './identity.ts';
import { measureReportRules } from './measure-report-rules.ts';
import { questionnaireResponseRules } from './questionnaire/questionnaire-response.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

const RULES: Readonly<Record<string, (workshop: Workshop) => readonly ValueCheck[]>> = {
  Attachment: attachmentRules,
  CodeSystem: codeSystemRules,
  Coding: codingRules,
  Bundle: bundleRules,
  Identifier: identifierRules,
  MeasureReport: measureReportRules,
  Quantity: quantityRules,
  Questionnaire: questionnaireRules,
  QuestionnaireResponse: questionnaireResponseRules,
  SearchParameter: searchParameterRules,
  StructureDefinition: structureDefinitionRules,
  ValueSet: valueSetRules,
};

/** The checks of a type besides what its definition compiles to. */
export function objectRules(path: string, workshop: Workshop): readonly ValueCheck[] {
  return Object.hasOwn(RULES, path) ? RULES[path]!(workshop) : [];
}

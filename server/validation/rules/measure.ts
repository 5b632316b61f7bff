/**
 * Rules of MeasureReports.
 *
 * Spec: https://hl7.org/fhir/R4/measurereport.html
 */
import type { Rule } from './rules.ts';

export const MEASURE_RULES = {
  'measure-code-none': [
    'business-rule',
    'Without a code, which {part} of the measure this is cannot be told',
    'Uten kode kan det ikke sies hvilken {part} i målet dette er',
    'Utan kode kan det ikkje seiast kva {part} i målet dette er',
  ],
  'measure-code-unknown': [
    'business-rule',
    'The measure has no {part} with this code',
    'Målet har ingen {part} med denne koden',
    'Målet har ingen {part} med denne koden',
  ],
  'measure-code-twice': [
    'business-rule',
    'This {part} of the measure is given already',
    'Denne {part} i målet er allerede oppgitt',
    'Denne {part} i målet er alt oppgitt',
  ],
  'measure-part-missing': [
    'business-rule',
    'The {part} {code} of the measure is missing',
    '{part} {code} i målet mangler',
    '{part} {code} i målet manglar',
  ],
  'measure-subjects': [
    'business-rule',
    'Only a report of the type subject-list lists subjects',
    'Bare en rapport av typen subject-list lister personer',
    'Berre ein rapport av typen subject-list listar personar',
  ],
  'measure-score': [
    'business-rule',
    'No measureScore with the {reason}',
    'Ingen measureScore ved {reason}',
    'Ingen measureScore ved {reason}',
  ],
  'measure-score-required': [
    'required',
    'A score is required when the scoring of the measure is {scoring}',
    'En poengsum kreves når scoring for målet er {scoring}',
    'Ein poengsum krevst når scoring for målet er {scoring}',
  ],
  'measure-score-range': [
    'required',
    'The score of a proportion is from 0 to 1',
    'Poengsummen for en andel er fra 0 til 1',
    'Poengsummen for ein del er frå 0 til 1',
  ],
  'measure-score-unit': [
    'business-rule',
    'The score of a proportion has no unit',
    'Poengsummen for en andel har ingen enhet',
    'Poengsummen for ein del har inga eining',
  ],
  'measure-score-no-unit': [
    'not-found',
    'The score has the unit {unit}',
    'Poengsummen skal ha enheten {unit}',
    'Poengsummen skal ha eininga {unit}',
  ],
  'measure-score-other-unit': [
    'code-invalid',
    'The unit of the score is {unit}',
    'Enheten til poengsummen er {unit}',
    'Eininga til poengsummen er {unit}',
  ],
} as const satisfies Readonly<Record<string, Rule>>;

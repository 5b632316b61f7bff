/**
 * When the care was given that a resource is about: the parameters by which `start` and `end` of $everything choose.
 *
 * Spec: https://hl7.org/fhir/R4/patient-operation-everything.html (start and end: care dates, not dates of the record)
 */
import type { DateRange } from '../fhir/date-range.ts';
import { badValue } from '../fhir/errors.ts';
import type { Clause, RangeTest } from '../search/query.ts';
import { readInstants } from './operation-input.ts';

/** Search parameters (dates) that tell when care took place. Types that are not here have no such date: who somebody is, what was agreed for good. */
const CARE_DATES: Readonly<Record<string, readonly string[]>> = {
  AdverseEvent: ['date'],
  AllergyIntolerance: ['onset', 'last-date'],
  Appointment: ['date'],
  CarePlan: ['date'],
  CareTeam: ['date'],
  ChargeItem: ['occurrence'],
  ClinicalImpression: ['date'],
  Communication: ['sent', 'received'],
  CommunicationRequest: ['occurrence'],
  Composition: ['period', 'date'],
  Condition: ['onset-date', 'abatement-date'],
  DetectedIssue: ['identified'],
  DeviceRequest: ['event-date'],
  DiagnosticReport: ['date'],
  DocumentReference: ['period', 'date'],
  Encounter: ['date'],
  EpisodeOfCare: ['date'],
  Flag: ['date'],
  Goal: ['start-date', 'target-date'],
  ImagingStudy: ['started'],
  Immunization: ['date'],
  ImmunizationEvaluation: ['date'],
  ImmunizationRecommendation: ['date'],
  List: ['date'],
  Media: ['created'],
  MedicationAdministration: ['effective-time'],
  MedicationDispense: ['whenprepared', 'whenhandedover'],
  MedicationRequest: ['date', 'authoredon'],
  MedicationStatement: ['effective'],
  NutritionOrder: ['datetime'],
  Observation: ['date'],
  Procedure: ['date'],
  QuestionnaireResponse: ['authored'],
  RequestGroup: ['authored'],
  RiskAssessment: ['date'],
  ServiceRequest: ['occurrence', 'authored'],
  Specimen: ['collected'],
  SupplyRequest: ['date'],
  Task: ['period', 'authored-on'],
  VisionPrescription: ['datewritten'],
};

/**
 * The instants from the first of `start` to the last of `end`, open where one is not given; undefined without either.
 * @throws FhirError 400 `value` for a date that cannot be read, or an end before its start.
 */
export function readCareDates(start: string | undefined, end: string | undefined): DateRange | undefined {
  if (start === undefined && end === undefined) return undefined;
  const low = start === undefined ? Number.NEGATIVE_INFINITY : readInstants(start, 'start').low;
  const high = end === undefined ? Number.POSITIVE_INFINITY : readInstants(end, 'end').high;
  if (low > high) throw badValue('end is before start', 'end');
  return { low, high };
}

/**
 * What of a type took place, at least in part, within the dates. What has no date is kept: to leave out what nobody has
 * dated would hide it for good.
 */
export function careDateClause(type: string, { low, high }: DateRange): Clause {
  const params = CARE_DATES[type];
  if (params === undefined) return { op: 'all' };
  const test: RangeTest = {
    kind: 'range',
    anyOf: [
      [
        { bound: 'high', is: '>=', value: low },
        { bound: 'low', is: '<=', value: high },
      ],
    ],
  };
  const undated: Clause = { op: 'and', clauses: params.map((param): Clause => ({ op: 'missing', param, missing: true })) };
  return { op: 'or', clauses: [...params.map((param): Clause => ({ op: 'match', param, test })), undated] };
}

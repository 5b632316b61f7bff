/**
 * Answers of terminology operations as Parameters, and the codes their requests name.
 *
 * Spec: https://hl7.org/fhir/R4/parameters.html
 */
import type { CodedValue, Designation } from '../../../terminology/terminology-service.ts';
import { badValue } from '../../fhir/errors.ts';
import type { Coding } from '../../fhir/resource.ts';
import type { FhirResponse } from '../../interactions/context.ts';
import type { CodeableConcept } from '../operation-input.ts';

type Parameter = Readonly<Record<string, unknown>> & { readonly name: string };

/** 200 with the parameters that have a value. */
export function parametersAnswer(parameters: readonly (Parameter | undefined)[]): FhirResponse {
  return { status: 200, body: { resourceType: 'Parameters', parameter: parameters.filter((each) => each !== undefined) } };
}

/** A parameter, or nothing when it has no value. */
export function optional(name: string, type: string, value: unknown): Parameter | undefined {
  return value === undefined ? undefined : { name, [`value${type}`]: value };
}

/** The parts of a designation: language and use where they are told, and the text. */
export function designationParts({ language, use, value }: Designation): readonly Parameter[] {
  const parts = [optional('language', 'Code', language === '' ? undefined : language), optional('use', 'Coding', use)];
  return [...parts.filter((each) => each !== undefined), { name: 'value', valueString: value }];
}

interface GivenCodes {
  readonly code?: string | undefined;
  readonly system?: string | undefined;
  readonly version?: string | undefined;
  readonly display?: string | undefined;
  readonly coding?: Coding | undefined;
  readonly codeableConcept?: CodeableConcept | undefined;
}

/**
 * The codes of a request: one by `code` (with `system`), one by `coding`, or those of `codeableConcept`.
 * @throws FhirError 400 `value` unless it is named in exactly one of these ways, and with a code.
 */
export function codesOf(given: GivenCodes): readonly CodedValue[] {
  const ways = [given.code, given.coding, given.codeableConcept].filter((way) => way !== undefined);
  if (ways.length !== 1) throw badValue('A code is given by code, coding or codeableConcept, by one of them', 'code');
  const { code, system, version, display } = given;
  const codings = given.codeableConcept?.coding ?? [given.coding ?? defined({ code, system, version, display })];
  const codes = codings.flatMap((coding) =>
    typeof coding.code === 'string' && coding.code !== '' ? [defined({ ...coding, code: coding.code })] : [],
  );
  if (codes.length === 0) throw badValue('There is no code in what is given', given.code === undefined ? 'coding' : 'code');
  return codes;
}

function defined<T extends object>(value: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
}

/**
 * $validate-code: whether a code is in a value set, or in a code system.
 *
 * Spec: https://hl7.org/fhir/R4/valueset-operation-validate-code.html · https://hl7.org/fhir/R4/codesystem-operation-validate-code.html
 */
import type { CodedValue, TerminologyService, ValidateCodeResult } from '../../terminology/terminology-service.ts';
import { badValue, FhirError, notFound } from '../fhir/errors.ts';
import { type Issue, operationOutcome } from '../fhir/outcome.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import type { OperationRequest } from './operation.ts';
import { readInput } from './operation-input.ts';
import { type FoundDefinition, findDefinition, type Named } from './terminology/definition.ts';
import { codesOf, optional, parametersAnswer } from './terminology/parameters.ts';

const CODES = {
  url: 'text',
  code: 'text',
  display: 'text',
  coding: 'Coding',
  codeableConcept: 'CodeableConcept',
  displayLanguage: 'text',
  abstract: 'boolean',
} as const;

interface Checked {
  readonly coded: CodedValue;
  readonly result: ValidateCodeResult;
}

/**
 * Parameters with `result`, and what there is to tell. A display that is not one of the code's is not valid, as in the
 * specification's own example. With `abstract` false, a code that only groups others is not valid.
 * @throws FhirError 400 when no code, or no value set, is named; 404 `not-found` for a value set that is not known.
 */
export async function validateCodeInValueSet(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const rules = { ...CODES, valueSet: 'resource', valueSetVersion: 'text', system: 'text', systemVersion: 'text' } as const;
  const input = readInput(request, rules);
  const codes = codesOf({ ...input, version: input.systemVersion });
  const named = { id: request.interaction.id, url: input.url, version: input.valueSetVersion, inline: input.valueSet };
  const { service, url } = await findDefinition(ctx, 'ValueSet', named);
  const checked = codes.map((coded): Checked => {
    const result = ofKnownVersion(service, coded) ?? service.validateCode(url, coded);
    return { coded: result.system === undefined ? coded : { ...coded, system: result.system }, result };
  });
  if (checked.every(({ result }) => result.unknown.includes(url))) throw notFound(`The value set ${url.slice(0, 200)} is not held here`);
  return answer(service, withoutAbstract(service, checked, input.abstract), input.displayLanguage);
}

/**
 * The same for a code system: `url` names it, as does the system of the code.
 * @throws FhirError 400 when no code, or no code system, is named; 404 `not-found` for an id that is not known.
 */
export async function validateCodeInSystem(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, { ...CODES, system: 'text', codeSystem: 'resource', version: 'text' });
  const codes = codesOf(input);
  const { id } = request.interaction;
  const named = id ?? input.codeSystem ?? input.url;
  const system = named === undefined ? codes[0]?.system : input.url;
  if (named === undefined && system === undefined) throw badValue('Which CodeSystem is meant? Give its url', 'url');
  const version = codes.find((coded) => coded.version !== undefined)?.version;
  const { service, url } = await codeSystemIn(ctx, { id, url: system, inline: input.codeSystem }, version);
  const checked = codes.map((coded): Checked => {
    const inSystem = { ...coded, system: coded.system ?? url };
    const isOther = inSystem.system !== url;
    const result = isOther ? outside(coded, url) : (ofKnownVersion(service, inSystem) ?? service.validateInSystem(inSystem));
    return { coded: inSystem, result };
  });
  return answer(service, withoutAbstract(service, checked, input.abstract), input.displayLanguage);
}

/** In the version asked for where that is held, else in the one held: the answer tells that it is another. */
async function codeSystemIn(ctx: FhirContext, named: Named, version: string | undefined): Promise<FoundDefinition> {
  if (version === undefined) return findDefinition(ctx, 'CodeSystem', named);
  try {
    return await findDefinition(ctx, 'CodeSystem', { ...named, version });
  } catch (error) {
    if (error instanceof FhirError && error.status === 404) return findDefinition(ctx, 'CodeSystem', named);
    throw error;
  }
}

function outside({ code, system }: CodedValue, url: string): ValidateCodeResult {
  const message = `The code '${code}' is of the code system ${system ?? '(none)'}, not of ${url}`;
  return { membership: 'out', wrongDisplay: false, unknown: [], message };
}

/** The answer for a version of a code system that is not the one held here; undefined when there is nothing to say. */
function ofKnownVersion(service: TerminologyService, { system, version }: CodedValue): ValidateCodeResult | undefined {
  const held = system === undefined ? undefined : service.versionOf(system);
  if (version === undefined || held === undefined || held === version) return undefined;
  const message = `Version ${version} of the code system ${system} is not held here; version ${held} is`;
  return { membership: 'unknown', wrongDisplay: false, unknown: [`${system}|${version}`], message };
}

/** What was checked, abstract codes refused where they are not allowed. */
function withoutAbstract(service: TerminologyService, checked: readonly Checked[], isAllowed: boolean | undefined): readonly Checked[] {
  if (isAllowed !== false) return checked;
  return checked.map((each) => {
    const isAbstract = each.result.membership === 'in' && service.lookup(each.coded)?.abstract === true;
    const message = `The code '${each.coded.code}' is abstract: it groups others and is not used itself`;
    return isAbstract ? { ...each, result: { ...each.result, membership: 'out', message } } : each;
  });
}

function answer(service: TerminologyService, checked: readonly Checked[], language: string | undefined): FhirResponse {
  const best = checked.find(isValid) ?? checked.find(({ result }) => result.membership === 'in') ?? checked[0]!;
  const shown = service.lookup(best.coded, language)?.display ?? best.result.display;
  const issues = checked.filter(({ result }) => result.message !== '' && !isValid(best)).map(issueOf);
  const message = issues.map(({ diagnostics }) => diagnostics).join('; ');
  return parametersAnswer([
    { name: 'result', valueBoolean: isValid(best) },
    optional('message', 'String', message === '' ? undefined : message),
    optional('display', 'String', shown),
    optional('code', 'Code', best.coded.code),
    optional('system', 'Uri', best.coded.system),
    issues.length === 0 ? undefined : { name: 'issues', resource: operationOutcome(issues) },
  ]);
}

function isValid({ result }: Checked): boolean {
  return result.membership === 'in' && !result.wrongDisplay;
}

function issueOf({ result }: Checked): Issue {
  const diagnostics = result.message;
  if (result.membership === 'in') return { severity: 'error', code: 'invalid', diagnostics };
  return { severity: 'error', code: result.membership === 'out' ? 'code-invalid' : 'not-found', diagnostics };
}

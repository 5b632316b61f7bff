/**
 * ValueSet/$expand: the codes of a value set, filtered first and paged afterwards.
 *
 * Spec: https://hl7.org/fhir/R4/valueset-operation-expand.html
 */
import type { Designation, Expansion, ExpansionProblem, TerminologyService } from '../../terminology/terminology-service.ts';
import { badValue, FhirError, notFound, tooCostly } from '../fhir/errors.ts';
import type { Resource } from '../fhir/resource.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import type { OperationRequest } from './operation.ts';
import { type Input, inLanguage, readInput } from './operation-input.ts';
import { findDefinition } from './terminology/definition.ts';

const RULES = {
  url: 'text',
  valueSet: 'resource',
  valueSetVersion: 'text',
  filter: 'text',
  offset: 'integer',
  count: 'integer',
  displayLanguage: 'text',
  activeOnly: 'boolean',
  includeDesignations: 'boolean',
  designation: 'repeated',
  includeDefinition: 'boolean',
  excludeNested: 'boolean',
  excludeNotForUI: 'boolean',
  excludePostCoordinated: 'boolean',
  'exclude-system': 'repeated',
  'system-version': 'repeated',
  'check-system-version': 'repeated',
  'force-system-version': 'repeated',
} as const;

/** Parameters that name the version of a code system to be used. Of each there is one here: another is refused. */
const VERSIONS = ['system-version', 'check-system-version', 'force-system-version'] as const;

type Given = Input<typeof RULES>;

/** What the caller may say of an expansion, beside which value set is meant. */
export const EXPANSION_PARAMETERS: readonly string[] = Object.keys(RULES).filter(
  (name) => !['url', 'valueSet', 'valueSetVersion'].includes(name),
);

/** Says of an expansion that there may be more codes: https://hl7.org/fhir/R4/extension-valueset-unclosed.html */
const UNCLOSED = 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed';
const LANGUAGES = 'urn:ietf:bcp:47';

/**
 * The value set with its expansion; `total` counts the codes after the filter, whatever the page. It is always flat, and holds
 * no expressions put together of codes. Where a code system is held in part only, it is marked as unclosed.
 * @throws FhirError 400 for a parameter that cannot be read, 404 `not-found` for an unknown value set, 403 `too-costly` for too
 * many codes, 422 `not-found` when a code system it needs is not held here, or not in the version asked for, 422 `not-supported` for
 * a filter that is not understood.
 */
export async function expand(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = inLanguage(readInput(request, RULES, 'valueSet'), request);
  for (const name of ['offset', 'count'] as const) {
    if ((input[name] ?? 0) < 0) throw badValue(`${name} is not negative`, name);
  }
  const named = { id: request.interaction.id, url: input.url, version: input.valueSetVersion, inline: input.valueSet };
  const { service, url, resource } = await findDefinition(ctx, 'ValueSet', named);
  const { 'exclude-system': excludeSystems, ...given } = input;
  const { filter, offset, count, displayLanguage, activeOnly, excludeNotForUI } = given;
  const asked = { filter, offset, count, displayLanguage, activeOnly, excludeNotForUI, excludeSystems };
  const expansion = service.expand({
    valueSet: url,
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
  });
  if ('problem' in expansion) throw refusal(expansion);
  checkVersions(input, expansion);
  const definition = resource ?? { resourceType: 'ValueSet', url, status: 'active' };
  const { compose, text: _text, contained: _contained, ...head } = definition as unknown as Resource;
  const parameter = parametersOf(input, expansion);
  const body: Resource = {
    ...head,
    ...(input.includeDefinition === true && compose !== undefined ? { compose } : {}),
    expansion: {
      ...(expansion.isOpen ? { extension: [{ url: UNCLOSED, valueBoolean: true }] } : {}),
      timestamp: new Date(ctx.nowMs()).toISOString(),
      total: expansion.total,
      ...(offset === undefined && count === undefined ? {} : { offset: expansion.offset }),
      ...(parameter.length === 0 ? {} : { parameter }),
      ...contains(service, expansion, input),
    },
  };
  return { status: 200, body };
}

function refusal({ problem, message }: ExpansionProblem): FhirError {
  if (problem === 'too-costly') return tooCostly(message);
  if (problem === 'not-found') return notFound(message);
  const code = problem === 'unknown-filter' ? 'not-supported' : 'not-found';
  return new FhirError(422, [{ severity: 'error', code, diagnostics: message, expression: ['ValueSet.compose'] }]);
}

/** @throws FhirError 422 `not-found` when a code system is wanted in another version than the one that is held. */
function checkVersions(input: Given, { versions }: Expansion): void {
  for (const name of VERSIONS) {
    for (const wanted of input[name] ?? []) {
      const held = versions.find((each) => each.startsWith(`${wanted.split('|', 1)[0]}|`));
      if (held === undefined || held === wanted) continue;
      const diagnostics = `The code system is not held in this version; ${held} is`;
      throw new FhirError(422, [{ severity: 'error', code: 'not-found', diagnostics, expression: [name] }]);
    }
  }
}

/** What the expansion depends on: the parameters that change it, and the versions of the code systems. */
function parametersOf(input: Given, { versions }: Expansion): readonly object[] {
  const one = (name: keyof Given, value: string) => (input[name] === undefined ? [] : [{ name, [value]: input[name] }]);
  const each = (name: 'designation' | 'exclude-system' | (typeof VERSIONS)[number], value: string) =>
    (input[name] ?? []).map((text) => ({ name, [value]: text }));
  return [
    ...one('filter', 'valueString'),
    ...one('offset', 'valueInteger'),
    ...one('count', 'valueInteger'),
    ...one('displayLanguage', 'valueCode'),
    ...one('activeOnly', 'valueBoolean'),
    ...one('includeDesignations', 'valueBoolean'),
    ...each('designation', 'valueString'),
    ...one('excludeNotForUI', 'valueBoolean'),
    ...each('exclude-system', 'valueUri'),
    ...VERSIONS.flatMap((name) => each(name, 'valueUri')),
    ...versions.map((valueUri) => ({ name: 'version', valueUri })),
  ];
}

function contains(service: TerminologyService, { contains: entries }: Expansion, input: Given): object {
  if (entries.length === 0) return {};
  const wanted = input.designation?.map(readToken);
  const shows = input.includeDesignations ?? wanted !== undefined;
  return {
    contains: entries.map(({ designations: own = [], ...entry }) => ({
      ...entry,
      ...(shows ? designationsOf([...own, ...(service.lookup(entry)?.designations ?? [])], wanted) : {}),
    })),
  };
}

interface Token {
  /** Left out: any. */
  readonly system?: string;
  readonly code: string;
}

function readToken(text: string): Token {
  const bar = text.indexOf('|');
  return bar < 0 ? { code: text } : { system: text.slice(0, bar), code: text.slice(bar + 1) };
}

function designationsOf(all: readonly Designation[], wanted: readonly Token[] | undefined): object {
  const found = wanted === undefined ? all : all.filter((each) => wanted.some((token) => isMeant(each, token)));
  if (found.length === 0) return {};
  return { designation: found.map(({ language, ...rest }) => ({ ...(language === '' ? {} : { language }), ...rest })) };
}

/** True when a designation is in the language, or for the use, that is wanted. */
function isMeant({ language, use }: Designation, { system, code }: Token): boolean {
  const isLanguage = (system === undefined || system === LANGUAGES) && language.toLowerCase() === code.toLowerCase();
  return isLanguage || (use?.code === code && (system === undefined || use.system === system));
}

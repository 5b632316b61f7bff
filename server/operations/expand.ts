/**
 * ValueSet/$expand: the codes of a value set, filtered first and paged afterwards.
 *
 * Spec: https://hl7.org/fhir/R4/valueset-operation-expand.html
 */
import type { Expansion, ExpansionEntry, ExpansionProblem, TerminologyService } from '../../terminology/terminology-service.ts';
import { badValue, FhirError, notFound, tooCostly } from '../fhir/errors.ts';
import type { Resource } from '../fhir/resource.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import type { OperationRequest } from './operation.ts';
import { readInput } from './operation-input.ts';
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
  includeDefinition: 'boolean',
  excludeNested: 'boolean',
} as const;

/**
 * The value set with its expansion; `total` counts the codes after the filter, whatever the page. It is always flat.
 * @throws FhirError 400 for a parameter that cannot be read, 404 `not-found` for an unknown value set, 403 `too-costly` for too
 * many codes, 422 `not-found` when a code system it needs is not held here.
 */
export async function expand(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, RULES, 'valueSet');
  for (const name of ['offset', 'count'] as const) {
    if ((input[name] ?? 0) < 0) throw badValue(`${name} is not negative`, name);
  }
  const named = { id: request.interaction.id, url: input.url, version: input.valueSetVersion, inline: input.valueSet };
  const { service, url, resource } = await findDefinition(ctx, 'ValueSet', named);
  const { filter, offset, count, displayLanguage, activeOnly } = input;
  const asked = { filter, offset, count, displayLanguage, activeOnly };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  const expansion = service.expand({ valueSet: url, ...Object.fromEntries(given) });
  if ('problem' in expansion) throw refusal(expansion);
  const definition = resource ?? { resourceType: 'ValueSet', url, status: 'active' };
  const { compose, text: _text, contained: _contained, ...head } = definition as unknown as Resource;
  const body: Resource = {
    ...head,
    ...(input.includeDefinition === true && compose !== undefined ? { compose } : {}),
    expansion: {
      timestamp: new Date(ctx.nowMs()).toISOString(),
      total: expansion.total,
      ...(offset === undefined && count === undefined ? {} : { offset: expansion.offset }),
      ...(given.length === 0 ? {} : { parameter: given.map(([name, value]) => ({ name, [valueName(value)]: value })) }),
      ...contains(service, expansion, input.includeDesignations === true),
    },
  };
  return { status: 200, body };
}

function refusal({ problem, message }: ExpansionProblem): FhirError {
  if (problem === 'too-costly') return tooCostly(message);
  if (problem === 'not-found') return notFound(message);
  return new FhirError(422, [{ severity: 'error', code: 'not-found', diagnostics: message, expression: ['ValueSet.compose'] }]);
}

function contains(service: TerminologyService, { contains: entries }: Expansion, designations: boolean): object {
  if (entries.length === 0) return {};
  return { contains: entries.map((entry) => ({ ...entry, ...(designations ? designationsOf(service, entry) : {}) })) };
}

function designationsOf(service: TerminologyService, { system, code }: ExpansionEntry): object {
  const designation = service.lookup({ system, code })?.designations ?? [];
  return designation.length === 0 ? {} : { designation: designation.map(({ language, value }) => ({ language, value })) };
}

function valueName(value: unknown): string {
  return typeof value === 'number' ? 'valueInteger' : typeof value === 'boolean' ? 'valueBoolean' : 'valueString';
}

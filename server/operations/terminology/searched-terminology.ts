/**
 * What `:in`, `:not-in`, `:above`, `:below` and the same in a `_filter` name, where it lies on this server: value sets, by their
 * address or their canonical URL, and code systems. They are looked up before the search is read, within what the caller may read.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#token (modifiers in, not-in, above, below)
 */
import type { TerminologyService } from '../../../terminology/terminology-service.ts';
import { FhirError, tooCostly } from '../../fhir/errors.ts';
import type { FhirContext, FhirRequest } from '../../interactions/context.ts';
import { comparisonsIn } from '../../search/filter.ts';
import { splitEscaped, unescapeValue } from '../../search/values.ts';
import { type DefinitionType, type FoundDefinition, findDefinition, type Named } from './definition.ts';

type SearchTerminology = Pick<TerminologyService, 'expand' | 'lookup'>;

const ASKS_VALUE_SET = /:(?:not-)?in$/;
const ASKS_CODE = /:(?:above|below)$/;

/** Value sets and code systems that one search may have looked up: each is a search of its own. */
const LOOKED_UP_MAX = 100;

/**
 * The terminology with which a search is read; undefined where there is none.
 * @throws FhirError 403 `too-costly` for a search that names more of it than is looked up.
 */
export async function terminologyOfSearch(ctx: FhirContext, parameters: FhirRequest['query']): Promise<SearchTerminology | undefined> {
  const { terminology } = ctx;
  const asked = askedIn(parameters);
  if (terminology === undefined || asked.valueSets.size + asked.systems.size === 0) return terminology;
  const named = asked.valueSets.size + asked.systems.size;
  if (named > LOOKED_UP_MAX) throw tooCostly(`A search names ${LOOKED_UP_MAX} value sets and code systems at most, not ${named}`);
  const stored = new Map<string, () => ReturnType<TerminologyService['expand']>>();
  for (const valueSet of asked.valueSets) {
    const expand = await expansionOf(ctx, terminology, valueSet);
    if (expand !== undefined) stored.set(valueSet, expand);
  }
  const systems = new Map<string, TerminologyService>();
  for (const system of asked.systems) {
    const service = terminology.knows(system) ? undefined : (await storedDefinition(ctx, 'CodeSystem', { url: system }))?.service;
    if (service !== undefined) systems.set(system, service);
  }
  return {
    lookup: (coded, language) => (systems.get(coded.system ?? '') ?? terminology).lookup(coded, language),
    expand: (request) =>
      (typeof request.valueSet === 'string' ? stored.get(request.valueSet)?.() : undefined) ?? terminology.expand(request),
  };
}

function askedIn(parameters: FhirRequest['query']): { readonly valueSets: ReadonlySet<string>; readonly systems: ReadonlySet<string> } {
  const [valueSets, systems] = [new Set<string>(), new Set<string>()];
  const addSystem = (value: string): void => {
    const bar = value.lastIndexOf('|');
    if (bar > 0) systems.add(unescapeValue(value.slice(0, bar)));
  };
  for (const [name, value] of parameters) {
    if (ASKS_VALUE_SET.test(name)) for (const each of splitEscaped(value, ',')) valueSets.add(unescapeValue(each));
    else if (ASKS_CODE.test(name)) for (const each of splitEscaped(value, ',')) addSystem(each);
    else if (name === '_filter') {
      for (const { operator, value: term } of comparisonsIn(value)) {
        if (operator === 'in' || operator === 'ni') valueSets.add(term);
        else if (operator === 'ss' || operator === 'sb') addSystem(term);
      }
    }
  }
  return { valueSets, systems };
}

/** How to expand a value set that is stored here; undefined for all others. */
async function expansionOf(
  ctx: FhirContext,
  terminology: TerminologyService,
  valueSet: string,
): Promise<(() => ReturnType<TerminologyService['expand']>) | undefined> {
  const path = valueSet.startsWith(`${ctx.baseUrl}/`) ? valueSet.slice(ctx.baseUrl.length + 1) : valueSet;
  const [, id] = /^ValueSet\/([A-Za-z0-9\-.]{1,64})$/.exec(path) ?? [];
  if (id === undefined && terminology.knows(valueSet)) return undefined;
  const found = await storedDefinition(ctx, 'ValueSet', id === undefined ? { url: valueSet } : { id });
  return found === undefined ? undefined : () => found.service.expand({ valueSet: found.url });
}

/** What is not there, or not for the caller, is not held. */
async function storedDefinition(ctx: FhirContext, type: DefinitionType, named: Named): Promise<FoundDefinition | undefined> {
  try {
    const found = await findDefinition(ctx, type, named);
    return found.resource === undefined ? undefined : found;
  } catch (error) {
    if (error instanceof FhirError && [403, 404, 410].includes(error.status)) return undefined;
    throw error;
  }
}

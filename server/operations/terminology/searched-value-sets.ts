/**
 * The value sets that `:in` and `:not-in` name where they lie on this server, by their address or their canonical URL:
 * they are looked up before the search is read, within what the caller may read.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#token (modifier in)
 */
import type { TerminologyService } from '../../../terminology/terminology-service.ts';
import { FhirError } from '../../fhir/errors.ts';
import type { FhirContext, FhirRequest } from '../../interactions/context.ts';
import { splitEscaped, unescapeValue } from '../../search/values.ts';
import { findDefinition } from './definition.ts';

type SearchTerminology = Pick<TerminologyService, 'expand' | 'lookup'>;

const ASKS = /:(?:not-)?in$/;

/** The terminology with which a search is read; undefined where there is none. */
export async function terminologyOfSearch(ctx: FhirContext, parameters: FhirRequest['query']): Promise<SearchTerminology | undefined> {
  const { terminology } = ctx;
  const asked = parameters.filter(([name]) => ASKS.test(name)).flatMap(([, value]) => splitEscaped(value, ',').map(unescapeValue));
  const stored = new Map<string, () => ReturnType<TerminologyService['expand']>>();
  if (terminology === undefined || asked.length === 0) return terminology;
  for (const valueSet of new Set(asked)) {
    const expand = await expansionOf(ctx, terminology, valueSet);
    if (expand !== undefined) stored.set(valueSet, expand);
  }
  return {
    lookup: (coded, language) => terminology.lookup(coded, language),
    expand: (request) =>
      (typeof request.valueSet === 'string' ? stored.get(request.valueSet)?.() : undefined) ?? terminology.expand(request),
  };
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
  try {
    const found = await findDefinition(ctx, 'ValueSet', id === undefined ? { url: valueSet } : { id });
    return found.resource === undefined ? undefined : () => found.service.expand({ valueSet: found.url });
  } catch (error) {
    // What is not there, or not for the caller, is a value set that is not held.
    if (error instanceof FhirError && [403, 404, 410].includes(error.status)) return undefined;
    throw error;
  }
}

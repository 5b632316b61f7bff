/**
 * What the references of a resource lead to on this server, for a check that cannot wait for the database.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#literal
 */
import { parseReference } from '../fhir/reference.ts';
import { isObject, type Resource, type ResourceKey } from '../fhir/resource.ts';
import type { FhirContext } from '../interactions/context.ts';
import { reachOf } from '../interactions/reach.ts';
import { visibleIds } from '../interactions/visibility.ts';

/**
 * The resource for each reference text that names one of this server; null where there is none, it is deleted or the
 * caller does not reach it. The current version stands for any other.
 */
export async function storedReferences(ctx: FhirContext, content: unknown): Promise<ReadonlyMap<string, Resource | null>> {
  const keys = new Map<string, ResourceKey>();
  for (const text of referencesIn(content, new Set())) {
    const key = localKey(text, ctx.baseUrl);
    if (key !== undefined) keys.set(text, key);
  }
  const found = await readReached(ctx, [...keys.values()]);
  return new Map([...keys].map(([text, { type, id }]) => [text, found.get(`${type}/${id}`) ?? null]));
}

async function readReached(ctx: FhirContext, keys: readonly ResourceKey[]): Promise<ReadonlyMap<string, Resource>> {
  const reached: ResourceKey[] = [];
  for (const [type, of] of Map.groupBy(keys, (key) => key.type)) {
    const reach = await reachOf(ctx, { interaction: '$validate', right: 'read', type });
    const ids = await visibleIds(ctx, type, [...new Set(of.map(({ id }) => id))], reach);
    for (const id of ids) reached.push({ type, id });
  }
  const versions = reached.length === 0 ? [] : await ctx.store.readMany(reached);
  ctx.trail?.saw(versions);
  return new Map(versions.flatMap(({ type, id, json }) => (json == null ? [] : [[`${type}/${id}`, JSON.parse(json) as Resource]])));
}

function localKey(text: string, baseUrl: string): ResourceKey | undefined {
  const parsed = text.length > 4096 ? undefined : parseReference(text);
  if (parsed?.kind === 'local' || (parsed?.kind === 'absolute' && parsed.base === baseUrl)) return { type: parsed.type, id: parsed.id };
  return undefined;
}

function referencesIn(value: unknown, into: Set<string>): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) referencesIn(item, into);
  else if (isObject(value)) {
    if (typeof value.reference === 'string') into.add(value.reference);
    for (const key in value) referencesIn(value[key], into);
  }
  return into;
}

/**
 * Finds what a terminology operation is about: a definition in the request, one stored here (with the definitions it
 * builds on), or one that comes with the product.
 *
 * Spec: https://hl7.org/fhir/R4/terminology-service.html
 */
import type { TerminologyService } from '../../../terminology/terminology-service.ts';
import { badValue, gone, malformed, notFound, unsupportedParameter } from '../../fhir/errors.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import type { FhirContext } from '../../interactions/context.ts';
import { both, requireReach } from '../../interactions/reach.ts';
import { visibleVersion } from '../../interactions/visibility.ts';
import type { Clause } from '../../search/query.ts';
import { composedOf, refuseCostly, valueSetsIn } from './bounds.ts';
import { refuseWildPatterns } from './patterns.ts';

export type DefinitionType = 'CodeSystem' | 'ValueSet' | 'ConceptMap';

/** What the request says about which definition is meant. */
export interface Named {
  readonly id?: string | undefined;
  /** A canonical URL, perhaps with a version. */
  readonly url?: string | undefined;
  readonly version?: string | undefined;
  /** The definition itself. */
  readonly inline?: Resource | undefined;
}

export interface FoundDefinition {
  /** Terminology in which the definition is known. */
  readonly service: TerminologyService;
  readonly url: string;
  /** As it is stored or was sent, perhaps without a URL. Left out: no resource, though the URL may mean something (all codes of a system). */
  readonly resource?: Readonly<Record<string, unknown>>;
}

/** The URL under which a definition without one is known while the request lasts. */
export const NAMELESS = 'urn:fellesplan:in-this-request';
/** A definition that builds on more stored ones than this is not followed further. */
const FOLLOWED_MAX = 100;

/**
 * @throws FhirError 400 `not-supported` without terminology, 400 `value` when nothing is named, 404 `not-found` for an id or a
 * version that is not held, 410 `deleted`, 403 `forbidden` where the caller may not read the type, 403 `too-costly`, 422
 * `not-supported` as bounds and patterns say.
 */
export async function findDefinition(ctx: FhirContext, type: DefinitionType, named: Named): Promise<FoundDefinition> {
  const service = terminologyOf(ctx);
  const reach = await requireReach(ctx, { interaction: 'read', right: 'read', type });
  if (named.inline !== undefined) {
    if (named.inline.resourceType !== type) throw malformed(`A ${type} is expected`, `${type}.resourceType`);
    return withDependencies(ctx, service, named.inline);
  }
  if (named.id !== undefined) return withDependencies(ctx, service, await byId(ctx, type, named.id, reach));
  if (named.url === undefined) throw badValue(`Which ${type} is meant? Give its url`, 'url');
  const [url, versionInUrl] = parted(service, type, named.url);
  const version = named.version ?? versionInUrl;
  const held = service.definition(type, url);
  // A release that was loaded is no resource.
  const loaded = type === 'CodeSystem' ? service.versionOf(url) : undefined;
  const heldVersion = loaded ?? held?.version;
  if (version === undefined ? held !== undefined : version === heldVersion) {
    return { service, url, ...(held === undefined ? {} : { resource: held }) };
  }
  const stored = await byUrl(ctx, type, url, version, reach);
  if (stored !== undefined) return withDependencies(ctx, service, stored);
  if (version !== undefined) {
    const known = heldVersion === undefined ? '' : `; version ${String(heldVersion)} is`;
    throw notFound(`Version ${version.slice(0, 64)} of ${url.slice(0, 200)} is not held here${known}`);
  }
  return { service, url };
}

/** URL and version of a canonical; a few of HL7's code systems have the version in their URL. */
function parted(service: TerminologyService, type: DefinitionType, canonical: string): readonly [url: string, version?: string] {
  const bar = canonical.indexOf('|');
  if (bar < 0 || service.definition(type, canonical)?.url === canonical) return [canonical];
  return [canonical.slice(0, bar), canonical.slice(bar + 1)];
}

/** @throws FhirError 400 `not-supported` where there is no terminology. */
export function terminologyOf(ctx: FhirContext): TerminologyService {
  if (ctx.terminology === undefined) throw unsupportedParameter('This server has no terminology');
  return ctx.terminology;
}

/** The stored concept maps that say something about a code. */
export async function conceptMapsAbout(ctx: FhirContext, code: string): Promise<readonly Resource[]> {
  const reach = await requireReach(ctx, { interaction: 'read', right: 'read', type: 'ConceptMap' });
  return find(ctx, 'ConceptMap', both({ op: 'match', param: 'source-code', test: { kind: 'token', code } }, reach));
}

async function byId(ctx: FhirContext, type: DefinitionType, id: string, reach: Clause): Promise<Resource> {
  const current = await visibleVersion(ctx, { type, id }, reach);
  if (current === undefined) throw notFound(`${type}/${id} is not known`);
  if (current.json === null) throw gone(`${type}/${id} has been deleted`);
  return JSON.parse(current.json) as Resource;
}

/** The stored definition of a URL; of several versions the one asked for, else the one changed last. */
async function byUrl(
  ctx: FhirContext,
  type: DefinitionType,
  url: string,
  version: string | undefined,
  reach: Clause,
): Promise<Resource | undefined> {
  const found = await find(ctx, type, both({ op: 'match', param: 'url', test: { kind: 'uri', mode: 'exact', value: url } }, reach));
  return found
    .filter((each) => version === undefined || each.version === version)
    .toSorted((a, b) => (String(a.meta?.lastUpdated) < String(b.meta?.lastUpdated) ? 1 : -1))[0];
}

async function find(ctx: FhirContext, type: DefinitionType, where: Clause): Promise<readonly Resource[]> {
  const page = await ctx.store.search({ types: [type], where, sort: [], limit: FOLLOWED_MAX, total: 'none' });
  return page.matches.map(({ json }) => JSON.parse(json) as Resource);
}

/** The definition with those stored here that it builds on and that do not come with the product. */
async function withDependencies(ctx: FhirContext, service: TerminologyService, root: Resource): Promise<FoundDefinition> {
  const named: Resource = typeof root.url === 'string' ? root : { ...root, url: NAMELESS };
  const resources: Resource[] = [named];
  const asked = new Set<string>();
  for (const resource of resources) {
    refuseWildPatterns(resource);
    for (const [type, canonical] of buildsOn(resource)) {
      const [url = '', version] = canonical.split('|');
      const held = service.definition(type, url);
      const isHeld = held !== undefined && (type !== 'CodeSystem' || version === undefined || held.version === version);
      if (asked.has(`${type} ${canonical}`) || isHeld || resources.length > FOLLOWED_MAX) continue;
      asked.add(`${type} ${canonical}`);
      const reach = await requireReach(ctx, { interaction: 'read', right: 'read', type });
      const stored = await byUrl(ctx, type, url, version, reach);
      // What comes with the product goes before another version of it.
      if (stored !== undefined) resources.push(...(held === undefined ? [] : [held as unknown as Resource]), stored);
    }
  }
  refuseCostly(resources);
  return { service: service.including(resources), url: String(named.url), resource: root };
}

function buildsOn(definition: Resource): readonly (readonly [DefinitionType, string])[] {
  if (definition.resourceType === 'ConceptMap') return otherMaps(definition).map((each) => ['ConceptMap', each] as const);
  return composedOf(definition).flatMap((part): (readonly [DefinitionType, string])[] => [
    ...(typeof part.system === 'string' ? [['CodeSystem', withVersion(part.system, part.version)] as const] : []),
    ...valueSetsIn(part).map((each) => ['ValueSet', each] as const),
  ]);
}

function withVersion(system: string, version: unknown): string {
  return typeof version === 'string' && version !== '*' ? `${system}|${version}` : system;
}

/** The maps that a concept map leaves codes to. */
function otherMaps({ group }: Resource): readonly string[] {
  const groups: readonly unknown[] = Array.isArray(group) ? group : [];
  return groups.flatMap((each) => {
    const rule = isObject(each) && isObject(each.unmapped) ? each.unmapped : {};
    return rule.mode === 'other-map' && typeof rule.url === 'string' ? [rule.url] : [];
  });
}

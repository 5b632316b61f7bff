/**
 * Every version of every resource that the model knows of, in a plain list.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#versions
 */
import type { Json, Stored } from './definitions.ts';
import { localReference } from './reference.ts';
import { contained } from './values.ts';

export interface Version {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
  readonly atMs: number;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Undefined for a deletion. */
  readonly resource?: Stored | undefined;
}

export interface World {
  /** All versions, oldest first. */
  readonly versions: Version[];
  /** The latest version of what has been written, also when that is a deletion. */
  readonly latest: Map<string, Version>;
}

export const emptyWorld = (): World => ({ versions: [], latest: new Map() });

/** Writes a version; content undefined deletes. Returns the version written, or undefined where there was nothing to delete. */
export function write(
  world: World,
  type: string,
  id: string,
  content: Json | undefined,
  method: 'POST' | 'PUT' | 'PATCH',
  atMs: number,
): Version | undefined {
  const key = `${type}/${id}`;
  const before = world.latest.get(key);
  if (content === undefined && before?.resource === undefined) return undefined;
  const versionId = (before?.versionId ?? 0) + 1;
  const meta = { ...(content?.meta as Json | undefined), versionId: String(versionId), lastUpdated: new Date(atMs).toISOString() };
  const version: Version = {
    type,
    id,
    versionId,
    atMs,
    method: content === undefined ? 'DELETE' : method,
    resource: content === undefined ? undefined : ({ ...content, resourceType: type, id, meta } as Stored),
  };
  world.versions.push(version);
  world.latest.set(key, version);
  return version;
}

/** The resources that are there now, of these types or of all. */
export function currentOf(world: World, types: readonly string[]): readonly Stored[] {
  return [...world.latest.values()].flatMap(({ type, resource }) =>
    resource !== undefined && (types.length === 0 || types.includes(type)) ? [resource] : [],
  );
}

/** What a reference or canonical URL in `holder` (within `container`) leads to, as far as it is here. */
export function targetsOf(world: World, text: string, isCanonical: boolean, container: Stored): readonly Stored[] {
  if (isCanonical) {
    const [url, version] = text.split('#')[0]?.split('|') ?? [];
    const literal = localReference(url ?? '');
    return currentOf(world, []).filter(
      (each) =>
        (each.url === url && (version === undefined || each.version === version)) ||
        (each.resourceType === literal?.type && each.id === literal.id),
    );
  }
  if (text.startsWith('#')) return [contained(container, text)].filter((each) => each !== undefined);
  const local = localReference(text);
  const found = local && world.latest.get(`${local.type}/${local.id}`)?.resource;
  return found === undefined ? [] : [found];
}

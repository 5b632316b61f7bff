/**
 * Profiles, tags and security labels as sets: a profile is known by its URL, a label by system and code.
 *
 * Spec: https://hl7.org/fhir/R4/resource.html#Meta
 */
import { badValue } from '../../fhir/errors.ts';
import { type Coding, isObject, type Meta } from '../../fhir/resource.ts';

export interface Labels {
  readonly profile: readonly string[];
  readonly tag: readonly Coding[];
  readonly security: readonly Coding[];
}

const ELEMENTS = ['id', 'extension', 'versionId', 'lastUpdated', 'source', 'profile', 'security', 'tag'];

/**
 * The labels of a meta; what only the server sets in it is passed over.
 * @throws FhirError 400 `value` when one of them is not what it should be, or when the meta holds what no meta has.
 */
export function labelsOf(meta: Readonly<Record<string, unknown>>, at: string): Labels {
  for (const name of Object.keys(meta)) {
    if (!ELEMENTS.includes(name.replace(/^_/, ''))) throw badValue(`A meta has no ${name.slice(0, 64)}`, at);
  }
  const profile = list(meta.profile, `${at}.profile`);
  if (!profile.every((each) => typeof each === 'string' && each !== '')) throw badValue('A profile is a URL', `${at}.profile`);
  return { profile: profile as string[], tag: codings(meta.tag, `${at}.tag`), security: codings(meta.security, `${at}.security`) };
}

/** The meta with these labels added. */
export function joinedMeta(meta: Meta, added: Labels): Meta {
  const { profile = [], tag = [], security = [], ...rest } = meta;
  return withLabels(rest, {
    profile: [...profile, ...new Set(added.profile.filter((each) => !profile.includes(each)))],
    tag: joined(tag, added.tag),
    security: joined(security, added.security),
  });
}

/** The meta without these labels. */
export function lessMeta(meta: Meta, deleted: Labels): Meta {
  const { profile = [], tag = [], security = [], ...rest } = meta;
  return withLabels(rest, {
    profile: profile.filter((each) => !deleted.profile.includes(each)),
    tag: less(tag, deleted.tag),
    security: less(security, deleted.security),
  });
}

/** True when two metas have the same number of labels: one is made of the other by adding or taking away. */
export function sameLabels(a: Meta, b: Meta): boolean {
  return (['profile', 'tag', 'security'] as const).every((name) => (a[name]?.length ?? 0) === (b[name]?.length ?? 0));
}

function withLabels(meta: Meta, { profile, tag, security }: Labels): Meta {
  return {
    ...meta,
    ...(profile.length === 0 ? {} : { profile: [...profile] }),
    ...(security.length === 0 ? {} : { security: [...security] }),
    ...(tag.length === 0 ? {} : { tag: [...tag] }),
  };
}

const keyOf = ({ system, code }: Coding): string => `${system ?? ''}|${code ?? ''}`;

function joined(there: readonly Coding[], added: readonly Coding[]): Coding[] {
  // What stands there twice stays so: by the number of labels it is told whether any was added.
  const known = new Set(there.map(keyOf));
  return [...there, ...added.filter((coding) => !known.has(keyOf(coding)) && known.add(keyOf(coding)))];
}

function less(there: readonly Coding[], deleted: readonly Coding[]): Coding[] {
  const gone = new Set(deleted.map(keyOf));
  return there.filter((coding) => !gone.has(keyOf(coding)));
}

function codings(value: unknown, at: string): readonly Coding[] {
  const given = list(value, at);
  if (!given.every((each): each is Coding => isObject(each) && typeof each.code === 'string')) throw badValue('A label has a code', at);
  return given;
}

function list(value: unknown, at: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badValue('A list is expected', at);
  return value;
}

/**
 * Whom a write touches, for the access log: those whom the resource is about as it is written, and those whom it was about
 * until then. Of a Binary that may have to be looked up, by the resource that stands for it.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html
 */
import { patientsOf } from '../audit/patients-of.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import { BINARY, securityContextIn } from '../fhir/security-context.ts';
import type { Found, ResourceStore, ResourceWrite, StoredVersion } from '../store/resource-store.ts';
import { patientsOfContexts } from './security-contexts.ts';

const NONE: readonly ResourceKey[] = [];

/** What stands for a Binary with this text, where that is no Patient. */
export function contextsOf(type: string, json: string | null): readonly ResourceKey[] {
  const context = type === BINARY && json !== null ? securityContextIn(json) : undefined;
  return context === undefined || context.type === 'Patient' ? NONE : [context];
}

/** The plan is to be run again when it is known whom these are about. */
export class UnknownContexts extends Error {
  readonly contexts: readonly ResourceKey[];

  constructor(contexts: readonly ResourceKey[]) {
    super('It is not known whom a Binary is about');
    this.contexts = contexts;
  }
}

/** Whom the contexts are about that one request has come upon. A resource stays with whom it is about, so they are asked once. */
export class PeopleOfContexts {
  readonly #known = new Map<string, readonly string[]>();

  /** Looks up whom these are about. */
  async find(store: ResourceStore, contexts: readonly ResourceKey[]): Promise<void> {
    const found = await patientsOfContexts(store, contexts);
    for (const [place, { type, id }] of contexts.entries()) this.#known.set(`${type}/${id}`, found[place]!);
  }

  /** @throws UnknownContexts for those that have not been looked up, and are not written with the rest. */
  of(contexts: readonly ResourceKey[], writes: readonly ResourceWrite[]): readonly string[] {
    const unknown: ResourceKey[] = [];
    const people = contexts.flatMap((context) => {
      const { type, id } = context;
      const written = writes.find((write) => write.type === type && write.id === id && write.json !== null);
      const known = written === undefined ? this.#known.get(`${type}/${id}`) : patientsOf(type, id, written.json);
      if (known === undefined) unknown.push(context);
      return known ?? [];
    });
    if (unknown.length > 0) throw new UnknownContexts(unknown);
    return people;
  }
}

/**
 * Ids of the patients whom a write of a plan touches, without repeats.
 * @throws UnknownContexts where a Binary names what has not been looked up.
 */
export function whomAWriteTouches(
  write: ResourceWrite,
  {
    writes,
    textBefore,
    people,
  }: { readonly writes: readonly ResourceWrite[]; readonly textBefore: TextBefore; readonly people: PeopleOfContexts },
): readonly string[] {
  const { type, id, json, versionId } = write;
  const previous = versionId === 1 ? null : textBefore(write);
  const now = patientsOf(type, id, json);
  const before = versionId === 1 ? [] : patientsOf(type, id, previous);
  const named = type === BINARY ? people.of([...contextsOf(type, json), ...contextsOf(type, previous)], writes) : [];
  const others = [...before, ...named].filter((patient) => !now.includes(patient));
  return others.length === 0 ? now : [...now, ...new Set(others)];
}

/** The text of what was there before the plan; null for what was not, or was deleted. */
type TextBefore = (key: ResourceKey) => string | null;

/** The texts of what a plan has found: of each write of thousands, a look at all that was found would take seconds together. */
export function textsBefore(found: Found): TextBefore {
  let matches: ReadonlyMap<string, StoredVersion> | undefined;
  return ({ type, id }) => {
    const version = found.version(type, id);
    if (version !== undefined) return version.json;
    matches ??= new Map(found.searches.flatMap((page) => page.matches).map((match) => [`${match.type}/${match.id}`, match]));
    return matches.get(`${type}/${id}`)?.json ?? null;
  };
}

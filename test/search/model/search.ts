/**
 * A search answered by looking at every resource: conditions, chains, `_has`, `_filter`, includes.
 *
 * Spec: https://hl7.org/fhir/R4/search.html
 */
import { compartmentParameters, type Parameter, parametersOf, type Stored } from './definitions.ts';
import { matchesFilter } from './filter.ts';
import { isPresent, isSearchable, matchesValue, referenceText } from './match.ts';
import { localReference } from './reference.ts';
import { split } from './text.ts';
import { partsOf, valuesOf } from './values.ts';
import { currentOf, targetsOf, type World } from './world.ts';

export interface Scene {
  readonly world: World;
  now: number;
}

export interface Question {
  /** The type before the mark of the URL; empty at system level. */
  readonly type: string;
  /** `Patient/1`: only what is in its compartment. */
  readonly compartment?: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** Parameters that say how the answer looks, not what is in it. */
const OF_THE_ANSWER = /^_(sort|count|total|summary|elements|(rev)?include(:iterate)?|type)$/;

/** What a search finds, in no order. */
export function search(scene: Scene, { type, compartment, parameters }: Question): readonly Stored[] {
  const typed = parameters.find(([name]) => name === '_type')?.[1].split(',') ?? [];
  const conditions = parameters.filter(([name]) => !OF_THE_ANSWER.test(name));
  return currentOf(scene.world, type === '' ? typed : [type]).filter(
    (resource) =>
      (compartment === undefined || isWithin(scene, resource, compartment)) &&
      conditions.every(([name, value]) => holds(scene, resource, resource, name, value)),
  );
}

/** Whether a resource is in the compartment of another, which is in it itself. */
function isWithin(scene: Scene, resource: Stored, compartment: string): boolean {
  const { resourceType, id } = resource;
  const by = compartmentParameters(compartment.split('/')[0] ?? '', resourceType);
  return `${resourceType}/${id}` === compartment || by.some((code) => holds(scene, resource, resource, code, compartment));
}

/** How many steps `:below` and `:above` go along what is part of what: our server's choice. */
const STEPS_DOWN = 8;
const STEPS_UP = 4;

/** A resource with its parts, or its wholes, as `Type/id`. A whole that is not there is no step upwards. */
function relatives(scene: Scene, start: string, modifier: 'above' | 'below'): readonly string[] {
  const type = start.split('/')[0] ?? '';
  const by = parametersOf(type).get('part-of') ?? parametersOf(type).get('partof');
  const all = currentOf(scene.world, [type]).map((resource) => ({ name: `${type}/${resource.id}`, wholes: wholesOf(resource, by) }));
  const found = new Set([start]);
  for (let steps = modifier === 'below' ? STEPS_DOWN : STEPS_UP; steps > 0; steps--) {
    for (const each of [...found]) {
      const isNext = ({ name, wholes }: (typeof all)[number]): boolean =>
        modifier === 'below' ? wholes.includes(each) : all.some((other) => other.name === each && other.wholes.includes(name));
      for (const { name } of all.filter(isNext)) found.add(name);
    }
  }
  return [...found];
}

function wholesOf(resource: Stored, by: Parameter | undefined): readonly string[] {
  const wholes = by === undefined ? [] : links(resource, by).map(({ text }) => localReference(text));
  return wholes.flatMap((whole) => (whole?.type === resource.resourceType ? [`${whole.type}/${whole.id}`] : []));
}

/** Whether one condition holds for a resource, which may be contained in another. */
function holds(scene: Scene, resource: Stored, container: Stored, name: string, value: string): boolean {
  if (name === '_filter') return matchesFilter(scene, resource, value);
  const [, type, by, what] = /^_has:(\w+):([\w-]+):(.+)$/.exec(name) ?? [];
  if (type !== undefined && by !== undefined && what !== undefined) {
    // What is contained is pointed at by its container, of all resources that are found by themselves.
    if (resource !== container) {
      const isMeant = ({ text }: Link): boolean =>
        text.startsWith('#') && targetsOf(scene.world, text, false, container).includes(resource);
      return (
        container.resourceType === type &&
        links(container, parameter(type, by)).some(isMeant) &&
        holds(scene, container, container, what, value)
      );
    }
    return currentOf(scene.world, [type]).some(
      (other) => leadsTo(scene, other, parameter(type, by), resource) && holds(scene, other, other, what, value),
    );
  }
  const [, step, only, rest] = /^([\w-]+)(?::(\w+))?\.(.+)$/.exec(name) ?? [];
  if (step !== undefined && rest !== undefined) {
    return chained(scene, resource, container, step, only).some(
      (target) => knows(target.resource, rest) && holds(scene, target.resource, target.container, rest, value),
    );
  }
  const [code = name, modifier] = name.split(':');
  const isOfServer = code === '_id' || code === '_lastUpdated';
  // What is contained has an id, which is none of the server's, and no time of change.
  if (resource !== container && isOfServer) return modifier === 'missing' && (value === 'true') === (code === '_lastUpdated');
  return matchesParameter(scene, resource, parameter(resource.resourceType, code), modifier, value);
}

function parameter(type: string, code: string): Parameter {
  const found = parametersOf(type).get(code);
  if (found === undefined) throw new Error(`${type} has no parameter ${code}`);
  return found;
}

/** Whether a type has the parameter that a chain goes on with. */
function knows({ resourceType }: Stored, name: string): boolean {
  if (name.startsWith('_has:')) return true;
  const code = /^[\w-]+/.exec(name)?.[0] ?? '';
  return parametersOf(resourceType).has(code);
}

function matchesParameter(scene: Scene, resource: Stored, asked: Parameter, modifier: string | undefined, value: string): boolean {
  if (asked.type === 'composite') return matchesComposite(scene, resource, asked, modifier, value);
  const found = valuesOf(resource, asked);
  if (modifier === 'missing') return isPresent(found, asked) !== (value === 'true');
  const isHierarchy = asked.type === 'reference' && (modifier === 'above' || modifier === 'below') && !/^\w+:/.test(value);
  const values = split(value, ',');
  const sought = isHierarchy ? values.flatMap((each) => relatives(scene, each, modifier)) : values;
  const any = sought.some((each) =>
    matchesValue(found, { parameter: asked, modifier: modifier === 'not' || isHierarchy ? undefined : modifier, now: scene.now }, each),
  );
  return modifier === 'not' ? !any : any;
}

export function matchesComposite(scene: Scene, resource: Stored, asked: Parameter, modifier: string | undefined, value: string): boolean {
  const elements = partsOf(resource, asked);
  const part = (at: number): Parameter => asked.components[at]?.parameter as Parameter;
  if (modifier === 'missing') {
    return elements.some((found) => found.every((each, at) => isSearchable(each, part(at)))) !== (value === 'true');
  }
  return split(value, ',').some((whole) => {
    const values = split(whole, '$');
    return elements.some((found) =>
      found.every((each, at) => matchesValue(each, { parameter: part(at), now: scene.now }, values[at] ?? '')),
    );
  });
}

interface Target {
  readonly resource: Stored;
  readonly container: Stored;
}

const leadsToType = ({ targets }: Parameter, type: string): boolean => targets.length === 0 || targets.includes(type);

interface Link {
  readonly text: string;
  readonly isCanonical: boolean;
}

/** References and canonical URLs. Beside a version of it, the bare URL says no more. */
function links(resource: Stored, by: Parameter): readonly Link[] {
  const all = valuesOf(resource, by).flatMap((found) => {
    const text = referenceText(found);
    return text === undefined ? [] : [{ text, isCanonical: found.type !== 'Reference' }];
  });
  return all.filter(({ text, isCanonical }) => !isCanonical || !all.some((other) => other.text.startsWith(`${text}|`)));
}

/** Where one step of a chain leads. */
export function chained(scene: Scene, resource: Stored, container: Stored, step: string, only: string | undefined): readonly Target[] {
  const by = parameter(resource.resourceType, step);
  return links(resource, by).flatMap(({ text, isCanonical }) =>
    targetsOf(scene.world, text, isCanonical, container)
      .filter(({ resourceType }) => (only === undefined ? leadsToType(by, resourceType) : resourceType === only))
      .map((target) => ({ resource: target, container: text.startsWith('#') ? container : target })),
  );
}

function leadsTo(scene: Scene, from: Stored, by: Parameter, to: Stored): boolean {
  return targetsBy(scene, from, by).includes(to);
}

/** What `_include` and `_revinclude` bring with these matches, as `Type/id/_history/version`. */
export function included(scene: Scene, { parameters }: Question, matches: readonly Stored[]): ReadonlySet<string> {
  const directives = parameters.filter(([name]) => /^_(rev)?include/.test(name));
  const reached = new Map(matches.map((each) => [nameOf(each), each]));
  let fresh: readonly Stored[] = matches;
  for (let round = 0; fresh.length > 0; round++) {
    const asked = directives.filter(([name]) => round === 0 || name.endsWith(':iterate'));
    const found = asked.flatMap(([name, value]) => follow(scene, name, value, fresh));
    fresh = found.filter((each) => !reached.has(nameOf(each)));
    for (const each of fresh) reached.set(nameOf(each), each);
  }
  const isMatch = (each: Stored): boolean => matches.some(({ resourceType, id }) => resourceType === each.resourceType && id === each.id);
  return new Set([...reached.values()].flatMap((each) => (isMatch(each) ? [] : asReferred(scene, each, matches))));
}

const nameOf = ({ resourceType, id, meta }: Stored): string =>
  `${resourceType}/${id}/_history/${(meta as { readonly versionId?: string } | undefined)?.versionId}`;

/** The versions of what is included that the matches refer to; one that is not kept is stood for by the current one. */
function asReferred(scene: Scene, current: Stored, matches: readonly Stored[]): readonly string[] {
  const references = matches.flatMap((match) => JSON.stringify(match).match(/(?<="reference":")[^"]+/g) ?? []);
  const named = references.flatMap((text) => {
    const local = localReference(text);
    if (local?.type !== current.resourceType || local.id !== current.id) return [];
    const version = scene.world.versions.find(
      (each) => each.type === local.type && each.id === local.id && `${each.versionId}` === local.version,
    );
    return [version?.resource ?? current];
  });
  return (named.length === 0 ? [current] : named).map(nameOf);
}

function follow(scene: Scene, name: string, value: string, from: readonly Stored[]): readonly Stored[] {
  const [type = '', code = '', only] = value.split(':');
  const codes = code === '*' ? [...parametersOf(type).values()].filter((each) => each.type === 'reference') : [parameter(type, code)];
  if (name.startsWith('_revinclude')) {
    const targets = from.filter(({ resourceType }) => only === undefined || resourceType === only);
    return currentOf(scene.world, [type]).filter((other) => codes.some((by) => targets.some((to) => leadsTo(scene, other, by, to))));
  }
  return from
    .filter(({ resourceType }) => resourceType === type)
    .flatMap((each) => codes.flatMap((by) => targetsBy(scene, each, by)))
    .filter(({ resourceType }) => only === undefined || resourceType === only);
}

/** Literally, a reference leads to whatever is there; by its URL, a definition is sought among the types the parameter allows. */
function targetsBy(scene: Scene, from: Stored, by: Parameter): readonly Stored[] {
  return links(from, by).flatMap(({ text, isCanonical }) => {
    if (text.startsWith('#')) return [];
    const literal = localReference(text.split(/[|#]/)[0] ?? '');
    const isThere = ({ resourceType, id }: Stored): boolean => resourceType === literal?.type && id === literal.id;
    return targetsOf(scene.world, text, isCanonical, from).filter((target) => isThere(target) || leadsToType(by, target.resourceType));
  });
}

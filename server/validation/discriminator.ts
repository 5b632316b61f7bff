/**
 * Compiles one discriminator of a slice: by value or pattern, by existence, by type, or by profile, along a path that
 * may go through extension(), resolve() and ofType().
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html#discriminator
 */
import { isObject, isResource } from '../fhir/resource.ts';
import { checkNode, conformsTo } from './check-profile.ts';
import type { Compiler, NodePlan } from './profile-plan.ts';
import { resolveIn } from './resolve.ts';
import type { Run } from './run.ts';
import type { Item, SliceTest } from './slicing.ts';
import type { Element, Structure } from './structure.ts';
import type { Property } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

interface Discriminator {
  readonly type: string;
  readonly path: string;
}

/** An element of some structure: the profile itself or one that it refers to. */
interface Place {
  readonly structure: Structure;
  readonly element: Element;
}

/** The test of one discriminator for a slice; undefined when the slice says nothing where it looks. What cannot be found in the definitions matches nothing. */
export function compileDiscriminator(
  compiler: Compiler,
  slice: Element,
  discriminator: Discriminator,
  properties: readonly Property[],
): SliceTest | undefined {
  const { workshop } = compiler;
  const steps = stepsOf(discriminator.path);
  const url = discriminator.path === 'url' ? extensionUrl(compiler, slice) : undefined;
  if (url !== undefined) return (_run, item) => isObject(item.value) && item.value.url === url;
  if (discriminator.type === 'type' && steps.length === 0) return byOwnType(slice);
  const places = locate({ structure: compiler.structure, element: slice }, steps, workshop);
  if (places.length === 0) return () => false;
  switch (discriminator.type) {
    case 'exists':
      return (run, item) => byExistence(valuesAt(run, item, steps).length > 0, places[0]!.element);
    case 'type': {
      const types = new Set(places.flatMap((place) => typesOf(place, workshop)));
      return (run, item) => valuesAt(run, item, steps).some((value) => types.has(typeOfValue(value)));
    }
    case 'profile': {
      const profiles = places.flatMap((place) => profilesOf(place));
      return (run, item) =>
        valuesAt(run, item, steps).some((one) => profiles.some((profile) => conformsTo(run, one.value, profile, workshop)));
    }
    default: {
      if (places.every((place) => place.element.max === 0)) return (run, item) => valuesAt(run, item, steps).length === 0;
      const nodes = places.map((place) => nodeAt(compiler, place, steps, properties));
      if (nodes.every((node) => node.checks.length === 0 && node.children.length === 0)) return undefined;
      const [only] = nodes;
      const [step] = steps;
      if (nodes.length === 1 && steps.length === 0) return (run, item) => run.isClean(checkNode, item.value, containerOf(item), only!);
      if (nodes.length === 1 && steps.length === 1 && step?.kind === 'member') return byMember(step.name, only!);
      return (run, item) => {
        const values = valuesAt(run, item, steps);
        return nodes.some((node) => values.some((one) => run.isClean(checkNode, one.value, one.container, node)));
      };
    }
  }
}

type Step = { readonly kind: 'member' | 'extension' | 'type'; readonly name: string } | { readonly kind: 'resolve' };

function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  for (const part of path.match(/[A-Za-z$]+(?:\[x\])?(?:\([^)]*\))?/g) ?? []) {
    const call = /^(\w+)\((.*)\)$/.exec(part);
    if (part === '$this') continue;
    if (call === null) steps.push({ kind: 'member', name: part.replace('[x]', '') });
    else if (call[1] === 'resolve') steps.push({ kind: 'resolve' });
    else if (call[1] === 'extension') steps.push({ kind: 'extension', name: call[2]!.replace(/^['"]|['"]$/g, '') });
    else if (call[1] === 'ofType') steps.push({ kind: 'type', name: call[2]! });
  }
  return steps;
}

/** The url that a slice of extensions is for. */
function extensionUrl(compiler: Compiler, slice: Element): string | undefined {
  if (slice.types[0]?.code !== 'Extension') return undefined;
  const own = compiler.tree.get(slice.id)?.find((element) => element.id === `${slice.id}.url`)?.fixed;
  if (typeof own === 'string') return own;
  const profile = slice.types[0].profile?.[0];
  return profile === undefined ? undefined : profile.split('|', 1)[0];
}

function byOwnType(slice: Element): SliceTest {
  const types = new Set(slice.types.map((type) => type.code));
  return (_run, item) => types.has(isResource(item.value) ? item.value.resourceType : item.type);
}

const byExistence = (exists: boolean, element: Element): boolean => (element.max === 0 ? !exists : element.min > 0 ? exists : true);

/** By the values of one member, which is by far the commonest: without a list of them. */
function byMember(name: string, node: NodePlan): SliceTest {
  return (run, item) => {
    const container = containerOf(item);
    if (!isObject(container)) return false;
    for (const key in container) {
      if (!isNamed(key, name)) continue;
      const content = container[key];
      if (typeof content === 'string' || isObject(content)) {
        if (run.isClean(checkNode, content, isObject(content) ? content : container[`_${key}`], node)) return true;
      } else if (Array.isArray(content) && content.every(isObject)) {
        for (const one of content) if (run.isClean(checkNode, one, one, node)) return true;
      } else if (valuesOf(container, key).some((one) => run.isClean(checkNode, one.value, one.container, node))) return true;
    }
    return false;
  };
}

interface Found {
  readonly value: unknown;
  /** The object that holds the value's members: for primitives their partner. */
  readonly container: unknown;
  readonly type: string;
}

function valuesAt(run: Run, item: Item, steps: readonly Step[]): readonly Found[] {
  let found: readonly Found[] = [{ value: item.value, container: containerOf(item), type: item.type }];
  for (const step of steps) found = found.length === 1 ? stepInto(run, found[0]!, step) : found.flatMap((one) => stepInto(run, one, step));
  return found;
}

const containerOf = ({ value, partner }: Item): unknown => (isObject(value) ? value : partner);

function stepInto(run: Run, from: Found, step: Step): Found[] {
  if (step.kind === 'type') return typeOfValue(from) === step.name ? [from] : [];
  if (step.kind === 'resolve') {
    const reference = isObject(from.value) ? from.value.reference : from.value;
    const target = typeof reference === 'string' ? resolveIn(run, reference) : undefined;
    return target === undefined ? [] : [{ value: target, container: target, type: target.resourceType }];
  }
  if (!isObject(from.container)) return [];
  if (step.kind === 'extension') {
    const extensions = Array.isArray(from.container.extension) ? from.container.extension.filter(isObject) : [];
    return extensions.filter((one) => one.url === step.name).map((one) => ({ value: one, container: one, type: 'Extension' }));
  }
  return members(from.container, step.name);
}

/** True for a member of this name, also one that is written with its type: `valueString` for `value`. */
function isNamed(key: string, name: string): boolean {
  if (!key.startsWith(name)) return false;
  const next = key.charCodeAt(name.length);
  return key.length === name.length || (next >= 65 && next <= 90);
}

function members(container: Record<string, unknown>, name: string): Found[] {
  const found: Found[] = [];
  for (const key in container) if (isNamed(key, name)) found.push(...valuesOf(container, key, key.slice(name.length)));
  return found;
}

/** The values of a member; for primitives with their partners. */
function valuesOf(container: Record<string, unknown>, key: string, type = ''): Found[] {
  const content = container[key];
  const partner = container[`_${key}`];
  return (Array.isArray(content) ? content : [content]).map((value, index) => ({
    value,
    container: isObject(value) ? value : Array.isArray(partner) ? partner[index] : partner,
    type,
  }));
}

function typeOfValue(found: Found): string {
  if (isResource(found.value)) return found.value.resourceType;
  return found.type.length > 0 && !isObject(found.value) ? found.type.charAt(0).toLowerCase() + found.type.slice(1) : found.type;
}

/** The elements that a path leads to from a slice: more than one when a reference may point at several profiles. */
function locate(from: Place, steps: readonly Step[], workshop: Workshop): Place[] {
  let places: Place[] = [from];
  for (const step of steps) places = places.flatMap((place) => locateStep(place, step, workshop));
  return places;
}

function locateStep(place: Place, step: Step, workshop: Workshop): Place[] {
  const { structure, element } = place;
  if (step.kind === 'type') return [{ structure, element: { ...element, types: element.types.filter((type) => type.code === step.name) } }];
  if (step.kind === 'resolve') {
    return element.types.flatMap((type) => type.target ?? []).flatMap((target) => rootOf(workshop.catalog.get(target)));
  }
  const wanted = (id: string, one: Element): boolean => {
    if (step.kind === 'extension') {
      return one.id.startsWith(`${id}.extension:`) && one.types[0]?.profile?.[0]?.split('|', 1)[0] === step.name;
    }
    return one.id === `${id}.${step.name}` || one.id === `${id}.${step.name}[x]`;
  };
  const own = structure.elements.filter((one) => wanted(element.id, one));
  if (own.length > 0) return own.map((one) => ({ structure, element: one }));
  return element.types.flatMap((type) => {
    const structures = type.profile ?? [`http://hl7.org/fhir/StructureDefinition/${type.code}`];
    return structures.flatMap((canonical) => {
      const other = workshop.catalog.get(canonical);
      return other === undefined || (other.url === structure.url && element === structure.elements[0])
        ? []
        : rootOf(other).flatMap((root) => locateStep(root, step, workshop));
    });
  });
}

const rootOf = (structure: Structure | undefined): Place[] =>
  structure === undefined ? [] : [{ structure, element: structure.elements[0]! }];

function typesOf(place: Place, workshop: Workshop): string[] {
  const codes = place.element.types.map((type) => type.code);
  return codes.length > 0 ? codes : [workshop.catalog.get(place.structure.url)?.type ?? place.structure.type];
}

function profilesOf(place: Place): string[] {
  const profiles = place.element.types.flatMap((type) => type.profile ?? []);
  return profiles.length > 0 ? profiles : place.element.path.includes('.') ? [] : [place.structure.url];
}

/** The plan of the element a value discriminator looks at, as its structure says it. */
function nodeAt(compiler: Compiler, place: Place, steps: readonly Step[], properties: readonly Property[]): NodePlan {
  const here = place.structure === compiler.structure ? compiler : compiler.of(place.structure);
  if (steps.length === 0) return here.node(place.element, properties[0]!.element, properties);
  return here.standalone(place.element);
}

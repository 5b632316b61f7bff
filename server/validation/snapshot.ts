/**
 * Makes the snapshot of a profile from its base's snapshot and its differential.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html#snapshot · https://hl7.org/fhir/R4/elementdefinition.html#id
 */
import { textOf } from '../fhir/json.ts';
import { compactDifferentialElement, type Element, type PartialElement, type Structure } from './structure.ts';

/** Where the snapshot finds the structures of types and of profiles on types. */
export interface StructureSource {
  get(canonical: string): Structure | undefined;
  type(name: string): Structure | undefined;
}

/** The elements of the profile's snapshot, and the ids of what the differential says about elements that do not exist. */
export function generateSnapshot(
  base: Structure,
  differential: readonly Record<string, unknown>[],
  source: StructureSource,
): { readonly elements: readonly Element[]; readonly unplaced: readonly string[] } {
  const snapshot = new Snapshot(base, source);
  const unplaced: string[] = [];
  for (const [element, id] of withIds(differential)) {
    if (!snapshot.apply(compactDifferentialElement(element, id))) unplaced.push(id);
  }
  return { elements: snapshot.elements, unplaced };
}

/** Each element of a differential with its id; where there is none it follows from path and slice names. */
function withIds(differential: readonly Record<string, unknown>[]): [Record<string, unknown>, string][] {
  const slices = new Map<string, string>();
  return differential.map((element) => {
    const path = textOf(element.path);
    if (typeof element.id === 'string' && element.id.replace(/:[^.]*/g, '') === path) return [element, element.id];
    let above = path.lastIndexOf('.');
    while (above >= 0 && !slices.has(path.slice(0, above))) above = path.lastIndexOf('.', above - 1);
    const own = above < 0 ? path : `${slices.get(path.slice(0, above))}${path.slice(above)}`;
    const id = typeof element.sliceName === 'string' ? `${own}:${element.sliceName}` : own;
    for (const known of slices.keys()) if (known.startsWith(`${path}.`)) slices.delete(known);
    slices.set(path, id);
    return [element, id];
  });
}

class Snapshot {
  readonly elements: Element[];
  readonly #source: StructureSource;
  /** The elements of the type itself: where a contentReference leads. */
  readonly #type: readonly Element[];

  constructor(base: Structure, source: StructureSource) {
    this.elements = [...base.elements];
    this.#type = source.type(base.type)?.elements ?? base.elements;
    this.#source = source;
  }

  /** Puts in what the differential says of one element; false when there is no such element. */
  apply(partial: PartialElement): boolean {
    const index = this.#locate(partial.id, partial.types);
    if (index < 0) return false;
    this.elements[index] = merge(this.elements[index]!, partial);
    return true;
  }

  /** The index of the element with this id, made from its type, its contentReference or its slicing where it was not written out; −1 when there is none. */
  #locate(id: string, types?: Element['types']): number {
    const found = this.elements.findIndex((element) => element.id === id);
    if (found >= 0) return found;
    const dot = id.lastIndexOf('.');
    const parentId = dot < 0 ? '' : id.slice(0, dot);
    const last = id.slice(dot + 1);
    const colon = last.indexOf(':');
    if (colon >= 0) return this.#addSlice(id, parentId, last.slice(0, colon), last.slice(colon + 1), types);
    if (parentId === '') return -1;
    const parent = this.#locate(parentId);
    if (parent < 0) return -1;
    const placed = this.elements[parent]!.id;
    if (placed !== parentId) return this.#locate(`${placed}.${last}`);
    if (!this.elements.some((element) => element.id.startsWith(`${parentId}.`))) this.#unfold(parent);
    const now = this.elements.findIndex((element) => element.id === id);
    return now >= 0 ? now : this.#shortcut(parentId, last);
  }

  /** `valueQuantity` for value[x] narrowed to Quantity: a type slice with that name. */
  #shortcut(parentId: string, name: string): number {
    const choice = this.elements.find((element) => {
      if (!element.id.startsWith(`${parentId}.`) || !element.id.endsWith('[x]')) return false;
      const stem = element.id.slice(parentId.length + 1, -3);
      return name.startsWith(stem) && element.types.some((type) => capital(type.code) === name.slice(stem.length));
    });
    if (choice === undefined) return -1;
    const type = choice.types.find((one) => name.endsWith(capital(one.code)))!;
    const index = this.elements.indexOf(choice);
    if (choice.slicing === undefined) {
      this.elements[index] = { ...choice, slicing: { discriminator: [{ type: 'type', path: '$this' }], rules: 'open', ordered: false } };
    }
    const slice = this.#locate(`${choice.id}:${name}`);
    if (slice >= 0) this.elements[slice] = { ...this.elements[slice]!, types: [type] };
    return slice;
  }

  #addSlice(id: string, parentId: string, name: string, sliceName: string, types?: Element['types']): number {
    const stemId = parentId === '' ? name : `${parentId}.${name}`;
    const slash = sliceName.lastIndexOf('/');
    const originId = slash < 0 ? stemId : `${stemId}:${sliceName.slice(0, slash)}`;
    const origin = this.#locate(originId);
    if (origin < 0) return -1;
    const stem = this.elements[origin]!;
    const { slicing: _slicing, ...plain } = stem;
    const narrowed = stem.path.endsWith('[x]') ? typeOfSlice(stem, sliceName, types) : stem.types;
    const implied = stem.slicing === undefined && slash < 0 ? impliedSlicing(stem) : undefined;
    if (implied !== undefined) this.elements[origin] = { ...stem, slicing: implied };
    const at = this.#endOf(stemId);
    this.elements.splice(at, 0, { ...plain, id, sliceName, min: 0, types: narrowed });
    return at;
  }

  /** The index after the last element that is this one, a child of it or a slice of it. */
  #endOf(id: string): number {
    let last = -1;
    for (let index = 0; index < this.elements.length; index++) {
      const other = this.elements[index]!.id;
      if (other === id || other.startsWith(`${id}.`) || other.startsWith(`${id}:`)) last = index;
    }
    return last + 1;
  }

  /** Writes out the children of an element after it. */
  #unfold(index: number): void {
    const parent = this.elements[index]!;
    const children = this.#childrenOf(parent);
    const copies = children.elements.map((child) => ({
      ...child,
      id: parent.id + child.id.slice(children.id.length),
      path: parent.path + child.path.slice(children.path.length),
    }));
    this.elements.splice(index + 1, 0, ...copies);
  }

  #childrenOf(parent: Element): { elements: readonly Element[]; id: string; path: string } {
    const stemId = parent.sliceName === undefined ? undefined : parent.id.slice(0, parent.id.lastIndexOf(':'));
    if (stemId !== undefined) {
      const elements = this.elements.filter((element) => element.id.startsWith(`${stemId}.`));
      if (elements.length > 0) return { elements, id: stemId, path: parent.path };
    }
    const { contentReference } = parent;
    if (contentReference !== undefined) {
      return {
        elements: this.#type.filter((element) => element.id.startsWith(`${contentReference}.`)),
        id: contentReference,
        path: contentReference,
      };
    }
    const type = parent.types[0];
    if (type === undefined || parent.types.length > 1) return { elements: [], id: '', path: '' };
    const profiled = type.profile?.[0] === undefined ? undefined : this.#source.get(type.profile[0]);
    const structure = profiled ?? this.#source.type(type.code);
    if (structure === undefined) return { elements: [], id: '', path: '' };
    return { elements: structure.elements.slice(1), id: structure.elements[0]!.id, path: structure.elements[0]!.path };
  }
}

function capital(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}

/** The type a slice of a choice is for, when its name or its own types say it. */
function typeOfSlice(stem: Element, sliceName: string, types?: Element['types']): Element['types'] {
  if (types !== undefined) return types;
  const prefix = stem.path.slice(stem.path.lastIndexOf('.') + 1, -3);
  const named = stem.types.filter((type) => sliceName === prefix + capital(type.code));
  return named.length > 0 ? named : stem.types;
}

/** Extensions are sliced by url and choices by type without the differential saying so. */
function impliedSlicing(stem: Element): Element['slicing'] {
  if (/\.(?:modifierE|e)xtension$/.test(stem.path))
    return { discriminator: [{ type: 'value', path: 'url' }], rules: 'open', ordered: false };
  if (stem.path.endsWith('[x]')) return { discriminator: [{ type: 'type', path: '$this' }], rules: 'open', ordered: false };
  return undefined;
}

/** The element with what the differential says about it: constraints are added, everything else replaces. */
function merge(element: Element, partial: PartialElement): Element {
  const { constraints, path: _path, id: _id, ...rest } = partial;
  const kept = constraints === undefined ? [] : constraints.filter((one) => !element.constraints.some((other) => other.key === one.key));
  return { ...element, ...rest, id: element.id, path: element.path, constraints: [...element.constraints, ...kept] };
}

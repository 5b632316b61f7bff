/**
 * Compiles a profile into a plan that holds only what it adds to the base definition: branches that add nothing are cut,
 * so that checking a profile costs what the profile says, not what the type can hold.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html
 */
import { compileBinding } from './binding.ts';
import { typeProfileCheck } from './check-profile.ts';
import { compileInvariants } from './invariants.ts';
import { primitiveCheck } from './primitives.ts';
import { compileReference } from './reference-target.ts';
import { compileSlicing, type SlicingPlan } from './slicing.ts';
import type { Constraint, Element, Structure } from './structure.ts';
import type { Property, TypePlan, ValueCheck } from './type-plan.ts';
import { compileValueChecks } from './values.ts';
import type { Workshop } from './workshop.ts';

/** What a profile says of one element, besides its base. */
export interface NodePlan {
  readonly element: Element;
  readonly checks: readonly ValueCheck[];
  readonly children: readonly ChildPlan[];
}

/** One named child of an element: how many, of which types, and what each must be. */
export interface ChildPlan {
  /** `value[x]` or `identifier`. */
  readonly name: string;
  readonly element: Element;
  readonly properties: readonly Property[];
  /** The properties by their names in JSON, where they are many; undefined where they are few. */
  readonly choice: ReadonlyMap<string, Property> | undefined;
  readonly min: number;
  readonly max: number;
  /** Type codes that are left of a choice or of a resource; undefined when all of the base are. */
  readonly types: ReadonlySet<string> | undefined;
  readonly node: NodePlan;
  readonly slicing: SlicingPlan | undefined;
  /** The profile that says it. */
  readonly from: string;
}

export interface ProfilePlan {
  readonly url: string;
  readonly type: string;
  readonly root: NodePlan;
}

/** As many properties are asked for one by one. */
const FEW_PROPERTIES = 3;

/** Elements of a snapshot below their parent's id. */
export type Tree = ReadonlyMap<string, readonly Element[]>;

export class ProfilePlans {
  readonly #plans = new Map<string, ProfilePlan>();
  readonly #workshop: Workshop;

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  /** The plan of a profile, whatever version is asked for; undefined when the profile is not known or its type is not. */
  get(canonical: string): ProfilePlan | undefined {
    const ready = this.#plans.get(canonical);
    if (ready !== undefined) return ready;
    const bar = canonical.indexOf('|');
    // Anybody may write any version: a plan for each would fill the memory.
    if (bar >= 0) return this.get(canonical.slice(0, bar));
    const structure = this.#workshop.catalog.get(canonical);
    const type = structure === undefined ? undefined : this.#workshop.types.get(structure.type);
    const plan = structure === undefined || type === undefined ? undefined : compileProfile(structure, type, this.#workshop);
    if (plan !== undefined) this.#plans.set(canonical, plan);
    return plan;
  }
}

function compileProfile(structure: Structure, type: TypePlan, workshop: Workshop): ProfilePlan {
  const compiler = new Compiler(structure, workshop);
  return { url: structure.url, type: structure.type, root: compiler.root(structure.elements[0]!, type) };
}

function treeOf(structure: Structure): Tree {
  const tree = new Map<string, Element[]>();
  for (const element of structure.elements.slice(1)) {
    const parent = element.id.slice(0, element.id.lastIndexOf('.'));
    const siblings = tree.get(parent);
    if (siblings === undefined) tree.set(parent, [element]);
    else siblings.push(element);
  }
  return tree;
}

export class Compiler {
  readonly structure: Structure;
  readonly tree: Tree;
  readonly workshop: Workshop;
  readonly #from: string;

  constructor(structure: Structure, workshop: Workshop) {
    this.structure = structure;
    this.tree = treeOf(structure);
    this.workshop = workshop;
    this.#from = structure.version === undefined ? structure.url : `${structure.url}|${structure.version}`;
  }

  get from(): string {
    return this.#from;
  }

  /** A compiler of the same workshop for another structure. */
  of(structure: Structure): Compiler {
    return new Compiler(structure, this.workshop);
  }

  root(element: Element, type: TypePlan): NodePlan {
    const base = this.workshop.catalog.type(this.structure.type)?.elements[0]?.constraints ?? [];
    const added = element.constraints.filter((one) => !base.some((other) => other.key === one.key));
    return {
      element,
      checks: [
        ...compileInvariants(added, element.path, this.#from, this.workshop),
        ...(this.structure.imposed ?? []).flatMap((profile) => typeProfileCheck([profile], this.workshop)),
      ],
      children: this.children(element.id, type),
    };
  }

  /** The plans of the children of an element that add something. */
  children(parentId: string, type: TypePlan | undefined): ChildPlan[] {
    const elements = this.tree.get(parentId);
    if (elements === undefined || type === undefined) return [];
    const plans: ChildPlan[] = [];
    for (const element of elements) {
      if (element.id.slice(parentId.length).includes(':')) continue;
      const slices = elements.filter((other) => other.id.startsWith(`${element.id}:`));
      const plan = this.#child(element, slices, type);
      if (plan !== undefined) plans.push(plan);
    }
    return plans;
  }

  #child(element: Element, slices: readonly Element[], type: TypePlan): ChildPlan | undefined {
    const name = element.path.slice(element.path.lastIndexOf('.') + 1);
    const stem = name.endsWith('[x]') ? name.slice(0, -3) : name;
    const properties = [...type.properties.values()].filter(
      (one) =>
        one.element.path.slice(one.element.path.lastIndexOf('.') + 1) === name ||
        (stem !== name && one.json.startsWith(stem) && one.element.path.endsWith(`.${name}`)),
    );
    const base = properties[0]?.element;
    if (base === undefined) return undefined;
    const node = this.node(element, base, properties);
    const slicing =
      slices.length === 0 && element.slicing === undefined ? undefined : compileSlicing(this, element, slices, base, properties);
    const types = narrowedTypes(element, base);
    const min = element.min > base.min ? element.min : 0;
    const max = element.max < base.max ? element.max : Number.POSITIVE_INFINITY;
    const empty = node.checks.length === 0 && node.children.length === 0;
    if (empty && slicing === undefined && types === undefined && min === 0 && max === Number.POSITIVE_INFINITY) return undefined;
    const choice = properties.length > FEW_PROPERTIES ? new Map(properties.map((property) => [property.json, property])) : undefined;
    return { name, element, properties, choice, min, max, types, node, slicing, from: this.#from };
  }

  /** What an element says of each of its values, besides its base and, for a slice, besides the element that is sliced. */
  node(element: Element, base: Element, properties: readonly Property[], sliced?: Element): NodePlan {
    const property = properties.find((one) => one.type === element.types[0]?.code) ?? properties[0]!;
    const ofType = this.workshop.catalog.type(property.type)?.elements[0]?.constraints ?? [];
    // Values of a type that is not allowed are not held to what is said of all, but to what is said of their slice.
    const ofSliced = sliced === undefined || narrowedTypes(sliced, base) !== undefined ? [] : sliced.constraints;
    const inherited = [...base.constraints, ...ofType, ...ofSliced];
    const added = element.constraints.filter((one) => !inherited.some((other) => other.key === one.key));
    const single = element.types.length === 1 ? element.types[0]!.code : undefined;
    const inner = single === undefined ? undefined : this.#innerPlan(single, property);
    const typed = typedBase(element, base);
    return {
      element,
      checks: [
        ...compileValueChecks(without(element, base), this.#from),
        ...this.#invariants(added, element, base),
        ...(sameBinding(element, base) ? [] : element.types.flatMap((type) => typedBinding(element, type.code, this.workshop))),
        ...(sameTargets(element, typed) ? [] : compileReference(element, this.workshop)),
        ...(single === 'Extension'
          ? []
          : typeProfileCheck(
              element.types.flatMap((type) => type.profile ?? []),
              this.workshop,
            )),
      ],
      children: this.children(element.id, inner),
    };
  }

  /** What an element says of its values, base and all: for the values a discriminator looks at. */
  standalone(element: Element): NodePlan {
    const type = element.types.length === 1 ? element.types[0]!.code : undefined;
    const inner = type === 'BackboneElement' || type === 'Element' ? element.path : type;
    return {
      element,
      checks: [
        ...compileValueChecks(element, this.#from),
        ...element.types.flatMap((one) => typedBinding(element, one.code, this.workshop)),
        ...typeProfileCheck(
          element.types.flatMap((one) => one.profile ?? []),
          this.workshop,
        ),
      ],
      children: inner === undefined ? [] : this.children(element.id, this.workshop.types.get(inner)),
    };
  }

  /** The constraints of an element; those of a choice start from the type that the value has. */
  #invariants(added: readonly Constraint[], element: Element, base: Element): ValueCheck[] {
    if (added.length === 0) return [];
    if (!base.path.endsWith('[x]')) return compileInvariants(added, base.contentReference ?? base.path, this.#from, this.workshop);
    const byType = element.types.map(({ code }) => ({
      is: primitiveCheck(code),
      checks: compileInvariants(added, code, this.#from, this.workshop),
    }));
    return [
      (run, value) => {
        const found = byType.find(({ is }) => (is === undefined ? typeof value === 'object' : is(value) === undefined));
        for (const check of found?.checks ?? []) check(run, value);
      },
    ];
  }

  #innerPlan(type: string, property: Property): TypePlan | undefined {
    if (this.workshop.catalog.type(type)?.kind === 'resource') return this.workshop.types.get(type);
    if (property.type !== type && property.element.contentReference === undefined) return this.workshop.types.get(type);
    return property.plan();
  }
}

/** A binding is checked on values of the type it is for only. */
function typedBinding(element: Element, type: string, workshop: Workshop): ValueCheck[] {
  const checks = compileBinding(element.binding, type, workshop);
  if (element.types.length === 1) return checks;
  const isText = ['code', 'string', 'uri', 'url', 'canonical'].includes(type);
  return checks.map((check) => (run, value) => {
    if ((typeof value === 'string') === isText) check(run, value);
  });
}

function typedBase(element: Element, base: Element): Element {
  const codes = new Set(element.types.map((type) => type.code));
  return { ...base, types: base.types.filter((type) => codes.has(type.code)) };
}

const sameBinding = (element: Element, base: Element): boolean => JSON.stringify(element.binding) === JSON.stringify(base.binding);
const targetsOf = ({ types }: Element): string =>
  JSON.stringify([types.flatMap((type) => [...(type.target ?? [])].sort()), types.map((type) => [type.aggregation, type.versioning])]);
const sameTargets = (element: Element, base: Element): boolean => targetsOf(element) === targetsOf(base);

const LIMITS = ['maxLength', 'minLength', 'regex', 'maxDecimals', 'maxSize', 'minValue', 'maxValue'] as const;

/** The element without the limits that its base has too. */
function without(element: Element, base: Element): Element {
  const shared = LIMITS.filter((name) => JSON.stringify(element[name]) === JSON.stringify(base[name]));
  return { ...element, ...Object.fromEntries(shared.map((name) => [name, undefined])) };
}

/** The type codes that are left, when they are fewer than the base allows. */
function narrowedTypes(element: Element, base: Element): ReadonlySet<string> | undefined {
  const codes = new Set(element.types.map((type) => type.code));
  if (codes.size === 0 || base.types.every((type) => codes.has(type.code))) return undefined;
  return codes;
}

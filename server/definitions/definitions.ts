/**
 * The definitions of FHIR types in compact form: what an element may be called, hold and repeat. Compiled once from
 * HL7's StructureDefinitions (server/definitions/build) so that a start reads about a megabyte, not sixty.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html
 */

export interface ElementInfo {
  /** The JSON name without a choice suffix: `value` for value[x]. */
  readonly name: string;
  /** The path in the base definition: `Observation.value[x]`. */
  readonly path: string;
  readonly min: number;
  /** Infinity for `*`. */
  readonly max: number;
  /** Type codes: `string`, `CodeableConcept`, `Reference`, `BackboneElement`, `Resource` …; empty for a contentReference. */
  readonly types: readonly string[];
  /** True for value[x]: the JSON name is `name` + type with a capital. */
  readonly choice: boolean;
  /** For elements with their own children (BackboneElement, Element) or a contentReference: the name in `type()` that holds them, `Observation.component`. */
  readonly childrenIn?: string;
  /** For references: the resource types allowed; empty for any. */
  readonly targets?: readonly string[];
  /** `system`: the one code system a required value set is drawn from, when it is one. */
  readonly binding?: {
    readonly strength: 'required' | 'extensible' | 'preferred' | 'example';
    readonly valueSet?: string;
    readonly system?: string;
  };
  readonly summary: boolean;
  readonly modifier: boolean;
}

export interface TypeInfo {
  /** `Patient`, `HumanName`, `string`, or the path of an inner element: `Patient.contact`. */
  readonly name: string;
  readonly kind: 'resource' | 'complex-type' | 'primitive-type' | 'backbone';
  readonly abstract: boolean;
  readonly base?: string;
  /** All elements incl. inherited ones, in order. */
  readonly elements: readonly ElementInfo[];
  /** An element by its JSON property name (`valueQuantity`, `name`; without the underscore), with the type a choice name settles. */
  property(jsonName: string): { readonly element: ElementInfo; readonly type: string } | undefined;
}

export interface SearchParameterInfo {
  readonly url: string;
  readonly code: string;
  readonly type: 'number' | 'date' | 'string' | 'token' | 'reference' | 'composite' | 'quantity' | 'uri' | 'special';
  readonly base: readonly string[];
  readonly expression?: string;
  readonly targets: readonly string[];
  /** For composites: the definition URL and the expression of each component. */
  readonly components: readonly { readonly definition: string; readonly expression: string }[];
  readonly description: string;
}

export interface Definitions {
  /** Names of all concrete resource types, sorted. */
  readonly resourceTypes: readonly string[];
  isResourceType(name: string): boolean;
  type(name: string): TypeInfo | undefined;
  /** All search parameters: HL7's and the project's own. */
  readonly searchParameters: readonly SearchParameterInfo[];
}

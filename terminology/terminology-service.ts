/**
 * The port to terminology: value sets and code systems, answered in memory and offline.
 *
 * Spec: https://hl7.org/fhir/R4/terminology-service.html
 */

export interface CodedValue {
  readonly system?: string;
  readonly version?: string;
  readonly code: string;
  readonly display?: string;
}

/** Whether a code is a member: `unknown` when the value set or a code system it needs is not held here. */
export type Membership = 'in' | 'out' | 'unknown';

export interface ValidateCodeResult {
  readonly membership: Membership;
  /** The system that the code was looked for in; of a bare code the one that the value set has it from. */
  readonly system?: string;
  /** The display the code system gives, when it is known. */
  readonly display?: string;
  /** True when the display given is not one the code system has for this code. */
  readonly wrongDisplay: boolean;
  /** Canonicals that are not held here and would have been needed. */
  readonly unknown: readonly string[];
  /** For people, in English; empty when all is well. */
  readonly message: string;
}

export interface ExpandRequest {
  readonly valueSet: string | Readonly<Record<string, unknown>>;
  /** Words that the display or code must hold, in any order. */
  readonly filter?: string;
  readonly offset?: number;
  readonly count?: number;
  readonly activeOnly?: boolean;
  /** Leaves out codes that only group others. */
  readonly excludeNotForUI?: boolean;
  /** Canonicals of code systems whose codes are left out; one with another version than that held leaves out nothing. */
  readonly excludeSystems?: readonly string[];
  /** BCP-47, or several with commas between, the most wanted first: `nb`, `nn`, `en`. */
  readonly displayLanguage?: string;
}

export interface Designation {
  /** Empty where it is not told. */
  readonly language: string;
  readonly value: string;
  /** A Coding. */
  readonly use?: Readonly<Record<string, unknown>>;
}

export interface ExpansionEntry {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
  readonly inactive?: boolean;
  readonly abstract?: boolean;
  /** Those that the value set itself gives; they go before those of the code system. */
  readonly designations?: readonly Designation[];
}

export interface Expansion {
  /** The number of codes after filter, before paging. */
  readonly total: number;
  readonly offset: number;
  readonly contains: readonly ExpansionEntry[];
  /** The code systems that it is made of, `url|version`, where a version is known. */
  readonly versions: readonly string[];
  /** True when a code system that it is made of is held in part only: there may be more codes. */
  readonly isOpen: boolean;
}

/** Why an expansion cannot be given; an `unknown-filter` is one that is not understood. */
export type ExpansionProblem = {
  readonly problem: 'not-found' | 'too-costly' | 'unknown-system' | 'unknown-filter';
  readonly message: string;
};

export interface ConceptProperty {
  readonly code: string;
  /** The type of the value: `code`, `Coding`, `string` …, with its first letter large as in `valueCode`. */
  readonly type: string;
  readonly value: unknown;
}

export interface LookupResult {
  readonly name: string;
  readonly version?: string;
  readonly display?: string;
  readonly definition?: string;
  readonly designations: readonly Designation[];
  readonly parents: readonly string[];
  readonly children: readonly string[];
  readonly properties: readonly ConceptProperty[];
  /** The names of the properties that concepts of the code system may have. */
  readonly propertyNames: readonly string[];
  readonly abstract: boolean;
  readonly inactive: boolean;
}

export interface TranslateMatch {
  readonly equivalence: string;
  /** Left out where the map says that there is none. */
  readonly concept?: CodedValue;
  /** What else comes out of the mapping: the value of an element. */
  readonly products: readonly { readonly element: string; readonly concept: CodedValue }[];
  /** The canonical URL of the concept map. */
  readonly source: string;
}

export interface HeldCodeSystem {
  readonly url: string;
  readonly version?: string;
  /** False when its hierarchy does not tell of kinds: then no code subsumes another. */
  readonly isTaxonomy: boolean;
}

export interface TerminologyService {
  /** Another number after each addition: what was answered before holds while it stays. */
  readonly revision: number;
  /** Whether a code is a member of a value set, without the words. `system` undefined: any system of the value set will do. */
  membership(valueSet: string, system: string | undefined, code: string): Membership;
  /** The same for a ValueSet resource that is not held here: a contained one. */
  membershipIn(valueSet: Readonly<Record<string, unknown>>, system: string | undefined, code: string): Membership;
  /** Whether a code is a member of a value set. `system` may be left out for elements of type code: then any system of the value set will do. */
  validateCode(valueSet: string, coded: CodedValue): ValidateCodeResult;
  /** Whether a code exists in its code system. */
  validateInSystem(coded: CodedValue): ValidateCodeResult;
  expand(request: ExpandRequest): Expansion | ExpansionProblem;
  lookup(coded: CodedValue, displayLanguage?: string): LookupResult | undefined;
  /** How code a stands to code b; undefined when either is unknown, or the hierarchy does not tell of kinds. */
  subsumes(system: string, a: string, b: string): 'equivalent' | 'subsumes' | 'subsumed-by' | 'not-subsumed' | undefined;
  /** What the code maps to in the concept maps held, or in the one named; `target` narrows to a target system or target value set. */
  translate(
    coded: CodedValue,
    asked?: { readonly target?: string | undefined; readonly map?: string | undefined },
  ): readonly TranslateMatch[];
  /** The version that is held of a code system; undefined when it has none, or is not held. */
  versionOf(system: string): string | undefined;
  /** The code systems whose codes are held, by URL. */
  codeSystems(): readonly HeldCodeSystem[];
  /** True when a value set or code system with this canonical is held. */
  knows(canonical: string): boolean;
  /** The CodeSystem, ValueSet or ConceptMap held under a canonical URL (a version after `|` is passed over); undefined when there is none. */
  definition(type: 'CodeSystem' | 'ValueSet' | 'ConceptMap', canonical: string): Readonly<Record<string, unknown>> | undefined;
  /**
   * This service with more resources, which go before those of the same type and URL; among themselves the first goes before,
   * and further versions of a code system are found by URL and version. This one is not changed.
   */
  including(resources: readonly Readonly<Record<string, unknown>>[]): TerminologyService;
  /** Adds a CodeSystem, ValueSet or ConceptMap resource. */
  add(resource: Readonly<Record<string, unknown>>): void;
}

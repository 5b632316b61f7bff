/**
 * What a trial needs of a type: its properties with the kind of their values, in the order in which content has them.
 * Made from the plan of the type when content of it is first tried.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */
import { checkElementId } from '../identity.ts';
import { checkMarkdown, checkString } from '../text.ts';
import type { Property, TypePlan, ValueCheck } from '../type-plan.ts';

/** How the value of a property is tried. */
export const KIND = {
  /** Resources and ids of elements: never tried. */
  none: 0,
  object: 1,
  extension: 2,
  text: 3,
  markdown: 4,
  code: 5,
  id: 6,
  uri: 7,
  date: 8,
  dateTime: 9,
  instant: 10,
  boolean: 11,
  decimal: 12,
  /** Other primitives: by their own check. */
  primitive: 13,
} as const;
type Kind = (typeof KIND)[keyof typeof KIND];

const KINDS: Readonly<Record<string, Kind>> = {
  string: KIND.text,
  markdown: KIND.markdown,
  code: KIND.code,
  id: KIND.id,
  uri: KIND.uri,
  url: KIND.uri,
  canonical: KIND.uri,
  date: KIND.date,
  dateTime: KIND.dateTime,
  instant: KIND.instant,
  boolean: KIND.boolean,
  decimal: KIND.decimal,
};
/** One list for all without checks, which the processor then has at hand. */
const NONE: readonly ValueCheck[] = [];
/** Marks are bits of a small integer. */
const MOST_MARKS = 30;

export class TrialProperty {
  readonly of: Property;
  readonly json: string;
  readonly kind: Kind;
  readonly repeats: boolean;
  /** The bit of an element that must be present or that is a choice; 0 for others. */
  readonly mark: number;
  /** The checks of a value that is plain. */
  readonly checks: readonly ValueCheck[];
  /** The property that came after this one last: content of one kind is mostly written in one order. */
  next: TrialProperty | undefined;
  /** The last URI that was found right. */
  known: string | undefined;
  #inner: TrialPlan | undefined;

  constructor(of: Property, mark: number) {
    this.of = of;
    this.json = of.json;
    this.repeats = of.repeats;
    this.mark = mark;
    this.kind = kindOf(of);
    const checks = of.checks.filter((check) => check !== checkMarkdown && check !== checkString);
    this.checks = checks.length === 0 ? NONE : checks;
    this.next = undefined;
    this.known = undefined;
  }

  /** What stands inside; undefined when the type of it is not known. */
  get inner(): TrialPlan | undefined {
    if (this.#inner === undefined) {
      const plan = this.of.plan();
      if (plan !== undefined) this.#inner = trialPlan(plan);
    }
    return this.#inner;
  }
}

function kindOf({ isResource, checks, primitive, type }: Property): Kind {
  if (isResource || checks.includes(checkElementId)) return KIND.none;
  if (type === 'Extension') return KIND.extension;
  return primitive === undefined ? KIND.object : (KINDS[type] ?? KIND.primitive);
}

export class TrialPlan {
  readonly of: TypePlan;
  /** The checks of the whole object. */
  readonly checks: readonly ValueCheck[];
  /** The marks of all elements that must be present. */
  readonly required: number;
  /** The property that content began with last. */
  first: TrialProperty | undefined;
  readonly #marks: ReadonlyMap<unknown, number>;
  /** Those that were met: of what a type may have, content has little. */
  readonly #met = new Map<string, TrialProperty>();

  constructor(of: TypePlan) {
    this.of = of;
    this.checks = of.checks.length === 0 ? NONE : of.checks;
    this.first = undefined;
    const marks = new Map<unknown, number>();
    for (const { element } of of.required) marks.set(element, 1 << marks.size);
    this.required = (1 << marks.size) - 1;
    for (const { element } of of.properties.values()) {
      if (element.path.endsWith('[x]') && !marks.has(element)) marks.set(element, 1 << marks.size);
    }
    this.#marks = marks;
  }

  /** The property of a name in JSON; undefined when there is none, or the type has more marks than fit: then none of its content is tried. */
  property(json: string): TrialProperty | undefined {
    const met = this.#met.get(json);
    if (met !== undefined) return met;
    const of = this.#marks.size > MOST_MARKS ? undefined : this.of.properties.get(json);
    if (of === undefined) return undefined;
    const made = new TrialProperty(of, this.#marks.get(of.element) ?? 0);
    this.#met.set(json, made);
    return made;
  }
}

const plans = new WeakMap<TypePlan, TrialPlan>();

/** The trial of a type. */
export function trialPlan(of: TypePlan): TrialPlan {
  const ready = plans.get(of);
  if (ready !== undefined) return ready;
  const made = new TrialPlan(of);
  plans.set(of, made);
  return made;
}

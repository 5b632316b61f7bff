/**
 * Compiles the binding of an element: is the code in the value set, as strongly as the binding says.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies.html#strength
 */

import type { Membership, TerminologyService } from '../../terminology/terminology-service.ts';
import { textOf } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';
import type { Run } from './run.ts';
import type { Binding } from './structure.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

const SINGLE = new Set(['Coding', 'Quantity', 'Age', 'Count', 'Distance', 'Duration', 'SimpleQuantity']);
const BARE = new Set(['code', 'string', 'uri', 'url', 'canonical', 'id']);

/** The check of a binding for values of a type; none for example bindings and for types that carry no code. */
export function compileBinding(binding: Binding | undefined, type: string, workshop: Workshop): ValueCheck[] {
  if (binding === undefined) return [];
  const { valueSet, strength, maxValueSet, additional = [] } = binding;
  const all = [...additional];
  if (maxValueSet !== undefined) all.unshift({ strength: 'required', valueSet: maxValueSet });
  if (valueSet !== undefined) all.unshift({ strength, valueSet });
  return all.flatMap((one) => (one.strength === 'example' ? [] : compileOne(one.valueSet, one.strength, type, workshop)));
}

/** Whether a code, a Coding or a concept is in a value set; undefined when that cannot be told. */
export function isMember(value: unknown, valueSet: string, terminology: TerminologyService): boolean | undefined {
  const codings = isObject(value) ? (Array.isArray(value.coding) ? value.coding : [value]) : [{ code: value }];
  const found = codings.filter(isObject).map(({ system, code }) => {
    if (typeof code !== 'string') return 'out';
    return terminology.membership(valueSet, typeof system === 'string' ? system : undefined, code);
  });
  return found.includes('in') ? true : found.includes('unknown') ? undefined : false;
}

/** The value set that a primitive must have a code from; undefined when its binding is weaker. */
export function requiredValueSet(binding: Binding | undefined, type: string): string | undefined {
  return binding?.strength === 'required' && BARE.has(type) ? binding.valueSet : undefined;
}

/** A code list of this length is read at a glance; a longer one is looked up. */
const CHOICES_AT_MOST = 30;

type Strength = 'required' | 'extensible' | 'preferred';

function compileOne(valueSet: string, strength: Strength, type: string, workshop: Workshop): ValueCheck[] {
  const { terminology } = workshop;
  // Value sets are held without their version, which would be cut off for each code.
  const held = valueSet.split('|', 1)[0]!;
  if (BARE.has(type)) {
    return [
      (run, value) => {
        if (typeof value === 'string')
          reportBare(run, terminology.membership(held, undefined, value), value, valueSet, strength, terminology);
      },
    ];
  }
  const membershipOf = (coding: unknown): Membership | undefined => {
    if (!isObject(coding) || typeof coding.code !== 'string') return undefined;
    return typeof coding.system === 'string' ? terminology.membership(held, coding.system, coding.code) : 'out';
  };
  if (SINGLE.has(type)) {
    return [
      (run, value) => {
        const membership = membershipOf(value);
        if (membership === undefined) return;
        reportBare(run, membership, textOf((value as Record<string, unknown>).code), valueSet, strength, terminology);
      },
    ];
  }
  if (type !== 'CodeableConcept') return [];
  return [(run, value) => checkConcept(run, value, membershipOf, valueSet, strength, terminology)];
}

function checkConcept(
  run: Run,
  value: unknown,
  membershipOf: (coding: unknown) => Membership | undefined,
  valueSet: string,
  strength: Strength,
  terminology: TerminologyService,
): void {
  if (!isObject(value)) return;
  const codings = Array.isArray(value.coding) ? value.coding : [];
  let unknown = false;
  let coded = false;
  for (const coding of codings) {
    const membership = membershipOf(coding);
    if (membership === 'in') return;
    if (membership !== undefined) coded = true;
    if (membership === 'unknown') unknown = true;
  }
  if (!coded) {
    if (strength === 'required') run.report('binding-no-code', { valueSet });
    return;
  }
  const codes = codings.map((one) => (isObject(one) ? `${textOf(one.system ?? '')}#${textOf(one.code ?? '')}` : '')).join(', ');
  if (unknown) reportUnknown(run, codes, valueSet, strength);
  else if (strength === 'required') run.report('binding-required', requiredWords(codes, valueSet, terminology));
  else run.report(strength === 'extensible' ? 'binding-extensible' : 'binding-preferred', { code: codes, valueSet }, severityOf(strength));
}

const severityOf = (strength: Strength) => (strength === 'extensible' ? 'warning' : 'information') as 'warning' | 'information';

/** The words of a broken binding. The codes to choose from are looked up only where they are told: most trials are not. */
const requiredWords = (code: string, valueSet: string, terminology: TerminologyService) => ({
  code,
  valueSet,
  get choices() {
    return choicesOf(valueSet, terminology);
  },
});

/** What was found for each value set, and with which content: to expand a long one takes a while. */
const found = new WeakMap<TerminologyService, Map<string, { readonly revision: number; readonly choices: string }>>();

function choicesOf(valueSet: string, terminology: TerminologyService): string {
  const { revision } = terminology;
  const known = found.get(terminology) ?? new Map();
  found.set(terminology, known);
  const before = known.get(valueSet);
  if (before?.revision === revision) return before.choices;
  const expansion = terminology.expand({ valueSet, count: CHOICES_AT_MOST });
  const isShort = !('problem' in expansion) && !expansion.isOpen && expansion.total <= CHOICES_AT_MOST;
  const choices = isShort ? ` (${expansion.contains.map((entry) => entry.code).join(', ')})` : '';
  known.set(valueSet, { revision, choices });
  return choices;
}

function reportBare(
  run: Run,
  membership: Membership,
  code: string,
  valueSet: string,
  strength: Strength,
  terminology: TerminologyService,
): void {
  if (membership === 'in') return;
  const shown = code.length > 80 ? `${code.slice(0, 80)}…` : code;
  if (membership === 'unknown') reportUnknown(run, shown, valueSet, strength);
  else if (strength === 'required') run.report('binding-required', requiredWords(shown, valueSet, terminology));
  else run.report(strength === 'extensible' ? 'binding-extensible' : 'binding-preferred', { code: shown, valueSet }, severityOf(strength));
}

function reportUnknown(run: Run, code: string, valueSet: string, strength: Strength): void {
  if (strength !== 'preferred') run.report('binding-unknown', { code, valueSet }, strength === 'required' ? 'warning' : 'information');
}

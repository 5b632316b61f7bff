/**
 * Tries content against the plan of its type: true when the checks of `check-object.ts` would surely report nothing.
 * One pass over the members of each object, without places, partners of primitives, nested resources or what else is
 * rare: where those are met, the checks decide. The checks of values are the same ones.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */
import { isId } from '../../fhir/reference.ts';
import { isObject } from '../../fhir/resource.ts';
import { type Run, TRIAL_DEPTH } from '../run.ts';
import { isPlainCode, isPlainDate, isPlainDateTime, isPlainInstant, isPlainMarkdown, isPlainText, isPlainUri } from './plain-values.ts';
import { KIND, type TrialPlan, type TrialProperty } from './trial-plan.ts';

/** True when the value of a property of a resource has no fault. It has no partner. */
export function tryMember(run: Run, content: unknown, property: TrialProperty): boolean {
  return tryContent(run, content, property, undefined, 1);
}

/** True when an object has no fault. `holder` is the property that it is a value of. */
function tryObject(run: Run, value: Record<string, unknown>, plan: TrialPlan, holder: TrialProperty, depth: number): boolean {
  if (depth >= TRIAL_DEPTH) return false;
  let seen = 0;
  let last: TrialProperty | undefined;
  for (const key in value) {
    let property = last === undefined ? plan.first : last.next;
    if (property === undefined || property.json !== key) {
      property = plan.property(key);
      if (property === undefined) return false;
      if (last === undefined) plan.first = property;
      else last.next = property;
    }
    last = property;
    if ((seen & property.mark) !== 0) return false;
    seen |= property.mark;
    if (!tryContent(run, value[key], property, holder, depth + 1)) return false;
  }
  if (last === undefined || (seen & plan.required) !== plan.required) return false;
  for (const check of plan.checks) check(run, value);
  return true;
}

function tryContent(run: Run, content: unknown, property: TrialProperty, holder: TrialProperty | undefined, depth: number): boolean {
  if (!property.repeats) return tryValue(run, content, property, holder, depth);
  if (!Array.isArray(content) || content.length === 0) return false;
  for (let index = 0; index < content.length; index++) {
    if (!tryValue(run, content[index], property, holder, depth)) return false;
  }
  if (content.length > 1 && property.kind === KIND.extension) property.of.together?.(run, content);
  return true;
}

function tryValue(run: Run, value: unknown, property: TrialProperty, holder: TrialProperty | undefined, depth: number): boolean {
  if (property.kind === KIND.object) {
    const plan = property.inner;
    if (plan === undefined || !isObject(value) || !tryObject(run, value, plan, property, depth)) return false;
  } else if (property.kind === KIND.extension) {
    return isObject(value) && tryExtension(run, value, property, holder, depth);
  } else if (!isPlain(value, property)) return tryPrimitive(run, value, property);
  for (const check of property.checks) check(run, value);
  return true;
}

/** An extension knows those around it, and what holds it. */
function tryExtension(
  run: Run,
  value: Record<string, unknown>,
  property: TrialProperty,
  holder: TrialProperty | undefined,
  depth: number,
): boolean {
  const plan = property.inner;
  if (plan === undefined) return false;
  run.extensionUrls.push(value.url);
  if (!tryObject(run, value, plan, property, depth)) return false;
  run.holder = holder?.of;
  for (const check of property.checks) check(run, value);
  run.extensionUrls.pop();
  return true;
}

/** A primitive that is not plain, by its own check. */
function tryPrimitive(run: Run, value: unknown, { kind, of }: TrialProperty): boolean {
  if (kind === KIND.none || value === null || of.primitive?.(value) !== undefined) return false;
  for (const check of of.checks) check(run, value);
  return true;
}

function isPlain(value: unknown, property: TrialProperty): boolean {
  if (typeof value === 'string') return isPlainString(value, property);
  if (property.kind === KIND.boolean) return typeof value === 'boolean';
  return property.kind === KIND.decimal && typeof value === 'number';
}

function isPlainString(value: string, property: TrialProperty): boolean {
  switch (property.kind) {
    case KIND.text:
      return isPlainText(value);
    case KIND.markdown:
      return isPlainMarkdown(value);
    case KIND.code:
      return isPlainCode(value);
    case KIND.id:
      return isId(value, 0);
    case KIND.uri:
      return isPlainOrKnownUri(value, property);
    case KIND.date:
      return isPlainDate(value);
    case KIND.dateTime:
      return isPlainDateTime(value);
    case KIND.instant:
      return isPlainInstant(value);
    default:
      return false;
  }
}

/** Most URIs are those of systems and profiles, one like the other. */
function isPlainOrKnownUri(value: string, property: TrialProperty): boolean {
  if (value === property.known) return true;
  if (!isPlainUri(value)) return false;
  if (value.length <= MOST_KNOWN) property.known = value;
  return true;
}

const MOST_KNOWN = 120;

/**
 * Runs the plan of a profile over content that its base definition has already been checked against.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html
 */
import { isObject, isResource } from '../fhir/resource.ts';
import type { ChildPlan, NodePlan, ProfilePlan } from './profile-plan.ts';
import type { Run } from './run.ts';
import type { Item, SlicePlan, SlicingPlan } from './slicing.ts';
import { tryProfile } from './trial/try-profile.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

/** Checks one value against what a profile says of its element. `container` holds its members: for a primitive its partner. */
export function checkNode(run: Run, value: unknown, container: unknown, node: NodePlan): void {
  if (value !== undefined && value !== null) for (const check of node.checks) check(run, value);
  if (node.children.length === 0) return;
  const nested = isResource(value) && run.resource !== value;
  if (nested) run.resources.push(value);
  const members = isObject(container) ? container : {};
  for (const child of node.children) checkChild(run, members, child);
  if (nested) run.resources.pop();
}

/** The check of a value whose type has profiles: it matches one of them; with one, what is wrong is told as it is. */
export function typeProfileCheck(profiles: readonly string[], workshop: Workshop): ValueCheck[] {
  if (profiles.length === 0) return [];
  return [
    (run, value) => {
      if (!isObject(value)) return;
      const known = profiles.filter((profile) => workshop.profiles.get(profile) !== undefined);
      if (known.length > 1) {
        if (!known.some((profile) => conformsTo(run, value, profile, workshop)))
          run.report('profile-none-matches', { profiles: known.join(', ') });
      } else if (known.length === 1) checkAgainst(run, value, known[0]!, workshop);
    },
  ];
}

/** Checks a value against a profile that is known; what is wrong is reported. A value being checked against it already is passed over. */
export function checkAgainst(run: Run, value: Record<string, unknown>, profile: string, workshop: Workshop): void {
  const plan = workshop.profiles.get(profile);
  if (plan === undefined || !run.enterProfile(plan.url, value)) return;
  if (isResource(value) && value.resourceType !== plan.type && plan.type !== 'Resource' && plan.type !== 'DomainResource') {
    run.report('profile-wrong-type', { profile, type: plan.type, found: value.resourceType });
  } else if (!run.surely(tryProfile, value, plan)) checkRoot(run, value, value, plan);
  run.leaveProfile();
}

/** Checks a value against the root of a profile; a resource is %resource of what it holds and of its own invariants. */
function checkRoot(run: Run, value: Record<string, unknown>, container: unknown, plan: ProfilePlan): void {
  const nested = isResource(value) && run.resource !== value;
  if (nested) run.resources.push(value);
  checkNode(run, value, container, plan.root);
  if (nested) run.resources.pop();
}

/** True when a value has no error against a profile. */
export function conformsTo(run: Run, value: unknown, profile: string, workshop: Workshop): boolean {
  const plan = workshop.profiles.get(profile);
  if (plan === undefined || !isObject(value)) return false;
  if (isResource(value) && value.resourceType !== plan.type && plan.type !== 'Resource') return false;
  if (!run.enterProfile(plan.url, value)) return true;
  const clean = run.isClean(checkRoot, value, value, plan);
  run.leaveProfile();
  return clean;
}

function checkChild(run: Run, members: Record<string, unknown>, plan: ChildPlan): void {
  const items = itemsOf(members, plan);
  if (items.length < plan.min) reportCount(run, 'min', plan.element.path, plan.min, items.length, plan.from);
  if (items.length > plan.max) reportCount(run, 'max', plan.element.path, plan.max, items.length, plan.from);
  for (const item of items) {
    if (plan.types !== undefined && !plan.types.has(isResource(item.value) ? item.value.resourceType : item.type)) {
      reportType(run, item, plan);
      continue;
    }
    run.enter(item.label, item.index);
    checkNode(run, item.value, containerOf(item), plan.node);
    run.leave();
  }
  if (plan.slicing !== undefined) checkSlicing(run, items, plan.slicing);
}

function reportCount(run: Run, rule: 'min' | 'max', path: string, limit: number, found: number, from: string): void {
  run.report(rule, { path, min: String(limit), max: String(limit), found: String(found), from });
}

/** A type that is not allowed is told at the value when only one type is left, and at what holds it when several are or it is an extension. */
function reportType(run: Run, item: Item, plan: ChildPlan): void {
  const allowed = [...plan.types!].join(', ');
  const words = { type: item.type, path: plan.element.path, allowed, from: plan.from };
  if (!isResource(item.value) && (plan.types!.size > 1 || plan.element.path === 'Extension.value[x]')) {
    run.report('type-not-allowed', words);
    return;
  }
  run.enter(item.label, item.index);
  if (isResource(item.value)) run.report('resource-type-not-allowed', { type: item.value.resourceType, allowed });
  else run.report('type-not-allowed', words);
  run.leave();
}

const containerOf = (item: Item): unknown => (isObject(item.value) ? item.value : item.partner);

function itemsOf(members: Record<string, unknown>, plan: ChildPlan): Item[] {
  const items: Item[] = [];
  for (const property of plan.properties) {
    const content = members[property.json];
    const partner = property.primitive === undefined ? undefined : members[property.partner];
    if (content === undefined && partner === undefined) continue;
    const { label, type } = property;
    if (!Array.isArray(content) && !Array.isArray(partner)) {
      items.push({ value: content, partner, label, index: -1, type });
      continue;
    }
    const values = Array.isArray(content) ? content : [];
    const partners = Array.isArray(partner) ? partner : [];
    for (let index = 0; index < Math.max(values.length, partners.length); index++) {
      items.push({ value: values[index], partner: partners[index], label, index, type });
    }
  }
  return items;
}

/** Sorts values into slices, then checks order, counts and each slice's own rules. */
function checkSlicing(run: Run, items: readonly Item[], slicing: SlicingPlan): void {
  const members = new Map<SlicePlan, Item[]>(slicing.slices.map((slice) => [slice, []]));
  const fallback = slicing.slices.find((slice) => slice.name.endsWith('@default'));
  let last = -1;
  let outside = false;
  for (const item of items) {
    run.enter(item.label, item.index);
    const found = slicing.slices.filter((one) => one.matches(run, item));
    const slice = found[0] ?? fallback;
    if (found.length > 1) run.report('slice-several', { slices: found.map(({ name }) => name).join(', '), from: slicing.from });
    for (const { name, decidable } of slicing.slices) if (!decidable) run.report('slice-undecided', { slice: name, from: slicing.from });
    if (slice === undefined) {
      outside = true;
      if (slicing.rules === 'closed') run.report('slice-closed', { from: slicing.from });
    } else {
      members.get(slice)!.push(item);
      const order = slicing.slices.indexOf(slice);
      if (outside && slicing.rules === 'openAtEnd') run.report('slice-at-end', { from: slicing.from });
      if (slicing.ordered && order < last) run.report('slice-order', { path: slicing.element.path, slice: slice.name, from: slicing.from });
      last = Math.max(last, order);
      checkNode(run, item.value, containerOf(item), slice.node);
    }
    run.leave();
  }
  for (const [slice, found] of members) {
    if (found.length < slice.min) reportCount(run, 'min', slice.element.id, slice.min, found.length, slicing.from);
    if (found.length > slice.max) reportCount(run, 'max', slice.element.id, slice.max, found.length, slicing.from);
    if (slice.slicing !== undefined) checkSlicing(run, found, slice.slicing);
  }
}

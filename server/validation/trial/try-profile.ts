/**
 * Tries a value against a profile: true when the checks of `check-profile.ts` would surely report nothing. Values are
 * looked at where they stand in their object, without a list of them; what is rare is left to the checks: partners of
 * primitives, nested resources, slices with an order or with slices of their own.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html
 */
import { isObject, isResource } from '../../fhir/resource.ts';
import type { ChildPlan, NodePlan, ProfilePlan } from '../profile-plan.ts';
import type { Run } from '../run.ts';
import type { Item, SlicingPlan } from '../slicing.ts';
import type { Property } from '../type-plan.ts';

type Members = Readonly<Record<string, unknown>>;

const NO_MEMBERS: Members = {};
/** Instead of a number of values: what they are is not decided here. */
const IN_DOUBT = -1;

/** True when a value has no fault against a profile. */
export function tryProfile(run: Run, value: Record<string, unknown>, plan: ProfilePlan): boolean {
  return (!isResource(value) || run.resource === value) && tryNode(run, value, plan.root);
}

function tryNode(run: Run, value: unknown, node: NodePlan): boolean {
  for (const check of node.checks) check(run, value);
  if (node.children.length === 0) return true;
  const members = isObject(value) ? value : NO_MEMBERS;
  for (const child of node.children) if (!tryChild(run, members, child)) return false;
  return true;
}

function tryChild(run: Run, members: Members, child: ChildPlan): boolean {
  const { slicing } = child;
  if (slicing?.isPlain === false) return false;
  const counts = slicing?.slices.map(() => 0);
  const count = child.choice === undefined ? trySingle(run, members, child, counts) : tryChoice(run, members, child, child.choice, counts);
  if (count === IN_DOUBT || count < child.min || count > child.max) return false;
  return slicing === undefined || slicing.slices.every(({ min, max }, index) => counts![index]! >= min && counts![index]! <= max);
}

/** An element with few properties, mostly one: by their names. */
function trySingle(run: Run, members: Members, child: ChildPlan, counts: number[] | undefined): number {
  let count = 0;
  for (const property of child.properties) {
    if (property.primitive !== undefined && members[property.partner] !== undefined) return IN_DOUBT;
    const content = members[property.json];
    if (content === undefined) continue;
    const found = tryContent(run, content, property, child, counts);
    if (found === IN_DOUBT) return IN_DOUBT;
    count += found;
  }
  return count;
}

/** A choice of many types: by the names that there are. */
function tryChoice(
  run: Run,
  members: Members,
  child: ChildPlan,
  choice: ReadonlyMap<string, Property>,
  counts: number[] | undefined,
): number {
  let count = 0;
  for (const key in members) {
    if (key.charCodeAt(0) === 95) return IN_DOUBT;
    const property = choice.get(key);
    if (property === undefined || members[key] === undefined) continue;
    const found = count > 0 ? IN_DOUBT : tryContent(run, members[key], property, child, counts);
    if (found === IN_DOUBT) return IN_DOUBT;
    count = found;
  }
  return count;
}

/** How many values there are. */
function tryContent(run: Run, content: unknown, property: Property, child: ChildPlan, counts: number[] | undefined): number {
  if (child.types?.has(property.type) === false) return IN_DOUBT;
  if (!Array.isArray(content)) return tryItem(run, content, property, -1, child, counts) ? 1 : IN_DOUBT;
  for (let index = 0; index < content.length; index++) {
    if (!tryItem(run, content[index], property, index, child, counts)) return IN_DOUBT;
  }
  return content.length;
}

function tryItem(
  run: Run,
  value: unknown,
  property: Property,
  index: number,
  { node, slicing }: ChildPlan,
  counts: number[] | undefined,
): boolean {
  if (value === null || value === undefined || isResource(value) || !tryNode(run, value, node)) return false;
  if (slicing === undefined) return true;
  return trySlices(run, { value, partner: undefined, label: property.label, index, type: property.type }, slicing, counts!);
}

/** True when a value is in one slice and has no fault there, or is in none and may be. */
function trySlices(run: Run, item: Item, { slices, rules }: SlicingPlan, counts: number[]): boolean {
  let found = -1;
  for (let index = 0; index < slices.length; index++) {
    if (!slices[index]!.matches(run, item)) continue;
    if (found >= 0) return false;
    found = index;
  }
  if (found < 0) return rules !== 'closed';
  counts[found]!++;
  return tryNode(run, item.value, slices[found]!.node);
}

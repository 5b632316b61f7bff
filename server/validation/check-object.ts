/**
 * Runs the plan of a type over content: shape of the JSON, unknown properties, primitives, cardinality, choices and
 * what stands inside.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */
import { nearest } from '../fhir/nearest.ts';
import { isObject, isResource } from '../fhir/resource.ts';
import type { PrimitiveFault } from './primitives.ts';
import type { Run } from './run.ts';
import { trialPlan } from './trial/trial-plan.ts';
import { tryMember } from './trial/try-object.ts';
import type { Property, TypePlan } from './type-plan.ts';

/** How a nested resource is checked: given by the validator, since it may follow profiles. */
export type ResourceCheck = (run: Run, value: unknown) => void;

/** Checks an object against the plan of its type. */
export function checkObject(run: Run, value: Record<string, unknown>, plan: TypePlan, nested: ResourceCheck): void {
  let members = 0;
  let chosen: Map<unknown, string> | undefined;
  const trial = plan.isResource && !hasPartners(value) ? trialPlan(plan) : undefined;
  for (const key in value) {
    members++;
    const property = plan.properties.get(key);
    if (property === undefined) {
      checkUnlisted(run, value, key, plan, nested);
      continue;
    }
    if (plan.hasChoice && property.label.length !== key.length) {
      chosen ??= new Map();
      const other = chosen.get(property.element);
      if (other !== undefined) run.report('choice-twice', { name: property.element.path, found: `${other}, ${key}` });
      chosen.set(property.element, key);
    }
    const content = value[key];
    const tried = trial?.property(key);
    if (tried !== undefined && run.surely(tryMember, content, tried)) continue;
    if (property.primitive === undefined) checkComplex(run, content, property, nested);
    else checkPrimitives(run, content, value[property.partner], property, nested);
  }
  if (members === 0 || (plan.isResource && members === 1)) {
    if (!plan.isResource) run.report('empty-object');
  }
  for (const { element, names } of plan.required) {
    if (names.some((name) => present(value, name))) continue;
    run.report('min', { path: element.path, min: String(element.min), found: '0', from: plan.from });
  }
  for (const check of plan.checks) check(run, value);
}

/** True when a member is the partner of a primitive; a resource without any can be tried. */
function hasPartners(value: Record<string, unknown>): boolean {
  for (const key in value) if (key.charCodeAt(0) === 95) return true;
  return false;
}

function present(value: Record<string, unknown>, name: string): boolean {
  return (value[name] !== undefined && value[name] !== null) || value[`_${name}`] !== undefined;
}

/** `resourceType`, the `_name` partners of primitives, and what does not belong. */
function checkUnlisted(run: Run, value: Record<string, unknown>, key: string, plan: TypePlan, nested: ResourceCheck): void {
  if (key === 'resourceType' && plan.isResource) return;
  const partner = key.startsWith('_') ? plan.properties.get(key.slice(1)) : undefined;
  if (partner?.primitive === undefined) {
    const meant = run.isUntold ? undefined : nearest(key, plan.properties.keys());
    run.report('unknown-property', {
      name: key.length > 80 ? `${key.slice(0, 80)}…` : key,
      near: meant === undefined ? '' : ` (${meant}?)`,
    });
    return;
  }
  if (value[partner.json] === undefined) checkPrimitives(run, undefined, value[key], partner, nested);
}

function checkComplex(run: Run, content: unknown, property: Property, nested: ResourceCheck): void {
  if (!property.repeats) {
    checkOne(run, content, property, -1, nested);
    return;
  }
  if (!Array.isArray(content)) {
    run.report('expected-array', { name: property.json }, 'error', `.${property.label}`);
    if (isObject(content)) checkOne(run, content, property, 0, nested);
    return;
  }
  if (content.length === 0) run.report('empty-array', {}, 'error', `.${property.label}`);
  for (let index = 0; index < content.length; index++) checkOne(run, content[index], property, index, nested);
  if (content.length > 1) property.together?.(run, content);
}

function checkOne(run: Run, content: unknown, property: Property, index: number, nested: ResourceCheck): void {
  run.enter(property.label, index, property);
  if (!isObject(content)) {
    run.report(Array.isArray(content) ? 'unexpected-array' : 'expected-object', { name: property.json });
  } else if (property.isResource) {
    nested(run, content);
  } else {
    const isExtension = property.type === 'Extension';
    if (isExtension) run.extensionUrls.push(content.url);
    const plan = property.plan();
    if (plan !== undefined) checkObject(run, content, plan, nested);
    for (const check of property.checks) check(run, content);
    if (isExtension) run.extensionUrls.pop();
  }
  run.leave();
}

function checkPrimitives(run: Run, content: unknown, partner: unknown, property: Property, nested: ResourceCheck): void {
  if (!property.repeats) {
    if (Array.isArray(content) || Array.isArray(partner)) {
      run.report('unexpected-array', { name: property.json }, 'error', `.${property.label}`);
      return;
    }
    checkPrimitive(run, content, partner, property, -1, nested);
    return;
  }
  if ((content !== undefined && !Array.isArray(content)) || (partner !== undefined && !Array.isArray(partner))) {
    run.report('expected-array', { name: property.json }, 'error', `.${property.label}`);
    return;
  }
  const values = content ?? [];
  const partners = partner ?? [];
  const count = Math.max(values.length, partners.length);
  if (count === 0) run.report('empty-array', {}, 'error', `.${property.label}`);
  else if (partner === undefined && values.every((value: unknown) => value === null)) {
    run.report('array-all-null', {}, 'error', `.${property.label}`);
    return;
  }
  for (let index = 0; index < count; index++) checkPrimitive(run, values[index], partners[index], property, index, nested);
}

function checkPrimitive(run: Run, content: unknown, partner: unknown, property: Property, index: number, nested: ResourceCheck): void {
  run.enter(property.label, index, property);
  let nullFault = false;
  let below: PrimitiveFault;
  const hasPartner = isObject(partner);
  if (content === null || content === undefined) {
    const allowed = hasPartner && (content === undefined || index >= 0);
    if (!allowed) nullFault = true;
    else if (property.codes !== undefined) run.report('binding-no-code', { valueSet: property.codes });
  } else {
    const fault = property.primitive!(content);
    if (fault === undefined) for (const check of property.checks) check(run, content);
    else if (property.type === 'id' && property.element.path.split('.').length === 2 && typeof content === 'string') {
      run.report('resource-id', fault.words);
    } else if (property.element.path === 'Attachment.data') below = fault;
    else run.report(fault.rule, fault.words);
  }
  if (hasPartner) {
    const plan = property.plan();
    if (plan !== undefined) checkObject(run, partner, plan, nested);
  } else if (partner !== undefined && partner !== null) {
    run.report('expected-object', { name: `_${property.json}` });
  }
  run.leave();
  if (nullFault) run.report('null-value', { index: String(index) }, 'error', `.${property.label}`);
  if (below !== undefined) run.report('attachment-data');
}

/** Enters a resource, checks it against its type's plan, and leaves it: undefined when it is none that is known. */
export function resourcePlan(run: Run, value: unknown, types: { get(name: string): TypePlan | undefined }): TypePlan | undefined {
  if (!isResource(value)) {
    run.report('not-a-resource', {}, 'fatal');
    return undefined;
  }
  const plan = /^[A-Z][A-Za-z]*$/.test(value.resourceType) ? types.get(value.resourceType) : undefined;
  if (plan?.isResource === true && value.resourceType !== 'Resource' && value.resourceType !== 'DomainResource') return plan;
  run.report('unknown-resource-type', { type: value.resourceType.slice(0, 64) }, 'fatal');
  return undefined;
}

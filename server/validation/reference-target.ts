/**
 * Compiles the rules of a Reference: the form of its text, the resource types it may point at, where they may stand and
 * whether it names a version.
 *
 * Spec: https://hl7.org/fhir/R4/references.html · https://hl7.org/fhir/R4/valueset-resource-aggregation-mode.html ·
 * https://hl7.org/fhir/R4/valueset-reference-version-rules.html
 */
import { endOfType, parseReference } from '../fhir/reference.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import { conformsTo } from './check-profile.ts';
import { otherTypeInBundle, resolveIn } from './resolve.ts';
import type { Run } from './run.ts';
import type { Element } from './structure.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** The check of references in an element; none when it holds no Reference. */
export function compileReference(element: Element, workshop: Workshop): ValueCheck[] {
  const type = element.types.find((one) => one.code === 'Reference');
  if (type === undefined) return [];
  const targets = new Set((type.target ?? []).map((target) => targetType(target, workshop)).filter((name) => name !== undefined));
  const any = targets.size === 0 || targets.has('Resource');
  const profiles = (type.target ?? []).filter((target) => !target.startsWith(CORE));
  const anywhere = type.aggregation === undefined && type.versioning === undefined;
  const names = any ? undefined : [...targets];
  return [
    (run, value) => {
      if (!isObject(value) || (anywhere && isPlainlyRight(run, value, names, workshop))) return;
      checkReference(run, value, any ? undefined : targets, workshop);
      if (type.aggregation !== undefined) checkAggregation(run, value, type.aggregation);
      if (type.versioning !== undefined) checkVersioning(run, value, type.versioning);
      if (profiles.length > 0) checkTargetProfile(run, value, profiles, type.target ?? [], workshop);
    },
  ];
}

/**
 * True for nearly every reference: `Type/id` of a type that is allowed, from a resource that nothing is around that it
 * could lead to.
 */
function isPlainlyRight(
  { resources, options }: Run,
  { reference, type }: Record<string, unknown>,
  allowed: readonly string[] | undefined,
  { catalog }: Workshop,
): boolean {
  if (typeof reference !== 'string' || options.stored !== undefined || resources.length !== 1) return false;
  const end = endOfType(reference);
  if (end < 0 || resources[0]!.resourceType === 'Bundle' || (typeof type === 'string' && type !== reference.slice(0, end))) return false;
  if (allowed === undefined) return catalog.type(reference.slice(0, end))?.kind === 'resource';
  for (const name of allowed) if (name.length === end && reference.startsWith(name)) return true;
  return false;
}

/** A reference leads to where its element lets it: what is found in the same Bundle is outside the resource as well. */
function checkAggregation(run: Run, { reference }: Record<string, unknown>, allowed: readonly string[]): void {
  if (typeof reference !== 'string' || reference.length > 4096) return;
  const inBundle = !reference.startsWith('#') && resolveIn(run, reference) !== undefined;
  const modes = reference.startsWith('#') ? ['contained'] : inBundle ? ['bundled', 'referenced'] : ['referenced'];
  if (modes.some((mode) => allowed.includes(mode))) return;
  run.report('reference-aggregation', { value: reference.slice(0, 120), mode: modes[0]!, allowed: allowed.join(', ') });
}

/** A reference names a version or not, as its element wants; one to a contained resource or a URN cannot. */
function checkVersioning(run: Run, { reference }: Record<string, unknown>, rule: string): void {
  if (typeof reference !== 'string' || reference.length > 4096) return;
  const parsed = parseReference(reference);
  if (parsed.kind !== 'local' && parsed.kind !== 'absolute') return;
  if ((parsed.versionId !== undefined) !== (rule === 'specific')) {
    run.report('reference-versioning', { value: reference.slice(0, 120), rule });
  }
}

/**
 * What a reference leads to conforms to one of the profiles allowed, where those are known; what claims one of them and is
 * in the same content is left to its own check.
 */
function checkTargetProfile(
  run: Run,
  value: Record<string, unknown>,
  profiles: readonly string[],
  all: readonly string[],
  workshop: Workshop,
): void {
  if (typeof value.reference !== 'string' || value.reference.length > 4096) return;
  const inside = resolveIn(run, value.reference);
  const target = inside ?? run.options.stored?.get(value.reference) ?? undefined;
  if (target === undefined || profiles.some((profile) => workshop.profiles.get(profile) === undefined)) return;
  // One fault in a patient would be told again at each reference to her, and at each reference to what refers to her.
  if (inside !== undefined && inside !== run.resources[0] && claims(inside, all)) return;
  if (all.some((profile) => conformsTo(run, target, profile, workshop))) return;
  run.report('reference-target-profile', { value: value.reference.slice(0, 120), profiles: profiles.join(', ') });
}

/** True for a resource that claims one of these profiles itself: it is held against it where it stands, and what is wrong is told there. */
function claims({ meta }: Resource, profiles: readonly string[]): boolean {
  const claimed: unknown = meta?.profile;
  return Array.isArray(claimed) && claimed.some((profile) => profiles.includes(profile));
}

/** The resource type a target profile is for. */
function targetType(profile: string, workshop: Workshop): string | undefined {
  const name = profile.startsWith(CORE) ? profile.slice(CORE.length).split('|', 1)[0]! : undefined;
  const head = name === undefined ? undefined : workshop.catalog.head(name);
  if (head?.kind === 'resource' && head.derivation !== 'constraint') return name;
  return workshop.catalog.get(profile)?.type;
}

function checkReference(run: Run, value: Record<string, unknown>, targets: ReadonlySet<string> | undefined, workshop: Workshop): void {
  const text = value.reference;
  const stated = typeof value.type === 'string' ? value.type : undefined;
  if (typeof text !== 'string') {
    if (stated !== undefined && targets !== undefined && !targets.has(stated) && !stated.includes(':')) reportTarget(run, stated, targets);
    return;
  }
  const resolved = text.length > 4096 ? undefined : resolveIn(run, text)?.resourceType;
  const found = resolved ?? (text.length > 4096 ? undefined : writtenType(text, workshop));
  if (resolved === undefined && text.startsWith('#') && text.length > 1) run.report('reference-unresolved', { value: text.slice(0, 80) });
  const other = resolved === undefined && text.length < 200 ? otherTypeInBundle(run, text) : undefined;
  if (other !== undefined) run.report('bundle-other-type', { value: text, found: other });
  if (resolved === undefined && run.options.stored?.get(text) === null) run.report('reference-not-found', { value: text.slice(0, 120) });
  if (/\s/.test(text)) run.report('reference-format', { value: text.slice(0, 80) });
  else if (found === undefined) return;
  else if (resolved === undefined && run.options.referenceTypes === 'resolved-only') return;
  else if (found === '') run.report('reference-format', { value: text.slice(0, 80) });
  else if (targets?.has(found) !== true && workshop.catalog.type(found)?.kind !== 'resource')
    run.report('reference-unknown-type', { type: found, value: text.slice(0, 80) });
  else {
    if (targets !== undefined && !targets.has(found)) reportTarget(run, found, targets);
    if (stated !== undefined && stated !== found) run.report('reference-type-differs', { stated, found });
  }
}

function reportTarget(run: Run, found: string, targets: ReadonlySet<string>): void {
  run.report('reference-target', { found, allowed: [...targets].join(', ') });
}

/** The type a reference text names: undefined when it names none, '' when a relative text is not a reference. */
function writtenType(text: string, workshop: Workshop): string | undefined {
  const parsed = parseReference(text);
  switch (parsed.kind) {
    case 'local':
    case 'conditional':
      return parsed.type;
    case 'absolute':
      return workshop.catalog.type(parsed.type)?.kind === 'resource' ? parsed.type : undefined;
    case 'contained':
    case 'urn':
      return undefined;
    default:
      return /^[a-z][a-z0-9+.-]*:/i.test(text) ? undefined : '';
  }
}

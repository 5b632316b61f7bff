/**
 * The commonest core invariants as plain functions, by the exact text of their expression. A test proves each equal to
 * what fhirpath.js says of the same content.
 *
 * Spec: https://hl7.org/fhir/R4/domainresource.html#invariants · https://hl7.org/fhir/R4/datatypes.html
 */
import { numberOf, textOf } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';
import type { Run } from './run.ts';
import { sameValue } from './values.ts';

type Json = Record<string, unknown>;
/** True when the invariant holds. */
export type FastInvariant = (value: Json, run: Run) => boolean;

const UCUM = 'http://unitsofmeasure.org';

/** A partner's name is written out once. */
const partners = new Map<string, string>();

function has(value: Json, name: string): boolean {
  if (value[name] !== undefined) return true;
  let partner = partners.get(name);
  if (partner === undefined) {
    partner = `_${name}`;
    partners.set(name, partner);
  }
  return value[partner] !== undefined;
}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const objects = (value: unknown): readonly Json[] => list(value).filter(isObject);

/** True when some type of a choice element is present: `valueString` for `value`. */
function hasChoice(value: Json, stem: string): boolean {
  for (const key in value) {
    const start = key.charCodeAt(0) === 95 ? 1 : 0;
    const next = key.charCodeAt(start + stem.length);
    if (next >= 65 && next <= 90 && key.startsWith(stem, start)) return true;
  }
  return false;
}

/** The references and other texts of a tree that begin with `#`. */
function collectLocal(value: unknown, into: Set<string>, depth = 0): void {
  if (depth > 200) return;
  if (typeof value === 'string') {
    if (value.charCodeAt(0) === 35) into.add(value);
  } else if (Array.isArray(value)) for (const item of value) collectLocal(item, into, depth + 1);
  else if (isObject(value)) for (const key in value) if (key !== 'div') collectLocal(value[key], into, depth + 1);
}

/** A link or image of a narrative to what is contained, in its quotes. */
const LOCAL_LINK = /(["'])(#[^"']*)\1/g;

/** "Referred to from elsewhere in the resource" is meant of the narrative as well: its images lie in contained Binaries, or in the link. */
function containedAreReferenced(resource: Json): boolean {
  const contained = objects(resource.contained);
  if (contained.length === 0) return true;
  const references = new Set<string>();
  collectLocal(resource, references);
  const narrative = isObject(resource.text) && typeof resource.text.div === 'string' ? resource.text.div : '';
  // Looked through once: there may be as many of both as come into a body.
  for (const [, , link = ''] of narrative.matchAll(LOCAL_LINK)) references.add(link);
  return contained.every((one) => {
    if (references.has(`#${textOf(one.id)}`)) return true;
    const own = new Set<string>();
    collectLocal(one, own);
    return own.has('#');
  });
}

/** By run, since a resource may be another by the next. */
const knownIds = new WeakMap<Run, WeakMap<Json, ReadonlySet<unknown>>>();

/** The ids of what a resource contains, which each of thousands of references may ask for. */
function containedIds(holder: Json, run: Run): ReadonlySet<unknown> {
  const ofRun = knownIds.get(run) ?? new WeakMap<Json, ReadonlySet<unknown>>();
  knownIds.set(run, ofRun);
  const ids = ofRun.get(holder) ?? new Set(objects(holder.contained).map((one) => one.id));
  ofRun.set(holder, ids);
  return ids;
}

function localReferenceResolves(value: Json, run: Run): boolean {
  const reference = value.reference;
  if (typeof reference !== 'string' || reference.charCodeAt(0) !== 35) return true;
  const id = reference.slice(1);
  for (let level = run.resources.length - 1; level >= 0; level--) {
    const holder = run.resources[level]!;
    if (id === '' && level < run.resources.length - 1) return true;
    if (containedIds(holder, run).has(id)) return true;
    if (holder.resourceType === 'Bundle') break;
  }
  return id === '' && run.resources.length === 1;
}

/** Compares dates by their common precision: a start whose day is not known is not after an end in the same month. */
function notAfter(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return true;
  const timed = start.length > 10 && end.length > 10;
  if (timed) return !(Date.parse(start) > Date.parse(end));
  const length = Math.min(start.length, end.length, 10);
  return start.slice(0, length) <= end.slice(0, length);
}

function ratio(value: Json): boolean {
  const both = has(value, 'numerator') === has(value, 'denominator');
  return both && (has(value, 'numerator') || has(value, 'extension'));
}

const ucumWithCode = (value: Json): boolean =>
  (has(value, 'code') || !has(value, 'value')) && (!has(value, 'system') || value.system === UCUM);

/** Every linkId of a questionnaire's items. */
function linkIds(holder: Json, into: unknown[]): unknown[] {
  for (const item of objects(holder.item)) {
    if (item.linkId !== undefined) into.push(item.linkId);
    linkIds(item, into);
  }
  return into;
}

function codes(holder: Json, into: unknown[]): unknown[] {
  for (const concept of objects(holder.concept)) {
    if (concept.code !== undefined) into.push(concept.code);
    codes(concept, into);
  }
  return into;
}

const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** A component must not have the code of the observation when that has a value. */
function componentsDiffer(value: Json, run: Run): boolean {
  if (!hasChoice(value, 'value')) return true;
  const observation = run.resource.code;
  const own = isObject(observation) ? objects(observation.coding) : [];
  return objects(value.component).every((component) => {
    const coded = isObject(component.code) ? objects(component.code.coding) : [];
    return !coded.some((coding) => own.some((other) => sameValue(coding, other)));
  });
}

// These two were written when matches() had to match the whole.
const PLAIN_PATH = /^[^\s.,:;'"/|?!@#$%&*()[\]{}]{1,64}(?:\.[^\s.,:;'"/|?!@#$%&*()[\]{}]{1,64}(?:\[x\])?(?::[^\s.]+)?)*$/;
const SIMPLE_PATH = /^[A-Za-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*(?:\[x\])?)*$/;

export const FAST_INVARIANTS: ReadonlyMap<string, FastInvariant> = new Map<string, FastInvariant>([
  ['extension.exists() != value.exists()', (value) => has(value, 'extension') !== hasChoice(value, 'value')],
  [
    'contained.contained.empty()',
    (value) => value.contained === undefined || objects(value.contained).every((one) => !has(one, 'contained')),
  ],
  [
    'contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()',
    (value) =>
      value.contained === undefined ||
      objects(value.contained).every((one) => !isObject(one.meta) || (!has(one.meta, 'versionId') && !has(one.meta, 'lastUpdated'))),
  ],
  [
    'contained.meta.security.empty()',
    (value) => value.contained === undefined || objects(value.contained).every((one) => !isObject(one.meta) || !has(one.meta, 'security')),
  ],
  ['text.`div`.exists()', (value) => isObject(value.text) && has(value.text, 'div')],
  [
    "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
    containedAreReferenced,
  ],
  [
    "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
    localReferenceResolves,
  ],
  ['code.empty() or system.exists()', (value) => !has(value, 'code') || has(value, 'system')],
  ['data.empty() or contentType.exists()', (value) => !has(value, 'data') || has(value, 'contentType')],
  ['value.empty() or system.exists()', (value) => !has(value, 'value') || has(value, 'system')],
  ['start.hasValue().not() or end.hasValue().not() or (start <= end)', (value) => notAfter(value.start, value.end)],
  ['(numerator.empty() xor denominator.exists()) and (numerator.exists() or extension.exists())', ratio],
  ['(code.exists() or value.empty()) and (system.empty() or system = %ucum)', ucumWithCode],
  [
    '(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (value.empty() or value.hasValue().not() or value > 0)',
    (value) => ucumWithCode(value) && (numberOf(value.value) ?? 1) > 0,
  ],
  [
    'name.exists() or telecom.exists() or address.exists() or organization.exists()',
    (value) => has(value, 'name') || has(value, 'telecom') || has(value, 'address') || has(value, 'organization'),
  ],
  ['detail.empty() or reference.empty()', (value) => !has(value, 'detail') || !has(value, 'reference')],
  ['dataAbsentReason.empty() or value.empty()', (value) => !has(value, 'dataAbsentReason') || !hasChoice(value, 'value')],
  ['low.exists() or high.exists() or text.exists()', (value) => has(value, 'low') || has(value, 'high') || has(value, 'text')],
  ['(identifier.count() + name.count()) > 0', (value) => list(value.identifier).length > 0 || has(value, 'name')],
  ["where(use = 'home').empty()", (value) => value.use !== 'home'],
  ['(answer.exists() and item.exists()).not()', (value) => !has(value, 'answer') || !has(value, 'item')],
  [
    'resource.exists() or request.exists() or response.exists()',
    (value) => has(value, 'resource') || has(value, 'request') || has(value, 'response'),
  ],
  // Boolean is meant as FHIR's boolean.
  ["operator = 'exists' implies (answer is Boolean)", (value) => value.operator !== 'exists' || has(value, 'answerBoolean')],
  ['descendants().linkId.isDistinct()', (value) => distinct(linkIds(value, []))],
  ['concept.code.combine($this.descendants().concept.code).isDistinct()', (value) => distinct(codes(value, []))],
  ['value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()', componentsDiffer],
  [
    String.raw`path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')`,
    ({ path }) => typeof path !== 'string' || PLAIN_PATH.test(path),
  ],
  [
    String.raw`path.matches('[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*')`,
    ({ path }) => typeof path !== 'string' || SIMPLE_PATH.test(path),
  ],
  ["fullUrl.contains('/_history/').not()", (value) => typeof value.fullUrl !== 'string' || !value.fullUrl.includes('/_history/')],
]);

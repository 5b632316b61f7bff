/**
 * Rules of extensions: known, allowed where they stand, in the right of `extension` and `modifierExtension`, and as
 * their definition says.
 *
 * Spec: https://hl7.org/fhir/R4/extensibility.html · https://hl7.org/fhir/R4/defining-extensions.html#context
 */
import { isObject } from '../fhir/resource.ts';
import { checkAgainst } from './check-profile.ts';
import { isSelected, ruleHolds } from './extension-context.ts';
import { isOwn } from './project-profiles.ts';
import type { Run } from './run.ts';
import type { Structure } from './structure.ts';
import type { ListCheck, Property, ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
/** Where HL7's own R4 definitions carry an extension whose context does not name the place; later versions do. */
const ALSO_ON: Readonly<Record<string, readonly string[]>> = {
  [`${CORE}structuredefinition-fhir-type`]: ['ElementDefinition.type'],
  [`${CORE}structuredefinition-normative-version`]: ['DomainResource', 'ElementDefinition'],
  [`${CORE}capabilitystatement-expectation`]: ['Element', 'BackboneElement', 'DomainResource'],
  [`${CORE}capabilitystatement-prohibited`]: ['Element', 'BackboneElement', 'DomainResource'],
  [`${CORE}regex`]: ['ElementDefinition.type'],
  [`${CORE}valueset-concept-comments`]: ['CodeSystem.concept'],
};
/** Inside values that stand as examples or patterns in a definition every extension may stand. */
const EXAMPLES = /\.element\[\d+\]\.(?:example\[\d+\]\.value|fixed|pattern)\b/;
const EXAMPLE = /^https?:\/\/(?:[^/]*\.)?(?:example\.(?:org|com)|acme\.com)\//;

/** The check of each value of an `extension` or `modifierExtension` element. */
export function extensionCheck(element: string, workshop: Workshop): ValueCheck {
  const inModifier = element.endsWith('.modifierExtension');
  const nested = element === 'Extension.extension';
  const kept = new Map<string, KeptExtension>();
  return (run, value) => {
    if (!isObject(value)) return;
    const { url } = value;
    const known = typeof url === 'string' ? kept.get(url) : undefined;
    if (known !== undefined && run.isTrying && known.holders.has(run.holder ?? run.resource.resourceType)) {
      checkAgainst(run, value, known.structure.url, workshop);
      return;
    }
    if (typeof url !== 'string') {
      run.report('extension-no-url');
      return;
    }
    if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) {
      if (nested) checkPart(run, url, workshop);
      else run.report('extension-relative-url', { url: url.slice(0, 120) });
      return;
    }
    const structure = workshop.catalog.get(url);
    if (url.includes('|'))
      run.report('extension-version', { url: url.slice(0, 200) }, structure === undefined ? 'warning' : 'error', at(url));
    if (structure === undefined) {
      reportUnknown(run, url, inModifier, workshop);
      return;
    }
    if (structure.type !== 'Extension') return;
    const isModifier = structure.elements[0]!.modifier;
    if (inModifier && !isModifier) run.report('extension-not-modifier', { url }, 'error', at(url));
    if (!inModifier && isModifier && !nested) run.report('extension-is-modifier', { url }, 'error', at(url));
    if (!run.isTrying || !isSurelyIn(run, structure, workshop)) checkContext(run, value, structure, workshop);
    else if (inModifier === isModifier) keep(kept, url, structure, run);
    checkAgainst(run, value, structure.url, workshop);
  };
}

/**
 * The check of the extensions of an element together: each at most as many times as its definition says of its root.
 * What HL7 itself has published breaks this, and its validator does not tell: a warning, no reason to refuse content.
 */
export function repeatedExtensionsCheck({ catalog }: Workshop): ListCheck {
  return (run, values) => {
    if (run.options.errorsOnly === true) return;
    const found = new Map<string, number>();
    for (const value of values) {
      if (isObject(value) && typeof value.url === 'string') found.set(value.url, (found.get(value.url) ?? 0) + 1);
    }
    if (found.size === values.length) return;
    for (const [url, times] of found) {
      const root = times === 1 ? undefined : catalog.get(url)?.elements[0];
      if (root === undefined || times <= root.max) continue;
      run.report('extension-repeated', { url, max: String(root.max), found: String(times) }, 'warning');
    }
  };
}

/** An extension that is right in an element as far as its definition goes, and what it was found to be in its place in, by its type or as its type's element. */
interface KeptExtension {
  readonly structure: Structure;
  readonly holders: Set<Property | string>;
}

/** Keeps that an extension that is known, and so one of few, is in its place. */
function keep(kept: Map<string, KeptExtension>, url: string, structure: Structure, run: Run): void {
  if (url !== structure.url) return;
  const one = kept.get(url) ?? { structure, holders: new Set() };
  one.holders.add(run.holder ?? run.resource.resourceType);
  kept.set(url, one);
}

/** Which extension an issue is about, in its expression as HL7's validator writes it. */
const at = (url: string): string => `[url='${url.slice(0, 200)}']`;

/** A part of a complex extension is one that its definition names. */
function checkPart(run: Run, url: string, workshop: Workshop): void {
  const whole = run.extensionUrls.at(-2);
  const structure = typeof whole === 'string' ? workshop.catalog.get(whole) : undefined;
  if (structure === undefined || structure.elements.some((element) => element.path === 'Extension.extension.url' && element.fixed === url))
    return;
  run.report('extension-unknown-part', { url: url.slice(0, 120), whole: structure.url }, 'error', at(url));
}

function reportUnknown(run: Run, url: string, inModifier: boolean, { catalog }: Workshop): void {
  const severity = run.options.unknownExtensions;
  if (EXAMPLE.test(url) && severity === 'error') run.report('extension-example-url', { url }, 'error', '.url');
  run.report(
    'extension-unknown',
    { url: url.slice(0, 200), near: isOwn(url) && !run.isUntold ? catalog.near(url) : '' },
    severity === 'error' || isOwn(url) ? 'error' : inModifier ? 'warning' : 'information',
  );
}

function checkContext(run: Run, value: Record<string, unknown>, structure: Structure, workshop: Workshop): void {
  for (const expression of structure.contextInvariants ?? []) {
    if (!ruleHolds(run, expression))
      run.reportAbove('extension-context-rule', { url: structure.url, expression: expression.slice(0, 200) });
  }
  const contexts = structure.context;
  if (contexts === undefined) return;
  const names = contextNames(run, workshop);
  const fits = contexts.some(({ type, expression }) => {
    if (type === 'extension') return run.extensionUrls.at(-2) === expression;
    if (expression === 'Element' || EXAMPLES.test(run.path())) return true;
    if (type === 'fhirpath') return isSelected(run, value, expression);
    return names.has(expression) || names.has(expression.replace(/^.*#/, ''));
  });
  if (fits || ALSO_ON[structure.url]?.some((name) => names.has(name))) return;
  const allowed = contexts.map((one) => one.expression).join(', ');
  run.reportAbove('extension-context', { url: structure.url, path: run.path().replace(/\.(?:modifierE|e)xtension\[\d+\]$/, ''), allowed });
}

/** True when a context names what holds the extension by its type or as its type's element, which needs no look at what is around. */
function isSurelyIn(run: Run, { context, contextInvariants }: Structure, workshop: Workshop): boolean {
  if (contextInvariants !== undefined) return false;
  const { holder } = run;
  const names = new Set(holder === undefined ? [] : [holder.element.path, holder.element.path.replace('[x]', '')]);
  const type = holder?.type ?? run.resource.resourceType;
  for (let name: string | undefined = type; name !== undefined; name = baseName(name, workshop)) names.add(name);
  const isNamed = ({ type: kind, expression }: { type: string; expression: string }): boolean =>
    kind !== 'extension' && kind !== 'fhirpath' && (expression === 'Element' || names.has(expression));
  return context === undefined || context.some(isNamed);
}

/** Every name that the element holding the extension goes by: its path in each type it stands in, its type, and that type's bases. */
function contextNames(run: Run, workshop: Workshop): ReadonlySet<string> {
  const above = run.elements.slice(0, -1);
  const holder = above[above.length - 1];
  const names = new Set<string>();
  const holderType = holder === undefined || holder.isResource ? run.resource.resourceType : holder.type;
  for (let type: string | undefined = holderType; type !== undefined; type = baseName(type, workshop)) names.add(type);
  if (holder?.primitive !== undefined) names.add('Element');
  if (holder === undefined || holder.isResource) return names;
  let tail = '';
  for (let level = above.length - 1; level >= 0; level--) {
    const one: Property | undefined = above[level];
    if (one === undefined || one.isResource) break;
    names.add(one.element.path + tail);
    names.add(one.element.path.replace('[x]', '') + tail);
    if (one.element.contentReference !== undefined) names.add(one.element.contentReference + tail);
    const { path } = one.element;
    tail = path.slice(path.lastIndexOf('.')).replace('[x]', '') + tail;
  }
  return names;
}

function baseName(type: string, workshop: Workshop): string | undefined {
  return workshop.catalog.type(type)?.base?.split('/').pop();
}

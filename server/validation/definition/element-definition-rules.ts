/**
 * Rules of each element that a StructureDefinition defines: its path, its types and what they allow, its slicing.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html#rules
 */

import { compileFhirPath } from '../../fhir/fhirpath.ts';
import { textOf } from '../../fhir/json.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';
import type { Run } from '../run.ts';
import type { Structure } from '../structure.ts';
import type { StructureCatalog } from '../structure-catalog.ts';
import { sameValue } from '../values.ts';
import { checkCharacteristics } from './element-characteristics.ts';

type Json = Record<string, unknown>;
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

const TARGETED = new Set(['Reference', 'canonical', 'CodeableReference']);

/** Checks every element of the differential and the snapshot of a StructureDefinition; the run stands at it. */
export function checkElements(run: Run, definition: Resource, base: Structure | undefined, catalog: StructureCatalog): void {
  for (const part of ['differential', 'snapshot']) {
    const list = definition[part];
    if (!isObject(list)) continue;
    run.enter(part, -1);
    for (const [index, element] of objectsIn(list.element).entries()) {
      run.enter('element', index);
      checkPath(run, element, definition);
      checkTypes(run, element, catalog);
      if (isObject(element.slicing)) checkSlicing(run, element.slicing, textOf(element.path), catalog);
      if (part === 'snapshot') checkValueTypes(run, element, catalog);
      else if (base !== undefined) checkFixed(run, element, base, catalog);
      run.leave();
    }
    run.leave();
  }
}

function checkPath(run: Run, element: Json, definition: Resource): void {
  const path = textOf(element.path);
  const type = textOf(definition.type).split('/').pop()!;
  if (definition.kind !== 'logical' && path !== type && !path.startsWith(`${type}.`)) {
    run.report('element-path', { path: path.slice(0, 120), type });
  }
}

function checkTypes(run: Run, element: Json, catalog: StructureCatalog): void {
  const types = objectsIn(element.type);
  checkCharacteristics(
    run,
    element,
    types.map((one) => textOf(one.code)).filter((code) => !code.includes('/')),
  );
  for (const [index, one] of types.entries()) {
    const code = textOf(one.code);
    const at = `.type[${index}]`;
    if (one.targetProfile !== undefined && !TARGETED.has(code))
      run.report('element-characteristic', { what: 'targetProfile', types: code });
    for (const [position, profile] of texts(one.profile).entries())
      checkTypeProfile(run, profile, code, textOf(element.path), `${at}.profile[${position}]`, catalog);
    for (const [position, profile] of texts(one.targetProfile).entries()) {
      if (!isTarget(profile, code, catalog))
        run.report('type-target', { profile, type: code }, 'error', `${at}.targetProfile[${position}]`);
    }
  }
}

/** A profile on a type is of that type, and an extension's a modifier where modifiers stand. */
function checkTypeProfile(run: Run, profile: string, code: string, path: string, at: string, catalog: StructureCatalog): void {
  const structure = catalog.get(profile);
  if (structure === undefined) return;
  if (!isOfType(structure, code, catalog)) run.report('type-profile', { profile, type: code }, 'error', at);
  else if (structure.type === 'Extension' && (structure.elements[0]?.modifier === true) !== path.endsWith('.modifierExtension'))
    run.report('type-profile-modifier', { profile }, 'error', at);
}

function isOfType(structure: Structure, code: string, catalog: StructureCatalog): boolean {
  const seen = new Set<Structure>();
  for (let one: Structure | undefined = structure; one !== undefined && !seen.has(one); ) {
    if (one.type === code || one.url === code) return true;
    seen.add(one);
    one = one.base === undefined ? undefined : catalog.get(one.base);
  }
  // What leads nowhere that is known is not judged.
  return [...seen].at(-1)?.base !== undefined;
}

/** A reference's target is a resource, a canonical's one that has a url. */
function isTarget(profile: string, code: string, catalog: StructureCatalog): boolean {
  if (!TARGETED.has(code)) return false;
  const structure = catalog.get(profile);
  if (structure === undefined || structure.kind === 'logical') return true;
  if (structure.kind !== 'resource') return false;
  if (code !== 'canonical' || structure.type === 'Resource') return true;
  return structure.elements.some(({ path }) => path === `${structure.type}.url`);
}

/** What is sliced may have several values, or values of several types; a discriminator is an expression. */
function checkSlicing(run: Run, slicing: Json, path: string, catalog: StructureCatalog): void {
  const element = catalog.type(path.split('.', 1)[0]!)?.elements.find((one) => one.path === path);
  if (element?.max === 1 && !path.includes('[x]')) run.report('slicing-single', { path }, 'error', '.slicing');
  for (const [index, discriminator] of objectsIn(slicing.discriminator).entries()) {
    try {
      compileFhirPath(textOf(discriminator.path), path);
    } catch (error) {
      const why = error instanceof Error ? error.message.slice(0, 160) : '';
      run.report('discriminator-path', { path: textOf(discriminator.path), why }, 'error', `.slicing.discriminator[${index}]`);
    }
  }
}

/** The value of a choice of an ElementDefinition, with its type. */
function choice(element: Json, stem: string, catalog: StructureCatalog): { value: unknown; type: string } | undefined {
  const key = Object.keys(element).find((name) => name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length)));
  if (key === undefined) return undefined;
  const type = key.slice(stem.length);
  return { value: element[key], type: catalog.type(type) === undefined ? type.charAt(0).toLowerCase() + type.slice(1) : type };
}

/** In a snapshot, each element has types, and its fixed, pattern and default value one of them. */
function checkValueTypes(run: Run, element: Json, catalog: StructureCatalog): void {
  if (!textOf(element.id ?? '').includes('.')) return;
  const codes = objectsIn(element.type).map((one) => textOf(one.code));
  if (codes.length === 0 && element.contentReference === undefined) run.report('element-no-type', { path: textOf(element.path) });
  // The types of FHIRPath stand for several of FHIR's.
  if (codes.length === 0 || codes.some((code) => code.includes('/'))) return;
  for (const stem of ['defaultValue', 'fixed', 'pattern']) {
    const found = choice(element, stem, catalog);
    if (found !== undefined && !codes.includes(found.type))
      run.report('element-value-type', { type: found.type, types: codes.join(', ') }, 'error', `.${stem}.ofType(${found.type})`);
  }
}

/** A profile fixes what its base fixes. */
function checkFixed(run: Run, element: Json, base: Structure, catalog: StructureCatalog): void {
  const found = choice(element, 'fixed', catalog);
  const fixed = base.elements.find(({ id }) => id === element.path)?.fixed;
  if (found === undefined || fixed === undefined || sameValue(found.value, fixed)) return;
  run.report('fixed', { expected: JSON.stringify(fixed), from: base.url }, 'error', `.fixed.ofType(${found.type})`);
}

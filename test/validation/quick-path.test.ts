import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileFhirPath } from '../../server/fhir/fhirpath.ts';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { FAST_INVARIANTS } from '../../server/validation/fast-invariants.ts';
import { compileQuickPath } from '../../server/validation/quick-path/quick-path.ts';
import { Bail } from '../../server/validation/quick-path/values.ts';
import { Run } from '../../server/validation/run.ts';
import type { Constraint } from '../../server/validation/structure.ts';
import { loadStructures } from '../../server/validation/structure-catalog.ts';

/**
 * The fast forms of invariants against fhirpath.js: over every element of the example resources, as they are and with
 * one member after another left out.
 */
const catalog = loadStructures();
const folder = new URL('../../profiles/generated/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !name.startsWith('StructureDefinition-'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Resource);

interface Subject {
  readonly value: Record<string, unknown>;
  readonly path: string;
  readonly constraints: readonly Constraint[];
  readonly resource: Resource;
}

const holds = (result: readonly unknown[]): boolean => result.length === 1 && result[0] !== false;
const full = new Map<string, ReturnType<typeof compileFhirPath>>();
const quick = new Map<string, ReturnType<typeof compileQuickPath>>();

function fullOf(expression: string, path: string) {
  const key = `${path} ${expression}`;
  let compiled = full.get(key);
  if (compiled === undefined) {
    compiled = compileFhirPath(expression, path);
    full.set(key, compiled);
  }
  return compiled;
}

function quickOf(expression: string) {
  if (!quick.has(expression)) quick.set(expression, compileQuickPath(expression));
  return quick.get(expression);
}

/** Every object of a resource with the constraints of its element and of its type. */
function subjectsOf(resource: Resource): Subject[] {
  const found: Subject[] = [];
  const visit = (value: unknown, typeName: string, path: string): void => {
    if (!isObject(value)) return;
    const structure = catalog.type(typeName.split('.', 1)[0]!);
    const self = structure?.elements.find((element) => element.path === path);
    if (structure === undefined || self === undefined) return;
    found.push({ value, path, constraints: self.constraints, resource });
    for (const element of structure.elements) {
      if (!element.path.startsWith(`${path}.`) || element.path.slice(path.length + 1).includes('.')) continue;
      const name = element.path.slice(path.length + 1);
      for (const type of element.types) {
        const json = name.endsWith('[x]') ? name.slice(0, -3) + type.code.charAt(0).toUpperCase() + type.code.slice(1) : name;
        const inner = type.code === 'BackboneElement' || type.code === 'Element';
        const content = value[json];
        for (const item of Array.isArray(content) ? content : [content]) {
          if (inner) visit(item, structure.type, element.path);
          else if (type.code !== 'Resource') visit(item, type.code, type.code);
        }
      }
    }
  };
  visit(resource, resource.resourceType, resource.resourceType);
  const own = resource.meta?.profile?.flatMap((url) => catalog.get(url)?.elements[0]?.constraints ?? []) ?? [];
  if (own.length > 0) found.push({ value: resource, path: resource.resourceType, constraints: own, resource });
  return found;
}

/** The value, then the value without each of its members, then with a text in place of each. */
function variants(value: Record<string, unknown>): Record<string, unknown>[] {
  const names = Object.keys(value).filter((name) => name !== 'resourceType');
  const without = names.map((name) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)));
  return [value, ...without];
}

describe('fast invariants', () => {
  it('say what fhirpath.js says, for every element of the examples and with each member left out', { timeout: 120_000 }, () => {
    const differing = new Set<string>();
    let compared = 0;
    for (const example of examples) {
      for (const { value, path, constraints } of subjectsOf(example)) {
        for (const variant of variants(value)) {
          const resource = value === example ? (variant as Resource) : example;
          const context = { resource, rootResource: resource, resolve: () => undefined };
          for (const { key, expression } of constraints) {
            // ele-1 is checked by shape; ref-1 says nothing of a Reference without a reference, though its expression is empty there.
            if (key === 'ele-1' || (key === 'ref-1' && variant.reference === undefined)) continue;
            const said = decide(expression, variant, context);
            if (said === undefined) continue;
            compared++;
            if (said !== holds(fullOf(expression, path)(variant, context)))
              differing.add(`${key} on ${path}: ${JSON.stringify(variant).slice(0, 300)}`);
          }
        }
      }
    }
    expect([...differing]).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
  });

  function decide(
    expression: string,
    value: Record<string, unknown>,
    context: { resource: Resource; rootResource: Resource; resolve: () => undefined },
  ) {
    const fast = FAST_INVARIANTS.get(expression);
    if (fast !== undefined) {
      const run = new Run({
        language: 'en',
        expressionMs: 1000,
        unknownExtensions: 'warning',
        referenceTypes: 'trusted',
        wrongDisplays: 'warning',
        markdownHtml: 'warning',
        stringHtml: 'information',
      });
      run.resources.push(context.resource);
      return fast(value, run);
    }
    try {
      const compiled = quickOf(expression);
      return compiled?.holds(value, context);
    } catch (error) {
      if (error instanceof Bail) return undefined;
      throw error;
    }
  }

  it('cover nine in ten of the core invariants', () => {
    const expressions = new Set<string>();
    for (const name of [
      'Patient',
      'CarePlan',
      'CareTeam',
      'Goal',
      'Task',
      'Observation',
      'Questionnaire',
      'Bundle',
      'Consent',
      'StructureDefinition',
      'ElementDefinition',
      'Timing',
    ]) {
      for (const element of catalog.type(name)!.elements) for (const one of element.constraints) expressions.add(one.expression);
    }
    const known = [...expressions].filter((one) => FAST_INVARIANTS.has(one) || compileQuickPath(one) !== undefined);
    expect(known.length / expressions.size).toBeGreaterThan(0.9);
  });
});

describe('quick FHIRPath [fhirpath N1]', () => {
  const value = {
    resourceType: 'Observation',
    status: 'final',
    valueQuantity: { value: 3, unit: 'kg' },
    component: [
      { code: { coding: [{ code: 'a' }] }, valueInteger: 2 },
      { code: { coding: [{ code: 'b' }] }, _valueInteger: { id: 'x' } },
    ],
    note: [{ text: "it's" }],
    effectiveDateTime: '2020-02-03',
  };
  const context = { resource: value as Resource, rootResource: value as Resource, resolve: () => undefined };
  it.each([
    'value.exists() and value.value = 3',
    "component.where(code.coding.code = 'a').value.ofType(integer) + 1",
    'component.value.count()',
    'component.value.exists()',
    'component[1].value.hasValue()',
    "note.text = 'it\\'s'",
    "status in ('final' | 'amended')",
    "'final' in (status | 'x')",
    "status in ('2020' | 'final')",
    "(status) = 'final' and ('a' | 'b' | 'a').count() = 2",
    "$this.status = 'final' and effective != 'final'",
    "iif(status = 'final', 'yes', 'no')",
    'component.code.coding.code.isDistinct()',
    "effective.toString().substring(0, 4) = '2020'",
    'component.all(value.exists())',
    'component.select(code.coding.code)',
    '(1 | 2 | 2).count()',
    'dataAbsentReason.exists() xor status.exists()',
    'interpretation.empty() implies {}',
    "%resource.status & '-' & note.text",
    "note.text.matches('^it')",
    'component.value.sum()',
    '(7 mod 3 - 5).abs() >= 4',
    "status.length() > 4 and status.startsWith('fin')",
    'effective <= today() - 1 years',
    '(today() - 18 years).toString().length()',
    'effective > today() - 18 years',
  ])('%s', (expression) => {
    const compiled = compileQuickPath(expression);
    expect(compiled).toBeDefined();
    const expected = compileFhirPath(expression, 'Observation')(value, context);
    let said: readonly unknown[] | undefined;
    try {
      said = compiled!.evaluate(value, context);
    } catch (error) {
      if (!(error instanceof Bail)) throw error;
    }
    if (said === undefined) return;
    expect(said).toEqual(expected);
    expect(compiled!.holds(value, context)).toBe(holds(expected));
  });

  it('leaves what it does not know for certain to fhirpath.js', () => {
    expect(compileQuickPath('value is Quantity')).toBeUndefined();
    expect(compileQuickPath('descendants().count()')).toBeUndefined();
    expect(() => compileQuickPath("effective = '2020'")!.evaluate({ effectiveDateTime: '2020-01-01' }, context)).toThrow(Bail);
    expect(() => compileQuickPath('value = %resource.value')!.evaluate({ valueQuantity: { value: 1 } }, context)).toThrow(Bail);
  });
});

/** The expressions of search parameters: all of HL7's compile, and give what fhirpath.js gives. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { compileExpression, type Visit } from '../../server/search/compile-expression.ts';
import { parseExpression, UnsupportedExpression } from '../../server/search/expression.ts';
import { compileWithFhirpath } from '../../server/search/fhirpath-fallback.ts';
import { definitions, searchRegistry } from '../support/search-cases.ts';

const collect = (node: unknown, _root: Resource, out: unknown[]): void => {
  out.push(node);
};

function evaluate(expression: string, resource: Resource): readonly unknown[] {
  return run(
    compileExpression<unknown>(definitions, parseExpression(expression), resource.resourceType, () => collect),
    resource,
  );
}

function run(visit: Visit<unknown> | undefined, resource: Resource): readonly unknown[] {
  const out: unknown[] = [];
  visit?.(resource, resource, out);
  return out;
}

describe('every search parameter', () => {
  it('compiles without fhirpath.js, on every type it is for', () => {
    const outside: string[] = [];
    for (const type of definitions.resourceTypes) {
      for (const { code, expression, components } of searchRegistry.forType(type)) {
        for (const text of [expression, ...components.map((component) => component.expression)]) {
          if (text === undefined) continue;
          try {
            compileExpression(definitions, parseExpression(text), type, () => undefined);
          } catch (error) {
            if (!(error instanceof UnsupportedExpression)) throw error;
            outside.push(`${type}.${code}`);
          }
        }
      }
    }
    expect(outside).toEqual([]);
  });

  it('leads somewhere on every type it is for', () => {
    const nowhere: string[] = [];
    for (const type of definitions.resourceTypes) {
      for (const { code, expression } of searchRegistry.forType(type)) {
        if (expression === undefined) continue;
        if (compileExpression(definitions, parseExpression(expression), type, () => collect) === undefined) nowhere.push(`${type}.${code}`);
      }
    }
    expect(nowhere).toEqual([]);
  });

  it('finds in our examples what fhirpath.js finds', () => {
    const differences: string[] = [];
    let compared = 0;
    for (const resource of examples()) {
      for (const { code, expression } of searchRegistry.forType(resource.resourceType)) {
        // fhirpath.js would have to fetch what resolve() asks for.
        if (expression === undefined || expression.includes('resolve()')) continue;
        const ours = evaluate(expression, resource);
        const theirs = run(
          compileWithFhirpath<unknown>(expression, () => collect),
          resource,
        );
        compared += 1;
        if (distinct(ours) !== distinct(theirs)) differences.push(`${resource.resourceType}/${resource.id} ${code}`);
      }
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(500);
  });
});

const patient: Resource = {
  resourceType: 'Patient',
  id: 'p',
  name: [{ family: 'A', given: ['B', 'C'] }, { family: 'D' }],
  telecom: [
    { system: 'phone', value: '1' },
    { system: 'email', value: '2' },
  ],
  birthDate: '2000',
  _birthDate: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime', valueDateTime: '2000-01-01T10:00:00Z' }] },
  extension: [
    { url: 'http://x.example/a', valueString: 'one' },
    { url: 'http://x.example/b', valueCode: 'two' },
  ],
  deceasedBoolean: false,
  generalPractitioner: [
    { reference: 'Practitioner/1' },
    { reference: 'http://y.example/Organization/2' },
    { reference: '#c' },
    { type: 'Practitioner' },
  ],
  contained: [{ resourceType: 'Practitioner', id: 'c' }],
};

describe('compileExpression', () => {
  it.each<[string, unknown[]]>([
    ['Patient.name.family', ['A', 'D']],
    ['Patient.name.given', ['B', 'C']],
    ['Patient.name[0].family', ['A']],
    ['Patient.name[1].family', ['D']],
    ['Patient.name[7].family', []],
    ['name.family | Patient.birthDate', ['A', 'D', '2000']],
    ['Group.name', []],
    ['Resource.id', ['p']],
    ['DomainResource.extension.value', ['one', 'two']],
    ["Patient.telecom.where(system = 'email').value", ['2']],
    ["Patient.telecom.where(system != 'email').value", ['1']],
    ["Patient.telecom.where(system = 'fax' or value = '1').value", ['1']],
    ["Patient.telecom.where(system = 'phone' and value = '2').value", []],
    ['Patient.telecom.where(value.exists()).value', ['1', '2']],
    ['Patient.name.where(given.empty()).family', ['D']],
    ['Patient.name.where(given.exists().not()).family', ['D']],
    ["Patient.extension('http://x.example/a').value", ['one']],
    ["Patient.extension.where(url = 'http://x.example/b').value", ['two']],
    ["(Patient.extension('http://x.example/a').value as string)", ['one']],
    ["Patient.extension('http://x.example/a').value.ofType(code)", []],
    ["Patient.birthDate.extension('http://hl7.org/fhir/StructureDefinition/patient-birthTime').value", ['2000-01-01T10:00:00Z']],
    ['Patient.deceased.exists()', [true]],
    ['Patient.deceased.ofType(boolean)', [false]],
    ['Patient.deceased.ofType(dateTime)', []],
    ['Patient.deceased.exists() and Patient.deceased != false', [false]],
    ['Patient.photo.exists()', [false]],
    ['Patient.photo.empty()', [true]],
    ['Patient.generalPractitioner.where(resolve() is Organization).reference', ['http://y.example/Organization/2']],
    [
      'Patient.generalPractitioner.where(resolve() is Practitioner)',
      [{ reference: 'Practitioner/1' }, { reference: '#c' }, { type: 'Practitioner' }],
    ],
    ['Patient.contained.id', ['c']],
    ['%resource.id', ['p']],
    ['Patient.unknown', []],
    ['(Patient.name).family', ['A', 'D']],
  ])('%s', (expression, found) => {
    expect(evaluate(expression, patient)).toEqual(found);
  });

  it.each([
    'Patient.name.first()',
    'Patient.name.select(family)',
    'Patient.name is HumanName',
    'Patient.name.',
    'Patient name',
    '1 + 1',
    "Patient.name['a']",
    '',
  ])('leaves %j to fhirpath.js', (expression) => {
    expect(() => evaluate(expression, patient)).toThrow(UnsupportedExpression);
  });

  it('finds nothing, and does not fail, where elements have the wrong shape', () => {
    const broken = {
      resourceType: 'Patient',
      name: 'Kari',
      telecom: { system: 'email' },
      contained: [null, 5],
      birthDate: ['2000'],
    } as unknown as Resource;
    for (const { expression } of searchRegistry.forType('Patient')) if (expression !== undefined) evaluate(expression, broken);
    expect(evaluate('Patient.name.family', broken)).toEqual([]);
  });
});

describe('the fallback', () => {
  it('runs what is not compiled, and knows the types of what it finds', () => {
    const types: string[] = [];
    const visit = compileWithFhirpath<unknown>('Patient.name.first().family | Patient.birthDate', (type) => {
      types.push(type);
      return collect;
    });
    expect(run(visit, patient)).toEqual(['A', '2000']);
    expect(types).toEqual(['string', 'date']);
  });

  it('refuses what is not FHIRPath', () => {
    expect(() => compileWithFhirpath('Patient..name', () => undefined)).toThrow();
  });
});

/** A union holds nothing twice; ours leaves that to the index. */
function distinct(values: readonly unknown[]): string {
  return JSON.stringify([...new Set(values.map((value) => JSON.stringify(value)))]);
}

const PER_TYPE = 6;

function examples(): readonly Resource[] {
  const folder = join(import.meta.dirname, '..', '..', 'profiles', 'generated');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const counts = new Map<string, number>();
  return files
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Resource)
    .filter(({ resourceType }) => {
      const count = (counts.get(resourceType) ?? 0) + 1;
      counts.set(resourceType, count);
      return definitions.isResourceType(resourceType) && count <= PER_TYPE;
    });
}

import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { FhirError } from '../../server/fhir/errors.ts';
import { stringifyJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { readFhirPathPatch } from '../../server/interactions/fhirpath-patch.ts';
import { operation, PATCH_CASES, type PatchCase } from '../cases/fhirpath-patch.ts';

const definitions = loadDefinitions();

function outcome({ type = 'Patient', before, operations }: PatchCase): unknown {
  const resource: Resource = { resourceType: type, ...before };
  const text = stringifyJson(resource);
  try {
    const parameters = { resourceType: 'Parameters', ...(operations.length === 0 ? {} : { parameter: operations }) };
    const { resourceType: _type, ...after } = readFhirPathPatch(definitions, type, parameters)(resource);
    expect(stringifyJson(resource)).toBe(text);
    return after;
  } catch (error) {
    if (error instanceof FhirError) return [error.status, error.issues[0]?.code, error.issues[0]?.expression?.[0]];
    throw error;
  }
}

describe('FHIRPath Patch [R4 fhirpatch]', () => {
  it.each(PATCH_CASES)('$why', (each) => {
    expect(outcome(each)).toEqual(each.expected);
  });

  it.each(['constructor', 'toString', '__proto__'])('has no operation %s', (type) => {
    const parameter = [{ name: 'operation', part: [{ name: 'type', valueCode: type }] }];
    expect(() => readFhirPathPatch(definitions, 'Patient', { resourceType: 'Parameters', parameter })).toThrow(
      'type is one of add, insert',
    );
  });

  it('is given up when its paths together take too long', () => {
    const operations = Array.from({ length: 60_000 }, () => operation('delete', { path: 'Patient.photo' }));
    const startedMs = performance.now();
    expect(outcome({ why: '', before: {}, operations, expected: {} })).toEqual([422, 'too-costly', expect.any(String)]);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

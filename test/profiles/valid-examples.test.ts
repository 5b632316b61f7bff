/**
 * The examples of the profiles are valid, and there are a minimal and a full one of each.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html
 */
import { describe, expect, test } from 'vitest';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { allGenerated, structures } from './profile-rules.ts';
import { validator } from './profile-validator.ts';

const profiles = structures().filter(({ type }) => type !== 'Extension');
const examples = allGenerated().filter(({ meta }) => meta?.profile?.some((url) => profiles.some((profile) => profile.url === url)));
const errorsOf = (resource: Resource): string[] =>
  validator
    .validate(resource)
    .filter(isErrorIssue)
    .map((issue) => `${issue.expression?.join(', ')}: ${issue.diagnostics}`);

describe('the valid examples', () => {
  test.each(profiles)('of $id are at least two', ({ url }) => {
    expect(examples.filter(({ meta }) => meta?.profile?.includes(url)).length).toBeGreaterThanOrEqual(2);
  });

  test.each(examples)('$resourceType/$id has no error', (example) => {
    expect(errorsOf(example)).toEqual([]);
  });
});

test('the examples stand together: each reference leads to an example of the right profile', () => {
  const base = 'https://fellesplan.example/fhir';
  const entry = examples
    .filter(({ url }) => url === undefined)
    .map((resource) => ({ fullUrl: `${base}/${resource.resourceType}/${resource.id}`, resource }));
  expect(entry.length).toBeGreaterThan(40);
  expect(errorsOf({ resourceType: 'Bundle', type: 'collection', entry })).toEqual([]);
});

describe('the definitions', () => {
  const definitions = allGenerated().filter((resource) => !examples.includes(resource));

  test('are all the rest of what is generated', () => {
    expect(definitions.length).toBeGreaterThan(60);
    expect(definitions.filter(({ resourceType }) => resourceType === 'StructureDefinition').length).toBeGreaterThan(20);
  });

  test.each(definitions)('$resourceType/$id has no error', (definition) => {
    expect(errorsOf(definition)).toEqual([]);
  });
});

/**
 * What is committed under profiles/generated is what the FSH says.
 *
 * Spec: https://hl7.org/fhir/uv/shorthand/
 */
import { expect, test } from 'vitest';
import { compileProfiles, differences } from '../../profiles/build.ts';
import { allGenerated } from './profile-rules.ts';

test('compiling the FSH again gives the committed files, without an error or a warning', async () => {
  const files = await compileProfiles();
  expect(differences(files)).toEqual([]);
  expect(files.size).toBe(allGenerated().length);
}, 120_000);

test('a file that differs is told with its first differing line', () => {
  const name = 'CodeSystem-fp-bti-level.json';
  const text = '{\n "resourceType": "ValueSet"\n}\n';
  const found = differences(new Map([[name, text]])).filter((line) => line.startsWith(name));
  expect(found).toEqual([`${name}:2\n  committed: "resourceType": "CodeSystem",\n  from FSH:  "resourceType": "ValueSet"`]);
});

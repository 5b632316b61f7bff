/**
 * The project's own search parameters find what the examples say.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter.html
 */
import { expect, test } from 'vitest';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import { allGenerated } from './profile-rules.ts';

const definitions = loadDefinitions();
const index = createIndexer(definitions, createSearchRegistry(definitions), { baseUrl: 'https://fellesplan.example/fhir' });
const entries = (id: string, param: string) => index(allGenerated().find((one) => one.id === id)!).filter((entry) => entry.param === param);

test('a plan is found by the day of its next review', () => {
  const [entry, ...others] = entries('care-plan-full', 'next-review');
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ kind: 'range' });
  const { low, high } = entry as unknown as { low: number; high: number };
  const day = Date.parse('2027-02-01T00:00:00Z');
  expect(Math.abs(low - day)).toBeLessThanOrEqual(2 * 3_600_000);
  expect(Math.round((high - low) / 3_600_000)).toBe(24);
});

test('a plan is found by the organisation that answers for it', () => {
  expect(entries('care-plan-full', 'custodian')).toMatchObject([{ kind: 'reference', type: 'Organization', id: 'organization-minimal' }]);
});

test('a team is found by the roles of its members', () => {
  const codes = entries('care-team-child', 'member-role').map((entry) => (entry as unknown as { code: string }).code);
  expect(codes.sort()).toEqual(['barnekoordinator', 'foresatt']);
});

test('a Binary is found by what stands for it where it is decided who sees it', () => {
  const binary = { resourceType: 'Binary', id: 'b', contentType: 'text/plain', securityContext: { reference: 'DocumentReference/letter' } };
  const found = index(binary).filter(({ param }) => param === 'security-context');
  expect(found).toMatchObject([{ kind: 'reference', type: 'DocumentReference', id: 'letter' }]);
});

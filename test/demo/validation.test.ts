import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shiftToToday } from '../../server/demo/shift-dates.ts';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { isObject } from '../../server/fhir/resource.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { bundlesOf, entriesOf, resourcesOf, SETS, valuesNamed } from './bundles.ts';

const GENERATED = join(import.meta.dirname, '../../profiles/generated');
const validator = createValidator({ terminology: createTerminology() });

describe('the demo population against its definitions', () => {
  it.each(SETS)('%s has no error by R4 or by the profiles it claims', (set) => {
    const errors = bundlesOf(set).flatMap((bundle) =>
      entriesOf(shiftToToday(bundle, Date.now())).flatMap(({ resource }) =>
        validator
          .validate(resource)
          .filter(isErrorIssue)
          .map((issue) => `${resource.resourceType}/${resource.id} ${issue.expression?.join()}: ${issue.diagnostics}`),
      ),
    );
    expect(errors).toEqual([]);
  });

  it('would be told of a plan that breaks its profile', () => {
    const [plan] = resourcesOf('shared', 'CarePlan');
    const { careTeam: _, ...withoutTeam } = plan!;
    const issues = validator.validate(withoutTeam).filter(isErrorIssue);
    expect(issues.map((issue) => [issue.code, issue.expression])).toEqual([['structure', ['CarePlan']]]);
    expect(issues[0]?.diagnostics).toContain('careTeam');
  });

  it('claims a profile for every type that has one', () => {
    const profiled = [
      'Patient',
      'PractitionerRole',
      'Organization',
      'RelatedPerson',
      'Person',
      'CarePlan',
      'CareTeam',
      'Goal',
      'Task',
      'Consent',
      'Observation',
      'QuestionnaireResponse',
      'ServiceRequest',
      'Communication',
      'Provenance',
    ];
    for (const type of profiled) {
      for (const resource of resourcesOf('shared', type)) {
        expect(resource.meta?.profile?.[0], `${type}/${resource.id}`).toMatch(
          /^https:\/\/fellesplan\.example\/fhir\/StructureDefinition\/fp-/,
        );
      }
    }
  });

  it('shows the display of the code systems with every code of the project', () => {
    const displays = new Map<string, string>();
    for (const name of readdirSync(GENERATED).filter((file) => file.startsWith('CodeSystem-fp-'))) {
      const system = JSON.parse(readFileSync(join(GENERATED, name), 'utf8')) as {
        url: string;
        concept?: { code: string; display: string }[];
      };
      for (const { code, display } of system.concept ?? []) displays.set(`${system.url}#${code}`, display);
    }
    const codings = [...valuesNamed(resourcesOf('shared'), 'coding').flat(), ...valuesNamed(resourcesOf('shared'), 'valueCoding')].filter(
      isObject,
    );
    const own = codings.filter((coding) => String(coding.system).startsWith('https://fellesplan.example/fhir/CodeSystem/'));
    expect(own.length).toBeGreaterThan(1000);
    for (const coding of own)
      expect(coding.display, `${coding.system}#${coding.code}`).toBe(displays.get(`${coding.system}#${coding.code}`));
  });
});

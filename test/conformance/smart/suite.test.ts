import { describe, expect, it } from 'vitest';
import { SMART_CHECKS } from '../../../server/conformance/smart/all-checks.ts';
import { REPORT_WORDS } from '../../../server/conformance/smart/reports/words.ts';

describe('the suite', () => {
  it('has 400 checks and more, each with an id of its own, a title and a section of a specification', () => {
    expect(SMART_CHECKS.length).toBeGreaterThanOrEqual(400);
    expect(new Set(SMART_CHECKS.map(({ id }) => id)).size).toBe(SMART_CHECKS.length);
    for (const check of SMART_CHECKS) {
      expect(check.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(check.spec).toMatch(/^https:\/\//);
      expect(check.title.length).toBeGreaterThan(10);
    }
  });

  it('checks 180 and more of the public kit’s numbered requirements', () => {
    expect(new Set(SMART_CHECKS.flatMap(({ requirements }) => requirements)).size).toBeGreaterThanOrEqual(180);
  });

  it('calls each of its groups by a name in every language', () => {
    const groups = [...new Set(SMART_CHECKS.map(({ group }) => group))].sort();
    expect(Object.keys(REPORT_WORDS.nb.groups).sort()).toEqual(groups);
    expect(Object.keys(REPORT_WORDS.nn.groups).sort()).toEqual(groups);
  });
});

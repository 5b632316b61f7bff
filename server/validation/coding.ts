/**
 * Rules of Coding: the code exists in its system, the display is one of the system's.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#Coding
 */
import { isObject } from '../fhir/resource.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

/** The check that runs over each Coding. */
export function codingRules({ terminology }: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      if (!isObject(value) || typeof value.code !== 'string') return;
      const { system, code, display } = value;
      if (typeof system !== 'string') {
        if (value._system === undefined) run.report('coding-no-system', {}, 'warning');
        return;
      }
      if (!/^[a-z][a-z0-9+.-]*:/i.test(system)) {
        run.report('coding-relative-system', { system });
        return;
      }
      const result = terminology.validateInSystem({ system, code, ...(typeof display === 'string' ? { display } : {}) });
      if (result.membership === 'unknown' && result.unknown.length > 0 && terminology.knows(system))
        run.report('coding-value-set', { system });
      else if (result.membership === 'out') run.report('coding-unknown-code', { code: code.slice(0, 80), system });
      else if (result.wrongDisplay) {
        run.report('coding-display', { code, display: String(display).slice(0, 80), expected: result.display ?? '' }, 'warning');
      }
    },
  ];
}

/**
 * Rules of Coding and Quantity: the system names a code system, the code exists in it, the display is one of the system's.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#Coding · https://hl7.org/fhir/R4/datatypes.html#Quantity
 */

import type { TerminologyService } from '../../terminology/terminology-service.ts';
import { textOf } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';
import type { Run } from './run.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

/** The schemes that the URI of a code system has. */
const SYSTEM = /^(?:https?|urn):/;
/** Systems whose URI is the whole name: nothing is added to it for an edition or a part. */
const WHOLE = ['http://snomed.info/sct', 'http://loinc.org', 'http://unitsofmeasure.org', 'http://www.nlm.nih.gov/research/umls/rxnorm'];
/** A page of the specification, or of its build, is not a code system. */
const PAGE = /^https?:\/\/(?:build\.fhir\.org\/|(?:www\.)?hl7\.org\/fhir\/.*\.html$)/;

/** The check that runs over each Coding. */
export function codingRules({ terminology }: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      if (!isObject(value) || typeof value.code !== 'string') return;
      const { system, code, display } = value;
      if (typeof system !== 'string') {
        if (value._system === undefined) run.report('coding-no-system', {}, 'warning');
      } else checkCode(run, terminology, system, code, typeof display === 'string' ? display : undefined);
    },
  ];
}

/** The check that runs over each Quantity: its code is one of the system, UCUM as a rule. */
export function quantityRules({ terminology }: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      if (!isObject(value) || typeof value.code !== 'string' || typeof value.system !== 'string') return;
      checkCode(run, terminology, value.system, value.code, undefined);
    },
  ];
}

function checkCode(run: Run, terminology: TerminologyService, system: string, code: string, display: string | undefined): void {
  if (!SYSTEM.test(system)) {
    run.report('coding-relative-system', { system: system.slice(0, 120) });
    return;
  }
  const result = terminology.validateInSystem({ system, code, ...(display === undefined ? {} : { display }) });
  if (result.membership === 'out') run.report('coding-unknown-code', { code: code.slice(0, 80), system });
  else if (result.membership === 'unknown' && result.unknown.length > 0) checkUnknownSystem(run, terminology, system);
  else if (result.wrongDisplay)
    run.report(
      'coding-display',
      { code, display: textOf(display).slice(0, 80), expected: result.display ?? '' },
      run.options.wrongDisplays,
      '.display',
    );
}

/** A system that is not held here may still be plainly none. */
function checkUnknownSystem(run: Run, terminology: TerminologyService, system: string): void {
  if (terminology.knows(system)) run.report('coding-value-set', { system });
  else if (PAGE.test(system) || WHOLE.some((whole) => system !== whole && system.startsWith(whole)))
    run.report('coding-wrong-system', { system: system.slice(0, 120) });
  else if (system.startsWith('https:') && terminology.knows(`http:${system.slice('https:'.length)}`))
    run.report('coding-wrong-system', { system: system.slice(0, 120) });
}

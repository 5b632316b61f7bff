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
  const right = new RightCodings(terminology);
  return [
    (run, value) => {
      if (!isObject(value) || typeof value.code !== 'string') return;
      const { system, code } = value;
      const display = typeof value.display === 'string' ? value.display : undefined;
      if (typeof system !== 'string') {
        if (value._system === undefined) run.report('coding-no-system', {}, 'warning');
      } else if (!right.has(system, code, display) && checkCode(run, terminology, system, code, display)) right.add(system, code, display);
    },
  ];
}

const MOST_KEPT = 1000;
const LONGEST_KEPT = 200;

/** Codings of which there was nothing to tell, by code: most content has the same few. They hold for one state of the terminology. */
class RightCodings {
  readonly #terminology: TerminologyService;
  readonly #kept = new Map<string, { readonly system: string; readonly display: string | undefined }>();
  #revision: number;

  constructor(terminology: TerminologyService) {
    this.#terminology = terminology;
    this.#revision = terminology.revision;
  }

  has(system: string, code: string, display: string | undefined): boolean {
    if (this.#revision !== this.#terminology.revision) this.#kept.clear();
    this.#revision = this.#terminology.revision;
    const kept = this.#kept.get(code);
    return kept !== undefined && kept.system === system && kept.display === display;
  }

  add(system: string, code: string, display: string | undefined): void {
    if (system.length + code.length + (display?.length ?? 0) > LONGEST_KEPT) return;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(code, { system, display });
  }
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

/** True when there was nothing to tell. */
function checkCode(run: Run, terminology: TerminologyService, system: string, code: string, display: string | undefined): boolean {
  if (!SYSTEM.test(system)) {
    run.report('coding-relative-system', { system: system.slice(0, 120) });
    return false;
  }
  const result = terminology.validateInSystem({ system, code, ...(display === undefined ? {} : { display }) });
  if (result.membership === 'out') run.report('coding-unknown-code', { code: code.slice(0, 80), system });
  else if (result.membership === 'unknown' && result.unknown.length > 0) return checkUnknownSystem(run, terminology, system);
  else if (result.wrongDisplay)
    run.report(
      'coding-display',
      { code, display: textOf(display).slice(0, 80), expected: result.display ?? '' },
      run.options.wrongDisplays,
      '.display',
    );
  else return true;
  return false;
}

/** A system that is not held here may still be plainly none; true when there was nothing to tell. */
function checkUnknownSystem(run: Run, terminology: TerminologyService, system: string): boolean {
  if (terminology.knows(system)) run.report('coding-value-set', { system });
  else if (PAGE.test(system) || WHOLE.some((whole) => system !== whole && system.startsWith(whole)))
    run.report('coding-wrong-system', { system: system.slice(0, 120) });
  else if (system.startsWith('https:') && terminology.knows(`http:${system.slice('https:'.length)}`))
    run.report('coding-wrong-system', { system: system.slice(0, 120) });
  else return true;
  return false;
}

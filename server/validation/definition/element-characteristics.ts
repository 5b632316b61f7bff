/**
 * What may be said of an element depends on what its types have: a range, a length, codes, targets.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html#rules
 */
import { textOf } from '../../fhir/json.ts';
import type { Run } from '../run.ts';

/** The types with each characteristic. */
const TYPES_WITH = {
  binding:
    'code Coding CodeableConcept CodeableReference Quantity Age Distance Duration MoneyQuantity SimpleQuantity Range string uri url oid uuid Extension',
  length: 'string code uri url canonical id oid uuid markdown integer positiveInt unsignedInt integer64 decimal date dateTime instant time',
  range:
    'integer positiveInt unsignedInt integer64 decimal date dateTime instant time Quantity Age Count Distance Duration Money MoneyQuantity SimpleQuantity',
  decimals: 'decimal instant dateTime time Quantity Age Distance Duration Money MoneyQuantity SimpleQuantity',
  size: 'base64Binary Attachment',
} as const;

type Characteristic = keyof typeof TYPES_WITH;

const SETS = new Map(Object.entries(TYPES_WITH).map(([name, types]) => [name, new Set(types.split(' '))]));
const CORE = 'http://hl7.org/fhir/StructureDefinition/';

type Json = Record<string, unknown>;

function saysOf(element: Json): [what: string, needs: Characteristic][] {
  const says = (name: string): boolean =>
    Object.keys(element).some((key) => key === name || (key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length))));
  const extended = (name: string): boolean =>
    Array.isArray(element.extension) && element.extension.some((one) => (one as Json | null)?.url === `${CORE}${name}`);
  // In a snapshot, a choice that was narrowed to a type without codes still has the binding of the choice.
  const ofChoice = textOf((element.base as Json | undefined)?.path).endsWith('[x]');
  const said: [boolean, string, Characteristic][] = [
    [element.binding !== undefined && !ofChoice, 'A binding', 'binding'],
    [element.maxLength !== undefined, 'maxLength', 'length'],
    [extended('minLength'), 'minLength', 'length'],
    [says('minValue'), 'minValue', 'range'],
    [says('maxValue'), 'maxValue', 'range'],
    [extended('maxDecimalPlaces'), 'maxDecimalPlaces', 'decimals'],
    [extended('maxSize'), 'maxSize', 'size'],
  ];
  return said.filter(([is]) => is).map(([, what, needs]) => [what, needs]);
}

/** Reports what an element says that none of its types has a place for; the run stands at it. */
export function checkCharacteristics(run: Run, element: Json, codes: readonly string[]): void {
  if (codes.length === 0) return;
  for (const [what, needs] of saysOf(element)) {
    if (!codes.some((code) => SETS.get(needs)!.has(code))) run.report('element-characteristic', { what, types: codes.join(', ') });
  }
}

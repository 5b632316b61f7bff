/**
 * Number and quantity searches. Numbers are given as text where their precision matters.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#number · https://hl7.org/fhir/R4/search.html#quantity
 */
import type { SearchTable } from '../support/search-cases.ts';

const risk = (id: string, probability: string): string =>
  `{"resourceType":"RiskAssessment","id":"${id}","prediction":[{"probabilityDecimal":${probability}}]}`;
const window = (id: string, windowStart: number) => ({ resourceType: 'MolecularSequence', id, referenceSeq: { windowStart } });

const numbers: SearchTable = {
  title: 'numbers match within their implied precision [R4 search#number]',
  given: [
    risk('n99-4', '99.4'),
    risk('n99-5', '99.5'),
    risk('n100', '100'),
    risk('n100-00', '100.00'),
    risk('n100-4', '100.4'),
    risk('n100-5', '100.5'),
    risk('n95', '95'),
    risk('n104-9', '104.9'),
    risk('n105', '105'),
    risk('minus', '-5.5'),
    risk('zero', '0'),
    risk('small', '0.8'),
    { resourceType: 'RiskAssessment', id: 'range', prediction: [{ probabilityRange: { low: { value: 200 }, high: { value: 300 } } }] },
    { resourceType: 'RiskAssessment', id: 'open', prediction: [{ probabilityRange: { low: { value: 400 } } }] },
    { resourceType: 'RiskAssessment', id: 'none' },
  ],
  cases: [
    ["the spec's example: 100 is 99.5 to 100.5", 'RiskAssessment?probability=100', ['n100', 'n100-00', 'n100-4', 'n99-5']],
    ["the spec's example: 100.00 is 99.995 to 100.005", 'RiskAssessment?probability=100.00', ['n100', 'n100-00']],
    [
      "the spec's example: 1e2 is 95 to 105",
      'RiskAssessment?probability=1e2',
      ['n100', 'n100-00', 'n100-4', 'n100-5', 'n104-9', 'n95', 'n99-4', 'n99-5'],
    ],
    ["the spec's example: lt100", 'RiskAssessment?probability=lt100', ['minus', 'n95', 'n99-4', 'n99-5', 'small', 'zero']],
    [
      "the spec's example: le100",
      'RiskAssessment?probability=le100',
      ['minus', 'n100', 'n100-00', 'n95', 'n99-4', 'n99-5', 'small', 'zero'],
    ],
    ["the spec's example: gt100", 'RiskAssessment?probability=gt100', ['n100-4', 'n100-5', 'n104-9', 'n105', 'open', 'range']],
    [
      "the spec's example: ge100",
      'RiskAssessment?probability=ge100',
      ['n100', 'n100-00', 'n100-4', 'n100-5', 'n104-9', 'n105', 'open', 'range'],
    ],
    [
      "the spec's example: ne100",
      'RiskAssessment?probability=ne100',
      ['minus', 'n100-5', 'n104-9', 'n105', 'n95', 'n99-4', 'open', 'range', 'small', 'zero'],
    ],
    ["the spec's example: gt0.8", 'RiskAssessment?probability=gt0.8&probability=lt99.5', ['n95', 'n99-4']],
    ['a negative number', 'RiskAssessment?probability=-5.5', ['minus']],
    ['negative, less precise', 'RiskAssessment?probability=-6', []],
    ['below zero', 'RiskAssessment?probability=lt0', ['minus']],
    ['zero is -0.5 to 0.5', 'RiskAssessment?probability=0', ['zero']],
    ['zero with a decimal', 'RiskAssessment?probability=0.0', ['zero']],
    [
      'approximately: a tenth of the value',
      'RiskAssessment?probability=ap100',
      ['n100', 'n100-00', 'n100-4', 'n100-5', 'n104-9', 'n105', 'n95', 'n99-4', 'n99-5'],
    ],
    ['approximately a range', 'RiskAssessment?probability=ap310', ['range']],
    ['a range is not equal to a number in it', 'RiskAssessment?probability=250', []],
    ['a range reaches above', 'RiskAssessment?probability=gt299', ['open', 'range']],
    ['a range reaches below', 'RiskAssessment?probability=lt201&probability=gt150', ['range']],
    ['wholly above', 'RiskAssessment?probability=sa199', ['open', 'range']],
    ['wholly below', 'RiskAssessment?probability=eb301&probability=gt150', ['range']],
    ['without an end', 'RiskAssessment?probability=gt1000000', ['open']],
    ['either', 'RiskAssessment?probability=0.8,105', ['n104-9', 'n105', 'small']],
    ['missing', 'RiskAssessment?probability:missing=true', ['none']],
    ['sorted as numbers', 'RiskAssessment?_id=n105,n95,minus,n99-4&_sort=probability', ['minus', 'n95', 'n99-4', 'n105']],
    ['sorted, without a value last', 'RiskAssessment?_id=n105,none,minus&_sort=-probability', ['n105', 'minus', 'none']],
  ],
};

const integers: SearchTable = {
  title: 'integers match exactly [R4 search#number]',
  given: [window('one', 1), window('two', 2), window('three', 3)],
  cases: [
    ['an integer', 'MolecularSequence?window-start=2', ['two']],
    ['with a zero after the point', 'MolecularSequence?window-start=2.0', ['two']],
    ['with other digits after the point nothing matches', 'MolecularSequence?window-start=2.1', []],
    ['more than', 'MolecularSequence?window-start=gt2', ['three']],
    ['less than', 'MolecularSequence?window-start=lt2', ['one']],
    ['not', 'MolecularSequence?window-start=ne2', ['one', 'three']],
  ],
};

const UCUM = 'http://unitsofmeasure.org';
const measured = (id: string, value: string, unit = '', comparator = ''): string => {
  const coded = unit === '' ? '' : `,"system":"${UCUM}","code":"${unit}"`;
  const compared = comparator === '' ? '' : `,"comparator":"${comparator}"`;
  return `{"resourceType":"Observation","id":"${id}","valueQuantity":{"value":${value}${coded}${compared}}}`;
};

const quantities: SearchTable = {
  title: 'quantities match by value and unit, UCUM units by what they amount to [R4 search#quantity]',
  given: [
    measured('mg', '5.4', 'mg'),
    measured('g', '0.0054', 'g'),
    measured('ug', '5400', 'ug'),
    measured('kg', '5.4', 'kg'),
    measured('bare', '5.4'),
    measured('mg5-44', '5.44', 'mg'),
    measured('mg5-45', '5.45', 'mg'),
    measured('less', '2', 'mmol/L', '<'),
    measured('more', '9', 'mmol/L', '>='),
    measured('warm', '37', 'Cel'),
    measured('hot', '102.2', '[degF]'),
    measured('units', '10', '[iU]'),
    measured('score', '6', '{score}'),
    { resourceType: 'Observation', id: 'spoken', valueQuantity: { value: 5.4, unit: 'mg' } },
    { resourceType: 'Observation', id: 'readable', valueQuantity: { value: 3, unit: 'milligram', system: UCUM, code: 'mg' } },
    { resourceType: 'Observation', id: 'other', valueQuantity: { value: 5.4, system: 'http://acme.org/units', code: 'mg' } },
    { resourceType: 'Observation', id: 'none' },
    { resourceType: 'Invoice', id: 'money', totalNet: { value: 48, currency: 'NOK' } },
    {
      resourceType: 'Condition',
      id: 'range',
      onsetRange: { low: { value: 40, system: UCUM, code: 'a' }, high: { value: 50, system: UCUM, code: 'a' } },
    },
    { resourceType: 'Condition', id: 'age', onsetAge: { value: 24, system: UCUM, code: 'mo' } },
  ],
  cases: [
    ["the spec's example: value, system and code", `Observation?value-quantity=5.4|${UCUM}|mg`, ['g', 'mg', 'mg5-44', 'ug']],
    ["the spec's example: value and code", 'Observation?value-quantity=5.4||mg', ['mg', 'mg5-44', 'other', 'spoken']],
    ["the spec's example: less or equal", `Observation?value-quantity=le5.4|${UCUM}|mg`, ['g', 'mg', 'readable', 'ug']],
    ["the spec's example: approximately", `Observation?value-quantity=ap5.4|${UCUM}|mg`, ['g', 'mg', 'mg5-44', 'mg5-45', 'ug']],
    ['the value in any unit is taken as written', 'Observation?value-quantity=5.4', ['bare', 'kg', 'mg', 'mg5-44', 'other', 'spoken']],
    ['the same in grams', `Observation?value-quantity=0.0054|${UCUM}|g`, ['g', 'mg', 'mg5-44', 'ug']],
    ['less precise in grams', `Observation?value-quantity=0.005|${UCUM}|g`, ['g', 'mg', 'mg5-44', 'mg5-45', 'ug']],
    ['more precise', `Observation?value-quantity=5.40|${UCUM}|mg`, ['g', 'mg', 'ug']],
    ['the unit as people read it', 'Observation?value-quantity=3||milligram', ['readable']],
    ['another system', 'Observation?value-quantity=5.4|http://acme.org/units|mg', ['other']],
    ['all in a system', 'Observation?value-quantity=5.4|http://acme.org/units|', ['other']],
    ['more than, in another unit', `Observation?value-quantity=gt5.44|${UCUM}|mg`, ['kg', 'mg5-45']],
    ['not, among those of the same kind', `Observation?value-quantity=ne5.4|${UCUM}|mg`, ['kg', 'mg5-45', 'readable']],
    ['measured as less than 2: is less than 3', `Observation?value-quantity=lt3|${UCUM}|mmol/L`, ['less']],
    ['measured as less than 2: may be 1', `Observation?value-quantity=lt1|${UCUM}|mmol/L`, ['less']],
    ['measured as 9 or more: may be 20', `Observation?value-quantity=gt20|${UCUM}|mmol/L`, ['more']],
    ['measured as 9 or more: is not 9', `Observation?value-quantity=9|${UCUM}|mmol/L`, []],
    ['per litre and per decilitre', `Observation?value-quantity=lt0.3|${UCUM}|mmol/dL`, ['less']],
    ['degrees Celsius', `Observation?value-quantity=37|${UCUM}|Cel`, ['warm']],
    ['approximately, by a tenth of the degrees that are asked for', `Observation?value-quantity=ap36|${UCUM}|Cel`, ['hot', 'warm']],
    ['approximately, further away', `Observation?value-quantity=ap30|${UCUM}|Cel`, []],
    ['degrees Celsius asked in Fahrenheit', `Observation?value-quantity=98.6|${UCUM}|[degF]`, ['warm']],
    ['Fahrenheit asked in Celsius', `Observation?value-quantity=39.0|${UCUM}|Cel`, ['hot']],
    ['kelvin', `Observation?value-quantity=gt310|${UCUM}|K`, ['hot', 'warm']],
    ['an arbitrary unit as written', `Observation?value-quantity=10|${UCUM}|[iU]`, ['units']],
    ['an annotation is a unit of one', `Observation?value-quantity=ge5|${UCUM}|{score}`, ['score']],
    ['money by currency', 'Invoice?totalnet=48|urn:iso:std:iso:4217|NOK', ['money']],
    ['money in another currency', 'Invoice?totalnet=48|urn:iso:std:iso:4217|EUR', []],
    ['money by number', 'Invoice?totalnet=gt40', ['money']],
    ['an age in months asked in years', `Condition?onset-age=2|${UCUM}|a`, ['age']],
    ['a range of ages', `Condition?onset-age=gt45|${UCUM}|a`, ['range']],
    ['a range wholly above', `Condition?onset-age=sa39|${UCUM}|a`, ['range']],
    ['missing', 'Observation?value-quantity:missing=true', ['none']],
    ['a unit that is no UCUM unit', `Observation?value-quantity=5.4|${UCUM}|bananas`, []],
    [
      'sorted by what they amount to',
      'Observation?_id=kg,g,ug,mg5-45,readable&_sort=value-quantity,_id',
      ['readable', 'g', 'ug', 'mg5-45', 'kg'],
    ],
    ['sorted the other way', 'Observation?_id=kg,g,readable&_sort=-value-quantity', ['kg', 'g', 'readable']],
    [
      'sorted, without a UCUM unit by the number, without a value last',
      'Observation?_id=kg,none,spoken,mg5-45,units&_sort=value-quantity',
      ['mg5-45', 'kg', 'spoken', 'units', 'none'],
    ],
    ['combined with the components', `Observation?combo-value-quantity=6|${UCUM}|{score}`, ['score']],
  ],
};

const sampled = (id: string, data: string, over: Record<string, unknown> = {}) => ({
  resourceType: 'Observation',
  id,
  code: { coding: [{ code: 'ecg' }] },
  valueSampledData: { origin: { value: 2, system: UCUM, code: 'mV' }, period: 10, factor: 0.5, dimensions: 1, data, ...over },
});

const samples: SearchTable = {
  title: 'sampled data match by the bounds of their values [R4 Observation-value-quantity]',
  given: [
    sampled('wave', '-2 0 4.5 E 1e1'),
    sampled('flat', '0', { factor: undefined }),
    sampled('below', '1 L 2', { lowerLimit: 0.5 }),
    sampled('above', 'U', { upperLimit: 9 }),
    sampled('errors', 'E E'),
    sampled('none', '', { data: undefined }),
    {
      resourceType: 'Observation',
      id: 'component',
      component: [
        { code: { coding: [{ code: 'ecg' }] }, valueSampledData: { origin: { value: 0 }, period: 1, dimensions: 1, data: '3 9' } },
      ],
    },
  ],
  cases: [
    ['some value is above', `Observation?value-quantity=gt6|${UCUM}|mV`, ['above', 'wave']],
    ['some value is above, in another unit', `Observation?value-quantity=gt6000|${UCUM}|uV`, ['above', 'wave']],
    ['none is above', `Observation?value-quantity=gt7|${UCUM}|mV`, ['above']],
    ['some value is below', `Observation?value-quantity=lt1.5|${UCUM}|mV`, ['below', 'wave']],
    ['all are above', `Observation?value-quantity=sa1.9|${UCUM}|mV`, ['above', 'flat']],
    ['all are below', `Observation?value-quantity=eb7.1|${UCUM}|mV`, ['below', 'flat', 'wave']],
    ['one value only', `Observation?value-quantity=2|${UCUM}|mV`, ['flat']],
    ['as written', 'Observation?value-quantity=gt6.5', ['above', 'wave']],
    ['of a component', 'Observation?component-value-quantity=gt8', ['component']],
    ['the composite is defined for single quantities only', `Observation?code-value-quantity=ecg$gt6|${UCUM}|mV`, []],
    ['without a value that was measured', 'Observation?value-quantity:missing=true', ['component', 'errors', 'none']],
  ],
};

export const numberTables: readonly SearchTable[] = [numbers, integers, quantities, samples];

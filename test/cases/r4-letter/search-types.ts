/**
 * What each type of search parameter means.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#ptypes
 */
import { coded, type Page, reference, SYSTEM, section } from './statement.ts';

const UCUM = 'http://unitsofmeasure.org';
const number = section('search#number');
const risk = (id: string, probability: number) => ({
  resourceType: 'RiskAssessment',
  id,
  status: 'final',
  subject: reference('Patient/p'),
  prediction: [{ probabilityDecimal: probability }],
});

export const numbers: Page = {
  title: 'number',
  given: [risk('low', 0.995), risk('one', 1), risk('high', 1.005), risk('nine', 9.5), risk('ten', 10), risk('edge', 10.5)],
  statements: [
    number.finds('a number is as precise as it is written', 'RiskAssessment?probability=1.00', ...risks('low', 'one')),
    number.finds('with fewer digits it covers more', 'RiskAssessment?probability=1', ...risks('low', 'one', 'high')),
    number.finds('the upper bound is not in it', 'RiskAssessment?probability=10', ...risks('nine', 'ten')),
    number.finds('an exponent has the precision of R4 (1e2 is 95 to 105)', 'RiskAssessment?probability=1e1', ...risks('nine', 'ten')),
    number.finds('digits of an exponent count', 'RiskAssessment?probability=1.00e1', ...risks('ten')),
    number.finds('eq is said or not', 'RiskAssessment?probability=eq10', ...risks('nine', 'ten')),
    number.finds('ne is what eq is not', 'RiskAssessment?probability=ne1', ...risks('nine', 'ten', 'edge')),
    number.finds('lt takes the number as it is', 'RiskAssessment?probability=lt1', ...risks('low')),
    number.finds('le too', 'RiskAssessment?probability=le1', ...risks('low', 'one')),
    number.finds('gt too', 'RiskAssessment?probability=gt10', ...risks('edge')),
    number.finds('ge too', 'RiskAssessment?probability=ge10', ...risks('ten', 'edge')),
    number.finds('sa is gt', 'RiskAssessment?probability=sa9.5', ...risks('ten', 'edge')),
    number.finds('eb is lt', 'RiskAssessment?probability=eb1', ...risks('low')),
    number.finds('ap is a tenth more or less', 'RiskAssessment?probability=ap10.6', ...risks('ten', 'edge')),
    number.finds('several: one of them', 'RiskAssessment?probability=10.0,0.995', ...risks('ten', 'low')),
    number.finds('said twice: all of them', 'RiskAssessment?probability=gt1&probability=lt10', ...risks('high', 'nine')),
    number.refuses('what is no number is 400', 'RiskAssessment?probability=many', 400, 'value', 'probability'),
    number.refuses('nor with a prefix alone', 'RiskAssessment?probability=gt', 400, 'value', 'probability'),
    number.finds(':missing=true', 'RiskAssessment?probability:missing=true'),
  ],
};

function risks(...ids: readonly string[]): readonly string[] {
  return ids.map((id) => `RiskAssessment/${id}`);
}

const date = section('search#date');
const seen = (id: string, effective: object) => ({ resourceType: 'Observation', id, status: 'final', code: coded('x'), ...effective });
const at = (id: string, effectiveDateTime: string) => seen(id, { effectiveDateTime });
const during = (id: string, start?: string, end?: string) =>
  seen(id, { effectivePeriod: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) } });

export const dates: Page = {
  title: 'date',
  given: [
    at('midnight', '2013-01-14T00:00:00+01:00'),
    at('ten', '2013-01-14T10:00:00+01:00'),
    at('next', '2013-01-15T00:00:00+01:00'),
    at('day', '2013-01-14'),
    at('month', '2013-01'),
    at('year', '2013'),
    during('across', '2013-01-13T12:00:00+01:00', '2013-01-14T12:00:00+01:00'),
    during('since', '2013-01-21'),
    during('until', undefined, '2013-01-10'),
    seen('never', {}),
  ],
  statements: [
    date.finds('eq: the day covers all of it', 'Observation?date=2013-01-14', ...all('midnight', 'ten', 'day')),
    date.finds('eq: a month covers its days', 'Observation?date=2013-01', ...all('midnight', 'ten', 'next', 'day', 'month', 'across')),
    date.finds('eq: a minute covers its seconds', 'Observation?date=2013-01-14T10:00%2B01:00', ...all('ten')),
    date.finds('eq: zones are reckoned', 'Observation?date=2013-01-14T09:00:00Z', ...all('ten')),
    date.finds(
      'ne: what the day does not cover',
      'Observation?date=ne2013-01-14',
      ...all('next', 'month', 'year', 'across', 'since', 'until'),
    ),
    date.finds(
      'lt: what has a part before',
      'Observation?date=lt2013-01-14T10:00%2B01:00',
      ...all('midnight', 'day', 'month', 'year', 'across', 'until'),
    ),
    date.finds(
      'gt: what has a part after',
      'Observation?date=gt2013-01-14T10:00%2B01:00',
      ...all('next', 'day', 'month', 'year', 'across', 'since'),
    ),
    date.finds('gt: without an end it goes on for ever', 'Observation?date=gt2030', ...all('since')),
    date.finds('lt: without a beginning it has always been', 'Observation?date=lt1990', ...all('until')),
    date.finds('ge: what may include times after', 'Observation?date=ge2013-03-14', ...all('since', 'year')),
    date.finds(
      'le: what may include times before',
      'Observation?date=le2013-03-14',
      ...all('midnight', 'ten', 'next', 'day', 'month', 'year', 'across', 'since', 'until'),
    ),
    date.finds('sa: what begins after it has ended', 'Observation?date=sa2013-01-14', ...all('next', 'since')),
    date.finds('eb: what ends before it begins', 'Observation?date=eb2013-01-13', ...all('until')),
    date.finds('eb: what reaches into it does not', 'Observation?date=eb2013-01-14', ...all('until')),
    date.finds('ap: what lies near', 'Observation?date=ap2013-01-14&_id=ten,never', ...all('ten')),
    date.finds('a range is said by two', 'Observation?date=ge2013-01-15&date=lt2013-01-16', ...all('next', 'month', 'year')),
    date.finds(':missing=true', 'Observation?date:missing=true', ...all('never')),
    date.finds('any of several', 'Observation?date=2013-01-15,2012', ...all('next')),
    date.refuses('hours alone are no time', 'Observation?date=2013-01-14T10', 400, 'value', 'date'),
    date.refuses('a day that is none', 'Observation?date=2013-02-30', 400, 'value', 'date'),
    date.refuses('a modifier that dates do not have', 'Observation?date:exact=2013', 400, 'not-supported', 'date:exact'),
    date.refuses('a plus sign that was not escaped is a space', 'Observation?date=2013-01-14T10:00:00+01:00', 400, 'value', 'date'),
    date.finds('a fraction is narrower than the second that it begins', 'Observation?date=2013-01-14T09:00:00.000Z'),
    date.finds(
      'from a fraction on',
      'Observation?date=ge2013-01-14T09:00:00.000Z&date=lt2013-01-14T12:00Z&_id=ten,midnight',
      ...all('ten'),
    ),
  ],
};

function all(...ids: readonly string[]): readonly string[] {
  return ids.map((id) => `Observation/${id}`);
}

const born = (id: string, birthDate: string) => ({ resourceType: 'Patient', id, birthDate });

export const datesInPart: Page = {
  title: 'dates that are known in part',
  given: [born('year', '1974'), born('month', '1974-12'), born('day', '1974-12-25')],
  statements: [
    date.finds('a day does not cover the year', 'Patient?birthdate=1974-12-25', 'Patient/day'),
    date.finds('a month covers its days', 'Patient?birthdate=1974-12', 'Patient/month', 'Patient/day'),
    date.finds('a year covers all', 'Patient?birthdate=1974', 'Patient/year', 'Patient/month', 'Patient/day'),
    date.finds('the year may be after', 'Patient?birthdate=gt1974-12-25', 'Patient/year', 'Patient/month'),
    date.finds('or before', 'Patient?birthdate=lt1974-12-25', 'Patient/year', 'Patient/month'),
    date.finds('it is not surely after', 'Patient?birthdate=sa1974-12-24', 'Patient/day'),
    date.finds('nor surely before', 'Patient?birthdate=eb1974-12-26', 'Patient/day'),
    date.finds('ne: what the day does not cover', 'Patient?birthdate=ne1974-12-25', 'Patient/year', 'Patient/month'),
  ],
};

const string = section('search#string');

export const strings: Page = {
  title: 'string',
  given: [
    {
      resourceType: 'Patient',
      id: 'eve',
      name: [{ use: 'official', given: ['Eve', 'Anna'], family: 'van der Berg', prefix: ['Dr.'], text: 'Whole Text' }],
      address: [
        { use: 'home', line: ['Storgata 1'], city: 'Tromsø', postalCode: '9008', country: 'NO', district: 'Sentrum', text: 'By the quay' },
      ],
    },
    {
      resourceType: 'Patient',
      id: 'severine',
      name: [{ given: ['Severine'], family: 'Aas' }],
      address: [{ city: 'Øye', line: ['Évry 2'] }],
    },
    { resourceType: 'Patient', id: 'evelyn', name: [{ given: ['EVELYN'], family: 'Ås' }] },
    { resourceType: 'Patient', id: 'unnamed' },
  ],
  statements: [
    string.finds('equal to, or begins with', 'Patient?given=eve', 'Patient/eve', 'Patient/evelyn'),
    string.finds('whatever the case', 'Patient?given=EVE', 'Patient/eve', 'Patient/evelyn'),
    string.finds('any of several names', 'Patient?given=anna', 'Patient/eve'),
    string.finds(':contains anywhere', 'Patient?given:contains=eve', 'Patient/eve', 'Patient/evelyn', 'Patient/severine'),
    string.finds(':exact with case and all', 'Patient?given:exact=Eve', 'Patient/eve'),
    string.finds(':exact, not in another case', 'Patient?given:exact=eve'),
    string.finds(':exact is the whole', 'Patient?family:exact=van'),
    string.finds('accents do not count', 'Patient?address=evry', 'Patient/severine'),
    string.finds('nor those of what is sought', 'Patient?given=%C3%89ve', 'Patient/eve', 'Patient/evelyn'),
    string.finds('nor composed in another way', 'Patient?given=E%CC%81ve', 'Patient/eve', 'Patient/evelyn'),
    string.finds('a name is any part of it: prefix', 'Patient?name=dr', 'Patient/eve'),
    string.finds('a name is any part of it: text', 'Patient?name=whole', 'Patient/eve'),
    string.finds('but not its use', 'Patient?name=official'),
    string.finds('an address: line', 'Patient?address=storgata', 'Patient/eve'),
    string.finds('an address: city', 'Patient?address=tromso', 'Patient/eve'),
    string.finds('an address: postal code', 'Patient?address=9008', 'Patient/eve'),
    string.finds('an address: country', 'Patient?address=no', 'Patient/eve'),
    string.finds('an address: district', 'Patient?address=sentrum', 'Patient/eve'),
    string.finds('an address: text', 'Patient?address=by the', 'Patient/eve'),
    string.finds('but not its use either', 'Patient?address=home'),
    string.finds('several: one of them', 'Patient?family=aas,van', 'Patient/severine', 'Patient/eve'),
    string.finds('twice: all of them', 'Patient?given=eve&given=anna', 'Patient/eve'),
    string.finds('spaces count', 'Patient?family=van der b', 'Patient/eve'),
    string.finds(':missing=true', 'Patient?name:missing=true', 'Patient/unnamed'),
    string.finds(':missing=false', 'Patient?address:missing=false', 'Patient/eve', 'Patient/severine'),
    string.refuses(':missing is true or false', 'Patient?name:missing=1', 400, 'value', 'name:missing'),
  ],
};

const token = section('search#token');
const identifier = (system: string | undefined, value: string, more: object = {}) => ({
  ...(system === undefined ? {} : { system }),
  value,
  ...more,
});

export const tokens: Page = {
  title: 'token',
  given: [
    {
      resourceType: 'Patient',
      id: 'a',
      active: true,
      gender: 'female',
      identifier: [identifier(SYSTEM, '1')],
      telecom: [{ system: 'phone', value: '+47 555 12 345' }],
    },
    {
      resourceType: 'Patient',
      id: 'b',
      active: false,
      gender: 'male',
      identifier: [identifier('http://t.example', '1'), identifier(SYSTEM, 'AbC')],
    },
    {
      resourceType: 'Patient',
      id: 'c',
      identifier: [identifier(undefined, '1', { type: { coding: [{ system: SYSTEM, code: 'MR' }], text: 'Medical record' } })],
    },
    { resourceType: 'Patient', id: 'd', telecom: [{ system: 'email', value: 'Eve@Example.org' }] },
    {
      resourceType: 'Condition',
      id: 'one',
      subject: reference('Patient/a'),
      code: {
        coding: [
          { system: SYSTEM, code: 'x', display: 'Broken arm' },
          { system: 'http://t.example', code: 'y' },
        ],
        text: 'Arm, broken',
      },
    },
    { resourceType: 'Condition', id: 'two', subject: reference('Patient/a'), code: { coding: [{ code: 'x' }] } },
    { resourceType: 'Condition', id: 'three', subject: reference('Patient/a') },
  ],
  statements: [
    token.finds('a code in whatever system', 'Condition?code=x', 'Condition/one', 'Condition/two'),
    token.finds('a code in a system', `Condition?code=${SYSTEM}|x`, 'Condition/one'),
    token.finds('a code without a system', 'Condition?code=|x', 'Condition/two'),
    token.finds('any code of a system', `Condition?code=${SYSTEM}|`, 'Condition/one'),
    token.finds('code and system are of one coding', `Condition?code=${SYSTEM}|y`),
    token.finds(':not also finds what has no code', `Condition?code:not=${SYSTEM}|x`, 'Condition/two', 'Condition/three'),
    token.finds(':not of several: none of them', 'Condition?code:not=x,y', 'Condition/three'),
    token.finds(':text: of the concept', 'Condition?code:text=arm', 'Condition/one'),
    token.finds(':text: of the coding', 'Condition?code:text=broken', 'Condition/one'),
    token.finds(':text: of the type of an identifier', 'Patient?identifier:text=medical', 'Patient/c'),
    token.finds('an identifier in whatever system', 'Patient?identifier=1', 'Patient/a', 'Patient/b', 'Patient/c'),
    token.finds('an identifier in a system', `Patient?identifier=${SYSTEM}|1`, 'Patient/a'),
    token.finds('an identifier without a system', 'Patient?identifier=|1', 'Patient/c'),
    token.finds('any identifier of a system', 'Patient?identifier=http://t.example|', 'Patient/b'),
    token.finds(':of-type', `Patient?identifier:of-type=${SYSTEM}|MR|1`, 'Patient/c'),
    token.refuses(':of-type has three parts', `Patient?identifier:of-type=${SYSTEM}|MR`, 400, 'value', 'identifier:of-type'),
    token.finds('a part of a token is none', 'Condition?code=Brok'),
    token.finds('a boolean', 'Patient?active=true', 'Patient/a'),
    token.finds('a boolean that is false', 'Patient?active=false', 'Patient/b'),
    token.finds('what is not said is neither', 'Patient?active:missing=true', 'Patient/c', 'Patient/d'),
    token.finds('a code by the system of its value set', 'Patient?gender=http://hl7.org/fhir/administrative-gender|male', 'Patient/b'),
    token.finds('a code of an element without a system is one without a system', 'Patient?gender=|male', 'Patient/b'),
    token.finds('of another system it is none', `Patient?gender=${SYSTEM}|male`),
    token.finds(':not', 'Patient?gender:not=male', 'Patient/a', 'Patient/c', 'Patient/d'),
    token.finds('contact points: case and punctuation do not count', 'Patient?email=eve@example.ORG', 'Patient/d'),
    token.finds('nor spaces in a number', 'Patient?phone=%2B4755512345', 'Patient/a'),
    token.finds('several: one of them', `Patient?identifier=${SYSTEM}|1,http://t.example|1`, 'Patient/a', 'Patient/b'),
    token.finds('twice: all of them', 'Patient?identifier=1&identifier=AbC', 'Patient/b'),
    token.departs(
      'SHOULD',
      'An identifier or code in another case may be another one, and a wrong person found is worse than nobody; UCUM and most code systems tell cases apart.',
      'identifiers and codes have their case',
      ['GET', `Patient?identifier=${SYSTEM}|abc`],
      { status: 200, ids: [] },
    ),
    token.refuses('a modifier that tokens do not have', 'Patient?gender:exact=male', 400, 'not-supported', 'gender:exact'),
    token.finds('_id is a token', 'Patient?_id=a,b', 'Patient/a', 'Patient/b'),
  ],
};

const quantity = section('search#quantity');
const measured = (id: string, valueQuantity: object) => seen(id, { valueQuantity });

export const quantities: Page = {
  title: 'quantity',
  given: [
    measured('mg', { value: 5.4, system: UCUM, code: 'mg', unit: 'milligram' }),
    measured('g', { value: 0.0054, system: UCUM, code: 'g' }),
    measured('unit', { value: 5.4, unit: 'mg' }),
    measured('bare', { value: 5.4 }),
    measured('less', { value: 5, system: UCUM, code: 'mg' }),
    measured('below', { value: 6, comparator: '<', system: UCUM, code: 'mg' }),
    seen('none', {}),
  ],
  statements: [
    quantity.finds('value, system and code, in whatever unit of that kind', `Observation?value-quantity=5.4|${UCUM}|mg`, ...all('mg', 'g')),
    quantity.finds('as precise as it is written', `Observation?value-quantity=5|${UCUM}|mg`, ...all('mg', 'g', 'less')),
    quantity.finds('in another unit', `Observation?value-quantity=0.0054|${UCUM}|g`, ...all('mg', 'g')),
    quantity.finds('an exponent', `Observation?value-quantity=5.40e-3|${UCUM}|g`, ...all('mg', 'g')),
    quantity.finds('code or unit in whatever system', 'Observation?value-quantity=5.4||mg', ...all('mg', 'unit')),
    quantity.finds('whatever the unit', 'Observation?value-quantity=5.4', ...all('mg', 'unit', 'bare')),
    quantity.finds('a prefix', `Observation?value-quantity=lt5.4|${UCUM}|mg&_id=mg,less,none`, ...all('less')),
    quantity.finds('le', `Observation?value-quantity=le5.4|${UCUM}|mg&_id=mg,less,none`, ...all('mg', 'less')),
    quantity.finds('ap: a tenth more or less', `Observation?value-quantity=ap5.4|${UCUM}|mg&_id=mg,g,less,none`, ...all('mg', 'g', 'less')),
    quantity.finds('ne', `Observation?value-quantity=ne5.4|${UCUM}|mg&_id=mg,less,none`, ...all('less')),
    quantity.finds(':missing', 'Observation?value-quantity:missing=true', ...all('none')),
    quantity.finds('less than 6 may be anything below', `Observation?value-quantity=lt3|${UCUM}|mg`, ...all('below')),
    quantity.refuses('what is no number', `Observation?value-quantity=x|${UCUM}|mg`, 400, 'value', 'value-quantity'),
    quantity.finds('another unit of another kind', `Observation?value-quantity=5.4|${UCUM}|mm`),
  ],
};

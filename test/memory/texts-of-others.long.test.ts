/**
 * What is remembered by a text that comes with a request is bounded, by number and by length: whoever sends ever new texts
 * would fill the memory.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { dateRange } from '../../server/fhir/date-range.ts';
import { orderKey } from '../../server/fhir/norwegian-order.ts';
import { normalizeText } from '../../server/fhir/string-normalize.ts';
import { SERVER_ZONE, timeZone } from '../../server/fhir/time-zone.ts';
import { canonicalUnit } from '../../server/fhir/ucum.ts';
import { answerLanguage, answerType } from '../../server/http/negotiate.ts';
import { valueKeyOf } from '../../server/store/sql/keys.ts';
import { boundedMatch } from '../../server/validation/bounded-regex.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { megabytesHeld } from '../support/heap.ts';

const PROFILE = 'https://fellesplan.example/fhir/StructureDefinition/fp-care-plan';
const PLAN = { resourceType: 'CarePlan', status: 'active', intent: 'plan', subject: { reference: 'Patient/1' } };
const GRAMMARS = ['http://unitsofmeasure.org', 'urn:ietf:bcp:47', 'urn:ietf:bcp:13', 'urn:iso:std:iso:4217'];
const SNOMED = 'http://snomed.info/sct';

const terminology = createTerminology();
const validator = createValidator({ terminology });
const zone = timeZone(SERVER_ZONE);
/** A text that no other is, of a hundred thousand characters, as one piece of memory. */
const long = (n: number): string => JSON.parse(JSON.stringify(`${n}`.padEnd(100_000, 'x'))) as string;

/** What is asked with which text, and how often. */
const CASES: readonly (readonly [what: string, times: number, ask: (n: number) => unknown])[] = [
  ['versions of a profile', 200, (n) => validator.validate({ ...PLAN, meta: { profile: [`${PROFILE}|9.${n}`] } })],
  ['versions of a profile that is asked for', 200, (n) => validator.validate(PLAN, { profiles: [`${PROFILE}|8.${n}`] })],
  ['profiles nobody knows', 200, (n) => validator.validate({ ...PLAN, meta: { profile: [`https://x.example/${long(n)}`] } })],
  ['extensions nobody knows', 200, (n) => validator.validate({ ...PLAN, extension: [{ url: `https://x.example/${long(n)}` }] })],
  ['types nobody knows', 200, (n) => validator.validate({ resourceType: long(n), [long(n)]: 1 })],
  ['value sets of SNOMED CT', 5000, (n) => terminology.membership(`${SNOMED}?fhir_vs=isa/${100_000 + n}`, SNOMED, '1')],
  ['value sets of LOINC', 5000, (n) => terminology.membership(`http://loinc.org/vs/LL${n}-1`, undefined, '1')],
  ['codes of systems that are a grammar', 100, (n) => GRAMMARS.map((system) => terminology.lookup({ system, code: long(n) }))],
  ['units', 200, (n) => canonicalUnit(long(n))],
  ['patterns', 200, (n) => boundedMatch(`[0-9]${long(n)}`, '1')],
  ['patterns that are none', 200, (n) => boundedMatch(`(${long(n)}`, '1')],
  ['days', 10_000, (n) => dateRange(new Date(n * 86_400_000).toISOString().slice(0, 10), zone)],
  ['signs that are sorted', 60_000, (n) => orderKey(String.fromCharCode(n % 0xd800))],
  ['signs that are sought', 60_000, (n) => normalizeText(String.fromCharCode(n % 0xd800))],
  ['values that are sought', 30_000, (n) => valueKeyOf(`value ${n}`)],
  ['media types', 200, (n) => answerType(`application/fhir+json; x=${long(n)}`, undefined)],
  ['languages', 200, (n) => answerLanguage(`nb, ${long(n)}`)],
];

const FEW_MEGABYTES = 4;

describe('what is remembered by texts of others', () => {
  // What is loaded and compiled at the first question stays.
  beforeAll(() => {
    for (const [, , ask] of CASES) ask(0);
  });

  it.each(CASES)('stays small however many are asked: %s', (_what, times, ask) => {
    ask(1);
    const before = megabytesHeld();
    for (let n = 2; n < times + 2; n += 1) ask(n);
    expect(megabytesHeld() - before).toBeLessThan(FEW_MEGABYTES);
  });
});

import { expect, it } from 'vitest';
import { checkNationalId } from '../../server/fhir/norwegian-id.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.1';

/** Synthetic: month + 80. */
function syntheticNumber(): string {
  for (let last = 0; last < 100_000; last += 1) {
    const number = `178342${String(last).padStart(5, '0')}`;
    if (checkNationalId(number).valid) return number;
  }
  throw new Error('no number');
}

onEachServer('personal numbers as people write them', (start) => {
  it.each([' ', '-', '.', '+', '%20'])('are refused in a URL, and found by POST _search, with "%s" after the date', async (separator) => {
    const server = await start();
    const number = syntheticNumber();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', identifier: [{ system: SYSTEM, value: number }] }));
    const written = `${number.slice(0, 6)}${separator}${number.slice(6)}`;
    const refused = await server.request('GET', `Patient?identifier=${SYSTEM}|${written}`);
    expectRefusal(refused, 400, 'invalid', 'identifier');
    expect(refused.text).not.toContain(number.slice(6));
    expectRefusal(await server.request('GET', `Patient?name=${written}`), 400, 'invalid', 'name');
    const body = `identifier=${encodeURIComponent(SYSTEM)}%7C${written}`;
    expect(keysOf(await server.request('POST', 'Patient/_search', body, FORM))).toEqual(['Patient/p1']);
  });
});

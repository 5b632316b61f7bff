/**
 * Made-up numbers that can belong to nobody: national numbers with the month + 80, organisation numbers of the series
 * that the register never gives out, HPR numbers far above those in use, and phone numbers that no exchange can reach.
 *
 * Spec: https://skatteetaten.github.io/testnorge-tenor-dokumentasjon/
 */
import { createHash } from 'node:crypto';
import { checkNationalId, isOrganizationNumber } from '../../fhir/norwegian-id.ts';

/**
 * A synthetic national number for a birth date (`1942-03-17`). `seed` (the person's id) picks among the numbers of that
 * day, so that two persons born on the same day get different ones and a regeneration gives the same.
 */
export function syntheticNationalId(birthDate: string, seed: string): string {
  const [year = '', month = '', dayOfMonth = ''] = birthDate.split('-');
  const date = `${dayOfMonth}${Number(month) + 80}${year.slice(2)}`;
  // The individual numbers of the register's series for births before and from the year 2000.
  const series = Number(year) < 2000 ? 0 : 500;
  const start = hashNumber(seed, 499);
  for (let step = 0; step < 499; step++) {
    const nine = date + String(series + ((start + step) % 499)).padStart(3, '0');
    const found = twoDigits()
      .map((pair) => nine + pair)
      .find((number) => checkNationalId(number).rule === 'current');
    if (found !== undefined) return found;
  }
  throw new Error(`No national number can be made for ${birthDate}`);
}

/** The nth organisation number of the series 3xx xxx xxx, which only test registers use. */
export function organizationNumber(n: number): string {
  const eight = String(31_000_000 + n * 137);
  const found = Array.from({ length: 10 }, (_, digit) => `${eight}${digit}`).find(isOrganizationNumber);
  // One number in eleven has no check digit; the neighbour is taken from a stretch that n never reaches.
  return found ?? organizationNumber(n + 5000);
}

/** The nth HPR number: nine digits from 999 000 000; the register has reached eight. */
export function hprNumber(n: number): string {
  return String(999_000_000 + n * 11);
}

/** A phone number beginning with 00, which no subscriber in Norway can have. */
export function phoneNumber(seed: string): string {
  const digits = String(hashNumber(seed, 1_000_000)).padStart(6, '0');
  return `+47 00 ${digits.slice(0, 2)} ${digits.slice(2, 4)} ${digits.slice(4)}`;
}

/** The same name always gives the same `urn:uuid:` value (a UUID of version 5 shape). */
export function uuidUrn(name: string): string {
  const hex = createHash('sha1').update(`fellesplan-demo/${name}`).digest('hex');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function hashNumber(seed: string, below: number): number {
  return createHash('sha1').update(seed).digest().readUInt32BE(0) % below;
}

function twoDigits(): string[] {
  return Array.from({ length: 100 }, (_, pair) => String(pair).padStart(2, '0'));
}

/**
 * Why the validator differs from HL7's in a case: one reason for each difference that is meant.
 */
import { existsSync, readFileSync } from 'node:fs';

export type Differences = Readonly<Record<string, string>>;

const FILE = new URL('../cases/validator-differences.json', import.meta.url);

/** Reasons by `case outcome` or by the name of an example. */
export function readDifferences(): Differences {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Differences) : {};
}

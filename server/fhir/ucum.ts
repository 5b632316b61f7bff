/**
 * Quantities in the base units of UCUM, so that 1 g and 1000 mg compare as equal.
 *
 * Spec: https://ucum.org/ucum · https://hl7.org/fhir/R4/search.html#quantity
 */
import { createRequire } from 'node:module';

export const UCUM_SYSTEM = 'http://unitsofmeasure.org';

export interface CanonicalUnit {
  /** The base units with their exponents, `g.m-3`; `1` when there are none. */
  readonly code: string;
  /** The number in base units, rounded to twelve digits so that equal amounts are equal numbers: by way of fifteen, where both sides of a tie are one. */
  toCanonical(value: number): number;
}

interface BaseUnits {
  readonly status: string;
  readonly magnitude: number;
  readonly unitToExp: Readonly<Record<string, number>>;
  readonly fromUnitIsSpecial: boolean;
}

interface UcumLibrary {
  readonly UcumLhcUtils: { getInstance(): { convertToBaseUnits(unit: string, value: number): BaseUnits } };
}

const REMEMBERED_MAX = 2_000;
const remembered = new Map<string, CanonicalUnit | undefined>();
let library: ReturnType<UcumLibrary['UcumLhcUtils']['getInstance']> | undefined;

/** The base units of a UCUM unit; undefined when it is no UCUM unit, or an arbitrary one such as `[iU]` that has none. */
export function canonicalUnit(unit: string): CanonicalUnit | undefined {
  if (remembered.has(unit)) return remembered.get(unit);
  if (!mayBeUnit(unit)) return undefined;
  const made = read(unit);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(unit, made);
  return made;
}

const UNIT_MAX = 100;
const UNIT_CHARACTERS = /^(?!.*__)[!-~]+$/;

/** Keeps from the library what it would stumble over, loudly: other characters and parentheses that do not match. */
function mayBeUnit(unit: string): boolean {
  if (unit.length > UNIT_MAX || !UNIT_CHARACTERS.test(unit)) return false;
  let open = 0;
  for (const character of unit) {
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open < 0) return false;
  }
  return open === 0 && !unit.includes('()');
}

function read(unit: string): CanonicalUnit | undefined {
  // Read when first needed: most servers start, and many run, without meeting a unit.
  library ??= (createRequire(import.meta.url)('@lhncbc/ucum-lhc') as UcumLibrary).UcumLhcUtils.getInstance();
  const ucum = library;
  const one = ucum.convertToBaseUnits(unit, 1);
  if (one.status !== 'succeeded') return undefined;
  const code = Object.entries(one.unitToExp)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([base, exponent]) => (exponent === 1 ? base : `${base}${exponent}`))
    .join('.');
  const convert = one.fromUnitIsSpecial
    ? (value: number) => ucum.convertToBaseUnits(unit, value).magnitude
    : (value: number) => value * one.magnitude;
  return {
    code: code === '' ? '1' : code,
    toCanonical: (value) => (Number.isFinite(value) ? Number(Number(convert(value).toPrecision(15)).toPrecision(12)) : value),
  };
}

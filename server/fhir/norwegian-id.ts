/**
 * Checks of the numbers that identify people, health personnel and organisations in Norway. A number is checked as it
 * stands; nobody's sex or century of birth is read out of it, since the numbers no longer carry either reliably.
 *
 * Spec: https://www.ehelse.no/standardisering/standarder/identifikatorer-for-personer · organisasjonsnummer
 * https://www.brreg.no/om-oss/registrene-vare/om-enhetsregisteret/organisasjonsnummeret/
 */

export interface NationalIdCheck {
  readonly valid: boolean;
  /** What the digits claim to be; `unknown` when they cannot be any of these. */
  readonly kind: 'fodselsnummer' | 'd-nummer' | 'h-nummer' | 'felles-hjelpenummer' | 'unknown';
  /**
   * The series of made-up numbers it belongs to: Tenor (month + 80), NHN (month + 65) or Dolly (month + 40). A month
   * + 40 may as well be an H-number, so it is told as `h-nummer` with `dolly`: the digits cannot decide.
   */
  readonly synthetic?: 'tenor' | 'nhn' | 'dolly';
  /** The rule its check digits meet: today's, or only the wider one for numbers issued from 2032. */
  readonly rule?: 'current' | '2032';
}

const FIRST_WEIGHTS = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
const ORGANIZATION_WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2, 1];
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const UNKNOWN: NationalIdCheck = { valid: false, kind: 'unknown' };

/** Whether eleven digits are a Norwegian personal number, of which kind, and by which rule. Never throws. */
export function checkNationalId(text: string): NationalIdCheck {
  if (!/^\d{11}$/.test(text)) return UNKNOWN;
  const claim = claimOf(text);
  if (claim.kind === 'unknown') return UNKNOWN;
  const rule = checkDigitRule(text);
  return rule === undefined ? { valid: false, ...claim } : { valid: true, ...claim, rule };
}

/** True for nine digits with the right check digit. */
export function isOrganizationNumber(text: string): boolean {
  return /^\d{9}$/.test(text) && text !== '000000000' && remainder(text, ORGANIZATION_WEIGHTS) === 0;
}

/** True for the format of a number in the register of health personnel: at most nine digits, none of them a check digit. */
export function isHprNumber(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}

function claimOf(text: string): Pick<NationalIdCheck, 'kind' | 'synthetic'> {
  // The common help numbers carry no date: the first digit is 8 or 9 and the rest has no meaning.
  if (text[0] === '8' || text[0] === '9') return { kind: 'felles-hjelpenummer' };
  const day = Number(text.slice(0, 2));
  const { month, ...series } = monthAndSeries(Number(text.slice(2, 4)));
  const isDNumber = day > 40;
  if (!isCalendarDay(isDNumber ? day - 40 : day, month, Number(text.slice(4, 6)))) return { kind: 'unknown' };
  if (isDNumber) return { kind: 'd-nummer', ...series };
  return { kind: series.synthetic === 'dolly' ? 'h-nummer' : 'fodselsnummer', ...series };
}

function monthAndSeries(month: number): { month: number; synthetic?: 'tenor' | 'nhn' | 'dolly' } {
  if (month > 80) return { month: month - 80, synthetic: 'tenor' };
  if (month > 65) return { month: month - 65, synthetic: 'nhn' };
  if (month > 40) return { month: month - 40, synthetic: 'dolly' };
  return { month };
}

/** 29 February stands whenever some century makes the two-digit year a leap year. */
function isCalendarDay(day: number, month: number, twoDigitYear: number): boolean {
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || day < 1 || day > days) return false;
  return !(month === 2 && day === 29) || twoDigitYear % 4 === 0;
}

function checkDigitRule(text: string): NationalIdCheck['rule'] {
  if (remainder(text, SECOND_WEIGHTS) !== 0) return undefined;
  const first = remainder(text, FIRST_WEIGHTS);
  if (first === 0) return 'current';
  return first <= 3 ? '2032' : undefined;
}

/** The weighted sum of as many digits as there are weights, modulo 11. */
function remainder(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11;
}

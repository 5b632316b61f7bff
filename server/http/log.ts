/**
 * The log: one line of JSON for each event, to be read by machines. It never holds query strings, bodies or ids of
 * resources, and eleven digits in a row are blotted out wherever they come from.
 */

interface LogEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Log {
  /** What helps to find a fault; there only at the level `debug`, so that nothing is put together in vain. */
  readonly debug?: (event: LogEvent) => void;
  /** True where `info` tells nothing: what only it would be told needs not be put together. */
  readonly isQuiet?: true;
  info(event: LogEvent): void;
  error(event: LogEvent): void;
}

/** Ever more is told from `silent` on. */
const LEVELS = ['silent', 'error', 'info', 'debug'] as const;
export type LogLevel = (typeof LEVELS)[number];

const QUOTED = /("|'|`)[^\n]*\1/g;

/** Eleven digits, six and five of them together or apart, with what URLs and pages make of a space between. */
const NATIONAL_NUMBER = /(?<!\d)\d{6}(?:[ \u00a0+-]|%20|%C2%A0|&nbsp;|\\u00a0)?\d{5}(?!\d)/gi;
const UUID_APART = /^[^\da-f][\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}[^\da-f]$/i;
const BEFORE_LAST_GROUP = '"01234567-0123-0123-0123-'.length;
const LAST_GROUP = 12;

/** A log that writes lines by `write`; `silent` writes none, `error` errors only. */
export function createLog(level: LogLevel, write: (line: string) => void): Log {
  const line = (severity: string, event: LogEvent) => {
    const text = JSON.stringify({ time: new Date().toISOString(), level: severity, ...event });
    write(text.replace(NATIONAL_NUMBER, (found, at: number) => (isOfUuid(text, at) ? found : '[number]')));
  };
  const tells = (severity: LogLevel) => (event: LogEvent) => {
    if (LEVELS.indexOf(level) >= LEVELS.indexOf(severity)) line(severity, event);
  };
  const isQuiet = LEVELS.indexOf(level) < LEVELS.indexOf('info');
  return {
    ...(level === 'debug' ? { debug: tells('debug') } : {}),
    ...(isQuiet ? { isQuiet } : {}),
    info: tells('info'),
    error: tells('error'),
  };
}

/** What a fault says of itself. */
export interface FaultFields {
  readonly name: string;
  readonly message: string;
  /** What was behind it, such as a full disk or a refused connection. */
  readonly cause?: string;
  readonly stack: readonly string[];
}

/** True for eleven of the last twelve digits of a UUID, by which a request is found in the access log. */
function isOfUuid(text: string, at: number): boolean {
  return [at, at - 1].some((start) => UUID_APART.test(text.slice(Math.max(0, start - BEFORE_LAST_GROUP), start + LAST_GROUP + 1)));
}

/**
 * What a fault says of itself in the log: its kind, its text, why, and where it was thrown. What its text quotes is left out:
 * that is where databases and parsers put what was sent.
 */
export function faultFields(error: unknown): FaultFields {
  if (!(error instanceof Error)) return { name: typeof error, message: '', stack: [] };
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^\s+at /.test(frame));
  return {
    name: error.name,
    message: withoutQuotes(error.message),
    ...(error.cause instanceof Error ? { cause: causeOf(error.cause) } : {}),
    stack: frames.slice(0, 12).map((frame) => frame.trim()),
  };
}

/** With its code (SQLSTATE, errno): a host with several addresses has nothing else to say for itself. */
function causeOf(cause: Error): string {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return `${code}: ${withoutQuotes(cause.message)}`;
}

function withoutQuotes(text: string): string {
  return text.replace(QUOTED, '…').slice(0, 500);
}

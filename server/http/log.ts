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

/** A log that writes lines by `write`; `silent` writes none, `error` errors only. */
export function createLog(level: LogLevel, write: (line: string) => void): Log {
  const line = (severity: string, event: LogEvent) => {
    const text = JSON.stringify({ time: new Date().toISOString(), level: severity, ...event });
    write(text.replace(NATIONAL_NUMBER, '[number]'));
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

/**
 * What a fault says of itself in the log: its kind, its text and where it was thrown. What its text quotes is left out: that
 * is where databases and parsers put what was sent.
 */
export function faultFields(error: unknown): { name: string; message: string; stack: readonly string[] } {
  if (!(error instanceof Error)) return { name: typeof error, message: '', stack: [] };
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^\s+at /.test(frame));
  return {
    name: error.name,
    message: error.message.replace(QUOTED, '…').slice(0, 500),
    stack: frames.slice(0, 12).map((frame) => frame.trim()),
  };
}

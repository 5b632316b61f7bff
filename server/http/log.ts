/**
 * The log: one line of JSON for each event, to be read by machines. It never holds query strings, bodies or ids of
 * resources, and eleven digits in a row are blotted out wherever they come from.
 */

interface LogEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Log {
  info(event: LogEvent): void;
  error(event: LogEvent): void;
}

/** A log that writes lines by `write`; `silent` writes none, `error` errors only. */
export function createLog(level: 'silent' | 'error' | 'info', write: (line: string) => void): Log {
  const line = (severity: string, event: LogEvent) => {
    const text = JSON.stringify({ time: new Date().toISOString(), level: severity, ...event });
    write(text.replace(/(?<!\d)\d{6} ?\d{5}(?!\d)/g, '[number]'));
  };
  return {
    info: (event) => {
      if (level === 'info') line('info', event);
    },
    error: (event) => {
      if (level !== 'silent') line('error', event);
    },
  };
}

/** What a fault says of itself in the log: its kind, its text and where it was thrown. */
export function faultFields(error: unknown): { name: string; message: string; stack: readonly string[] } {
  if (!(error instanceof Error)) return { name: typeof error, message: '', stack: [] };
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^\s+at /.test(frame));
  return { name: error.name, message: error.message.slice(0, 500), stack: frames.slice(0, 12).map((frame) => frame.trim()) };
}

/**
 * The only reader of the environment: one frozen `Config`, and every bad variable named at once.
 * The table below is the source of the configuration table in README.md (compared by a test).
 */
import { resolve } from 'node:path';

export interface Config {
  readonly mode: 'demo' | 'serve';
  readonly port: number;
  readonly host: string;
  /** Absolute URL that clients use, without a slash at the end. */
  readonly publicUrl: string;
  readonly dataDir: string;
  /** Set: PostgreSQL holds the plans. Not set: SQLite in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly bodyLimitBytes: number;
  readonly writeValidation: 'off' | 'base' | 'profile';
  readonly corsOrigins: readonly string[];
  readonly trustedIssuersFile: string | undefined;
  /** JSON file of the provider that users sign in with; not set: the app is started from EHRs only. */
  readonly identityProviderFile: string | undefined;
  /** How many proxies stand in front, whose word on the client's address counts. */
  readonly trustedProxies: number;
  readonly logLevel: 'silent' | 'error' | 'info';
}

interface Variable<T> {
  readonly name: string;
  readonly standard: string;
  readonly meaning: string;
  /** @throws Error saying what is wanted instead. */
  readonly read: (text: string) => T;
}

const variable = <T>(name: string, standard: string, meaning: string, read: (text: string) => T): Variable<T> => ({
  name,
  standard,
  meaning,
  read,
});

/** Every variable, in the order of the README's table. */
export const CONFIG_VARIABLES = {
  port: variable('PORT', '8080', 'port to listen on', port),
  host: variable('HOST', '127.0.0.1 in demo mode, else 0.0.0.0', 'address to listen on', (text) => text),
  publicUrl: variable('FELLESPLAN_URL', 'http://localhost:PORT', 'absolute URL that clients use', absoluteUrl),
  dataDir: variable('FELLESPLAN_DATA', 'data', 'folder of the SQLite files and of the demo keys', (text) => resolve(text)),
  databaseUrl: variable('DATABASE_URL', 'none (SQLite)', '`postgres://…`: PostgreSQL holds the plans', postgresUrl),
  bodyLimitBytes: variable('FELLESPLAN_BODY_LIMIT', '10mb', 'largest request body, as `10mb` or in bytes', byteCount),
  writeValidation: variable(
    'FELLESPLAN_VALIDATION',
    'profile',
    'check of what is written: `off`, `base` or `profile`',
    oneOf('off', 'base', 'profile'),
  ),
  corsOrigins: variable(
    'FELLESPLAN_CORS_ORIGINS',
    'none',
    'origins of browser apps that may call the FHIR API, with commas between',
    originList,
  ),
  trustedIssuersFile: variable(
    'FELLESPLAN_TRUSTED_ISSUERS',
    'none',
    'JSON file of the EHR issuers whose users may exchange a token',
    (text) => resolve(text),
  ),
  identityProviderFile: variable(
    'FELLESPLAN_IDENTITY_PROVIDER',
    'none',
    'JSON file of the identity provider that users sign in with',
    (text) => resolve(text),
  ),
  trustedProxies: variable(
    'FELLESPLAN_TRUSTED_PROXIES',
    '0',
    "how many proxies stand in front, whose word on the client's address counts",
    proxyCount,
  ),
  logLevel: variable(
    'FELLESPLAN_LOG',
    'error in demo mode, else info',
    'what is logged: `silent`, `error` or `info`',
    oneOf('silent', 'error', 'info'),
  ),
} as const;

/** Thrown by `readConfig` with one line for each variable that cannot be used. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * The configuration of this process.
 * @throws ConfigError naming every variable that cannot be used.
 */
export function readConfig(mode: Config['mode'], env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const problems: string[] = [];
  const value = <T>(of: Variable<T>, otherwise: T): T => {
    const text = env[of.name]?.trim();
    if (text === undefined || text === '') return otherwise;
    try {
      return of.read(text);
    } catch (error) {
      problems.push(`${of.name}=${of === (CONFIG_VARIABLES.databaseUrl as unknown) ? '(hidden)' : text}: ${(error as Error).message}`);
      return otherwise;
    }
  };
  if (mode === 'demo' && env.NODE_ENV === 'production') {
    problems.push(
      'NODE_ENV=production: demo mode has simulated EHRs and demo clients and does not run in production; use `fellesplan serve`',
    );
  }
  const v = CONFIG_VARIABLES;
  const listenPort = value(v.port, 8080);
  const config: Config = {
    mode,
    port: listenPort,
    host: value(v.host, mode === 'demo' ? '127.0.0.1' : '0.0.0.0'),
    publicUrl: value(v.publicUrl, `http://localhost:${listenPort}`),
    dataDir: value(v.dataDir, resolve('data')),
    databaseUrl: value<string | undefined>(v.databaseUrl, undefined),
    bodyLimitBytes: value(v.bodyLimitBytes, 10 * 1024 * 1024),
    writeValidation: value(v.writeValidation, 'profile'),
    corsOrigins: value<readonly string[]>(v.corsOrigins, []),
    trustedIssuersFile: value<string | undefined>(v.trustedIssuersFile, undefined),
    identityProviderFile: value<string | undefined>(v.identityProviderFile, undefined),
    trustedProxies: value(v.trustedProxies, 0),
    logLevel: value(v.logLevel, mode === 'demo' ? 'error' : 'info'),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number > 65_535) throw new Error('a port is a whole number from 0 to 65535');
  return number;
}

function proxyCount(text: string): number {
  if (!/^(10|\d)$/.test(text)) throw new Error('a whole number from 0 to 10 is wanted');
  return Number(text);
}

function absoluteUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error('an absolute http or https URL is wanted');
  return text.replace(/\/+$/, '');
}

function postgresUrl(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text))
    throw new Error('a URL postgres://user:password@host:port/database is wanted');
  return text;
}

function byteCount(text: string): number {
  const parts = /^(\d{1,12})\s*(b|kb|mb)?$/i.exec(text);
  if (parts?.[1] === undefined) throw new Error('a size is written as 10mb, 500kb or in bytes');
  const unit = { b: 1, kb: 1024, mb: 1024 * 1024 }[(parts[2] ?? 'b').toLowerCase() as 'b' | 'kb' | 'mb'];
  return Number(parts[1]) * unit;
}

function oneOf<const T extends string>(...allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((candidate) => candidate === text);
    if (found === undefined) throw new Error(`one of ${allowed.join(', ')} is wanted`);
    return found;
  };
}

function originList(text: string): readonly string[] {
  return text.split(',').map((part) => {
    const origin = part.trim();
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new Error(`${origin} is not an origin such as https://ehr.example`);
    return origin;
  });
}

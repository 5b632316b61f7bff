/**
 * The only reader of the environment: one frozen `Config`, and every bad variable named at once.
 * The table below is the source of the configuration table in README.md (compared by a test).
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  absoluteUrl,
  byteCount,
  connectionCount,
  type HostAndPort,
  hostAndPort,
  metricsToken,
  networkList,
  oneOf,
  originList,
  path,
  port,
  postgresUrl,
} from './composition/config-values.ts';
import { didYouMean } from './fhir/nearest.ts';

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
  /** How long a search may take; not set: what suits the database. */
  readonly searchTimeoutSeconds: number | undefined;
  /** How long emergency access lasts. */
  readonly emergencyMinutes: number;
  /** Certificate and key of our own; not set: plain HTTP, for this machine or behind a proxy that speaks https. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** JSON file of the registered clients; read anew at SIGHUP. */
  readonly clientsFile: string | undefined;
  readonly trustedIssuersFile: string | undefined;
  /** JSON file of the brands that are published; read anew at SIGHUP. */
  readonly brandsFile: string | undefined;
  /** JSON file of the provider that users sign in with; not set: the app is started from EHRs only. */
  readonly identityProviderFile: string | undefined;
  /** Addresses and networks of the proxies whose word on the client's address and scheme counts. */
  readonly trustProxy: readonly string[];
  /** More connections at a time are closed. */
  readonly connectionsMax: number;
  /** Who may read `/metrics`, and where: at an address of its own, or (with a token only) where the service is. Not set: nowhere. */
  readonly metrics: { readonly place: HostAndPort | undefined; readonly token: string | undefined } | undefined;
  readonly logLevel: 'silent' | 'error' | 'info' | 'debug';
  /** True with `NODE_ENV=production`: nothing of the demo runs, nor is served. */
  readonly production: boolean;
  /** What the operator is to be told at the start, although the service runs. */
  readonly warnings: readonly string[];
}

/** A variable that is a secret may also be given as `NAME_FILE`: a file that holds it. One that names a file of secrets is `secret-file`. */
type Secrecy = 'open' | 'secret' | 'secret-file';

interface Variable<T> {
  readonly name: string;
  readonly standard: string;
  readonly meaning: string;
  /** @throws Error saying what is wanted instead. */
  readonly read: (text: string) => T;
  readonly secrecy: Secrecy;
}

const variable = <T>(
  name: string,
  standard: string,
  meaning: string,
  read: (text: string) => T,
  secrecy: Secrecy = 'open',
): Variable<T> => ({
  name,
  standard,
  meaning,
  read,
  secrecy,
});

/** Every variable, in the order of the README's table. */
export const CONFIG_VARIABLES = {
  port: variable('PORT', '8080', 'port to listen on', port),
  host: variable('HOST', '127.0.0.1 in demo mode, else 0.0.0.0', 'address to listen on', (text) => text),
  publicUrl: variable('FELLESPLAN_URL', 'http://localhost:PORT', 'absolute URL that clients use; https in production', absoluteUrl),
  dataDir: variable(
    'FELLESPLAN_DATA',
    'data',
    "folder of the SQLite files, of the access log's journal, of loaded terminology and of the demo keys",
    (text) => resolve(text),
  ),
  databaseUrl: variable(
    'DATABASE_URL',
    'none (SQLite)',
    '`postgres://…`: PostgreSQL holds the plans, with `?schema=NAME` in a schema of their own; or `DATABASE_URL_FILE`, a file that holds it',
    postgresUrl,
    'secret',
  ),
  tlsCert: variable('FELLESPLAN_TLS_CERT', 'none', 'PEM file of a certificate of our own, with its chain; read anew when it changes', path),
  tlsKey: variable('FELLESPLAN_TLS_KEY', 'none', 'PEM file of its private key', path, 'secret-file'),
  trustProxy: variable(
    'FELLESPLAN_TRUST_PROXY',
    'none',
    'addresses and networks (`10.0.0.0/8`, `loopback`) of proxies whose `Forwarded` and `X-Forwarded-*` are believed, with commas between',
    networkList,
  ),
  connectionsMax: variable('FELLESPLAN_CONNECTIONS', '10000', 'connections at a time; further ones are closed', connectionCount),
  bodyLimitBytes: variable('FELLESPLAN_BODY_LIMIT', '10mb', 'largest request body, as `10mb` or in bytes, 1kb to 256mb', byteCount),
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
  searchTimeoutSeconds: variable(
    'FELLESPLAN_SEARCH_TIMEOUT',
    '3 on SQLite, 10 on PostgreSQL',
    'seconds after which a search is stopped and answered with 403 `too-costly`, 1 to 300',
    searchTimeoutSeconds,
  ),
  emergencyMinutes: variable(
    'FELLESPLAN_EMERGENCY_MINUTES',
    '60',
    'how long emergency access (break-the-glass) lasts, 5 to 240 minutes',
    emergencyMinutes,
  ),
  clientsFile: variable('FELLESPLAN_CLIENTS', 'none', 'JSON file of the registered clients; read anew at SIGHUP', path),
  trustedIssuersFile: variable(
    'FELLESPLAN_TRUSTED_ISSUERS',
    'none',
    'JSON file of the EHR issuers whose users may exchange a token; read anew at SIGHUP',
    path,
    'secret-file',
  ),
  identityProviderFile: variable(
    'FELLESPLAN_IDENTITY_PROVIDER',
    'none',
    'JSON file of the identity provider that users sign in with',
    path,
    'secret-file',
  ),
  brandsFile: variable(
    'FELLESPLAN_BRANDS',
    'none',
    'JSON file of the brands that apps show for this service (SMART user-access brands); read anew at SIGHUP',
    path,
  ),
  metricsListen: variable(
    'FELLESPLAN_METRICS_LISTEN',
    'none',
    '`host:port` where `/metrics` is answered; the workers of one machine take the ports from there on',
    hostAndPort,
  ),
  metricsToken: variable(
    'FELLESPLAN_METRICS_TOKEN',
    'none',
    'bearer token for `/metrics`, needed when that is not on a loopback address; without `FELLESPLAN_METRICS_LISTEN`, it is answered at the port of the service; or `FELLESPLAN_METRICS_TOKEN_FILE`',
    metricsToken,
    'secret',
  ),
  logLevel: variable(
    'FELLESPLAN_LOG',
    'error in demo mode, else info',
    'what is logged: `silent`, `error`, `info` or `debug`',
    oneOf('silent', 'error', 'info', 'debug'),
  ),
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Written by the first process for its workers: the number of each, from 0 on. */
export const WORKER_VARIABLE = 'FELLESPLAN_WORKER';

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
export function readConfig(mode: Config['mode'], env: Environment = process.env): Config {
  const problems: string[] = [];
  const warnings: string[] = [];
  const value = <T>(of: Variable<T>, otherwise: T): T => {
    const text = of.secrecy === 'secret' ? secretText(of.name, env, problems, warnings) : env[of.name]?.trim();
    if (text === undefined || text === '') return otherwise;
    try {
      const read = of.read(text);
      if (of.secrecy === 'secret-file') warnOfReaders(of.name, text, warnings);
      return read;
    } catch (error) {
      problems.push(`${of.name}=${of.secrecy === 'secret' ? '(hidden)' : text}: ${(error as Error).message}`);
      return otherwise;
    }
  };
  const production = isProduction(env);
  if (mode === 'demo' && production) {
    problems.push(
      'NODE_ENV=production: demo mode has simulated EHRs and demo clients and does not run in production; use `fellesplan serve`',
    );
  }
  const v = CONFIG_VARIABLES;
  const listenPort = value(v.port, 8080);
  const certFile = value<string | undefined>(v.tlsCert, undefined);
  const keyFile = value<string | undefined>(v.tlsKey, undefined);
  const tls = certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
  const config: Config = {
    mode,
    port: listenPort,
    host: value(v.host, mode === 'demo' ? '127.0.0.1' : '0.0.0.0'),
    publicUrl: value(v.publicUrl, `${tls === undefined ? 'http' : 'https'}://localhost:${listenPort}`),
    dataDir: value(v.dataDir, resolve('data')),
    databaseUrl: value<string | undefined>(v.databaseUrl, undefined),
    bodyLimitBytes: value(v.bodyLimitBytes, 10 * 1024 * 1024),
    writeValidation: value(v.writeValidation, 'profile'),
    corsOrigins: value<readonly string[]>(v.corsOrigins, []),
    searchTimeoutSeconds: value<number | undefined>(v.searchTimeoutSeconds, undefined),
    emergencyMinutes: value(v.emergencyMinutes, 60),
    tls,
    clientsFile: value<string | undefined>(v.clientsFile, undefined),
    trustedIssuersFile: value<string | undefined>(v.trustedIssuersFile, undefined),
    identityProviderFile: value<string | undefined>(v.identityProviderFile, undefined),
    brandsFile: value<string | undefined>(v.brandsFile, undefined),
    trustProxy: value<readonly string[]>(v.trustProxy, []),
    connectionsMax: value(v.connectionsMax, 10_000),
    metrics: metricsPlace(
      value<HostAndPort | undefined>(v.metricsListen, undefined),
      value<string | undefined>(v.metricsToken, undefined),
      env,
    ),
    logLevel: value(v.logLevel, mode === 'demo' ? 'error' : 'info'),
    production,
    warnings,
  };
  // What is wrong in itself is in nobody's way.
  const isWrong = (found: string): boolean =>
    problems.some((problem) => problem.startsWith('FELLESPLAN_URL=') && found.includes('FELLESPLAN_URL'));
  problems.push(...contradictions(config, { certFile, keyFile }).filter((found) => !isWrong(found)));
  const unknown = unknownVariables(env);
  warnings.push(...unknown, ...openWays(config), ...addressLeftOut(config, env));
  // A name that is almost right may be why another one is missing.
  if (problems.length > 0) throw new ConfigError([...problems, ...unknown]);
  return Object.freeze(config);
}

/** Also where it is written in another way: what was meant for production is never served as a demo. */
function isProduction(env: Environment): boolean {
  return /^prod(uction)?$/i.test(env.NODE_ENV?.trim() ?? '');
}

function searchTimeoutSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d{1,3}$/.test(text) || seconds < 1 || seconds > 300) throw new Error('a whole number of seconds from 1 to 300 is wanted');
  return seconds;
}

function emergencyMinutes(text: string): number {
  const minutes = Number(text);
  if (!/^\d{1,3}$/.test(text) || minutes < 5 || minutes > 240) throw new Error('a whole number of minutes from 5 to 240 is wanted');
  return minutes;
}

/** What no single variable is to blame for. */
function contradictions(config: Config, { certFile, keyFile }: { certFile: string | undefined; keyFile: string | undefined }): string[] {
  const isHttps = config.publicUrl.startsWith('https:');
  const found: string[] = [];
  if ((certFile === undefined) !== (keyFile === undefined)) found.push('FELLESPLAN_TLS_CERT and FELLESPLAN_TLS_KEY go together');
  if (config.tls !== undefined && !isHttps)
    found.push(`FELLESPLAN_URL=${config.publicUrl}: with a certificate of its own, the service is at an https URL`);
  if (config.production && config.mode === 'serve' && !isHttps) found.push('NODE_ENV=production: FELLESPLAN_URL is to be an https URL');
  if (config.metrics?.place !== undefined && config.metrics.token === undefined && !isLoopback(config.metrics.place.host)) {
    found.push('FELLESPLAN_METRICS_LISTEN: other than on a loopback address, /metrics needs FELLESPLAN_METRICS_TOKEN');
  }
  return found;
}

/** What runs, although somebody on the way could listen or be taken for another. */
function openWays({ publicUrl, tls, trustProxy, production, databaseUrl }: Config): readonly string[] {
  const found: string[] = [];
  if (publicUrl.startsWith('https:') && tls === undefined && trustProxy.length === 0) {
    found.push(
      'FELLESPLAN_URL is https, but neither a certificate (FELLESPLAN_TLS_CERT) nor a proxy in front (FELLESPLAN_TRUST_PROXY) is named',
    );
  }
  const database = databaseUrl === undefined ? undefined : new URL(databaseUrl);
  const isRemote = database !== undefined && database.hostname !== '' && !isLoopback(database.hostname);
  if (production && isRemote && !database.searchParams.has('sslmode')) {
    found.push('DATABASE_URL: the way to the database is not encrypted; add ?sslmode=verify-full');
  }
  return found;
}

/** Clients elsewhere would look for the service on their own machines. */
function addressLeftOut({ production, publicUrl }: Config, env: Environment): readonly string[] {
  if (!production || (env[CONFIG_VARIABLES.publicUrl.name]?.trim() ?? '') !== '') return [];
  return [`FELLESPLAN_URL is not set, and clients are told ${publicUrl}; set the URL that they use`];
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** Each worker of one machine has numbers of its own to tell, at a port of its own. */
function metricsPlace(place: HostAndPort | undefined, token: string | undefined, env: Environment): Config['metrics'] {
  if (place === undefined) return token === undefined ? undefined : { place, token };
  return { place: { host: place.host, port: place.port === 0 ? 0 : place.port + Number(env[WORKER_VARIABLE] ?? 0) }, token };
}

/** The text of a secret, from the variable or from the file that `NAME_FILE` names, without the newline at its end. */
function secretText(name: string, env: Environment, problems: string[], warnings: string[]): string | undefined {
  const file = env[`${name}_FILE`]?.trim() ?? '';
  const text = env[name]?.trim() ?? '';
  if (file === '') return text;
  if (text !== '') {
    problems.push(`${name}_FILE: ${name} is set as well`);
    return undefined;
  }
  try {
    const content = readFileSync(file, 'utf8').trim();
    warnOfReaders(`${name}_FILE`, file, warnings);
    if (content === '') problems.push(`${name}_FILE=${file}: the file is empty`);
    return content;
  } catch (error) {
    problems.push(`${name}_FILE=${file}: the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

const READABLE_BY_ALL = 0o004;

/** A file that is not there is told by whoever needs it. */
function warnOfReaders(name: string, file: string, warnings: string[]): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & READABLE_BY_ALL) !== 0) warnings.push(`${name}: ${file} holds a secret and can be read by everybody; chmod 640 or less`);
}

/** A name that is almost right would leave something open that the operator thinks is shut. */
function unknownVariables(env: Environment): readonly string[] {
  const known = new Set(
    Object.values(CONFIG_VARIABLES).flatMap(({ name, secrecy }) => (secrecy === 'secret' ? [name, `${name}_FILE`] : [name])),
  );
  const unknown = Object.keys(env).filter((name) => name.startsWith('FELLESPLAN_') && !known.has(name) && name !== WORKER_VARIABLE);
  return unknown.sort().map((name) => `${name}: there is no such variable${didYouMean(name, known)}`);
}

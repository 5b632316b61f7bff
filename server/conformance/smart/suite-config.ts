/**
 * What the suite is told about a server: the clients it may use there, how a launch is had and a user is signed in, and
 * which resources are there to be found.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JWK } from 'jose';
import { didYouMean } from '../../fhir/nearest.ts';
import { isObject } from '../../fhir/resource.ts';
import type { KeySetConfig } from './key-set-publisher.ts';

/** An app as it is registered at the server. */
export interface AppRegistration {
  readonly clientId: string;
  /** Left out: that of the configuration. */
  readonly redirectUri?: string;
}

export interface SuiteConfig {
  readonly fhirBaseUrl: string;
  /** Registered for every app below that names none of its own. With manual sign-in: a loopback URL the suite can listen on. */
  readonly redirectUri: string;
  readonly clients: {
    readonly public?: AppRegistration;
    /** A second public app, to try what the first was given. */
    readonly other?: AppRegistration;
    readonly symmetric?: AppRegistration & { readonly secret: string };
    readonly asymmetric?: AppRegistration & { readonly privateKey: JWK };
    readonly backend?: { readonly clientId: string; readonly privateKey: JWK; readonly scope: string };
    /** An app and a backend service whose keys are registered by URL: their own, or that of the key set the suite publishes. */
    readonly asymmetricByUrl?: AppRegistration & OwnKeySet;
    readonly backendByUrl?: { readonly clientId: string; readonly scope: string } & OwnKeySet;
  };
  /** A key set that the suite publishes, so that it can be changed. */
  readonly keySet?: KeySetConfig;
  readonly ehrLaunch?: LaunchConfig & { readonly provider: LaunchProvider };
  readonly standaloneLaunch?: LaunchConfig;
  readonly patients?: { readonly first: ConfiguredPatient; readonly second?: ConfiguredPatient };
  /** Observations of the first patient: one that the query of a granular scope finds, and one that it does not. */
  readonly granular?: { readonly query: string; readonly inside: string; readonly outside: string };
  /** A code that the app may keep state by, and the scopes that allow it; for servers with the capability smart-app-state. */
  readonly appState?: { readonly code: { readonly system: string; readonly code: string }; readonly scope: string };
  /** Whether resources may be made (and removed again) at the server. */
  readonly mayWrite: boolean;
  /** Longest wait for something to expire, or for a server that asks to wait. */
  readonly waitAtMostSeconds: number;
  /** How long a code lives at the server; left out: a minute. */
  readonly codeSeconds?: number;
}

interface OwnKeySet {
  readonly jwksUri?: string;
  readonly privateKey?: JWK;
}

interface ConfiguredPatient {
  readonly id: string;
  /** As pages of the server show it. */
  readonly name: string;
}

export interface LaunchConfig {
  /** Scopes that the clients may be granted in such a launch. */
  readonly scope: string;
  /** Regular expressions of buttons and links to press on the way; `{patient}` stands for the patient's name. */
  readonly press?: readonly string[];
  /** The button by which a user says no. */
  readonly refuse?: string;
  /** True: for a scope of a whole type its pages offer granular scopes too, as boxes whose values are the scopes. */
  readonly offersParts?: boolean;
  /** True: a person signs in by the printed URL, and the suite listens at the redirect URI. */
  readonly manual?: boolean;
}

/** Where a launch value comes from. `{client}` and `{patient}` in a URL stand for the client id and the patient's id. */
export type LaunchProvider =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'pages'; readonly url: string; readonly clientId: string; readonly press: readonly string[] }
  | { readonly kind: 'manual'; readonly clientId: string; readonly launchUrl: string };

const MEMBERS = [
  ...['redirectUri', 'clients', 'keySet', 'ehrLaunch', 'standaloneLaunch', 'patients', 'granular', 'appState'],
  ...['mayWrite', 'waitAtMostSeconds', 'codeSeconds'],
];
const CLIENTS = ['public', 'other', 'symmetric', 'asymmetric', 'backend', 'asymmetricByUrl', 'backendByUrl'];
const OF_CLIENT = ['clientId', 'redirectUri', 'secret', 'secretFile', 'privateKey', 'privateKeyFile', 'scope', 'jwksUri'];
const OF_LAUNCH = ['scope', 'press', 'refuse', 'offersParts', 'manual', 'provider'];
const OF_PROVIDER = ['kind', 'url', 'clientId', 'press', 'launchUrl'];

/**
 * Reads a configuration file; `privateKeyFile` and `secretFile` beside a client are read in place of the values.
 * @throws Error saying what is missing or not understood.
 */
export function readSuiteConfig(file: string, fhirBaseUrl: string): SuiteConfig {
  const value = readObject(file);
  const problems = [...unknownIn(value, MEMBERS, ''), ...unknownIn(value.clients, CLIENTS, 'clients.')];
  const text = (of: unknown, key: string, where: string) => {
    const found = (of as Record<string, unknown> | undefined)?.[key];
    if (typeof found !== 'string') problems.push(`${where}${key} is missing`);
  };
  text(value, 'redirectUri', '');
  const clients = Object.entries((value.clients ?? {}) as Record<string, Record<string, unknown>>);
  for (const [name, client] of clients) {
    problems.push(...unknownIn(client, OF_CLIENT, `clients.${name}.`));
    text(client, 'clientId', `clients.${name}.`);
    if (name === 'symmetric' && client.secretFile === undefined) text(client, 'secret', `clients.${name}.`);
    if (name.startsWith('backend')) text(client, 'scope', `clients.${name}.`);
    const signs = name.startsWith('backend') || name.startsWith('asymmetric');
    const hasOwn = !name.endsWith('ByUrl') || value.keySet === undefined;
    if (signs && hasOwn && client.privateKey === undefined) text(client, 'privateKeyFile', `clients.${name}.`);
    if (name.endsWith('ByUrl') && hasOwn) text(client, 'jwksUri', `clients.${name}.`);
  }
  if (value.appState !== undefined) text(value.appState, 'scope', 'appState.');
  if (value.keySet !== undefined) {
    for (const key of ['url', 'certFile', 'keyFile']) text(value.keySet, key, 'keySet.');
  }
  for (const flow of ['ehrLaunch', 'standaloneLaunch'] as const) {
    const launch = value[flow];
    if (launch === undefined) continue;
    problems.push(...unknownIn(launch, OF_LAUNCH, `${flow}.`));
    if (isObject(launch)) problems.push(...unknownIn(launch.provider, OF_PROVIDER, `${flow}.provider.`));
    text(launch, 'scope', `${flow}.`);
  }
  if (problems.length > 0) throw new Error(`${file} cannot be used: ${problems.join('; ')}`);
  return {
    mayWrite: false,
    waitAtMostSeconds: 0,
    ...value,
    fhirBaseUrl: fhirBaseUrl.replace(/\/$/, ''),
    clients: Object.fromEntries(clients.map(([name, client]) => [name, withFiles(client, `clients.${name}`)])),
  } as unknown as SuiteConfig;
}

/** @throws Error when the file cannot be read, or is no JSON; it may hold secrets, so nothing of it is repeated. */
function readObject(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON`);
  }
  if (!isObject(value)) throw new Error(`${file}: an object is wanted`);
  return value;
}

/** The members that mean nothing: they may be words that were spelt wrong. */
function unknownIn(value: unknown, known: readonly string[], at: string): readonly string[] {
  const unknown = isObject(value) ? Object.keys(value).filter((key) => !known.includes(key)) : [];
  return unknown.map((key) => `${at}${key} is not known${didYouMean(key, known)}`);
}

function withFiles({ privateKeyFile, secretFile, ...client }: Record<string, unknown>, where: string): Record<string, unknown> {
  const read = (path: unknown) => {
    try {
      return readFileSync(resolve(String(path)), 'utf8');
    } catch (cause) {
      throw new Error(`${where}: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
    }
  };
  return {
    ...client,
    ...(privateKeyFile === undefined ? {} : { privateKey: JSON.parse(read(privateKeyFile)) as JWK }),
    ...(secretFile === undefined ? {} : { secret: read(secretFile).trim() }),
  };
}

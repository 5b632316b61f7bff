/**
 * The clients of demo mode: three backend services of the shared service, each with a key of its own that is made at
 * the first start and kept in the data folder (mode 0600). Nothing here is loaded outside demo mode.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ClientRegistration } from './clients.ts';

/** Names for `npm run token -- <client>`. */
export const DEMO_SYSTEMS = ['municipality-system', 'hospital-system', 'admin-system'] as const;
export type DemoSystem = (typeof DEMO_SYSTEMS)[number];
/** What people are told they are. */
const NAMES: Readonly<Record<DemoSystem, string>> = {
  'municipality-system': 'Kommunens journalsystem',
  'hospital-system': 'Sykehusets journalsystem',
  'admin-system': 'Fellesplan, forvaltning',
};
export const DEMO_SYSTEM_SCOPE = 'system/*.cruds';

const SHARED_SERVICE = 'fellesplan-service';
const KEY_ALGORITHM = 'ES384';

function keyFile(dataDir: string, clientId: string): string {
  return join(dataDir, 'keys', `${clientId}.private.json`);
}

/** The private key of a demo client that a demo on this data folder has made; undefined where none has been. @throws Error when it cannot be read. */
export function keptDemoClientKey(dataDir: string, clientId: DemoSystem): Promise<JWK | undefined> {
  return readKey(keyFile(dataDir, clientId));
}

/**
 * The private key of a demo client, made at the first call.
 * @throws Error when the key folder cannot be written or read.
 */
export async function demoClientKey(dataDir: string, clientId: DemoSystem | typeof SHARED_SERVICE): Promise<JWK> {
  const file = keyFile(dataDir, clientId);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const kept = await readKey(file);
  if (kept !== undefined) return kept;
  const { privateKey } = await generateKeyPair(KEY_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, alg: KEY_ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
  // Written whole under another name first: whoever finds the file finds all of it.
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(key)}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
    return key;
  } catch (error) {
    // Another was first: its key is the one that counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readKey(file))!;
  } finally {
    await rm(draft);
  }
}

async function readKey(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The demo systems as clients of one issuer. One that acts for an organisation (`organizations`, by organisasjonsnummer)
 * is bound by the access rule as every system is; without one, its scopes alone decide: that is the administration's.
 */
export async function demoSystemClients(
  dataDir: string,
  systems: readonly DemoSystem[] = DEMO_SYSTEMS,
  organizations: Readonly<Partial<Record<DemoSystem, string>>> = {},
): Promise<readonly ClientRegistration[]> {
  return Promise.all(
    systems.map(async (clientId) => ({
      clientId,
      name: NAMES[clientId],
      authentication: { method: 'private_key_jwt', keys: [publicJwk(await demoClientKey(dataDir, clientId))] } as const,
      grants: ['client_credentials'] as const,
      scopes: [DEMO_SYSTEM_SCOPE],
      ...(organizations[clientId] === undefined ? { scopesAlone: true } : { organizationNumber: organizations[clientId] }),
    })),
  );
}

/** The shared service at an EHR: a client that may ask about tokens, and nothing else. */
export async function sharedServiceAtEhr(dataDir: string): Promise<ClientRegistration> {
  return {
    clientId: SHARED_SERVICE,
    name: 'Fellesplan, tjenesten',
    authentication: { method: 'private_key_jwt', keys: [publicJwk(await demoClientKey(dataDir, SHARED_SERVICE))] },
    grants: [],
    scopes: [],
  };
}

/** How the shared service shows at the EHRs who it is (`TrustedIssuer.service`). */
export async function sharedServiceCredentials(dataDir: string): Promise<{ readonly clientId: string; readonly privateKey: JWK }> {
  return { clientId: SHARED_SERVICE, privateKey: await demoClientKey(dataDir, SHARED_SERVICE) };
}

function publicJwk({ d: _private, ...key }: JWK): JWK {
  return key;
}

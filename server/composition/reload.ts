/**
 * What is read anew while the service runs: clients and trusted issuers at SIGHUP, the certificate at SIGHUP and when its
 * files change. What cannot be used is told, and that which was there stays in force.
 */
import { type StatWatcher, unwatchFile, watchFile } from 'node:fs';
import type { Config } from '../config.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { type Certificate, readCertificate } from '../http/certificate.ts';
import { faultFields, type Log } from '../http/log.ts';
import { naming } from './named-fault.ts';
import { type RegisteredParties, readRegisteredParties } from './registrations.ts';

export interface Reloadable {
  readonly config: Config;
  readonly definitions: Pick<Definitions, 'isResourceType'>;
  readonly log: Log;
  register(parties: RegisteredParties): void;
  renewCertificate(certificate: Certificate): void;
  /** Milliseconds since 1970 UTC; left out: the system's clock. */
  readonly nowMs?: () => number;
}

export interface Reloader {
  /** Reads everything anew. Resolves when it is in force or has been refused; never rejects. */
  reload(): Promise<void>;
  stop(): void;
}

const LOOK_MS = 5_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_BEFORE_MS = 14 * DAY_MS;

/** Starts to look at the files of the certificate. In demo mode there is nothing to register anew. */
export function startReloader(parts: Reloadable): Reloader {
  const { config, log, nowMs = Date.now } = parts;
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      log.info({ event: 'reloaded', what });
    } catch (error) {
      log.error({ event: 'not-reloaded', what, ...faultFields(error) });
    }
  };
  const certificate = async (): Promise<void> => {
    if (config.tls !== undefined) parts.renewCertificate(await checkedCertificate(config.tls, log, nowMs()));
  };
  const changed = () => void attempt('certificate', certificate);
  const files = config.tls === undefined ? [] : [config.tls.certFile, config.tls.keyFile];
  for (const file of files) {
    const watcher: StatWatcher = watchFile(file, { interval: LOOK_MS }, changed);
    watcher.unref();
  }
  // A service that runs for months is to tell of it as one that has just been started does.
  const eachDay = setInterval(() => {
    if (config.tls !== undefined) void checkedCertificate(config.tls, log, nowMs()).catch(() => undefined);
  }, DAY_MS).unref();
  return {
    async reload() {
      if (config.tls !== undefined) await attempt('certificate', certificate);
      if (config.mode === 'demo') return;
      await attempt('registrations', async () => parts.register(await readRegisteredParties(config, parts.definitions)));
    },
    stop() {
      clearInterval(eachDay);
      for (const file of files) unwatchFile(file, changed);
    },
  };
}

/** The certificate of the configuration; the log is told when it runs out within two weeks, or has. @throws Error as readCertificate does. */
export async function checkedCertificate(files: NonNullable<Config['tls']>, log: Log, nowMs = Date.now()): Promise<Certificate> {
  const certificate = await naming('FELLESPLAN_TLS_CERT and FELLESPLAN_TLS_KEY', () => readCertificate(files));
  if (certificate.expiresAtMs - nowMs < WARN_BEFORE_MS) {
    log.error({ event: 'certificate-expires', at: new Date(certificate.expiresAtMs).toISOString() });
  }
  return certificate;
}

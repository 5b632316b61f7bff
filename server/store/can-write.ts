/**
 * Whether a store can serve is also whether it can be written: what nobody can be told of in the access log is not shown.
 * A full disk, or a database that has become a standby, refuses writes alone, and whoever asks only by reading never learns.
 */
import { randomBytes } from 'node:crypto';
import { FhirError } from '../fhir/errors.ts';
import type { Database } from './database.ts';

const PROBE = { kind: 'store/ping', id: 'ping' } as const;
const PROBE_KEPT_MS = 60_000;
/** More than finds room in the pages there are, and of which compression leaves as much. */
const PROBE_BYTES = 16 * 1024;

/** The same database; while the last write could not be carried out, `ping` tries one, and rejects with 503 `transient` as that does. */
export function withWritePing(database: Database, nowMs: () => number = Date.now): Database {
  let isDoubtful = false;
  const watched = async <Result>(write: Promise<Result>): Promise<Result> => {
    try {
      const result = await write;
      isDoubtful = false;
      return result;
    } catch (error) {
      if (error instanceof FhirError && error.status === 503) isDoubtful = true;
      throw error;
    }
  };
  const { resources, state } = database;
  const put: typeof state.put = (...entry) => watched(state.put(...entry));
  return {
    ...database,
    state: { ...state, put, add: (entry) => watched(state.add(entry)) },
    resources: {
      ...resources,
      transact: (plan) => watched(resources.transact(plan)),
      async ping() {
        await resources.ping();
        if (!isDoubtful) return;
        const filling = randomBytes(PROBE_BYTES).toString('base64');
        await put(PROBE.kind, PROBE.id, { filling }, { expiresAtMs: nowMs() + PROBE_KEPT_MS });
      },
    },
  };
}

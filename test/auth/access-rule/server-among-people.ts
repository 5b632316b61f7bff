/** A server whose callers are bound by the access rule, among the people of people.ts, with the access log on. */
import { expect } from 'vitest';
import { openAuditLog } from '../../../server/audit/audit-log.ts';
import { journalInTable } from '../../../server/audit/journal-table.ts';
import { createScopeAccess } from '../../../server/auth/access.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import type { Principal } from '../../../server/auth/principal.ts';
import type { Database } from '../../../server/store/database.ts';
import { bearer, startTestServer } from '../../support/test-server.ts';
import { CONSENTS, fill, indexer, NOW_MS } from './people.ts';

interface Among {
  /** Left out: active for all. */
  readonly consents?: Parameters<typeof fill>[1];
  readonly emergencies?: Parameters<typeof createPlanAccess>[0]['emergencies'];
  /** What the server is given besides access and log. */
  readonly services?: Parameters<typeof startTestServer>[0]['services'];
  /** Sent with every request. */
  readonly headers?: Record<string, string>;
}

/** Starts it on the stores. `close` ends it, and holds that the log had no fault. */
export async function startAmongPeople({ resources, state }: Pick<Database, 'resources' | 'state'>, among: Among = {}) {
  await fill(resources, among.consents ?? CONSENTS['active for all']!);
  const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
  const emergencies = among.emergencies === undefined ? {} : { emergencies: among.emergencies };
  const access = createPlanAccess({ scopes, store: resources, nowMs: () => NOW_MS, ...emergencies });
  const faults: unknown[] = [];
  const audit = openAuditLog({
    store: resources,
    journal: journalInTable(state, Date.now),
    index: indexer,
    nowMs: Date.now,
    reportFault: (error) => faults.push(error),
  });
  const services = { access, audit, writeValidation: 'off', ...among.services } as const;
  const server = await startTestServer({ store: resources, services });
  const by =
    (principal: Partial<Principal>) =>
    (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      server.request(method, path, body, { Authorization: bearer(principal), ...among.headers, ...headers });
  const close = async (): Promise<void> => {
    await server.close();
    await audit.close();
    expect(faults).toEqual([]);
  };
  return { server, audit, faults, by, admin: by({ scopesAlone: true, clientId: 'admin' }), close };
}

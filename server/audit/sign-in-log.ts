/**
 * Sign-ins, launches and requests for tokens as lines of the access log.
 *
 * What is refused can be repeated by anyone as fast as the network lets them. Of the same refusal (kind, client, reason)
 * the first twenty of a minute are noted one by one, and all further ones as a single line with their number when the
 * minute is over. Clients are the registered ones and reasons a closed list, so a flood leaves a bounded number of lines.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html · https://dicom.nema.org/medical/dicom/current/output/chtml/part15/sect_A.5.3.html
 */
import type { Attempt, TellAttempt } from '../auth/attempt.ts';
import { parseResourceScopes } from '../auth/scopes.ts';
import { type AccessRecord, auditedCaller } from './access-record.ts';
import type { AuditLog } from './audit-log.ts';

export interface SignInLogOptions {
  readonly log: Pick<AuditLog, 'record'>;
  readonly nowMs: () => number;
  /** How long refusals are counted together, in ms. */
  readonly windowMs?: number;
}

const WINDOW_MS = 60_000;
const ONE_BY_ONE = 20;
const OUTCOMES = { granted: '0', refused: '8', failed: '12' } as const;
/** As the log names a caller of whom nothing is known. */
const UNKNOWN_CLIENT = 'none';

interface Counted {
  readonly record: AccessRecord;
  count: number;
}

/** Notes attempts; resolves when they outlive this process. @throws FhirError 503 `transient` when a granted one cannot be noted. */
export function signInLog({ log, nowMs, windowMs = WINDOW_MS }: SignInLogOptions): TellAttempt {
  const refusals = new Map<string, Counted>();

  async function tellRest(key: string): Promise<void> {
    const counted = refusals.get(key);
    refusals.delete(key);
    const times = (counted?.count ?? 0) - ONE_BY_ONE;
    if (counted !== undefined && times > 0) await log.record([{ ...counted.record, atMs: nowMs(), times }]);
  }

  /** True for a refusal that is only counted. */
  function isOneTooMany(record: AccessRecord): boolean {
    const key = `${record.interaction} ${record.caller.clientId} ${record.reason}`;
    const counted = refusals.get(key) ?? { record, count: 0 };
    if (counted.count === 0) {
      refusals.set(key, counted);
      // What is left of a process that ends within the minute is how often it was, not that it was.
      setTimeout(() => void tellRest(key).catch(() => undefined), windowMs).unref();
    }
    counted.count += 1;
    return counted.count > ONE_BY_ONE;
  }

  return async (attempt) => {
    const records = recordsOf(attempt, nowMs());
    if (attempt.outcome === 'granted') return log.record(records);
    const [record] = records;
    if (record === undefined || isOneTooMany(record)) return;
    // The refusal itself stands, whether or not it could be noted: the log reports its own faults.
    await log.record(records).catch(() => undefined);
  };
}

/** The records of an attempt: one, and one more for a patient whom the user may not know. */
function recordsOf(attempt: Attempt, atMs: number): readonly AccessRecord[] {
  const { kind, outcome, patientId, withheldPatientId, origin, reason } = attempt;
  const record: AccessRecord = {
    atMs,
    kind: 'authentication',
    caller: callerOf(attempt),
    interaction: kind,
    action: 'E',
    outcome: OUTCOMES[outcome],
    // That a session goes on is no news to the patient.
    patients: patientId === undefined || kind === 'refresh' ? [] : [patientId],
    ...(origin === undefined ? {} : { origin }),
    ...(reason === undefined ? {} : { reason }),
  };
  if (withheldPatientId === undefined) return [record];
  return [record, { ...record, outcome: OUTCOMES.refused, patients: [withheldPatientId], reason: 'no relation to the patient' }];
}

function callerOf({ clientId = UNKNOWN_CLIENT, user, organizationNumber, scope = '', purposeOfUse }: Attempt): AccessRecord['caller'] {
  return auditedCaller({
    clientId,
    subject: user ?? clientId,
    scope,
    scopes: parseResourceScopes(scope),
    ...(user === undefined ? {} : { fhirUser: user }),
    ...(organizationNumber === undefined ? {} : { organizationNumber }),
    ...(purposeOfUse === undefined ? {} : { purposeOfUse }),
  });
}

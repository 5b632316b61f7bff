import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { openAuditLog } from '../../server/audit/audit-log.ts';
import { journalInTable } from '../../server/audit/journal-table.ts';
import { signInLog } from '../../server/audit/sign-in-log.ts';
import type { Attempt } from '../../server/auth/attempt.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { indexer } from '../auth/access-rule/people.ts';
import { onEachDatabase } from '../support/stores.ts';

const nurse: Attempt = {
  kind: 'token-exchange',
  outcome: 'granted',
  clientId: 'fellesplan-app',
  user: 'Practitioner/nurse',
  organizationNumber: '100000002',
  scope: 'patient/*.rs',
  origin: 'Fjordheim sykehus',
};
const guess: Attempt = { kind: 'token', outcome: 'refused', clientId: 'system', reason: 'invalid_client' };

onEachDatabase('sign-ins in the access log', (open) => {
  it('are AuditEvents of their own type, sealed like all others: who, from where, whose, and what came of it', async () => {
    const { resources, state } = await open();
    const log = openAuditLog({
      store: resources,
      journal: journalInTable(state, Date.now),
      index: indexer,
      nowMs: Date.now,
      reportFault: (error) => expect.unreachable(String(error)),
    });
    const tell = signInLog({ log, nowMs: Date.now });
    await tell({ ...nurse, patientId: 'ida' });
    await tell({ ...nurse, withheldPatientId: 'other' });
    await tell({ kind: 'refresh', outcome: 'granted', clientId: 'fellesplan-app', user: 'Patient/ida', patientId: 'ida' });
    await tell({ kind: 'token', outcome: 'granted', clientId: 'system', organizationNumber: '100000001', scope: 'system/*.rs' });
    await tell(guess);
    await tell({ kind: 'launch', outcome: 'refused', reason: 'invalid_client' });
    await log.close();
    const test = { kind: 'token', code: '110114' } as const;
    const where = { op: 'match', param: 'type', test } as const;
    const page = await resources.search({ types: ['AuditEvent'], where, sort: [], limit: 100, total: 'none' });
    const validator = createValidator({ terminology: createTerminology() });
    for (const { json } of page.matches) {
      const errors = validator.validate(JSON.parse(json) as Resource).filter(({ severity }) => severity === 'error');
      expect(errors, json).toEqual([]);
    }
    const told = page.matches.map(({ json }) => {
      const event = JSON.parse(json) as {
        outcome: string;
        subtype: { code: string }[];
        agent: { who: { reference?: string; display?: string } }[];
        entity: { what?: { reference: string }; detail?: { type: string; valueString: string }[] }[];
      };
      const [who] = event.agent;
      const issuer = event.entity.flatMap(({ detail = [] }) => detail).find(({ type }) => type === 'issuer')?.valueString;
      const patient = event.entity.find(({ what }) => what !== undefined)?.what?.reference;
      return [event.subtype[0]?.code, event.outcome, who?.who.reference ?? who?.who.display, patient, issuer].join(' ');
    });
    expect(told.sort()).toEqual(
      [
        '110122 0 Practitioner/nurse Patient/ida Fjordheim sykehus',
        '110122 0 Practitioner/nurse  Fjordheim sykehus',
        '110122 8 Practitioner/nurse Patient/other Fjordheim sykehus',
        '110122 0 Patient/ida  ',
        '110126 0 system  ',
        '110126 8 system  ',
        '110126 8 Ukjent  ',
      ].sort(),
    );
  });
});

describe('a flood of refusals', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('leaves twenty lines a minute for the same refusal, and one with the number of the others', async () => {
    vi.useFakeTimers();
    const records: AccessRecord[] = [];
    const tell = signInLog({ log: { record: async (some) => void records.push(...some) }, nowMs: () => 5 });
    for (let times = 0; times < 1000; times += 1) await tell(guess);
    await tell({ ...guess, clientId: 'another' });
    expect(records).toHaveLength(21);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(records).toHaveLength(22);
    expect(records[21]).toMatchObject({ caller: { clientId: 'system' }, reason: 'invalid_client', times: 980 });
    await tell(guess);
    expect(records).toHaveLength(23);
  });

  it('never keeps those out who are let in', async () => {
    const records: AccessRecord[] = [];
    const tell = signInLog({ log: { record: async (some) => void records.push(...some) }, nowMs: () => 5 });
    for (let times = 0; times < 100; times += 1) await tell(nurse);
    expect(records).toHaveLength(100);
  });

  it('is refused also when it cannot be noted; what is granted is not', async () => {
    const tell = signInLog({ log: { record: () => Promise.reject(new Error('disk full')) }, nowMs: () => 5 });
    await expect(tell(guess)).resolves.toBeUndefined();
    await expect(tell(nurse)).rejects.toThrow('disk full');
  });
});

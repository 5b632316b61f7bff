import type { Communication } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import {
  beginEmergency,
  emergencyUntilMs,
  endEmergency,
  failureOf,
  isReason,
} from '../../../smart-app/src/features/emergency-access/emergency.ts';
import { readEmergencyUses } from '../../../smart-app/src/features/emergency-access/read-emergency-uses.ts';
import { readMessages } from '../../../smart-app/src/features/messages/read-messages.ts';
import { FhirClient } from '../../../smart-app/src/fhir/client.ts';
import { AppError } from '../../../smart-app/src/smart/app-error.ts';
import { planData } from '../plan-data.ts';
import { patient, wholePlan } from '../sample-plan.ts';

const REASON = 'Funnet forvirret hjemme, må vite hvem som følger henne opp';

function clientThatGets(status: number, body?: object) {
  const asked: { readonly url: string; readonly method: string | undefined; readonly body: unknown }[] = [];
  const fetcher = async (url: string | URL | Request, init?: RequestInit) => {
    asked.push({ url: String(url), method: init?.method, body: init?.body === undefined ? undefined : JSON.parse(String(init.body)) });
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };
  const client = new FhirClient({ baseUrl: 'https://shared.test/fhir', token: async () => 't', fetcher: fetcher as typeof fetch });
  return { client, asked };
}

describe('emergency access', () => {
  test.each([
    ['enough words', REASON, true],
    ['fifteen characters', 'x'.repeat(15), true],
    ['fourteen characters', 'x'.repeat(14), false],
    ['blanks between', `x${' '.repeat(40)}y`, false],
    ['nothing', '', false],
    ['too much', 'x'.repeat(1001), false],
  ])('takes as a reason what the service takes: %s', (_what, text, taken) => {
    expect(isReason(text)).toBe(taken);
  });

  test('is asked for with the reason in the body, never in the address', async () => {
    const { client, asked } = clientThatGets(201, { resourceType: 'Parameters' });
    await beginEmergency(client, REASON);
    expect(asked).toEqual([
      {
        url: 'https://shared.test/fhir/$break-the-glass',
        method: 'POST',
        body: { resourceType: 'Parameters', parameter: [{ name: 'reason', valueString: REASON }] },
      },
    ]);
  });

  test.each([
    [400, 'reason'],
    [403, 'refused'],
    [404, 'nobody'],
    [422, 'needless'],
    [500, 'failed'],
  ])('has words of its own for an answer %i: %s', async (status, failure) => {
    const { client } = clientThatGets(status, { resourceType: 'OperationOutcome', issue: [] });
    const error = await beginEmergency(client, REASON).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(failureOf(error as AppError)).toBe(failure);
  });

  test('says until when, and is ended though it has ended already', async () => {
    const parameter = [{ name: 'until', valueInstant: '2026-03-02T09:00:00.000Z' }];
    const { client } = clientThatGets(200, { resourceType: 'Parameters', parameter });
    expect(await emergencyUntilMs(client)).toBe(Date.UTC(2026, 2, 2, 9));
    await expect(emergencyUntilMs(clientThatGets(200, { resourceType: 'Parameters' }).client)).rejects.toMatchObject({
      kind: 'unexpected',
    });
    for (const status of [204, 404]) {
      const body = status === 204 ? undefined : { resourceType: 'OperationOutcome', issue: [] };
      await expect(endEmergency(clientThatGets(status, body).client)).resolves.toBeUndefined();
    }
    const refused = clientThatGets(403, { resourceType: 'OperationOutcome', issue: [] });
    await expect(endEmergency(refused.client)).rejects.toMatchObject({ status: 403 });
  });

  test('is told in the plan apart from the messages between the services, the newest first', () => {
    const purpose = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'BTG' }] };
    const use = (id: string, sent: string): Communication => ({
      resourceType: 'Communication',
      id,
      status: 'completed',
      category: [purpose],
      subject: { reference: `Patient/${patient.id}` },
      sent,
      sender: { display: 'Gunnhild Storlid' },
      reasonCode: [{ ...purpose, text: REASON }],
    });
    const data = planData([...wholePlan, use('first', '2026-02-01T10:00:00Z'), use('second', '2026-03-01T10:00:00Z')]);
    const uses = readEmergencyUses(data);
    expect(uses.map(({ id }) => id)).toEqual(['second', 'first']);
    expect(uses[0]).toMatchObject({ by: { name: 'Gunnhild Storlid' }, reason: REASON, when: '2026-03-01T10:00:00Z' });
    expect(readMessages(data).map(({ id }) => id)).not.toContain('first');
  });
});

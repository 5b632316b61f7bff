import type { Appointment, Communication, Provenance } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { readChanges, readVersionChange } from '../../../smart-app/src/features/changes/read-changes.ts';
import { readMeetings } from '../../../smart-app/src/features/meeting/read-meeting.ts';
import { readMessages } from '../../../smart-app/src/features/messages/read-messages.ts';
import { readPlanHeader } from '../../../smart-app/src/features/plan-header/read-plan-header.ts';
import { planData } from '../plan-data.ts';
import { daysFromNow, people, plan, wholePlan } from '../sample-plan.ts';

const meeting = (id: string, status: Appointment['status'], day: number): Appointment => ({
  resourceType: 'Appointment',
  id,
  status,
  language: 'nb',
  description: `Møte ${id}`,
  start: `${daysFromNow(day)}T12:00:00Z`,
  end: `${daysFromNow(day)}T13:00:00Z`,
  participant: [{ actor: { reference: 'PractitionerRole/kari-role' }, status: 'accepted' }],
});

describe('the next meeting', () => {
  test('is the first one ahead that is not cancelled, with those who come', () => {
    const meetings = [
      meeting('far', 'booked', 20),
      meeting('near', 'booked', 9),
      meeting('off', 'cancelled', 3),
      meeting('past', 'fulfilled', -4),
    ];
    expect(readMeetings(planData([...people, ...meetings])).next).toMatchObject({
      what: 'Møte near',
      language: 'nb',
      proposed: false,
      participants: [{ name: 'Kari Nes' }],
    });
  });

  test('a proposed one is marked', () => {
    expect(readMeetings(planData([meeting('maybe', 'proposed', 2)])).next?.proposed).toBe(true);
  });

  test('when the last one was cancelled and nothing was arranged in its place, that is told', () => {
    const meetings = [meeting('off', 'cancelled', -3), meeting('held', 'fulfilled', -40)];
    expect(readMeetings(planData(meetings))).toEqual({ next: undefined, cancelled: `${daysFromNow(-3)}T12:00:00Z` });
    expect(readMeetings(planData([meeting('held', 'fulfilled', -4)])).cancelled).toBeUndefined();
  });
});

describe('messages between the services', () => {
  const message = (id: string, about: Partial<Communication>): Communication => ({
    resourceType: 'Communication',
    id,
    status: 'completed',
    sender: { reference: 'Organization/sykehuset' },
    recipient: [{ reference: 'Organization/legekontor' }],
    category: [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-message-type', code: 'epikrise' }] }],
    ...about,
  });

  test('stand with the newest first, from whom and to whom', () => {
    const messages = [
      message('old', { sent: '2026-08-01T10:00:00Z', received: '2026-08-01T10:01:00Z' }),
      message('new', { sent: '2026-09-01T10:00:00Z' }),
    ];
    expect(readMessages(planData([...people, ...messages]))).toMatchObject([
      { id: 'new', type: { code: 'epikrise' }, from: { name: 'Fjordheim sykehus' }, to: { name: 'Solvik legesenter' } },
      { id: 'old' },
    ]);
  });

  test.each([
    ['in-progress', undefined, 'not-received'],
    ['in-progress', '2026-09-01T10:01:00Z', 'received'],
    ['completed', undefined, 'received'],
    ['not-done', undefined, 'failed'],
  ] as const)('%s, received %s, is %s', (status, received, state) => {
    expect(readMessages(planData([message('m', { status, ...(received ? { received } : {}) })]))[0]?.state).toBe(state);
  });

  test('a draft was never sent, and is left out', () => {
    expect(readMessages(planData([message('m', { status: 'preparation' })]))).toEqual([]);
  });
});

describe('changes', () => {
  const change = (id: string, target: string, recorded: string, who: string): Provenance => ({
    resourceType: 'Provenance',
    id,
    language: 'nb',
    target: [{ reference: target }],
    recorded,
    activity: { text: 'Status satt til utført' },
    agent: [{ who: { reference: who } }],
  });
  const data = planData([
    ...wholePlan,
    change('made', 'CarePlan/plan', '2026-08-20T12:00:00Z', 'PractitionerRole/kari-role'),
    change('done', 'Task/task-done/_history/2', '2026-10-02T12:00:00Z', 'PractitionerRole/ola-role'),
    change('elsewhere', 'Task/of-another-plan', '2026-11-02T12:00:00Z', 'PractitionerRole/ola-role'),
  ]);

  test('of the plan and its measures stand with the newest first: when, who, what', () => {
    expect(readChanges(plan, data)).toMatchObject([
      {
        id: 'done',
        date: '2026-10-02T12:00:00Z',
        by: { name: 'Ola Berg' },
        what: 'Status satt til utført',
        subject: { text: 'Legemiddelgjennomgang' },
        language: 'nb',
      },
      { id: 'made', by: { name: 'Kari Nes' }, subject: { text: 'Individuell plan for Ingrid' } },
    ]);
  });

  test('the words of what was changed are in their own language, whatever that of the change is [WCAG 3.1.2]', () => {
    const spoken = wholePlan.map((each) => (each.id === 'task-done' ? { ...each, language: 'nn' } : each));
    const { activity: _untold, ...bare } = change('done', 'Task/task-done', '2026-10-02T12:00:00Z', 'PractitionerRole/ola-role');
    const [told] = readChanges(plan, planData([...spoken, bare]));
    expect(told).toMatchObject({ what: undefined, kind: 'change', subject: { text: 'Legemiddelgjennomgang', language: 'nn' } });
  });

  test('who made the version that is shown dates the plan; else the server’s own date does', () => {
    const told = planData([
      ...wholePlan,
      change('version', 'CarePlan/plan/_history/4', '2026-11-17T12:00:00Z', 'PractitionerRole/ola-role'),
    ]);
    expect(readPlanHeader(plan, told, daysFromNow(0), readVersionChange(plan, told))).toMatchObject({
      version: '4',
      lastUpdated: '2026-11-17T12:00:00Z',
      changedBy: 'Ola Berg',
    });
    expect(readPlanHeader(plan, data, daysFromNow(0))).toMatchObject({ lastUpdated: '2026-11-18T09:12:00Z', changedBy: undefined });
  });

  test('neither a change of a measure nor of an earlier version is told as the change of this version', () => {
    const earlier = planData([
      ...wholePlan,
      change('before', 'CarePlan/plan/_history/3', '2026-11-17T12:00:00Z', 'PractitionerRole/ola-role'),
      change('measure', 'Task/task-done/_history/4', '2026-11-18T12:00:00Z', 'PractitionerRole/ola-role'),
    ]);
    expect(readVersionChange(plan, earlier)).toBeUndefined();
  });
});

import type { AuditEvent } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { mayAskForLog } from '../../../smart-app/src/features/access-log/may-ask.ts';
import { byDay, filterLog, namesIn, readAccessLog } from '../../../smart-app/src/features/access-log/read-access-log.ts';
import { logEvent, nursesVisit } from '../log-events.ts';
import { planData } from '../plan-data.ts';
import { patient, wholePlan } from '../sample-plan.ts';

describe('the access log', () => {
  test('is read as the server tells it, with day and time in Norway', () => {
    const [entry] = readAccessLog([nursesVisit]);
    expect(entry).toEqual({
      id: 'visit-1',
      day: '2026-03-02',
      time: '00:30',
      name: 'Kari Nordmann',
      role: 'Sykepleier',
      organization: 'Hjemmetjenesten',
      what: 'Åpnet planen og leste mål',
      purpose: 'helsehjelp',
      app: 'Fellesplan',
      refused: false,
      emergency: false,
      reason: undefined,
    });
  });

  test('tells refusals and emergencies from the rest', () => {
    const events: AuditEvent[] = [
      logEvent('refused', { outcome: '8' }),
      logEvent('glass', {
        purposeOfEvent: [{ coding: [{ code: 'BTG' }], text: 'nødtilgang' }],
        entity: [{ what: { reference: 'Patient/x' }, description: 'Bevisstløs' }],
      }),
      logEvent('usual', {}),
    ];
    const entries = readAccessLog(events);
    const shown = (only: 'all' | 'refused' | 'emergency') => filterLog(entries, { who: '', only }).map(({ id }) => id);
    expect(shown('all')).toEqual(['refused', 'glass', 'usual']);
    expect(shown('refused')).toEqual(['refused']);
    expect(shown('emergency')).toEqual(['glass']);
    expect(entries[1]?.reason).toBe('Bevisstløs');
  });

  test('can be narrowed to a person or an organisation, named once and in Norwegian order', () => {
    const entries = readAccessLog([
      logEvent('1', {}, { name: 'Åse Berg', organization: 'Sykehuset' }),
      logEvent('2', {}, { name: 'Anna Lie', organization: 'Hjemmetjenesten' }),
      logEvent('3', {}, { name: 'Anna Lie', organization: 'Sykehuset' }),
    ]);
    expect(namesIn(entries)).toEqual({ people: ['Anna Lie', 'Åse Berg'], organizations: ['Hjemmetjenesten', 'Sykehuset'] });
    const found = (who: string) => filterLog(entries, { who, only: 'all' }).map(({ id }) => id);
    expect(found('Anna Lie')).toEqual(['2', '3']);
    expect(found('Sykehuset')).toEqual(['1', '3']);
  });

  test('stands by day', () => {
    const at = (id: string, recorded: string) => logEvent(id, { recorded });
    const days = byDay(readAccessLog([at('c', '2026-03-03T08:00:00Z'), at('b', '2026-03-02T20:00:00Z'), at('a', '2026-03-01T23:30:00Z')]));
    expect(days.map(({ day, entries }) => [day, entries.map(({ id }) => id)])).toEqual([
      ['2026-03-03', ['c']],
      ['2026-03-02', ['b', 'a']],
    ]);
  });
});

describe('the way to the access log', () => {
  const data = planData(wholePlan);
  test.each([
    [`https://shared.test/fhir/Patient/${patient.id}`, true],
    ['Patient/somebody-else', false],
    ['RelatedPerson/mother', true],
    ['Practitioner/kari', true],
    ['Practitioner/ola', false],
    ['Practitioner/nobody', false],
    [undefined, false],
  ])('for %s is offered: %s', (user, offered) => {
    expect(mayAskForLog(user, data)).toBe(offered);
  });

  test('is offered to the staff of a coordinating unit that is of the team', () => {
    const unit = { system: 'https://fellesplan.example/fhir/CodeSystem/fp-team-role', code: 'koordinerende-enhet' };
    const withUnit = planData([
      ...wholePlan.filter(({ resourceType }) => resourceType !== 'CareTeam'),
      {
        resourceType: 'CareTeam',
        id: 'team',
        participant: [{ role: [{ coding: [unit] }], member: { reference: 'Organization/unit' } }],
      },
      {
        resourceType: 'PractitionerRole',
        id: 'in-unit',
        practitioner: { reference: 'Practitioner/eva' },
        organization: { reference: 'Organization/unit' },
      },
    ]);
    expect(mayAskForLog('Practitioner/eva', withUnit)).toBe(true);
    expect(mayAskForLog('Practitioner/kari', withUnit)).toBe(false);
  });
});

/** Entries of the access log as the shared service tells them. */
import type { AuditEvent } from '@medplum/fhirtypes';

interface Who {
  readonly name: string;
  readonly role?: string;
  readonly organization?: string;
}

/** @returns an entry; by a nurse in the evening of 1 March in UTC, which is 2 March in Norway, unless said otherwise. */
export function logEvent(id: string, more: Partial<AuditEvent>, who: Who = { name: 'Kari Nordmann' }): AuditEvent {
  return {
    resourceType: 'AuditEvent',
    id,
    type: { code: 'rest' },
    action: 'R',
    recorded: '2026-03-01T23:30:00Z',
    outcome: '0',
    outcomeDesc: 'åpnet planen og leste mål',
    purposeOfEvent: [{ coding: [{ code: 'TREAT' }], text: 'helsehjelp' }],
    agent: [
      { who: { display: who.name }, name: who.name, requestor: true, ...(who.role === undefined ? {} : { role: [{ text: who.role }] }) },
      { type: { coding: [{ code: '110150' }] }, who: { display: 'Fellesplan' }, name: 'Fellesplan', requestor: false },
      ...(who.organization === undefined
        ? []
        : [{ who: { type: 'Organization', display: who.organization } as const, name: who.organization, requestor: false }]),
    ],
    source: { observer: { display: 'Fellesplan' } },
    entity: [{ what: { reference: 'Patient/shared-patient' } }],
    ...more,
  };
}

export const nursesVisit = logEvent('visit-1', {}, { name: 'Kari Nordmann', role: 'Sykepleier', organization: 'Hjemmetjenesten' });

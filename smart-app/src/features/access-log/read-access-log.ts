/**
 * The access log of one person as the server tells it in words: visits by day, and whom they can be sorted by.
 *
 * Spec: OperationDefinition fp-access-log · https://hl7.org/fhir/R4/auditevent.html
 */
import type { AuditEvent, Resource } from '@medplum/fhirtypes';

/** One visit: what somebody did without a pause. */
export interface LogEntry {
  readonly id: string;
  /** Day (`yyyy-mm-dd`) and time (`09:15`) in Norway, where the plan is kept. */
  readonly day: string;
  readonly time: string;
  readonly name: string;
  readonly role: string | undefined;
  readonly organization: string | undefined;
  /** The sentence, in the language that was asked for, with a capital letter. */
  readonly what: string;
  readonly purpose: string | undefined;
  readonly app: string | undefined;
  readonly refused: boolean;
  readonly emergency: boolean;
  /** Why there was emergency access, in the user's own words. */
  readonly reason: string | undefined;
}

/** What is shown of the log. */
export interface LogFilter {
  /** A name of a person or an organisation; empty: all. */
  readonly who: string;
  readonly only: 'all' | 'refused' | 'emergency';
}

export interface LogDay {
  readonly day: string;
  readonly entries: readonly LogEntry[];
}

const REFUSED = '8';
const EMERGENCY = 'BTG';
const NORWAY = 'Europe/Oslo';
const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: NORWAY, dateStyle: 'short' });
const TIME = new Intl.DateTimeFormat('nb-NO', { timeZone: NORWAY, hour: '2-digit', minute: '2-digit' });

/** @returns the visits among the resources, in their order: newest first. */
export function readAccessLog(resources: readonly Resource[]): LogEntry[] {
  return resources.filter((resource) => resource.resourceType === 'AuditEvent').map(entryOf);
}

function entryOf(event: AuditEvent): LogEntry {
  const agents = event.agent ?? [];
  const who = agents.find((agent) => agent.requestor);
  const at = new Date(event.recorded ?? '');
  const what = event.outcomeDesc ?? '';
  return {
    id: event.id ?? '',
    day: DAY.format(at),
    time: TIME.format(at),
    name: who?.name ?? '',
    role: who?.role?.[0]?.text,
    organization: agents.find((agent) => agent.who?.type === 'Organization')?.name,
    what: what.charAt(0).toLocaleUpperCase('nb') + what.slice(1),
    purpose: event.purposeOfEvent?.[0]?.text,
    app: agents.find((agent) => agent.type !== undefined)?.name,
    refused: event.outcome === REFUSED,
    emergency: event.purposeOfEvent?.some((purpose) => purpose.coding?.some(({ code }) => code === EMERGENCY)) ?? false,
    reason: event.entity?.find(({ description }) => description !== undefined)?.description,
  };
}

/** @returns names of the people and organisations in the log, each once, in alphabetical order. */
export function namesIn(entries: readonly LogEntry[]): { readonly people: string[]; readonly organizations: string[] } {
  const sorted = (names: readonly (string | undefined)[]): string[] =>
    [...new Set(names)].filter((name): name is string => name !== undefined && name !== '').sort((a, b) => a.localeCompare(b, 'nb'));
  return { people: sorted(entries.map(({ name }) => name)), organizations: sorted(entries.map(({ organization }) => organization)) };
}

/** @returns the entries that the filter lets through. */
export function filterLog(entries: readonly LogEntry[], { who, only }: LogFilter): LogEntry[] {
  return entries.filter(
    (entry) =>
      (who === '' || entry.name === who || entry.organization === who) &&
      (only === 'all' || (only === 'refused' ? entry.refused : entry.emergency)),
  );
}

/** @returns the entries by day, in their order. */
export function byDay(entries: readonly LogEntry[]): LogDay[] {
  return [...Map.groupBy(entries, ({ day }) => day)].map(([day, ofDay]) => ({ day, entries: ofDay }));
}

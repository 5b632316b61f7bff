/**
 * What a line of the access log says, read back from the AuditEvent it is kept as.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html · profile fp-audit-event
 */
import { parseReference } from '../../fhir/reference.ts';

/** The purpose of one who has broken the glass. */
export const EMERGENCY = 'BTG';
/** A search that showed nothing: a count, or that there is none. */
export const LOOKED = 'looked';

/** One thing that was done: the interaction (or the operation with its `$`), and the type it was done to. */
export interface Deed {
  readonly interaction: string;
  readonly type?: string;
}

export interface NotedAccess {
  readonly id: string;
  /** When it began and ended. */
  readonly startMs: number;
  readonly endMs: number;
  readonly action: string;
  readonly outcome: string;
  /** `Type/id` of the user; absent for a system. */
  readonly user?: string;
  readonly clientId?: string;
  readonly organizationNumber?: string;
  /** A code of v3-PurposeOfUse. */
  readonly purpose?: string;
  /** Why the record was opened in an emergency, in the user's own words. */
  readonly reason?: string;
  /** The record system that the user came from, by its registered name. */
  readonly origin?: string;
  readonly deeds: readonly Deed[];
}

interface KeptEvent {
  readonly id: string;
  readonly action?: string;
  readonly outcome?: string;
  /** Of a refusal a code; of emergency access the reason that the user gave. */
  readonly outcomeDesc?: string;
  readonly recorded: string;
  readonly period?: { readonly start?: string; readonly end?: string };
  readonly subtype?: readonly { readonly code?: string; readonly display?: string }[];
  readonly purposeOfEvent?: readonly { readonly coding?: readonly { readonly code?: string }[] }[];
  readonly agent?: readonly KeptAgent[];
  readonly entity?: readonly KeptEntity[];
}

interface KeptAgent {
  readonly type?: object;
  readonly who?: {
    readonly reference?: string;
    readonly type?: string;
    readonly display?: string;
    readonly identifier?: { readonly value?: string };
  };
}

interface KeptEntity {
  readonly what?: { readonly reference?: string };
  readonly query?: string;
  readonly description?: string;
  readonly detail?: readonly { readonly type: string; readonly valueString?: string }[];
}

/** The access that the text of an AuditEvent tells of. */
export function readAccess(json: string): NotedAccess {
  const event = JSON.parse(json) as KeptEvent;
  const { agent = [], entity = [] } = event;
  const user = agent.find(({ who }) => who?.reference !== undefined)?.who?.reference;
  const organization = agent.find(({ who }) => who?.type === 'Organization')?.who?.identifier?.value;
  const client = agent.find(({ who, type }) => type !== undefined && who?.identifier !== undefined)?.who;
  const purpose = event.purposeOfEvent?.[0]?.coding?.[0]?.code;
  const inEmergency = purpose === EMERGENCY && event.outcome === '0' ? event.outcomeDesc : undefined;
  const reason = entity.find(({ description }) => description !== undefined)?.description ?? inEmergency;
  const origin = entity.flatMap(({ detail = [] }) => detail).find(({ type }) => type === 'issuer')?.valueString;
  return {
    id: event.id,
    startMs: Date.parse(event.period?.start ?? event.recorded),
    endMs: Date.parse(event.period?.end ?? event.recorded),
    action: event.action ?? 'E',
    outcome: event.outcome ?? '0',
    ...(user === undefined ? {} : { user }),
    ...(client?.identifier?.value === undefined ? {} : { clientId: client.identifier.value }),
    ...(organization === undefined ? {} : { organizationNumber: organization }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(reason === undefined ? {} : { reason }),
    ...(origin === undefined ? {} : { origin }),
    deeds: entity.flatMap((each) => (event.outcome === '0' && foundNothing(each) ? deedOf(each, LOOKED) : deedOf(each))),
  };
}

/** The entity that only says whose data it was tells of no deed. */
function deedOf({ what, query, detail = [] }: KeptEntity, toldAs?: string): readonly Deed[] {
  const interaction = toldAs ?? saidIn(detail, 'interaction');
  if (interaction === undefined) return [];
  // An update of what was not there made it.
  if (interaction === 'update' && what?.reference?.endsWith('/_history/1'))
    return deedOf({ what, detail: [{ type: 'interaction', valueString: 'create' }] });
  const type = interaction === '$access-log' ? 'AuditEvent' : (searchedType(query) ?? typeOf(what?.reference));
  return [type === undefined ? { interaction } : { interaction, type }];
}

function foundNothing({ detail = [] }: KeptEntity): boolean {
  return saidIn(detail, 'interaction')?.startsWith('search') === true && saidIn(detail, 'shown') === '0';
}

function saidIn(detail: NonNullable<KeptEntity['detail']>, wanted: string): string | undefined {
  return detail.find(({ type }) => type === wanted)?.valueString;
}

function typeOf(reference: string | undefined): string | undefined {
  const parsed = reference === undefined ? undefined : parseReference(reference);
  return parsed?.kind === 'local' ? parsed.type : undefined;
}

/** `CarePlan?status=active`, and `Goal` of `Patient/ida/Goal?`; nothing for a search over all types. */
function searchedType(query: string | undefined): string | undefined {
  if (query === undefined) return undefined;
  const path = Buffer.from(query, 'base64').toString('utf8').split('?', 1)[0] ?? '';
  return path.split('/').findLast((segment, at) => at % 2 === 0 && /^[A-Z][A-Za-z]+$/.test(segment));
}

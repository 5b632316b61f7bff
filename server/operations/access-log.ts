/**
 * Patient/[id]/$access-log: who has seen or changed the data of a person, in plain words and in the caller's language.
 * For the person, relatives with access, the coordinator and the coordinating unit in the team; a call is logged as well.
 *
 * Spec: OperationDefinition fp-access-log · https://hl7.org/fhir/R4/auditevent.html
 */
import { findPeople } from '../audit/telling/people.ts';
import { readVisits } from '../audit/telling/read-visits.ts';
import { toldEvent } from '../audit/telling/told-event.ts';
import { WORDS } from '../audit/telling/words.ts';
import { callerOf } from '../auth/principal.ts';
import { dateRange } from '../fhir/date-range.ts';
import { badRequest, badValue, gone, notFound } from '../fhir/errors.ts';
import { stringifyJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import { SERVER_ZONE, timeZone } from '../fhir/time-zone.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { takeParameters } from '../interactions/parameters.ts';
import { presentation } from '../interactions/presentation.ts';
import { requireReach } from '../interactions/reach.ts';
import { visibleVersion } from '../interactions/visibility.ts';
import { openPage, PAGE_PARAMETER, type PageState, sealPage } from '../search/page-token.ts';
import type { CursorPosition } from '../search/query.ts';
import { type PageLink, searchsetText } from '../search/searchset.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import type { OperationRequest } from './operation.ts';
import { readInput, readTime } from './operation-input.ts';

const OPERATION = '$access-log';
const NORWAY = timeZone(SERVER_ZONE);

/** What is asked for, the same on every page. */
interface Asked {
  readonly start?: string;
  readonly end?: string;
  readonly count: number;
  readonly after?: CursorPosition;
}

/**
 * A searchset of AuditEvents, newest first, each a visit with a narrative. Takes `start`, `end`, `_count`.
 * @throws FhirError 404 `not-found` or 410 `deleted` for a patient the caller does not see; 403 `forbidden` for one who sees
 * the patient and not the log, or whose scopes do not include AuditEvent; 400 `value` or `not-supported` for a parameter;
 * 400 `invalid` for a page link of another log.
 */
export async function accessLog(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { id = '' } = request.interaction;
  const asked = readAsked(ctx, request, id);
  const patient = await requirePatient(ctx, id);
  const within = await requireReach(ctx, { interaction: OPERATION, right: 'search', type: 'AuditEvent', id });
  await ctx.audit?.settle();
  const from = asked.after === undefined ? {} : { after: asked.after };
  const page = await readVisits(ctx.store, { patientId: id, within, count: asked.count, ...timesOf(asked), ...from });
  const { fhirUser: self } = ctx.principal;
  const people = await findPeople(ctx.store, page.visits, { patientId: id, ...(self === undefined ? {} : { self }) });
  const telling = { language: ctx.language ?? 'en', patientId: id, clientName: (clientId: string) => ctx.clientName?.(clientId) };
  const matches = page.visits.map((visit) => asFound(toldEvent(visit, people.who(visit, WORDS[telling.language]), telling)));
  ctx.trail?.saw([patient, ...matches]);
  const links = linksOf(ctx, id, asked, page.next);
  const text = searchsetText({ baseUrl: ctx.baseUrl, matches, links, narrow: presentation(ctx, request.query) });
  return { status: 200, headers: { 'Content-Language': telling.language, Vary: 'Accept-Language' }, body: { text } };
}

/** From the parameters, or from the page link that was made of them. */
function readAsked(ctx: FhirContext, request: OperationRequest, id: string): Asked {
  const token = request.query.find(([name]) => name === PAGE_PARAMETER)?.[1];
  if (token === undefined) return checked(ctx, readInput(request, { start: 'text', end: 'text', _count: 'integer' }));
  takeParameters(request.query, [PAGE_PARAMETER]);
  const state = openPage(ctx.pageTokenKey, token, ctx.nowMs());
  if (state.path.join('/') !== pathOf(id).join('/')) throw badRequest('The page link belongs to another log', PAGE_PARAMETER);
  if (state.caller !== callerOf(ctx.principal)) throw badRequest('The page link was given to another caller', PAGE_PARAMETER);
  const { start, end, _count: count } = Object.fromEntries(state.parameters);
  return {
    count: Number(count),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(state.after === undefined ? {} : { after: state.after }),
  };
}

function checked({ limits }: FhirContext, input: { start?: string; end?: string; _count?: number }): Asked {
  const { start, end, _count: count = limits.pageSizeDefault } = input;
  if (count < 1) throw badValue('_count is a whole number from 1 on', '_count');
  return {
    count: Math.min(count, limits.pageSizeMax),
    ...(start === undefined ? {} : { start: readTime(start, 'start') }),
    ...(end === undefined ? {} : { end: readTime(end, 'end') }),
  };
}

/** A day begins and ends in Norwegian time. */
function timesOf({ start, end }: Asked): { readonly fromMs?: number; readonly toMs?: number } {
  const rangeOf = (text: string | undefined) => (text === undefined ? undefined : dateRange(text, NORWAY));
  const [first, last] = [rangeOf(start), rangeOf(end)];
  return { ...(first === undefined ? {} : { fromMs: first.low }), ...(last === undefined ? {} : { toMs: last.high }) };
}

async function requirePatient(ctx: FhirContext, id: string): Promise<StoredVersion> {
  const reach = await requireReach(ctx, { interaction: OPERATION, right: 'read', type: 'Patient', id });
  const current = await visibleVersion(ctx, { type: 'Patient', id }, reach);
  if (current === undefined) throw notFound(`Patient/${id} is not known`);
  if (current.json === null) throw gone(`Patient/${id} has been deleted`);
  return current;
}

function linksOf(ctx: FhirContext, id: string, { start, end, count, after }: Asked, next: CursorPosition | undefined): readonly PageLink[] {
  const parameters: (readonly [string, string])[] = [['_count', String(count)]];
  if (start !== undefined) parameters.push(['start', start]);
  if (end !== undefined) parameters.push(['end', end]);
  const url = (place: Pick<PageState, 'after'>): string => {
    const state: PageState = {
      path: pathOf(id),
      parameters,
      handling: 'strict',
      caller: callerOf(ctx.principal),
      nowMs: ctx.nowMs(),
      ...place,
    };
    return `${[ctx.baseUrl, ...state.path].join('/')}?${PAGE_PARAMETER}=${sealPage(ctx.pageTokenKey, state)}`;
  };
  return [
    { relation: 'self', url: url(after === undefined ? {} : { after }) },
    ...(after === undefined ? [] : [{ relation: 'first', url: url({}) } as const]),
    ...(next === undefined ? [] : [{ relation: 'next', url: url({ after: next }) } as const]),
  ];
}

function pathOf(id: string): readonly string[] {
  return ['Patient', id, OPERATION];
}

function asFound(event: Resource): { readonly type: string; readonly id: string; readonly json: string } {
  return { type: event.resourceType, id: event.id!, json: stringifyJson(event) };
}

/**
 * history-instance, history-type and history-system: past versions, newest first.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#history
 */
import { dateRange } from '../fhir/date-range.ts';
import { badValue, forbidden, notFound } from '../fhir/errors.ts';
import { SERVER_ZONE, timeZone } from '../fhir/time-zone.ts';
import type { Narrow } from '../search/narrow.ts';
import { pageLinks } from '../search/page-links.ts';
import type { PageState } from '../search/page-token.ts';
import type { CursorPosition } from '../search/query.ts';
import type { HistoryPage, HistoryQuery } from '../store/resource-store.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from './context.ts';
import { pageState } from './page-state.ts';
import { generalParameter, takeParameters, wholeNumber } from './parameters.ts';
import { presentation } from './presentation.ts';
import { entityTag } from './representation.ts';
import type { InteractionOf } from './resolve.ts';
import { isVisible } from './visibility.ts';

/** In the versions of one page, which is one text. */
const PAGE_BYTES_MAX = 64 * 1024 * 1024;

type HistoryInteraction = InteractionOf<'history-instance' | 'history-type' | 'history-system'>;

/**
 * A Bundle of versions: no more than were asked for, and fewer where they are very large.
 * @throws FhirError 404 `not-found` for a resource that never was, 400 for a parameter or a page link that cannot be read,
 * 403 `forbidden` for the history of a type of which the caller sees a part only.
 */
export async function history(ctx: FhirContext, request: AllowedRequest<HistoryInteraction>): Promise<FhirResponse> {
  const { interaction, within } = request;
  const place =
    interaction.name === 'history-system'
      ? []
      : interaction.name === 'history-type'
        ? [interaction.type]
        : [interaction.type, interaction.id];
  if (interaction.name !== 'history-instance' && within.op !== 'all') {
    throw forbidden(
      'The history of a whole type is open only to those who see all of it. A search with _lastUpdated finds what has changed, and each resource has a history of its own',
    );
  }
  const asked = pageState(ctx, request, [...place, '_history']);
  const askedMs = ctx.nowMs();
  const settledMs = interaction.name === 'history-instance' ? undefined : (asked.settledMs ?? (await ctx.store.settled()));
  const state = settledMs === undefined ? asked : { ...asked, settledMs };
  const query = readQuery(ctx, state, place);
  const page = await ctx.store.history(query);
  if (interaction.name === 'history-instance') {
    const key = { type: interaction.type, id: interaction.id };
    const isThere = async () => page.total > 0 || (await ctx.store.read(key.type, key.id)) !== undefined;
    if (!(await (within.op === 'all' ? isThere() : isVisible(ctx, key, within)))) throw notFound(`${key.type}/${key.id} is not known`);
  }
  ctx.trail?.saw(page.versions);
  // A later page tells of no more than the first; the versions of one resource are committed in their order, so that nothing is awaited for these.
  const toldMs = settledMs === undefined ? page.versions[0]?.lastUpdatedMs : Math.min(askedMs, settledMs);
  return { status: 200, body: { text: bundleText(ctx, state, query, page, toldMs) } };
}

function readQuery(ctx: FhirContext, state: PageState, [type, id]: readonly string[]): HistoryQuery {
  const given = takeParameters(state.parameters, ['_count', '_since', '_at']);
  const asked = wholeNumber(given._count, '_count') ?? ctx.limits.pageSizeDefault;
  const limit = generalParameter(state.parameters, '_summary') === 'count' ? 0 : Math.min(asked, ctx.limits.pageSizeMax);
  const [beforeSequence, afterSequence] = [sequenceOf(state.after), sequenceOf(state.before)];
  const sinceMs = given._since === undefined ? undefined : readTime(given._since, '_since').lowMs;
  return {
    limit,
    bytesMax: ctx.limits.pageBytesMax ?? PAGE_BYTES_MAX,
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(beforeSequence === undefined ? {} : { beforeSequence }),
    ...(afterSequence === undefined ? {} : { afterSequence }),
    ...(state.settledMs === undefined ? {} : { settledMs: state.settledMs }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(given._at === undefined ? {} : { at: readTime(given._at, '_at') }),
  };
}

/** The number of the version that a page starts from. */
function sequenceOf(place: CursorPosition | undefined): number | undefined {
  const [sequence] = place?.values ?? [];
  return typeof sequence === 'number' ? sequence : undefined;
}

function readTime(text: string, name: string): { lowMs: number; highMs: number } {
  // A plus sign of a time zone that was not escaped arrives as a space.
  const range = dateRange(text.replace(' ', '+'), timeZone(SERVER_ZONE));
  if (range === undefined) throw badValue(`${name} is a date or a time`, name);
  return { lowMs: range.low, highMs: range.high };
}

/** @param toldMs all that had happened by then is told, on this page or another; undefined where nothing tells until when. */
function bundleText(ctx: FhirContext, state: PageState, query: HistoryQuery, page: HistoryPage, toldMs: number | undefined): string {
  const total = state.total ?? page.total;
  const links = pageLinks({
    baseUrl: ctx.baseUrl,
    key: ctx.pageTokenKey,
    state: { ...state, total },
    shown: state.parameters,
    matches: page.versions.map(({ type, id, sequence }) => ({
      position: { values: [sequence], type, id },
    })),
    more: query.limit > 0 && page.more,
  });
  const head = JSON.stringify({
    resourceType: 'Bundle',
    id: ctx.newId(),
    ...(toldMs === undefined ? {} : { meta: { lastUpdated: new Date(toldMs).toISOString() } }),
    type: 'history',
    total,
    link: links,
  });
  if (page.versions.length === 0) return head;
  const narrow = presentation(ctx, state.parameters);
  return `${head.slice(0, -1)},"entry":[${page.versions.map((version) => entryText(ctx, version, narrow)).join(',')}]}`;
}

function entryText(ctx: FhirContext, version: HistoryPage['versions'][number], narrow: Narrow | undefined): string {
  const { type, id, versionId, method, isNew } = version;
  const facts = JSON.stringify({
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: {
      status: method === 'DELETE' ? '204 No Content' : isNew ? '201 Created' : '200 OK',
      etag: entityTag(versionId),
      lastModified: new Date(version.lastUpdatedMs).toISOString(),
    },
  });
  const fullUrl = JSON.stringify(`${ctx.baseUrl}/${type}/${id}`);
  const resource = version.json === null ? '' : `"resource":${narrow?.(version.json) ?? version.json},`;
  return `{"fullUrl":${fullUrl},${resource}${facts.slice(1)}`;
}

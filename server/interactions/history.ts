/**
 * history-instance, history-type and history-system: past versions, newest first.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#history
 */
import { dateRange } from '../fhir/date-range.ts';
import { badValue, forbidden, notFound } from '../fhir/errors.ts';
import { SERVER_ZONE, timeZone } from '../fhir/time-zone.ts';
import type { Narrow } from '../search/narrow.ts';
import type { HistoryPage, HistoryQuery, StoredVersion } from '../store/resource-store.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from './context.ts';
import { generalParameter, takeParameters, wholeNumber } from './parameters.ts';
import { presentation } from './presentation.ts';
import { entityTag } from './representation.ts';
import type { InteractionOf } from './resolve.ts';
import { isVisible } from './visibility.ts';

type HistoryInteraction = InteractionOf<'history-instance' | 'history-type' | 'history-system'>;

/**
 * A Bundle of versions. `_before` is the place where a page starts, as given in the link to it.
 * @throws FhirError 404 `not-found` for a resource that never was, 400 for a parameter that cannot be read,
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
    throw forbidden('The history of a whole type is open only to those who see all of it');
  }
  const query = readQuery(ctx, request, place);
  const page = await ctx.store.history(query);
  if (interaction.name === 'history-instance') {
    const key = { type: interaction.type, id: interaction.id };
    const isThere = async () => page.total > 0 || (await ctx.store.read(key.type, key.id)) !== undefined;
    if (!(await (within.op === 'all' ? isThere() : isVisible(ctx, key, within)))) throw notFound(`${key.type}/${key.id} is not known`);
  }
  ctx.trail?.saw(page.versions);
  return { status: 200, body: { text: bundleText(ctx, request, [...place, '_history'].join('/'), page) } };
}

function readQuery(ctx: FhirContext, { query }: AllowedRequest, [type, id]: readonly string[]): HistoryQuery {
  const given = takeParameters(query, ['_count', '_since', '_at', '_before']);
  const asked = wholeNumber(given._count, '_count') ?? ctx.limits.pageSizeDefault;
  const limit = generalParameter(query, '_summary') === 'count' ? 0 : Math.min(asked, ctx.limits.pageSizeMax);
  const beforeSequence = wholeNumber(given._before, '_before');
  const sinceMs = given._since === undefined ? undefined : readTime(given._since, '_since').lowMs;
  return {
    limit,
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(beforeSequence === undefined ? {} : { beforeSequence }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(given._at === undefined ? {} : { at: readTime(given._at, '_at') }),
  };
}

function readTime(text: string, name: string): { lowMs: number; highMs: number } {
  // A plus sign of a time zone that was not escaped arrives as a space.
  const range = dateRange(text.replace(' ', '+'), timeZone(SERVER_ZONE));
  if (range === undefined) throw badValue(`${name} is a date or a time`, name);
  return { lowMs: range.low, highMs: range.high };
}

function bundleText(ctx: FhirContext, request: AllowedRequest, path: string, page: HistoryPage): string {
  const last = page.versions.at(-1);
  const links = [{ relation: 'self', url: pageUrl(ctx, path, request.query) }];
  if (page.more && last !== undefined) {
    const rest = request.query.filter(([name]) => name !== '_before');
    links.push({ relation: 'next', url: pageUrl(ctx, path, [...rest, ['_before', String(last.sequence)]]) });
  }
  const head = JSON.stringify({
    resourceType: 'Bundle',
    id: ctx.newId(),
    meta: { lastUpdated: new Date(ctx.nowMs()).toISOString() },
    type: 'history',
    total: page.total,
    link: links,
  });
  if (page.versions.length === 0) return head;
  const narrow = presentation(ctx, request.query);
  return `${head.slice(0, -1)},"entry":[${page.versions.map((version) => entryText(ctx, version, narrow)).join(',')}]}`;
}

function pageUrl(ctx: FhirContext, path: string, query: AllowedRequest['query']): string {
  const text = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
  return `${ctx.baseUrl}/${path}${text === '' ? '' : `?${text}`}`;
}

function entryText(ctx: FhirContext, version: StoredVersion, narrow: Narrow | undefined): string {
  const { type, id, versionId, method } = version;
  const facts = JSON.stringify({
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: {
      status: method === 'DELETE' ? '204 No Content' : versionId === 1 ? '201 Created' : '200 OK',
      etag: entityTag(versionId),
      lastModified: new Date(version.lastUpdatedMs).toISOString(),
    },
  });
  const fullUrl = JSON.stringify(`${ctx.baseUrl}/${type}/${id}`);
  const resource = version.json === null ? '' : `"resource":${narrow?.(version.json) ?? version.json},`;
  return `{"fullUrl":${fullUrl},${resource}${facts.slice(1)}`;
}

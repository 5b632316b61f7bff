/**
 * batch and transaction: the entries of a Bundle as requests. This file reads the entries and runs a batch, in which
 * each entry stands for itself; transaction.ts runs those that stand or fall together.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction
 */
import { type BundleEntry, checkBundle } from '../bundle/check.ts';
import { inEntry } from '../bundle/entry-failure.ts';
import { linksBetween } from '../bundle/lost-links.ts';
import { inProcessingOrder } from '../bundle/order.ts';
import { bundleResponse, type EntryResponse } from '../bundle/response.ts';
import { FhirError, unsupportedParameter } from '../fhir/errors.ts';
import { AnswersSize } from './answers-size.ts';
import { type Door, entryFailure, entryRequest, entryResponse } from './bundle-entry.ts';
import type { FhirContext, FhirRequest, FhirResponse } from './context.ts';
import { takeParameters } from './parameters.ts';
import { parsePrefer } from './prefer.ts';
import { transaction } from './transaction.ts';

/** Entries of a batch that are answered at the same time. */
const AT_ONCE = 8;

/**
 * Answers a Bundle of type batch (always 200, each entry with its own status) or transaction.
 * @throws FhirError 400 `not-supported` for a parameter that is not known here; 400 or 413 as bundle/check says; for a transaction the first failure, pointing at `Bundle.entry[n]`.
 */
export async function batchOrTransaction(ctx: FhirContext, request: FhirRequest, door: Door): Promise<FhirResponse> {
  const shaping = request.query.find(([name]) => name === '_summary' || name === '_elements')?.[0];
  if (shaping !== undefined) throw unsupportedParameter(`${shaping} is said in the url of each entry`, shaping);
  takeParameters(request.query, []);
  const checked = checkBundle(request.body, ctx.limits.bundleEntries);
  const prefer = standardPrefer(request.headers.prefer);
  if (checked.type === 'transaction') return transaction(ctx, checked, prefer, door);
  const responses: EntryResponse[] = [];
  const good = checked.entries.flatMap((each) => {
    if (!each.ok) responses[each.place] = entryFailure(ctx, each.error);
    return each.ok ? [each.entry] : [];
  });
  const linked = linksBetween(good);
  for (const [place, issues] of linked) responses[place] = entryFailure(ctx, new FhirError(400, issues));
  const size = new AnswersSize();
  for (const group of groups(inProcessingOrder(good.filter(({ place }) => !linked.has(place))))) {
    await Promise.all(
      group.map(async (entry) => {
        responses[entry.place] = await answer(ctx, entry, prefer, door, size);
      }),
    );
  }
  return { status: 200, body: { text: bundleResponse('batch-response', ctx.newId(), responses) } };
}

/** Entries are answered without the resource unless the request asks for it. */
function standardPrefer(header: string | undefined): string {
  const { return: returns, handling } = parsePrefer(header);
  return `return=${returns ?? 'minimal'}; handling=${handling}`;
}

/** What is answered at the same time: entries of one method, and what changes one resource one after the other. */
function groups(ordered: readonly BundleEntry[]): BundleEntry[][] {
  const made: BundleEntry[][] = [];
  for (const entry of ordered) {
    const last = made.at(-1);
    const joins = last !== undefined && last.length < AT_ONCE && last.every((each) => each.method === entry.method && !isSame(each, entry));
    if (joins) last.push(entry);
    else made.push([entry]);
  }
  return made;
}

function isSame(a: BundleEntry, b: BundleEntry): boolean {
  return a.url === b.url && ['PUT', 'PATCH', 'DELETE'].includes(a.method);
}

async function answer(ctx: FhirContext, entry: BundleEntry, prefer: string, door: Door, size: AnswersSize): Promise<EntryResponse> {
  try {
    size.check();
    return entryResponse(size.add(await door.answer(ctx, entryRequest(ctx, entry, prefer))), entry);
  } catch (error) {
    return entryFailure(ctx, inEntry(entry.place, error));
  }
}

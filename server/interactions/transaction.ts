/**
 * transaction: all entries or none. Everything that can be known without the store is checked first; then one plan looks
 * up what all entries need, settles under which ids the entries are kept, rewrites their links and gives the writes.
 * Entries that only read are answered after the commit; that they can be answered is tried before.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import { setImmediate } from 'node:timers/promises';
import { allOrNothing, type BundleEntry, type CheckedBundle } from '../bundle/check.ts';
import { EntryFaults, inEntry } from '../bundle/entry-failure.ts';
import { markNarratives } from '../bundle/narrative-links.ts';
import { inProcessingOrder } from '../bundle/order.ts';
import { bundleResponse, type EntryResponse } from '../bundle/response.ts';
import { unsupportedParameter } from '../fhir/errors.ts';
import { operationWrites } from '../operations/run-operation.ts';
import { AnswersSize } from './answers-size.ts';
import { type Door, entryFailure, entryRequest, entryResponse } from './bundle-entry.ts';
import { transactAsking } from './business-rules/questions.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from './context.ts';
import { isWrite, planWrite, type WriteInteraction } from './plan-write.ts';
import type { Interaction } from './resolve.ts';
import { planTransaction } from './transaction-plan.ts';
import type { TransactionWrite } from './transaction-settle.ts';

/** Entries checked before other requests get a turn. */
const ENTRIES_AT_A_TIME = 50;

interface Waiting {
  readonly entry: BundleEntry;
  readonly request: AllowedRequest;
}

/**
 * @throws FhirError of the first entry that fails, its issues pointing at `Bundle.entry[n]`; nothing is written then. What
 * can be known without the store is told of all entries whose content is at fault.
 */
export async function transaction(ctx: FhirContext, checked: CheckedBundle, prefer: string, door: Door): Promise<FhirResponse> {
  const writes: TransactionWrite[] = [];
  const reads: Waiting[] = [];
  const faults = new EntryFaults();
  const entries = markNarratives(allOrNothing(checked), ctx.definitions);
  for (const [at, entry] of inProcessingOrder(entries).entries()) {
    // Checking a large Bundle takes long enough for others to notice: they are let in between.
    if (at % ENTRIES_AT_A_TIME === ENTRIES_AT_A_TIME - 1) await setImmediate();
    try {
      const request = await door.allow(ctx, entryRequest(ctx, entry, prefer));
      if (isWrite(request.interaction)) {
        const planned = await planWrite(ctx, request as AllowedRequest<WriteInteraction>, 'minimal');
        writes.push({ entry, planned, query: request.query });
      } else {
        refuseWritingOperation(request.interaction);
        reads.push({ entry, request });
      }
    } catch (error) {
      if (faults.add(entry.place, error) && !faults.areEnough) continue;
      faults.tell();
      throw inEntry(entry.place, error);
    }
  }
  faults.tell();
  /** Told in the access log, each for itself. What is reached is asked anew: a commit may have changed it. */
  const answered = (entry: BundleEntry) => door.answer(ctx, entryRequest(ctx, entry, prefer));
  /** The commit stands by then, so a read can only fail for itself. */
  const size = new AnswersSize();
  const afterwards = async (entry: BundleEntry): Promise<EntryResponse> => {
    try {
      size.check();
      return entryResponse(size.add(await answered(entry)), entry);
    } catch (error) {
      return entryFailure(ctx, inEntry(entry.place, error));
    }
  };
  // What is tried is shown to nobody.
  const { trail: _untold, ...silent } = ctx;
  await tryReads(silent, reads, writes, door);
  const plan = await planTransaction(ctx, writes);
  const responses: EntryResponse[] = [];
  if (writes.length > 0) {
    const answers = await transactAsking(ctx.store, plan.lookups, plan.build, plan.foreseen);
    for (const [place, response, method] of answers) responses[place] = entryResponse(response, { method, url: '' });
  }
  for (const { entry } of reads) {
    responses[entry.place] = writes.length > 0 ? await afterwards(entry) : entryResponse(await within(entry, () => answered(entry)), entry);
  }
  return { status: 200, body: { text: bundleResponse('transaction-response', ctx.newId(), responses) } };
}

function refuseWritingOperation(interaction: Interaction): void {
  if (interaction.name !== 'operation' || !operationWrites(interaction)) return;
  throw unsupportedParameter(`${interaction.operation} writes by itself and is no part of a transaction`, 'url');
}

/** A read that fails makes the transaction fail, so it is tried before anything is written; but not where the transaction writes what it reads. */
async function tryReads(ctx: FhirContext, reads: readonly Waiting[], writes: readonly TransactionWrite[], door: Door): Promise<void> {
  const written = new Set(writes.flatMap(({ planned: { type, id } }) => (id === undefined ? [] : [`${type}/${id}`])));
  const size = new AnswersSize();
  for (const { entry, request } of reads) {
    const { interaction } = request;
    if ('id' in interaction && written.has(`${interaction.type}/${interaction.id}`)) continue;
    await within(entry, async () => {
      size.add(await door.carry(ctx, request));
      size.check();
    });
  }
}

async function within<T>(entry: BundleEntry, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw inEntry(entry.place, error);
  }
}

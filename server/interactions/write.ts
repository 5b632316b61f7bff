/**
 * A direct create, update, patch or delete: one planned write, carried out by itself.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#create · #update · #patch · #delete
 */
import type { Found } from '../store/resource-store.ts';
import { applyRules, foreseenQuestions } from './business-rules/apply-rules.ts';
import { type Questions, transactAsking } from './business-rules/questions.ts';
import { carryOut, contentOf } from './carry-out.ts';
import { leavingProvenance } from './change-provenance.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from './context.ts';
import { decideWrite } from './decide-write.ts';
import { planWrite, type WriteInteraction } from './plan-write.ts';
import { lookupsOf } from './planned-write.ts';
import { presentAnswer } from './presentation.ts';
import { refuseSearches } from './storable.ts';

/**
 * Carries out the write and answers when it is durable.
 * @throws FhirError as plan-write and decide-write say; 422 `business-rule` where a rule of the service is broken; 409 `conflict` when others kept changing the same resources.
 */
export async function write(ctx: FhirContext, request: AllowedRequest<WriteInteraction>): Promise<FhirResponse> {
  const planned = await planWrite(ctx, request, 'representation');
  if (planned.resource !== undefined) refuseSearches(planned.resource, request.bodyText);
  const { lookups, pick } = lookupsOf([planned]);
  const withProvenance = leavingProvenance(ctx);
  // What is created is known whole; of an update it would have to be read first what it changes.
  const foreseen = planned.kind === 'create' ? await foreseenQuestions(ctx, [{ planned, content: planned.resource }]) : [];
  const build = (found: Found, questions: Questions) => {
    const decision = decideWrite(planned, pick(found, 0));
    const content = contentOf(planned, decision);
    if (planned.patch !== undefined && content !== undefined) refuseSearches(content);
    const { writes, response } = carryOut(ctx, planned, decision, content, found.nowMs);
    applyRules(ctx, [{ planned, decision, content }], questions);
    return { writes: withProvenance(writes, found), result: presentAnswer(ctx, response, request.query) };
  };
  return await transactAsking(ctx.store, lookups, build, foreseen);
}

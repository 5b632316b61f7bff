/**
 * A direct create, update, patch or delete: one planned write, carried out by itself.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#create · #update · #patch · #delete
 */
import { carryOut, contentOf } from './carry-out.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from './context.ts';
import { decideWrite } from './decide-write.ts';
import { planWrite, type WriteInteraction } from './plan-write.ts';
import { lookupsOf } from './planned-write.ts';

/**
 * Carries out the write and answers when it is durable.
 * @throws FhirError as plan-write and decide-write say; 409 `conflict` when others kept changing the same resources.
 */
export async function write(ctx: FhirContext, request: AllowedRequest<WriteInteraction>): Promise<FhirResponse> {
  const planned = await planWrite(ctx, request, 'representation');
  const { lookups, pick } = lookupsOf([planned]);
  return ctx.store.transact({
    lookups,
    build(found) {
      const decision = decideWrite(planned, pick(found, 0));
      const { writes, response } = carryOut(ctx, planned, decision, contentOf(planned, decision), found.nowMs);
      return { writes, result: response };
    },
  });
}

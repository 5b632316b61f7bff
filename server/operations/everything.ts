/**
 * Patient/[id]/$everything: what is in the patient's compartment, and what that refers to.
 *
 * Spec: https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { notFound } from '../fhir/errors.ts';
import { answerSearch } from '../interactions/answer-search.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { takeParameters } from '../interactions/parameters.ts';
import { requireReach } from '../interactions/reach.ts';
import { wholeCompartment } from '../interactions/search.ts';
import { isVisible } from '../interactions/visibility.ts';
import type { OperationRequest } from './run-operation.ts';

/** References of any kind, from what is in the compartment. */
const EVERY_REFERENCE = { reverse: false, source: undefined, param: undefined, target: undefined, iterate: false } as const;

/**
 * A searchset in pages. Takes `_since`, `_type` and `_count`.
 * @throws FhirError 404 `not-found` for a patient that is not known, 400 `not-supported` for another parameter.
 */
export async function everything(ctx: FhirContext, request: OperationRequest, id: string): Promise<FhirResponse> {
  const reach = await requireReach(ctx, { interaction: '$everything', right: 'read', type: 'Patient', id });
  const patient = await ctx.store.read('Patient', id);
  if (patient?.json == null || !(await isVisible(ctx, patient, reach))) throw notFound(`Patient/${id} is not known`);
  takeParameters(request.query, ['_since', '_type', '_count', '_page']);
  const query = request.query.map(([name, value]) =>
    name === '_since' ? (['_lastUpdated', `ge${value}`] as const) : ([name, value] as const),
  );
  const scope = wholeCompartment(ctx, ['Patient', id, '$everything'], '$everything');
  return answerSearch(ctx, { ...request, query }, { ...scope, includes: [EVERY_REFERENCE] });
}

/**
 * The operations that this server offers, and the way to them.
 *
 * Spec: https://hl7.org/fhir/R4/operations.html
 */
import { methodNotAllowed, notFound } from '../fhir/errors.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from '../interactions/context.ts';
import type { InteractionOf } from '../interactions/resolve.ts';
import { everythingOfPatient, everythingOfPlan } from './everything.ts';
import { validate } from './validate.ts';

export type OperationRequest = AllowedRequest<InteractionOf<'operation'>>;

interface OperationOffer {
  readonly name: string;
  readonly definition: string;
  /** The types it is offered for; left out: all. */
  readonly types?: readonly string[];
}

/** Operations on a type or an instance, as the capability statement lists them. */
export const TYPE_OPERATIONS: readonly OperationOffer[] = [
  { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
  { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything', types: ['Patient'] },
  { name: 'everything', definition: 'https://fellesplan.example/fhir/OperationDefinition/fp-care-plan-everything', types: ['CarePlan'] },
];

/**
 * Runs the operation of a request.
 * @throws FhirError 404 `not-found` for one that is not offered there, 405 for a GET where the operation takes a body.
 */
export async function runOperation(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { operation, type, id } = request.interaction;
  if (operation === '$validate' && type !== undefined) {
    if (request.method !== 'POST' && id === undefined) throw methodNotAllowed('$validate takes a resource by POST', 'POST, OPTIONS');
    return validate(ctx, request, type);
  }
  if (operation === '$everything' && id !== undefined) {
    if (type === 'Patient') return everythingOfPatient(ctx, request, id);
    if (type === 'CarePlan') return everythingOfPlan(ctx, request, id);
  }
  throw notFound(`The operation ${operation.slice(0, 64)} is not offered here`);
}

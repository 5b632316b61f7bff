/**
 * What an operation is to this server: where it is offered, how it is called, and what answers.
 *
 * Spec: https://hl7.org/fhir/R4/operations.html
 */
import type { AllowedRequest, FhirContext, FhirResponse } from '../interactions/context.ts';
import type { InteractionOf } from '../interactions/resolve.ts';

export type OperationRequest = AllowedRequest<InteractionOf<'operation'>>;

export type OperationLevel = 'system' | 'type' | 'instance';

export interface Operation {
  /** As it stands in the URL, without the `$`. */
  readonly name: string;
  /** The canonical URL of its OperationDefinition. */
  readonly definition: string;
  /** The types it is offered for; left out: all. */
  readonly types?: readonly string[];
  readonly levels: readonly OperationLevel[];
  /** GET for what changes nothing and takes simple parameters; HEAD goes with it. DELETE takes back what was begun. */
  readonly methods: readonly ('GET' | 'POST' | 'DELETE')[];
  /** The level at which there is nothing to be asked about but what is sent: it is called by POST only there. */
  readonly postOnlyAt?: OperationLevel;
  /** True when a GET begins something: HEAD does not go with it then. */
  readonly beginsByGet?: boolean;
  /** True when it writes: it is then no part of a transaction. */
  readonly writes?: boolean;
  run(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse>;
}

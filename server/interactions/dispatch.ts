/**
 * The only door to the interactions: finds out which one is meant, asks for access, and hands it over. Requests from
 * HTTP and entries of a Bundle come in here alike.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#summary
 */
import type { AccessRight } from '../auth/access-decision.ts';
import { checkMethod, runOperation } from '../operations/run-operation.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { AccessTrail, LOG, logIsClosed } from './access-trail.ts';
import { batchOrTransaction } from './batch.ts';
import { capabilities } from './capabilities.ts';
import type { AllowedRequest, FhirContext, FhirRequest, FhirResponse } from './context.ts';
import { history } from './history.ts';
import { isWrite } from './plan-write.ts';
import { EVERYTHING, requireReach } from './reach.ts';
import { read, vread } from './read.ts';
import { type Interaction, type InteractionName, type InteractionOf, resolve } from './resolve.ts';
import { searchCompartment, searchSystem, searchType } from './search.ts';
import { write } from './write.ts';

/**
 * The letter of a SMART scope that each interaction needs; none where the interaction itself asks, for each type or
 * entry that it reaches, or where nothing of anyone is shown.
 */
const RIGHTS: Readonly<Record<InteractionName, AccessRight | undefined>> = {
  read: 'read',
  vread: 'read',
  'history-instance': 'read',
  'search-type': 'search',
  'history-type': 'search',
  'history-system': 'search',
  create: 'create',
  update: 'update',
  patch: 'update',
  delete: 'delete',
  'search-system': undefined,
  'search-compartment': undefined,
  batch: undefined,
  operation: undefined,
  capabilities: undefined,
};

/**
 * Answers a request to the FHIR API.
 * @param confirmed for an interaction: resolves when it is sure that the principal asks. Until then nothing is written and
 * nothing is told, not even by an error; who it turns out not to be is not in the access log.
 * @throws FhirError as resolve, the access decision (403 `forbidden`) and the interaction say; as `confirmed` is rejected.
 */
export async function dispatch(given: FhirContext, request: FhirRequest, confirmed?: Promise<void>): Promise<FhirResponse> {
  const ctx = confirmed === undefined || request.method === 'GET' ? given : { ...given, store: writingAfter(confirmed, given.store) };
  if (ctx.audit === undefined) {
    const answering = allowSurely(ctx, request, confirmed).then((allowed) => carry(ctx, allowed));
    await Promise.allSettled([answering]);
    await confirmed;
    return answering;
  }
  const trail = ctx.trail?.forEntry(request) ?? new AccessTrail(ctx.audit, ctx, request);
  try {
    const allowed = await allowSurely(ctx, request, confirmed);
    if (readsLog(allowed.interaction)) await ctx.audit.settle();
    const response = await carry(trail.watching(allowed.interaction), allowed);
    if (confirmed !== undefined) await confirmed;
    await trail.done(allowed.interaction, response);
    return response;
  } catch (error) {
    if (confirmed !== undefined) await confirmed;
    await trail.failed(error).catch(ctx.reportFault);
    throw error;
  }
}

/** As allow; a Bundle when it is confirmed: its entries are requests of their own, told of one by one, and an operation among them may do anything. */
async function allowSurely(ctx: FhirContext, request: FhirRequest, confirmed: Promise<void> | undefined): Promise<AllowedRequest> {
  const allowed = await allow(ctx, request);
  if (allowed.interaction.name === 'batch') await confirmed;
  return allowed;
}

/** The store, which writes nothing before. */
function writingAfter(confirmed: Promise<void>, store: ResourceStore): ResourceStore {
  return { ...store, transact: (plan) => confirmed.then(() => store.transact(plan)) };
}

/** Who reads the log sees what was done up to now. */
function readsLog(interaction: Interaction): boolean {
  return 'type' in interaction && interaction.type === LOG && !isWrite(interaction);
}

/**
 * The request with its interaction and what the caller reaches with it.
 * @throws FhirError as resolve and checkMethod say; 403 `forbidden` when access is denied.
 */
async function allow(ctx: FhirContext, request: FhirRequest): Promise<AllowedRequest> {
  const interaction = resolve(request.method, request.path, ctx.definitions);
  if (interaction.name === 'operation') checkMethod(interaction, request.method);
  if (ctx.audit !== undefined && isWrite(interaction) && interaction.type === LOG) throw logIsClosed();
  const right = RIGHTS[interaction.name];
  if (right === undefined) return { ...request, interaction, within: EVERYTHING };
  const type = 'type' in interaction && interaction.type !== undefined ? interaction.type : '*';
  const id = 'id' in interaction && interaction.id !== undefined ? { id: interaction.id } : {};
  const within = await requireReach(ctx, { interaction: interaction.name, right, type, ...id });
  // A condition is a search: it may not find out what the caller could not search for.
  if (isWrite(interaction) && isConditional(interaction, request)) {
    await requireReach(ctx, { interaction: interaction.name, right: 'search', type: interaction.type });
  }
  return { ...request, interaction, within };
}

function isConditional(interaction: Interaction, request: FhirRequest): boolean {
  return interaction.name === 'create' ? request.headers['if-none-exist'] !== undefined : !('id' in interaction);
}

function carry(ctx: FhirContext, request: AllowedRequest): Promise<FhirResponse> {
  const { interaction } = request;
  const as = <Name extends InteractionName>(_name: Name) => request as AllowedRequest<InteractionOf<Name>>;
  switch (interaction.name) {
    case 'read':
      return read(ctx, as(interaction.name));
    case 'vread':
      return vread(ctx, as(interaction.name));
    case 'create':
    case 'update':
    case 'patch':
    case 'delete':
      return write(ctx, as(interaction.name));
    case 'history-instance':
    case 'history-type':
    case 'history-system':
      return history(ctx, as(interaction.name));
    case 'search-type':
      return searchType(ctx, as(interaction.name));
    case 'search-system':
      return searchSystem(ctx, as(interaction.name));
    case 'search-compartment':
      return searchCompartment(ctx, as(interaction.name));
    case 'batch':
      return batchOrTransaction(ctx, request, { allow, carry, answer: dispatch });
    case 'operation':
      return runOperation(ctx, as(interaction.name));
    case 'capabilities':
      return capabilities(ctx, request);
  }
}

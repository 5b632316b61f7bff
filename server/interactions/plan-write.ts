/**
 * Reads a request into a planned write: the checks that need no store.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#create · #update · #patch · #delete
 */
import { badRequest } from '../fhir/errors.ts';
import type { Issue } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import { BINARY, securityContextIn } from '../fhir/security-context.ts';
import type { SearchQuery } from '../search/query.ts';
import { checkBodyId, checkContent, contentNotes, resourceOfType } from './check-content.ts';
import { conditionQuery, ifNoneExistQuery } from './condition.ts';
import type { AllowedRequest, FhirContext } from './context.ts';
import { conditionalDeleteMax } from './decide-write.ts';
import { takeParameters } from './parameters.ts';
import { readPatch } from './patch.ts';
import type { PlannedWrite } from './planned-write.ts';
import { readPreconditions } from './preconditions.ts';
import { parsePrefer, type Return } from './prefer.ts';
import { both, reachOf, throughReach } from './reach.ts';
import type { Interaction, InteractionOf } from './resolve.ts';
import { gatherFacts } from './satisfies.ts';
import { patientsOfContexts } from './security-contexts.ts';
import { refusePart } from './storable.ts';
import { isVisible } from './visibility.ts';

export type WriteInteraction = InteractionOf<'create' | 'update' | 'patch' | 'delete'>;

/** True for the interactions that change a resource. */
export function isWrite(interaction: Interaction): interaction is WriteInteraction {
  return ['create', 'update', 'patch', 'delete'].includes(interaction.name);
}

/**
 * The planned write of a request; `standardReturn` is used when it has no `Prefer: return`. What is wrong with the
 * request itself is told before what is wrong with its content.
 * @throws FhirError 400 for a body, header or condition that cannot be read, 422 for content that is not valid.
 */
export async function planWrite(
  ctx: FhirContext,
  request: AllowedRequest<WriteInteraction>,
  standardReturn: Return,
): Promise<PlannedWrite> {
  const rule = await ctx.access.writeRule?.(ctx.principal);
  const read = readWrite(ctx, request, standardReturn);
  const returns = read.kind === 'patch' ? await shownReturn(ctx, read) : read.returns;
  const reaching = read.condition === undefined ? read : await conditionInReach(ctx, read, read.condition);
  const about = rule === undefined || reaching.type !== BINARY ? undefined : await aboutOfBinary(ctx, reaching);
  const planned = { ...reaching, returns, ...(rule === undefined ? {} : { rule }), ...(about === undefined ? {} : { about }) };
  if (planned.within.op === 'all' || planned.kind === 'delete') return planned;
  const content = planned.resource ?? (await currentContent(ctx, planned));
  if (content === undefined) return planned;
  const key = { type: planned.type, id: planned.id ?? planned.newId };
  return { ...planned, facts: await gatherFacts(ctx.store, planned.within, key, ctx.index(content)) };
}

/** A patch tells all that it leaves as it was, which whoever may change and not read is not shown. */
async function shownReturn(ctx: FhirContext, { type, id, returns }: PlannedWrite): Promise<Return> {
  if (returns !== 'representation') return returns;
  const reach = await reachOf(ctx, { interaction: 'read', right: 'read', type, ...(id === undefined ? {} : { id }) });
  // One that is found by a condition is found by whoever may search, and so see it.
  if (id === undefined) return reach.op === 'none' ? 'minimal' : returns;
  return (await isVisible(ctx, { type, id }, reach)) ? returns : 'minimal';
}

/** A condition is a search: it finds what the caller reaches, and leads through nothing else. */
async function conditionInReach(ctx: FhirContext, planned: PlannedWrite, condition: SearchQuery): Promise<PlannedWrite> {
  const where = both(await throughReach(ctx, condition.where), planned.within);
  return { ...planned, condition: { ...condition, where } };
}

function readWrite(ctx: FhirContext, request: AllowedRequest<WriteInteraction>, standardReturn: Return): PlannedWrite {
  const { interaction, headers, within } = request;
  if (interaction.name === 'create' || interaction.id !== undefined) takeParameters(request.query, []);
  const compact = request.isCompact === true && request.bodyText !== undefined ? { compact: request.bodyText } : undefined;
  const shared = {
    type: interaction.type,
    newId: ('id' in interaction ? interaction.id : undefined) ?? ctx.newId(),
    within,
    returns: parsePrefer(headers.prefer).return ?? standardReturn,
    ...readPreconditions(headers, interaction.name),
  };
  switch (interaction.name) {
    case 'create': {
      const resource = resourceOfType(request.body, interaction.type);
      const condition = ifNoneExistQuery(ctx, interaction.type, headers['if-none-exist']);
      refusePart(resource);
      checkContent(ctx, resource, request.bodyText);
      return { kind: 'create', ...shared, resource, ...compact, ...notesOf(ctx, resource, shared.returns), ...conditional(condition) };
    }
    case 'update': {
      const resource = resourceOfType(request.body, interaction.type);
      checkBodyId(resource, interaction.id);
      const id = interaction.id ?? resource.id;
      const condition = conditionOf(ctx, interaction, request);
      refusePart(resource);
      checkContent(ctx, resource, request.bodyText);
      const notes = notesOf(ctx, resource, shared.returns);
      return { kind: 'update', ...shared, resource, ...compact, ...notes, ...(id === undefined ? {} : { id }), ...conditional(condition) };
    }
    case 'patch': {
      const apply = readPatch(ctx, interaction.type, request);
      const patch = (current: Resource): Resource => {
        const patched = resourceOfType(apply(current), interaction.type);
        if (patched.id !== current.id) throw badRequest('A patch does not change the id', `${interaction.type}.id`);
        checkContent(ctx, patched);
        return patched;
      };
      return { kind: 'patch', ...shared, patch, ...idOf(interaction), ...conditional(conditionOf(ctx, interaction, request)) };
    }
    case 'delete': {
      const condition = conditionOf(ctx, interaction, request, conditionalDeleteMax(interaction.type) + 1);
      return { kind: 'delete', ...shared, ...idOf(interaction), ...conditional(condition) };
    }
  }
}

/** Made before the transaction, which is not to wait for it. */
function notesOf(ctx: FhirContext, resource: Resource, returns: Return): { notes: readonly Issue[] } | Record<string, never> {
  return returns === 'OperationOutcome' ? { notes: contentNotes(ctx, resource) } : {};
}

function idOf(interaction: WriteInteraction): { id: string } | Record<string, never> {
  return 'id' in interaction && interaction.id !== undefined ? { id: interaction.id } : {};
}

function conditionOf(
  ctx: FhirContext,
  interaction: Exclude<WriteInteraction, { name: 'create' }>,
  { query }: AllowedRequest,
  limit = 2,
): SearchQuery | undefined {
  return interaction.id === undefined ? conditionQuery(ctx, interaction.type, query, 'url', limit) : undefined;
}

function conditional(condition: SearchQuery | undefined): { condition: SearchQuery } | Record<string, never> {
  return condition === undefined ? {} : { condition };
}

/**
 * Those whom a Binary is about by what it names and named; undefined where that is nothing that could be here yet. It stays
 * with whom it is about, as what it names does, so that this may be asked before the transaction.
 */
async function aboutOfBinary(ctx: FhirContext, { type, id, resource }: PlannedWrite): Promise<readonly string[] | undefined> {
  const current = id === undefined ? undefined : await ctx.store.read(type, id);
  const after = resource === undefined ? undefined : JSON.stringify({ securityContext: resource.securityContext });
  const contexts = [after, current?.json].flatMap((json) => (json == null ? [] : (securityContextIn(json) ?? [])));
  if (contexts.length === 0) return undefined;
  return (await patientsOfContexts(ctx.store, contexts)).flat();
}

async function currentContent(ctx: FhirContext, { type, id }: PlannedWrite): Promise<Resource | undefined> {
  const current = id === undefined ? undefined : await ctx.store.read(type, id);
  return current?.json == null ? undefined : (JSON.parse(current.json) as Resource);
}

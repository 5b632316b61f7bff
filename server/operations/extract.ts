/**
 * $extract: a PSFS or CFS response becomes its scores, written in one transaction. The same response gives the same
 * Observations however often it is extracted; a new version of it changes them. At type level the response comes with
 * the request and is stored along with its scores.
 *
 * Spec: https://hl7.org/fhir/uv/sdc/STU3/OperationDefinition-QuestionnaireResponse-extract.html · profiles/README.md
 */
import { createHash } from 'node:crypto';
import { bundleResponse, type EntryResponse } from '../bundle/response.ts';
import { forbidden, gone, notFound } from '../fhir/errors.ts';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, type Resource } from '../fhir/resource.ts';
import { leavingProvenance } from '../interactions/change-provenance.ts';
import { checkBodyId, checkContent, resourceOfType } from '../interactions/check-content.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { reachOf, requireReach } from '../interactions/reach.ts';
import { gatherFacts } from '../interactions/satisfies.ts';
import { visibleVersion } from '../interactions/visibility.ts';
import type { Clause } from '../search/query.ts';
import type { TransactionPlan } from '../store/resource-store.ts';
import { knownIn, searchesFor } from './extract/known.ts';
import { checkAgainst, type Extract, type Rights, ScoreWriter } from './extract/score-writer.ts';
import { scoresOf } from './extract/scores.ts';
import type { OperationRequest } from './operation.ts';
import { needed, readInput } from './operation-input.ts';

const FORM = 'QuestionnaireResponse';

/**
 * A transaction-response with the scores (and the response, where it was stored): 201 for a new one, else 200.
 * @throws FhirError 404 `not-found` or 410 `deleted` for the response, 422 for one that gives no scores or is not valid, 403
 * `forbidden` where the caller may not write them, 409 `conflict` when a newer version of the response is stored.
 */
export async function extract(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { id } = request.interaction;
  const response = id === undefined ? sentResponse(ctx, request) : await storedResponse(ctx, request, id);
  // Scores hang on earlier ones: who could not read those would make them wrong.
  await requireReach(ctx, { interaction: '$extract', right: 'read', type: 'Observation' });
  const [form, score] = [await rightsTo(ctx, FORM), await rightsTo(ctx, 'Observation')];
  const probe = { resourceType: 'Observation', subject: response.subject, performer: [response.author].filter(isObject) };
  const rule = await ctx.access.writeRule?.(ctx.principal);
  const reason = rule?.({ after: probe });
  if (reason !== undefined) throw forbidden(reason);
  const extraction: Extract = {
    id: response.id ?? '',
    ...(id === undefined ? { sent: response } : {}),
    patientId: patientOf(ctx, response),
    form: id === undefined ? await withFacts(ctx, form, response) : form,
    score: await withFacts(ctx, score, probe),
  };
  const entries = await ctx.store.transact(await planOf(ctx, extraction));
  return { status: 200, body: { text: bundleResponse('transaction-response', ctx.newId(), entries) } };
}

function sentResponse(ctx: FhirContext, request: OperationRequest): Resource {
  const input = readInput(request, { 'questionnaire-response': 'resource' }, 'questionnaire-response');
  const sent = resourceOfType(needed(input['questionnaire-response'], 'questionnaire-response'), FORM);
  checkBodyId(sent, undefined);
  checkContent(ctx, sent);
  return sent.id === undefined ? { ...sent, id: idOfContent(sent) } : sent;
}

/** Without an id the content names the response, so that the same one is never stored twice. */
function idOfContent({ meta: _meta, ...content }: Resource): string {
  return createHash('sha256').update(stringifyJson(content)).digest('hex').slice(0, 40);
}

async function storedResponse(ctx: FhirContext, request: OperationRequest, id: string): Promise<Resource> {
  readInput(request, {});
  const reach = await requireReach(ctx, { interaction: '$extract', right: 'read', type: FORM, id });
  const current = await visibleVersion(ctx, { type: FORM, id }, reach);
  if (current === undefined) throw notFound(`${FORM}/${id} is not known`);
  if (current.json === null) throw gone(`${FORM}/${id} has been deleted`);
  ctx.trail?.saw([current]);
  return parseJson(current.json) as Resource;
}

async function rightsTo(ctx: FhirContext, type: string): Promise<Rights> {
  const asked = { interaction: '$extract', type };
  return { create: await reachOf(ctx, { ...asked, right: 'create' }), update: await reachOf(ctx, { ...asked, right: 'update' }) };
}

async function withFacts(ctx: FhirContext, rights: Rights, probe: Resource): Promise<Rights> {
  const clause: Clause = { op: 'and', clauses: [rights.create, rights.update] };
  return { ...rights, facts: await gatherFacts(ctx.store, clause, { type: probe.resourceType, id: probe.id ?? '' }, ctx.index(probe)) };
}

async function planOf(ctx: FhirContext, extraction: Extract): Promise<TransactionPlan<readonly EntryResponse[]>> {
  const searches = await searchesFor(ctx, extraction);
  const withProvenance = leavingProvenance(ctx);
  return {
    lookups: { versions: [{ type: FORM, id: extraction.id }], searches },
    build(found) {
      const writer = new ScoreWriter(ctx, found, extraction);
      const response = writer.response();
      const known = knownIn(found);
      const { displayOf, fhirUser } = toolsOf(ctx, response);
      const scores = scoresOf(response, known, {
        newId: ctx.newId,
        displayOf,
        checkResponse: (each, profile) => checkAgainst(ctx, each, profile),
        ...fhirUser,
      });
      writer.put(scores);
      return { writes: withProvenance(writer.writes, found), result: writer.entries };
    },
  };
}

function toolsOf(ctx: FhirContext, { language }: Resource) {
  const inLanguage = typeof language === 'string' ? language : 'nb';
  const user = parseReference(ctx.principal.fhirUser ?? '');
  const isKnown = user.kind === 'local' || user.kind === 'absolute';
  return {
    displayOf: (system: string, code: string) => ctx.terminology?.lookup({ system, code }, inLanguage)?.display,
    fhirUser: isKnown ? { fhirUser: `${user.type}/${user.id}` } : {},
  };
}

function patientOf(ctx: FhirContext, { subject }: Resource): string | undefined {
  const reference = isObject(subject) && typeof subject.reference === 'string' ? parseReference(subject.reference) : undefined;
  const isHere = reference?.kind === 'local' || (reference?.kind === 'absolute' && reference.base === ctx.baseUrl);
  return isHere && reference.type === 'Patient' ? reference.id : undefined;
}

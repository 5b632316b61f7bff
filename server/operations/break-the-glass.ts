/**
 * $break-the-glass: emergency access to the plan of the patient in front of the user, with a written reason, for a while,
 * to read. POST asks for it, GET tells how it stands, DELETE ends it.
 *
 * Its AuditEvent (purpose BTG, with the reason) and the announcement to coordinator, coordinating unit and patient are one
 * commit; the access begins after it. What is then read is read with a token that is fetched anew: it says BTG, and the
 * log says it of every access.
 *
 * Spec: OperationDefinition fp-break-the-glass · MODEL access rule: overrides team and consent, not scope
 */
import type { EmergencyAccess, EmergencyAnswer } from '../auth/access-rule/emergency-access.ts';
import type { EmergencyGrant } from '../auth/access-rule/emergency-grants.ts';
import { badValue, FhirError, forbidden, notFound, unsupportedParameter } from '../fhir/errors.ts';
import { stringifyJson } from '../fhir/json.ts';
import type { Language } from '../fhir/language.ts';
import { leavingProvenance } from '../interactions/change-provenance.ts';
import { checkContent } from '../interactions/check-content.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { placed } from '../interactions/stored-form.ts';
import { holdsPersonalNumber } from '../search/personal-number.ts';
import { announcement } from './break-the-glass/announcement.ts';
import type { OperationRequest } from './operation.ts';
import { needed, readInput } from './operation-input.ts';

const REASON_CHARACTERS = { min: 15, max: 1000 };

/** One text for every ground of refusal: which one it is could tell of a block. */
const REFUSED =
  'Emergency access is for authorised health personnel with the patient before them in a record system, and is not open to you here';

const NEEDLESS = {
  en: 'You have access to this plan already; emergency access is not needed',
  nb: 'Du har allerede tilgang til planen; nødtilgang trengs ikke',
  nn: 'Du har alt tilgang til planen; naudtilgang trengst ikkje',
} as const satisfies Readonly<Record<Language, string>>;

/**
 * 201 with Parameters (`patient`, `until`, `announcement`) when the access begins, 200 when it stands already (POST, GET),
 * 204 when it was ended (DELETE).
 * @throws FhirError 403 `forbidden` for whoever may not have it; 404 `not-found` without a patient in front of the user who
 * is known here, and by GET and DELETE where there is none; 422 `business-rule` for whoever has access without; 400 `value`
 * for a reason that is missing, too short or too long, or holds a national identity number; 400 `not-supported` where no
 * emergency access is offered.
 */
export async function breakTheGlass(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { emergency } = ctx;
  if (emergency === undefined) throw unsupportedParameter('This server gives no emergency access');
  const { reason } = readInput(request, request.method === 'POST' ? { reason: 'text' } : {}) as { readonly reason?: string };
  if (request.method === 'DELETE') {
    const ended = await emergency.endFor(ctx.principal);
    if (ended === undefined) throw notFound('There is no emergency access to end');
    ctx.trail?.declares({ purpose: 'BTG', patientId: ended.patientId });
    return { status: 204 };
  }
  const answer = await emergency.ask(ctx.principal);
  if (answer.kind === 'refused') throw forbidden(REFUSED);
  if (answer.kind === 'running') return standing(200, answer.grant);
  if (answer.kind === 'nobody' || request.method !== 'POST') throw notFound('There is no emergency access here');
  if (answer.kind === 'needless') throw needless(ctx);
  return begin(ctx, emergency, answer, readReason(reason));
}

function needless({ language }: FhirContext): FhirError {
  const details = { text: NEEDLESS[language ?? 'en'] };
  return new FhirError(422, [{ severity: 'error', code: 'business-rule', details, diagnostics: NEEDLESS.en }]);
}

/** A reason is for people to judge by afterwards: it says something, and nobody's number. */
function readReason(given: string | undefined): string {
  const reason = needed(given, 'reason').replace(/\s+/g, ' ').trim();
  const { min, max } = REASON_CHARACTERS;
  if (reason.length < min || reason.length > max) throw badValue(`The reason has ${min} to ${max} characters`, 'reason');
  if (holdsPersonalNumber(reason)) throw badValue('The reason holds no national identity number', 'reason');
  return reason;
}

async function begin(
  ctx: FhirContext,
  emergency: EmergencyAccess,
  { practitionerId, patientId, role }: Extract<EmergencyAnswer, { kind: 'open' }>,
  reason: string,
): Promise<FhirResponse> {
  const communicationId = ctx.newId();
  const { minutes } = emergency;
  const beganMs = ctx.nowMs();
  const to = await emergency.announcedTo(patientId);
  const content = announcement({ patientId, by: role, to, reason, beganMs, minutes });
  checkContent(ctx, content);
  ctx.trail?.declares({ purpose: 'BTG', reason, patientId });
  const asDeclared = { ...ctx, principal: { ...ctx.principal, purposeOfUse: 'BTG' } };
  const withProvenance = leavingProvenance(asDeclared);
  await ctx.store.transact({
    lookups: {},
    build(found) {
      const stored = placed(content, communicationId, 1, found.nowMs);
      const head = { type: 'Communication', id: communicationId, versionId: 1, lastUpdatedMs: found.nowMs, method: 'POST' } as const;
      return { writes: withProvenance([{ ...head, json: stringifyJson(stored), index: ctx.index(stored) }], found), result: undefined };
    },
  });
  const grant: EmergencyGrant = { practitionerId, patientId, communicationId, beganMs, untilMs: beganMs + minutes * 60_000 };
  if (await emergency.begin(grant)) return standing(201, grant);
  // Asked for twice at the same moment: the other's stands, and both are announced.
  return standing(200, (await emergency.find(practitionerId, patientId)) ?? grant);
}

function standing(status: number, { patientId, communicationId, untilMs }: EmergencyGrant): FhirResponse {
  const parameter = [
    { name: 'patient', valueReference: { reference: `Patient/${patientId}` } },
    { name: 'until', valueInstant: new Date(untilMs).toISOString() },
    { name: 'announcement', valueReference: { reference: `Communication/${communicationId}` } },
  ];
  return { status, body: { resourceType: 'Parameters', parameter } };
}

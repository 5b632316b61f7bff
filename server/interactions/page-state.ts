/**
 * What a page is a page of, and whose.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#paging
 */
import { callerOf } from '../auth/principal.ts';
import { badRequest } from '../fhir/errors.ts';
import { openPage, PAGE_PARAMETER, type PageState } from '../search/page-token.ts';
import type { FhirContext, FhirRequest } from './context.ts';
import { takeParameters } from './parameters.ts';
import { parsePrefer } from './prefer.ts';

/**
 * Where a search or a history stands: at its start, or at the place a page link names.
 * @throws FhirError 400 `invalid` for a link that was given to another caller or is of another search, or as openPage says.
 */
export function pageState(ctx: FhirContext, request: FhirRequest, path: readonly string[]): PageState {
  const caller = callerOf(ctx.principal);
  const token = request.query.find(([name]) => name === PAGE_PARAMETER)?.[1];
  if (token === undefined)
    return { path, parameters: request.query, handling: parsePrefer(request.headers.prefer).handling, caller, nowMs: ctx.nowMs() };
  takeParameters(request.query, [PAGE_PARAMETER]);
  const state = openPage(ctx.pageTokenKey, token, ctx.nowMs());
  if (state.caller !== caller) throw badRequest('The page link was given to another caller', PAGE_PARAMETER);
  if (state.path.join('/') !== path.join('/')) throw badRequest('The page link belongs to another search', PAGE_PARAMETER);
  return state;
}

/** What several groups of checks look for in an answer, with the reason that is told when it is not there. */
import { insist } from '../check.ts';
import type { AppClient } from '../client-authentication.ts';
import { type Answer, jsonOf, objectOf, refusalText } from '../http.ts';
import type { Authorization } from '../smart-server.ts';

/** The status is one of these. */
export function hasStatus(answer: Answer, ...wanted: readonly number[]): void {
  insist(wanted.includes(answer.status), `status ${answer.status} where ${wanted.join(' or ')} is wanted${refusalText(answer)}`);
}

/** A refusal of the token endpoint or its like: 400 or 401, and no token in it. */
export function isRefused(answer: Answer): void {
  hasStatus(answer, 400, 401);
  const body = jsonOf(answer) as { access_token?: unknown } | undefined;
  insist(body?.access_token === undefined, 'the refusal holds an access token');
}

/** A refusal with one of these OAuth error codes. */
export function isRefusedAs(answer: Answer, ...codes: readonly string[]): void {
  isRefused(answer);
  const { error } = objectOf(answer);
  insist(codes.includes(String(error)), `error is ${JSON.stringify(error)} where ${codes.join(' or ')} is wanted`);
}

/** The authorization request came to no code, wherever it ended. */
export function gaveNoCode({ returned, redirect }: Authorization): void {
  insist(!returned.has('code'), `a code came to ${redirect?.origin}${redirect?.pathname}`);
  insist(!returned.has('access_token'), 'an access token came in the redirect');
}

/** The request is refused on a page: nothing is sent to an address that cannot be trusted. */
export function wasNotRedirected(authorization: Authorization): void {
  gaveNoCode(authorization);
  insist(
    authorization.redirect === undefined,
    `the browser is sent to ${authorization.redirect?.origin}${authorization.redirect?.pathname}`,
  );
}

/** A FHIR request that the token does not allow; what is hidden may look missing. */
export function isForbidden(answer: Answer): void {
  hasStatus(answer, 401, 403, 404);
}

/** The header has the directive, in any case. */
export function hasDirective(answer: Answer, header: string, directive: string): void {
  const value = answer.headers.get(header);
  insist(value?.toLowerCase().includes(directive), `${header} is ${JSON.stringify(value)} and does not hold ${directive}`);
}

/** Pages of the origin may read the answer. */
export function isReadableFrom(answer: Answer, origin: string): void {
  const allowed = answer.headers.get('Access-Control-Allow-Origin');
  insist(allowed === origin || allowed === '*', `Access-Control-Allow-Origin is ${JSON.stringify(allowed)} for ${origin}`);
}

export function originOf(client: AppClient): string {
  return new URL(client.redirectUri).origin;
}

/** The entries of a Bundle. */
export function entriesOf(answer: Answer): readonly {
  readonly resource?: { readonly resourceType: string; readonly id: string; readonly [element: string]: unknown };
  readonly response?: { readonly status?: string };
}[] {
  const bundle = objectOf(answer) as { resourceType?: unknown; entry?: ReturnType<typeof entriesOf> };
  insist(bundle.resourceType === 'Bundle', `the answer is no Bundle${refusalText(answer)}`);
  return bundle.entry ?? [];
}

/** Nothing of the type is among the resources that were found. A refusal will do as well. */
export function holdsNone(answer: Answer, type: string): void {
  if (answer.status !== 200) return;
  const found = entriesOf(answer).filter(({ resource }) => resource?.resourceType === type);
  insist(found.length === 0, `${found.length} resources of type ${type} are in the answer`);
}

/**
 * What clients of an authorization server are told while what it stands on cannot be read or written: OAuth's
 * `temporarily_unavailable`, so that they come again. A fault of theirs would end their sessions, one of ours be reported.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 · https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4
 */
import { errors } from 'oidc-provider';
import { FhirError } from '../fhir/errors.ts';
import { OUTAGE } from './exchange-refusal.ts';
import { faultCode } from './outward-fault.ts';

export const OUTAGE_STATUS = 503;
export const RETRY_AFTER_SECONDS = '1';
export const OUTAGE_TEXT = 'the service cannot be used just now; try again';

/** The same object, of whose functions a promise that is rejected with 503 `transient` is rejected with OAuth's 503 `temporarily_unavailable`. */
export function tellingOutages<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        const answer: unknown = Reflect.apply(member, target, given);
        return answer instanceof Promise ? answer.catch(tell) : answer;
      };
    },
  });
}

/** True for what `tellingOutages` rejects with, and for what it makes that of. */
export function isOutage(error: unknown): boolean {
  if (error instanceof FhirError) return error.status === OUTAGE_STATUS;
  return error instanceof errors.OIDCProviderError && error.error === OUTAGE;
}

function tell(error: unknown): never {
  if (!(error instanceof FhirError && isOutage(error))) throw error;
  const told = { expose: true, error_description: OUTAGE_TEXT, why: faultCode(error), cause: error.cause };
  throw Object.assign(new errors.OIDCProviderError(OUTAGE_STATUS, OUTAGE), told);
}

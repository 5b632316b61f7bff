/**
 * Whether a consent lets the plan be seen. The server decides who sees what; this stops the app from showing a plan that it still
 * got, and explains.
 *
 * Spec: profile fp-consent (profiles/README.md): the purpose `innsyn`; a withdrawn consent has status `inactive`.
 */
import type { Consent } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { hasCode } from '../../fhir/codes.ts';

/**
 * @param consents undefined when they are closed to the reader: then the server has decided, and its answer stands.
 * @returns true when an active consent to see the plan is there; a withdrawn, deleted or missing one counts as none.
 */
export function mayBeSeen(consents: readonly Consent[] | undefined): boolean {
  if (consents === undefined) return true;
  return consents.some(
    (consent) => consent.status === 'active' && hasCode(CODE_SYSTEM.consentPurpose, 'innsyn', ...(consent.category ?? [])),
  );
}

/**
 * Whether the person has withdrawn the consent to the plan or to sharing it.
 *
 * The server decides who may see what; this only explains to a reader who still gets an answer.
 *
 * Spec: profile fp-consent (profiles/README.md): a withdrawn consent has status `inactive`.
 */
import type { Consent } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { hasCode } from '../../fhir/codes.ts';

const PURPOSES = ['plan', 'innsyn'] as const;

/** @returns true when one of the two purposes had a consent and has none now. */
export function isConsentWithdrawn(consents: readonly Consent[]): boolean {
  return PURPOSES.some((purpose) => {
    const given = consents.filter((consent) => hasCode(CODE_SYSTEM.consentPurpose, purpose, ...(consent.category ?? [])));
    return given.some((consent) => consent.status === 'inactive') && !given.some((consent) => consent.status === 'active');
  });
}

/**
 * Which grants have a patient in context, so that they can be ended when the patient no longer lets their user in: a
 * token is refused from then on, and a refresh token gives no other.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7009
 */
import type { StateStore } from '../store/state-store.ts';
import type { GrantContext } from './launch-context.ts';
import type { Principal } from './principal.ts';
import { endGrant, stateKind } from './state-adapter.ts';

const PAGE = 200;

export interface PatientGrant {
  readonly grantId: string;
  /** The user as the tokens of the grant make them; scopes are no matter here. */
  readonly user: Principal;
}

export interface GrantsOfPatient {
  /** The live grants of a patient, of all users. */
  of(patientId: string): Promise<readonly PatientGrant[]>;
  /** Ends a grant: its access tokens, refresh tokens and codes are refused from now on. */
  end(grantId: string): Promise<void>;
}

function kindOf(issuerName: string, patientId: string): string {
  return `${stateKind(issuerName, 'grant-of-patient')}/${patientId}`;
}

/** Notes a grant under its patient in context, if it has one. */
export async function noteGrantOfPatient(
  state: StateStore,
  issuerName: string,
  grantId: string,
  { launch, claims }: GrantContext,
  options: { readonly expiresAtMs: number; readonly group: string },
): Promise<void> {
  if (launch.patient !== undefined) await state.put(kindOf(issuerName, launch.patient), grantId, { ...claims }, options);
}

/** The grants of one issuer; `fhirBaseUrl` is what its users' resources stand below. */
export function grantsOfPatient(state: StateStore, issuerName: string, fhirBaseUrl: string): GrantsOfPatient {
  return {
    async of(patientId) {
      const found: PatientGrant[] = [];
      for (let after: string | undefined; ; ) {
        const page = await state.list(kindOf(issuerName, patientId), PAGE, after);
        found.push(...page.map(({ id, value }) => ({ grantId: id, user: userOfGrant(value, patientId, fhirBaseUrl) })));
        after = page.at(-1)?.id;
        if (page.length < PAGE) return found;
      }
    },
    end: (grantId) => endGrant(state, issuerName, grantId),
  };
}

/** The user as the tokens of a grant with these claims and this patient make them; scopes are no matter. */
export function userOfGrant(claims: Readonly<Record<string, unknown>>, patientId: string, fhirBaseUrl: string): Principal {
  const text = (name: string): string | undefined => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const own = text('fhirUser');
  const optional = {
    fhirUser: own?.startsWith(`${fhirBaseUrl}/`) ? own.slice(fhirBaseUrl.length + 1) : own,
    hprNumber: text('hpr_number'),
    organizationNumber: text('organization_number'),
    purposeOfUse: text('purpose_of_use'),
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Principal>;
  return { clientId: 'grant', subject: known.fhirUser ?? '', scope: '', scopes: [], patientId, ...known };
}

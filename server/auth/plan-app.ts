/**
 * The plan app as the EHRs and the shared service know it.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/client-profiles.html (public apps)
 */
import { type ClientRegistration, TOKEN_EXCHANGE_GRANT } from './clients.ts';

export const PLAN_APP = 'fellesplan-app';

const ABOUT_SERVICES = ['user/Practitioner.rs', 'user/PractitionerRole.rs', 'user/Organization.rs'];
const SIGN_IN = ['openid', 'fhirUser', 'profile'];

/** The plan app at an EHR: launched there, reads what it needs to say who is in front of it. */
export function planAppAtEhr(redirectUris: readonly string[]): ClientRegistration {
  return {
    clientId: PLAN_APP,
    name: 'Fellesplan',
    authentication: { method: 'none' },
    grants: ['authorization_code', 'refresh_token'],
    scopes: [
      'launch',
      'launch/patient',
      'launch/encounter',
      ...SIGN_IN,
      'offline_access',
      'online_access',
      'patient/*.rs',
      ...ABOUT_SERVICES,
    ],
    redirectUris,
  };
}

/**
 * The plan app at the shared service: exchanges the EHR's tokens, reads and writes the plan of the patient in context.
 * With redirect URIs it may be started there as well, by users who sign in at the shared service.
 */
export function planAppAtSharedService(origins: readonly string[], redirectUris: readonly string[] = []): ClientRegistration {
  const standalone = redirectUris.length > 0;
  return {
    clientId: PLAN_APP,
    name: 'Fellesplan',
    authentication: { method: 'none' },
    grants: [TOKEN_EXCHANGE_GRANT, ...(standalone ? (['authorization_code', 'refresh_token'] as const) : [])],
    scopes: [
      ...SIGN_IN,
      ...(standalone ? ['launch/patient', 'offline_access', 'online_access'] : []),
      'patient/*.cruds',
      ...ABOUT_SERVICES,
    ],
    redirectUris,
    origins,
  };
}

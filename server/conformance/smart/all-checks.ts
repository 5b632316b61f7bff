/**
 * Every check of the suite, in the order of a launch.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/
 */
import type { Check } from './check.ts';
import { ACCESS } from './suites/access.ts';
import { APP_STATE } from './suites/app-state.ts';
import { AUTHORIZATION } from './suites/authorization-request.ts';
import { BACKEND } from './suites/backend-services.ts';
import { BRANDS } from './suites/brands.ts';
import { CAPABILITIES } from './suites/capabilities.ts';
import { REDEMPTION } from './suites/code-redemption.ts';
import { DISCOVERY } from './suites/discovery.ts';
import { EXPIRY } from './suites/expiry.ts';
import { DPOP, PUSHED } from './suites/extensions.ts';
import { GRANULAR } from './suites/granular-scopes.ts';
import { INTROSPECTION } from './suites/introspection.ts';
import { KEYS_BY_URL } from './suites/keys-by-url.ts';
import { CONTEXT } from './suites/launch-context.ts';
import { OPENID } from './suites/openid.ts';
import { REFRESH } from './suites/refresh.ts';
import { REVOCATION } from './suites/revocation.ts';
import { TRANSPORT } from './suites/transport.ts';

export const SMART_CHECKS: readonly Check[] = [
  ...DISCOVERY,
  ...CAPABILITIES,
  ...TRANSPORT,
  ...AUTHORIZATION,
  ...REDEMPTION,
  ...CONTEXT,
  ...OPENID,
  ...ACCESS,
  ...GRANULAR,
  ...REFRESH,
  ...REVOCATION,
  ...INTROSPECTION,
  ...BACKEND,
  ...KEYS_BY_URL,
  ...PUSHED,
  ...DPOP,
  ...BRANDS,
  ...APP_STATE,
  ...EXPIRY,
];

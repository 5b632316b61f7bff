/**
 * Launch contexts: what an EHR says when it opens an app (which user, which patient), kept behind an opaque launch
 * value that works once, for a short time, for one client, and only while the user's own EHR session lives. After the
 * launch the context stays with the grant, so that two launches side by side share nothing.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#launch-context-arrives-with-your-access_token
 */
import { createHash, randomBytes } from 'node:crypto';
import type { StateStore } from '../store/state-store.ts';
import { noteGrantOfPatient } from './grants-of-patient.ts';
import { grantContextKind, grantGroup, stateKind } from './state-adapter.ts';

const LAUNCH_TTL_SECONDS = 120;

export interface FhirContextItem {
  readonly reference?: string;
  readonly canonical?: string;
  readonly identifier?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly role?: string;
}

/** What goes to the app with its token, in the names of SMART. */
export interface LaunchContext {
  readonly patient?: string;
  readonly encounter?: string;
  readonly fhirContext?: readonly FhirContextItem[];
  readonly need_patient_banner?: boolean;
  readonly intent?: string;
  readonly smart_style_url?: string;
  readonly tenant?: string;
}

/** What a launch value stands for. */
export interface Launch {
  readonly clientId: string;
  /** The account that is signed in to the EHR. */
  readonly userId: string;
  /** The EHR session in which the launch was made; the launch ends with it. Left out: there is no session to end. */
  readonly sessionId?: string;
  readonly context: LaunchContext;
  /** What the user left of the scopes asked for; left out: all of them. */
  readonly scopes?: readonly string[];
  /** Further claims of the access tokens. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** True when the user said no: the app is told so. */
  readonly refused?: boolean;
}

/** What is kept with a grant: the context and, for the resource server, what else its tokens say. */
export interface GrantContext {
  readonly launch: LaunchContext;
  /** Further claims of access tokens and introspection, e.g. `fhirUser`. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Members of the token response besides the launch context. */
  readonly response?: Readonly<Record<string, unknown>>;
  readonly sessionId?: string;
  /** The patient whom a record system confirmed, also one whom the user may not know: no token tells of it. */
  readonly confirmedPatient?: string;
}

export interface LaunchContexts {
  /** A fresh launch value for the URL of the app; good for two minutes, once. */
  mint(launch: Launch): Promise<string>;
  /** What a launch value stands for, without using it up; undefined when it is unknown, expired or used. */
  peek(value: string): Promise<Launch | undefined>;
  /** The same, and it is used up: of concurrent calls one gets it. */
  take(value: string): Promise<Launch | undefined>;
  keepForGrant(grantId: string, context: GrantContext, ttlSeconds: number): Promise<void>;
  ofGrant(grantId: string): Promise<GrantContext | undefined>;
}

/** Launch contexts of one issuer. Only a hash of a launch value is kept. */
export function launchContexts(state: StateStore, issuerName: string): LaunchContexts {
  const launches = stateKind(issuerName, 'launch');
  const grants = grantContextKind(issuerName);
  return {
    async mint(launch) {
      const value = randomBytes(32).toString('base64url');
      const expiresAtMs = Date.now() + LAUNCH_TTL_SECONDS * 1000;
      await state.put(launches, hashOf(value), { ...launch }, { expiresAtMs });
      return value;
    },
    async peek(value) {
      return (await state.get(launches, hashOf(value)))?.value as Launch | undefined;
    },
    async take(value) {
      return (await state.take(launches, hashOf(value)))?.value as Launch | undefined;
    },
    async keepForGrant(grantId, context, ttlSeconds) {
      const options = { expiresAtMs: Date.now() + ttlSeconds * 1000, group: grantGroup(issuerName, grantId) };
      await state.put(grants, grantId, { ...context }, options);
      await noteGrantOfPatient(state, issuerName, grantId, context, options);
    },
    async ofGrant(grantId) {
      return (await state.get(grants, grantId))?.value as unknown as GrantContext | undefined;
    },
  };
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

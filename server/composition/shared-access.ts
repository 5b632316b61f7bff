/**
 * The access rule of the shared service put in force: over the store that tells of its writes, with emergency access, and
 * with sessions that end when what they lived by is taken back.
 */

import type { Access } from '../auth/access-decision.ts';
import { type EmergencyAccess, emergencyAccess } from '../auth/access-rule/emergency-access.ts';
import { endSessions } from '../auth/access-rule/ended-sessions.ts';
import { createPlanAccess } from '../auth/access-rule/plan-access.ts';
import { planInContext } from '../auth/access-rule/plan-in-context.ts';
import { type ReachSources, reachesPatient } from '../auth/access-rule/reach.ts';
import { grantsOfPatient, userOfGrant } from '../auth/grants-of-patient.ts';
import { type FhirContextItem, type GrantContext, launchContexts } from '../auth/launch-context.ts';
import type { TokenExchange } from '../auth/token-exchange.ts';
import type { Database } from '../store/database.ts';
import { watchWrites } from '../store/watched-writes.ts';

export interface SharedAccessOptions {
  readonly database: Database;
  /** The name and base of the authorization server whose tokens come in here. */
  readonly issuerName: string;
  readonly fhirBaseUrl: string;
  readonly emergencyMinutes: number;
  /** True where this process alone writes the database. */
  readonly writesAlone: boolean;
  /** Told when sessions could not be ended; access has ended all the same. */
  readonly reportFault: (error: unknown) => void;
}

export interface SharedAccess {
  /** The database, telling of its writes: what is written past it is not noticed. */
  readonly database: Database;
  readonly rule: (scopes: Access) => Access;
  readonly emergency: EmergencyAccess;
  readonly exchange: Pick<TokenExchange, 'mayKnow' | 'inEmergency'>;
  /** Whether the user of a session still reaches its patient; always, when it has none. */
  readonly mayContinue: (session: GrantContext) => Promise<boolean>;
  /** The plan and the team of the patient in context, as far as the user sees them. */
  readonly fhirContextOf: (session: GrantContext, scope: string) => Promise<readonly FhirContextItem[]>;
}

/** Types that decide who reaches whom. */
const DECIDING: ReadonlySet<string> = new Set([
  'CarePlan',
  'CareTeam',
  'Consent',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'RelatedPerson',
  'ServiceRequest',
  'Task',
]);

/** The parts that hang together by one store, one register of grants and one clock. */
export function sharedAccess(options: SharedAccessOptions): SharedAccess {
  const { database, issuerName, fhirBaseUrl, emergencyMinutes: minutes, writesAlone, reportFault } = options;
  const { resources: store, state } = database;
  const nowMs = Date.now;
  const grants = grantsOfPatient(state, issuerName, fhirBaseUrl);
  const launches = launchContexts(state, issuerName);
  const emergency = emergencyAccess({ state, sources: { store }, minutes, issuerName, grants, contextOf: launches.ofGrant, nowMs });
  const sources: ReachSources = { store, emergencies: emergency };
  let revision = 0;
  const resources = watchWrites(store, async (writes) => {
    if (!writes.some(({ type }) => DECIDING.has(type))) return;
    revision += 1;
    await endSessions(writes, { sources, grants, nowMs }).catch(reportFault);
  });
  return {
    database: { ...database, resources },
    rule: (scopes) => createPlanAccess({ scopes, store: resources, nowMs, emergencies: emergency, revision: () => revision, writesAlone }),
    emergency,
    exchange: {
      mayKnow: (user, patientId) => reachesPatient(user, patientId, sources, nowMs()),
      inEmergency: async ({ fhirUser = '' }, patientId) =>
        (await emergency.find(fhirUser.replace(/^Practitioner\//, ''), patientId)) !== undefined,
    },
    mayContinue: async ({ launch: { patient }, claims }) =>
      patient === undefined || reachesPatient(userOfGrant(claims, patient, fhirBaseUrl), patient, sources, nowMs()),
    fhirContextOf: async ({ launch: { patient }, claims }, scope) =>
      patient === undefined ? [] : planInContext(userOfGrant(claims, patient, fhirBaseUrl), patient, scope, sources, nowMs()),
  };
}

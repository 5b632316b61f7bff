/**
 * The shared service: the FHIR base that holds the plans, its authorization server, and the app that shows them.
 */
import { join } from 'node:path';
import { openAuditLog } from '../audit/audit-log.ts';
import { journalFolder, journalInFiles } from '../audit/journal-file.ts';
import { journalInTable } from '../audit/journal-table.ts';
import { signInLog } from '../audit/sign-in-log.ts';
import { telling } from '../audit/telling-mark.ts';
import type { TellAttempt } from '../auth/attempt.ts';
import {
  type AuthorizationEvent,
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from '../auth/authorization-server.ts';
import { originsOf } from '../auth/clients.ts';
import type { NodeHandler } from '../auth/node-handler.ts';
import { PLAN_APP, planAppAtSharedService } from '../auth/plan-app.ts';
import type { ExternalProviderOptions } from '../auth/sign-in/external-provider.ts';
import { sharedSignIn } from '../auth/sign-in/shared-sign-in.ts';
import { brandBundle, brandHandler, publishedBrands } from '../auth/user-access-brands.ts';
import type { Config } from '../config.ts';
import { appFiles } from '../http/app-files.ts';
import { clientAddress } from '../http/client-address.ts';
import type { FhirEndpointOptions } from '../http/fhir-endpoint.ts';
import { faultFields, type Log } from '../http/log.ts';
import type { Database } from '../store/database.ts';
import type { Core } from './core.ts';
import { fhirBase } from './fhir-base.ts';
import { publishDefinitions } from './publish-definitions.ts';
import type { RegisteredParties } from './registrations.ts';
import { sharedAccess } from './shared-access.ts';

export interface SharedServiceOptions {
  readonly config: Config;
  readonly core: Core;
  readonly database: Database;
  readonly registered: RegisteredParties;
  /** Where users sign in when they start the app outside an EHR; left out: they cannot. */
  readonly identityProvider?: Omit<ExternalProviderOptions, 'findUser'>;
  /** How long its access tokens and codes live; left out: as the authorization server has it. */
  readonly lifetimes?: Pick<AuthorizationServerOptions, 'accessTokenSeconds' | 'codeSeconds'>;
  readonly log: Log;
}

export interface SharedService {
  readonly authorization: AuthorizationServer;
  readonly endpoint: FhirEndpointOptions;
  readonly app: ReturnType<typeof appFiles>;
  /** The user-access brands, for anybody; 404 when the operator has given none. */
  readonly brands: NodeHandler;
  /** From the next request on these EHRs and clients are known, and no others. */
  register(registered: RegisteredParties): void;
}

const ISSUER_NAME = 'shared';
/** Where the brands are, below the URL of the service. */
export const BRANDS_PATH = '/brands';
/** Where the app's files are, once it is built. */
export const APP_FOLDER = join(import.meta.dirname, '..', '..', 'smart-app', 'dist');

export async function createSharedService(options: SharedServiceOptions): Promise<SharedService> {
  const { config, core, database, identityProvider, log } = options;
  let { registered } = options;
  const origin = new URL(config.publicUrl).origin;
  const planApp = planAppAtSharedService([origin], identityProvider === undefined ? [] : [`${config.publicUrl}/app/`]);
  const fhirBaseUrl = `${config.publicUrl}/fhir`;
  const brandsUrl = config.publicUrl + BRANDS_PATH;
  const access = sharedAccess({
    database,
    issuerName: ISSUER_NAME,
    fhirBaseUrl,
    emergencyMinutes: config.emergencyMinutes,
    writesAlone: config.databaseUrl === undefined,
    reportFault: (error) => log.error({ event: 'end-sessions', ...faultFields(error) }),
  });
  let tell: TellAttempt | undefined;
  const authorization = await createAuthorizationServer({
    name: ISSUER_NAME,
    // The access log is opened with the FHIR base, which is made for this server.
    tell: async (attempt) => tell?.(attempt),
    issuer: `${config.publicUrl}/auth`,
    fhirBaseUrl,
    state: database.state,
    clients: [planApp, ...registered.clients],
    opensApps: false,
    brands: () => (registered.brands === undefined ? undefined : publishedBrands(registered.brands, brandsUrl)),
    addressOf: clientAddress(config.trustProxy),
    // What is known of a user is in the token; whether they may still come in was settled when it was given.
    findUser: async (subject) => ({ fhirUser: `${config.publicUrl}/fhir/${subject}` }),
    mayContinue: access.mayContinue,
    fhirContextOf: access.fhirContextOf,
    ...options.lifetimes,
    tokenExchange: {
      trustedIssuers: registered.ehrs,
      store: database.resources,
      ...access.exchange,
    },
    ...(identityProvider === undefined
      ? {}
      : { signIn: sharedSignIn({ place: 'Fellesplan', provider: identityProvider, store: database.resources, nowMs: Date.now }) }),
    log: authorizationLog(log),
  });
  const endpoint = await fhirBase({
    core,
    database: access.database,
    authorization,
    bodyLimitBytes: config.bodyLimitBytes,
    writeValidation: config.writeValidation,
    corsOrigins: {
      includes: (asked) =>
        asked === origin || config.corsOrigins.includes(asked) || registered.clients.some((client) => originsOf(client).includes(asked)),
    },
    log,
    accessLog: (index) =>
      openAuditLog({
        store: database.resources,
        // One process on one machine writes a file beside the database; many processes need a place they share.
        journal:
          config.databaseUrl === undefined
            ? journalInFiles(journalFolder(config.dataDir), journalInTable(database.state, Date.now, { isAlone: true }))
            : journalInTable(database.state, Date.now),
        index,
        nowMs: Date.now,
        telling: telling(database.state, Date.now),
        reportFault: (error) => log.error({ event: 'access-log', ...faultFields(error) }),
      }),
    clientName: (clientId) => [planApp, ...registered.clients].find((client) => client.clientId === clientId)?.name,
    accessRule: access.rule,
    leavesProvenance: true,
    emergency: access.emergency,
  });
  const { audit } = endpoint.services;
  if (audit !== undefined) tell = signInLog({ log: audit, nowMs: Date.now });
  await publishDefinitions(endpoint.services);
  return {
    authorization,
    endpoint,
    app: appFiles(APP_FOLDER, () => ({
      config: {
        fhirBaseUrl: authorization.fhirBaseUrl,
        tokenEndpoint: `${authorization.issuer}/token`,
        clientId: PLAN_APP,
        ...(identityProvider === undefined ? {} : { signIn: true }),
        issuers: registered.ehrs.map(({ fhirBaseUrl, clientId, name }) => ({ iss: fhirBaseUrl, clientId, name })),
      },
      connectOrigins: [origin, ...registered.ehrs.flatMap((ehr) => [new URL(ehr.fhirBaseUrl).origin, new URL(ehr.issuer).origin])],
      frameOrigins: [
        ...registered.ehrs.map((ehr) => ehr.frameOrigin),
        ...registered.clients.flatMap((client) => client.frameOrigins ?? []),
      ],
    })),
    brands: brandHandler(() => registered.brands && brandBundle(registered.brands, brandsUrl, fhirBaseUrl)),
    register(parties) {
      registered = parties;
      authorization.register({ clients: [planApp, ...parties.clients], trustedIssuers: parties.ehrs });
    },
  };
}

/** What authorization servers tell, as lines of the log. */
export function authorizationLog(log: Log): (event: AuthorizationEvent) => void {
  return ({ level, ...event }) => log[level]({ event: 'authorization', ...event });
}

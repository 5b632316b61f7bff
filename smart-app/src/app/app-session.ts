/**
 * The life of one window, outside React: launch → session → person → plan, each step done once and tried again where that is safe.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
 */
import type { Patient } from '@medplum/fhirtypes';
import { beginEmergency, emergencyUntilMs, endEmergency } from '../features/emergency-access/emergency.ts';
import { type Connection, FhirClient } from '../fhir/client.ts';
import { findPerson } from '../fhir/find-person.ts';
import { loadPlanData, type PlanData } from '../fhir/plan-data.ts';
import { AppError, toAppError } from '../smart/app-error.ts';
import { launchKey, type PendingLaunch } from '../smart/authorize.ts';
import { type EhrGrant, openSession, redeemCode, restoreSession, type Session, type SessionPorts } from '../smart/session.ts';
import { SessionKeeper } from '../smart/session-keeper.ts';
import { WindowStorage } from '../smart/window-storage.ts';
import { type AppConfig, isOwn, loadConfig, ownIssuer } from './config.ts';

/** What the screen shows. */
export interface AppState {
  readonly connection: Connection;
  /** Being fetched, for the first time or again. */
  readonly loading: boolean;
  readonly data: PlanData | undefined;
  readonly error: AppError | undefined;
  readonly needPatientBanner: boolean;
  /** The user's language at the EHR. */
  readonly locale: string | undefined;
  /** URL of the user's own resource at the shared service. */
  readonly user: string | undefined;
  /** Where the app is started without an EHR; undefined where it cannot be. */
  readonly signInUrl: string | undefined;
  /** Started so: there is no record around it. */
  readonly standsAlone: boolean;
  /** Once the user has signed out: whether the service could be told, so that the tokens are good no longer. */
  readonly signedOut: 'told' | 'untold' | undefined;
  /** When emergency access is over, in ms since the epoch; undefined without. */
  readonly emergencyUntilMs: number | undefined;
}

/** Errors that a second try can mend. */
const PASSING_ERRORS = new Set(['connection', 'unexpected']);

export const canRetry = (error: AppError): boolean => PASSING_ERRORS.has(error.kind);

const BEGINNING: AppState = {
  connection: 'ok',
  loading: true,
  data: undefined,
  error: undefined,
  needPatientBanner: false,
  locale: undefined,
  user: undefined,
  signInUrl: undefined,
  standsAlone: false,
  signedOut: undefined,
  emergencyUntilMs: undefined,
};

/** Marks in the address of the page, for a reload. */
const ALONE = 'alone';
const SIGNED_OUT = 'signed-out';

export class AppSession {
  readonly #window: Window & typeof globalThis;
  readonly #storage: WindowStorage;
  readonly #listeners = new Set<() => void>();
  #state = BEGINNING;
  #running: Promise<void> | undefined;
  #config: AppConfig | undefined;
  #redeemed: { key: string; ehr: EhrGrant } | undefined;
  #keeper: SessionKeeper | undefined;
  #person: Patient | undefined;
  #emergencyEnd: ReturnType<typeof setTimeout> | undefined;

  constructor(window: Window & typeof globalThis) {
    this.#window = window;
    this.#storage = new WindowStorage(window);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): AppState => this.#state;

  /** Begins, or fetches again; a call while one is under way joins it. */
  readonly load = (): Promise<void> => {
    this.#running ??= this.#load().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  };

  /**
   * A page of who has seen the plan.
   *
   * @param next the link to it; without: the newest.
   * @throws AppError as `FhirClient.page`.
   */
  readonly accessLog = (language: string, next?: string): ReturnType<FhirClient['page']> =>
    this.#shared().page(next ?? `Patient/${this.#person?.id}/$access-log?_count=50`, language);

  /**
   * Asks for emergency access, and shows the plan when it is given.
   *
   * @throws AppError as `beginEmergency`; what fails afterwards is part of the state.
   */
  readonly breakGlass = async (reason: string): Promise<void> => {
    await beginEmergency(this.#shared(), reason);
    await this.#renewed();
  };

  /** Ends emergency access: the plan is off the screen at once, whether or not the service can be told now. */
  readonly endEmergency = async (): Promise<void> => {
    clearTimeout(this.#emergencyEnd);
    this.#person = undefined;
    this.#set({ data: undefined, loading: true });
    try {
      await endEmergency(this.#shared());
      this.#set({ emergencyUntilMs: undefined });
      await this.#renewed();
    } catch (thrown) {
      this.#fail(toAppError(thrown));
    }
  };

  /** Signs out of the service: the plan is off the screen and the tokens out of the window at once. */
  readonly signOut = async (): Promise<void> => {
    const keeper = this.#keeper;
    clearTimeout(this.#emergencyEnd);
    this.#keeper = undefined;
    this.#person = undefined;
    this.#window.history.replaceState(null, '', `?${SIGNED_OUT}=true`);
    this.#set({ signedOut: 'told' });
    await keeper?.signOut().catch(() => this.#set({ signedOut: 'untold' }));
  };

  /** Goes on with a fresh token, which says what the user may do now. */
  async #renewed(): Promise<void> {
    this.#person = undefined;
    try {
      await this.#keeperToken(true);
    } catch (thrown) {
      this.#fail(toAppError(thrown));
      return;
    }
    await this.load();
  }

  async #load(): Promise<void> {
    this.#set({ loading: true, error: undefined });
    try {
      this.#config ??= await loadConfig(this.#window.location.href);
      const own = ownIssuer(this.#config);
      const given = new URLSearchParams(this.#window.location.search);
      if (own !== undefined)
        this.#set({ signInUrl: `launch.html?iss=${encodeURIComponent(own.iss)}`, standsAlone: this.#startedAlone(given) });
      if (own !== undefined && given.has(SIGNED_OUT)) {
        this.#set({ signedOut: this.#state.signedOut ?? 'told' });
        return;
      }
      this.#keeper ??= await this.#open(this.#config);
      const { ehr, shared } = this.#keeper.session;
      const standsAlone = isOwn(ehr.iss, this.#config);
      this.#set({ standsAlone, needPatientBanner: ehr.needPatientBanner, locale: ehr.locale, user: shared.fhirUser });
      const client = this.#shared();
      this.#person ??= await findPerson({
        ehr: this.#client(ehr.iss.replace(/\/+$/, ''), () => Promise.resolve(this.#keeper?.session.ehr.accessToken ?? '')),
        ehrPatientId: ehr.patientId,
        shared: client,
        sharedPatientId: shared.patientId,
      });
      const data = await loadPlanData(client, this.#person, Date.now);
      await this.#watchEmergency(client);
      this.#set({ loading: false, data, connection: 'ok' });
    } catch (thrown) {
      this.#fail(toAppError(thrown));
    }
  }

  /** A token of an emergency is good until a time; then the plan is taken off the screen. */
  async #watchEmergency(client: FhirClient): Promise<void> {
    clearTimeout(this.#emergencyEnd);
    const untilMs = this.#keeper?.session.shared.emergency === true ? await emergencyUntilMs(client) : undefined;
    this.#set({ emergencyUntilMs: untilMs });
    if (untilMs === undefined) return;
    this.#emergencyEnd = setTimeout(() => void this.endEmergency(), Math.max(untilMs - Date.now(), 0));
  }

  #shared(): FhirClient {
    return this.#client(this.#config?.fhirBaseUrl ?? '', (renew) => this.#keeperToken(renew));
  }

  #keeperToken(renew: boolean | undefined): Promise<string> {
    if (this.#keeper === undefined) throw new AppError('expired', 'no session');
    return this.#keeper.token(renew);
  }

  async #open(config: AppConfig): Promise<SessionKeeper> {
    const ports: SessionPorts = { config, storage: this.#storage, nowMs: Date.now };
    const session = await this.#session(ports);
    // The code leaves the address bar and the history; a reload finds the session by its name.
    this.#window.history.replaceState(
      null,
      '',
      `?session=${encodeURIComponent(session.key)}${isOwn(session.ehr.iss, config) ? `&${ALONE}=true` : ''}`,
    );
    const keeper = new SessionKeeper(session, ports);
    keeper.watch((error) => this.#fail(error));
    return keeper;
  }

  async #session(ports: SessionPorts): Promise<Session> {
    const { search } = this.#window.location;
    const given = new URLSearchParams(search);
    const key = given.get('session') ?? given.get('state');
    if (key === null) throw new AppError('no-launch', 'neither a launch nor a session');
    const kept = this.#redeemed === undefined ? restoreSession(key, ports) : undefined;
    if (kept !== undefined) return kept;
    if (given.has('session')) throw new AppError('expired', 'this window keeps no such session');
    this.#redeemed ??= await redeemCode(search, ports);
    return openSession(this.#redeemed.key, this.#redeemed.ehr, ports);
  }

  /** What is known of it before there is a session, and when there will be none. */
  #startedAlone(given: URLSearchParams): boolean {
    const pending = this.#storage.get(launchKey(given.get('state') ?? '')) as PendingLaunch | undefined;
    return this.#state.standsAlone || given.has(ALONE) || (pending !== undefined && isOwn(pending.iss, this.#config!));
  }

  #client(baseUrl: string, token: (renew?: boolean) => Promise<string>): FhirClient {
    return new FhirClient({ baseUrl, token, onConnection: (connection) => this.#set({ connection }) });
  }

  /** What was fetched stays on the screen while the connection is away; any other error takes it off. */
  #fail(error: AppError): void {
    if (error.kind === 'connection' && this.#state.data !== undefined) {
      this.#set({ loading: false, connection: 'lost' });
      return;
    }
    if (error.kind === 'expired' || error.kind === 'wrong-person') this.#keeper?.end();
    clearTimeout(this.#emergencyEnd);
    this.#set({ loading: false, data: undefined, error, emergencyUntilMs: undefined });
  }

  #set(change: Partial<AppState>): void {
    const next = { ...this.#state, ...change };
    // Nothing comes back on the screen after signing out: not what was still being fetched, nor why it failed.
    this.#state = next.signedOut === undefined ? next : { ...next, data: undefined, error: undefined, loading: false };
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Holds the session of this window, and renews its token before it runs out.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#refresh-access-token
 */
import { type AppError, toAppError } from './app-error.ts';
import { revokeTokens } from './revoke.ts';
import { forgetSession, renewSession, type Session, type SessionPorts } from './session.ts';

/** A token this near its end is not sent: the answer could be late. */
const RENEW_BEFORE_MS = 30_000;
/** The longest wait that browsers' timers keep exactly. */
const LONGEST_TIMER_MS = 2_147_483_647;
/** How long a renewal waits that found nobody at the other end. */
const AWAY_MS = 15_000;

export class SessionKeeper {
  readonly #ports: SessionPorts;
  #session: Session;
  #renewing: Promise<Session> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, ports: SessionPorts) {
    this.#session = session;
    this.#ports = ports;
  }

  get session(): Session {
    return this.#session;
  }

  /**
   * @param renew whether the last token was refused.
   * @returns a token of the shared service with time left; callers at the same moment share one renewal.
   * @throws AppError as `renewSession`.
   */
  async token(renew = false): Promise<string> {
    const left = this.#session.shared.expiresAtMs - this.#ports.nowMs();
    if (!renew && left > RENEW_BEFORE_MS) return this.#session.shared.accessToken;
    this.#renewing ??= renewSession(this.#session, this.#ports).finally(() => {
      this.#renewing = undefined;
    });
    this.#session = await this.#renewing;
    return this.#session.shared.accessToken;
  }

  /**
   * Renews on time while the page stands open.
   *
   * @param onEnd called once when the session cannot be renewed; its tokens are forgotten then.
   */
  watch(onEnd: (error: AppError) => void): void {
    const left = this.#session.shared.expiresAtMs - this.#ports.nowMs() - RENEW_BEFORE_MS;
    this.#renewAfter(Math.min(Math.max(left, 1000), LONGEST_TIMER_MS), onEnd);
  }

  #renewAfter(waitMs: number, onEnd: (error: AppError) => void): void {
    this.stop();
    const timer = setTimeout(() => {
      // Stopped while the answer was on its way: what it says is of no use to anybody.
      const go = (on: () => void): void => {
        if (this.#timer === timer) on();
      };
      this.token(true).then(
        () => go(() => this.watch(onEnd)),
        (thrown: unknown) =>
          go(() => {
            const error = toAppError(thrown);
            // Away for a while is not the end. But whoever has signed out of the record meanwhile leaves a plan on the screen.
            if (error.kind === 'connection') {
              this.#renewAfter(AWAY_MS, onEnd);
              return;
            }
            this.end();
            onEnd(error);
          }),
      );
    }, waitMs);
    this.#timer = timer;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Forgets the tokens kept for a reload. */
  end(): void {
    this.stop();
    forgetSession(this.#session.key, this.#ports.storage);
  }

  /**
   * Forgets the tokens and revokes them, those of a renewal that is under way as well.
   *
   * @throws AppError `connection` when the service could not be told; forgotten they are in any case.
   */
  async signOut(): Promise<void> {
    this.end();
    if (this.#renewing !== undefined) {
      this.#session = await this.#renewing.catch(() => this.#session);
      this.end();
    }
    await revokeTokens(this.#session, this.#ports);
  }
}

/**
 * What must outlive the redirect to the EHR and back, kept for this window alone and by the launch's own `state`,
 * so that two patients in two tabs or frames never meet.
 *
 * sessionStorage first. Browsers refuse it in some frames of another site; then `window.name`, which stays with the
 * frame over a redirect and cannot be read by the page around it. It is emptied as soon as it is read.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#considerations-for-pkce-support
 */

/** What `WindowStorage` needs of a browser window. */
export interface StorageHost {
  name: string;
  readonly sessionStorage: Storage;
}

const NAME_PREFIX = 'fellesplan:';

/** A small key–value store of one window; values are JSON. */
export class WindowStorage {
  readonly #host: StorageHost;

  constructor(host: StorageHost) {
    this.#host = host;
  }

  /** Keeps a value that the next page in this window will `take`. */
  hand(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (!this.#write(key, text)) this.#host.name = `${NAME_PREFIX}${JSON.stringify({ key, text })}`;
  }

  /** @returns the value, once: the same call again answers undefined. */
  take(key: string): unknown {
    const kept = this.get(key);
    this.#attempt((storage) => storage.removeItem(NAME_PREFIX + key));
    if (kept !== undefined) return kept;
    if (!this.#host.name.startsWith(NAME_PREFIX)) return undefined;
    const handed = JSON.parse(this.#host.name.slice(NAME_PREFIX.length)) as { key: string; text: string };
    if (handed.key !== key) return undefined;
    this.#host.name = '';
    return JSON.parse(handed.text);
  }

  /** Keeps a value for a reload of this page, where the browser allows it; otherwise it lives in memory only. */
  keep(key: string, value: unknown): void {
    this.#write(key, JSON.stringify(value));
  }

  /** @returns the kept value, or undefined. */
  get(key: string): unknown {
    const text = this.#attempt((storage) => storage.getItem(NAME_PREFIX + key));
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  }

  forget(key: string): void {
    this.#attempt((storage) => storage.removeItem(NAME_PREFIX + key));
  }

  /** Forgets what `isStale` says, of all that this app keeps in the window: frames that were closed leave their tokens behind. */
  sweep(isStale: (key: string, value: unknown) => boolean): void {
    this.#attempt((storage) => {
      for (const name of Object.keys(storage).filter((candidate) => candidate.startsWith(NAME_PREFIX))) {
        const key = name.slice(NAME_PREFIX.length);
        if (isStale(key, this.get(key))) storage.removeItem(name);
      }
    });
  }

  #write(key: string, text: string): boolean {
    return (
      this.#attempt((storage) => {
        storage.setItem(NAME_PREFIX + key, text);
        return true;
      }) === true
    );
  }

  /** The mere mention of sessionStorage throws where it is refused. */
  #attempt<T>(use: (storage: Storage) => T): T | undefined {
    try {
      return use(this.#host.sessionStorage);
    } catch {
      return undefined;
    }
  }
}
